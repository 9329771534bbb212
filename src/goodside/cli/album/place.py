"""Which catalog a command means: `--catalog`, else `GOODSIDE_CATALOG`, else the person's own.

And which people in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from goodside.album.catalog import Catalog

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
    from goodside.settings import Settings

    return open_catalog(catalog_path or Settings().catalog, create=create)


def names_of(catalog: Catalog, people: Sequence[str]) -> frozenset[str]:
    """The names of the people that `--people` means.

    Raises:
        OutOfRange: nobody is called so.
    """
    from goodside.album.people import point_at_name

    with catalog.read() as session:
        return frozenset(point_at_name(session, told) for told in people)
