"""Which catalog a command means: `--catalog`, else `GOODSIDE_CATALOG`, else the person's own.

And which people in it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.output.terminal import echo, echo_error, shown

if TYPE_CHECKING:
    from goodside.album.catalog import Catalog, SelectedPhotos

catalog_option = click.option(
    "--catalog",
    "catalog_path",
    type=click.Path(path_type=Path),
    help="The album's database; by default GOODSIDE_CATALOG, else in your data folder.",
)


def open_album(catalog_path: Path | None, *, create: bool = False) -> Catalog:
    """Open the catalog that a command means.

    Args:
        catalog_path: of `--catalog`.
        create: make it if it is missing; only a scan does.

    Raises:
        CatalogError: there is none, or it cannot be used.
        SettingsError: a variable does not fit.
    """
    from goodside.album.catalog import open_catalog

    catalog = open_catalog(catalog_place(catalog_path), create=create)
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(partial(_tell_damage, catalog))
    return catalog


def catalog_place(catalog_path: Path | None) -> Path:
    """The file that a command means.

    Args:
        catalog_path: of `--catalog`.

    Raises:
        SettingsError: a variable does not fit.
    """
    from goodside.album.catalog import default_catalog_path
    from goodside.settings import Settings

    return catalog_path or Settings().catalog or default_catalog_path()


def _tell_damage(catalog: Catalog) -> None:
    """Say at a command's end which rows it had to go on without; exit code 1.

    An error that ends the command already keeps its own code.
    """
    if not catalog.damaged:
        return
    for row in catalog.damaged.values():
        echo_error(f"left out: {row}", path=catalog.path)
    echo_error("album repair keeps all that can be read")
    if sys.exc_info()[0] is None:
        sys.exit(1)


def select_photos_of(catalog: Catalog, photos: Sequence[Path]) -> SelectedPhotos:
    """The photographs that PHOTOS mean; how many are below each folder is told on standard error.

    Raises:
        CatalogError: a file is not in the catalog, or no photograph below a folder is.
    """
    from goodside.album.catalog import select_photos

    with catalog.read() as session:
        selected = select_photos(session, photos)
    for folder, count in selected.folders.items():
        many = "1 photograph" if count == 1 else f"{count} photographs"
        echo(f"{shown(folder, err=True)}: {many}", err=True)
    return selected


def names_of(catalog: Catalog, people: Sequence[str]) -> frozenset[str]:
    """The names of the people that `--people` means.

    Raises:
        OutOfRange: nobody is called so.
    """
    from goodside.album.people import select_name

    with catalog.read() as session:
        return frozenset(select_name(session, one) for one in people)
