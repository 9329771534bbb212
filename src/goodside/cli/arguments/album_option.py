"""Which album a command means: `--catalog`, else `GOODSIDE_CATALOG`, else the person's own.

And which photographs in it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodside.cli.output.terminal import echo, echo_error, shown
from goodside.database_url import DatabaseUrl, hide_passwords, is_url, parse_location

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.catalog import Catalog, SelectedPhotos
    from goodside.cli.arguments.invocation import Invocation


def _album(ctx: click.Context, _: click.Parameter, given: Path | DatabaseUrl | None) -> Album:
    """The album of a command, which says at its end what could not be read in the catalog."""
    from goodside.album.album import Album

    invocation: Invocation = ctx.obj
    album = Album(given or invocation.catalog, engines=invocation.engines)
    ctx.call_on_close(partial(_report_damage, album))
    return album


class CatalogPath(click.Path):
    """The name of a file, or the URL of a database on a server."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A path, or a `DatabaseUrl`."""
        if isinstance(value, DatabaseUrl) or (isinstance(value, str) and is_url(value)):
            try:
                return parse_location(value)
            except ValueError as error:
                self.fail(f"{hide_passwords(str(value))}: {error}", param, ctx)
        return super().convert(value, param, ctx)


album_option = click.option(
    "--catalog",
    "album",
    type=CatalogPath(path_type=Path),
    callback=_album,
    help="The album's database: a file, or postgresql+psycopg://HOST/NAME; by default "
    "GOODSIDE_CATALOG, else in your data folder.",
)
"""Gives a command the `Album` that it means."""


def _report_damage(album: Album) -> None:
    """Say at a command's end which rows it had to go on without; exit code 1.

    An error that ends the command already keeps its own code.
    """
    if not album.damaged:
        return
    for row in album.damaged.values():
        echo_error(f"left out: {row}", path=str(album.location))
    echo_error("album repair keeps all that can be read")
    if sys.exc_info()[0] is None:
        sys.exit(1)


def select_photos_of(catalog: Catalog, photos: Sequence[Path]) -> SelectedPhotos:
    """The photographs that PHOTOS mean; how many are below each folder goes to standard error.

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
