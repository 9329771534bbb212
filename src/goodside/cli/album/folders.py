"""`goodside album folders`: which folders are scanned, and what is left out of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.album_option import album_option
from goodside.cli.output.terminal import echo, echo_json, shown

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.catalog import Catalog
    from goodside.types import Json


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]...")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out of DIR what fits.")
@click.option("--include", multiple=True, metavar="GLOB", help="Take such a GLOB back.")
@click.option("--remove", is_flag=True, help="Scan DIR no more; its photographs count as gone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a folder.")
@album_option
def folders(
    *,
    folders: tuple[Path, ...],
    exclude: tuple[str, ...],
    include: tuple[str, ...],
    remove: bool,
    as_json: bool,
    album: Album,
) -> None:
    """List the folders that are scanned, or change what is left out of DIR.

    A GLOB is a pattern as in .gitignore, below DIR: `*.png`, `exports/`, `/raw/**`, and with `!` in
    front what is wanted after all. It counts from the next scan on: what it leaves out is gone from
    the album, and what you decided about it stays. A `.goodsideignore` file in a folder does the
    same. `goodside album undo` takes such a GLOB back, but no --remove.
    """
    if (exclude or include or remove) and not folders:
        raise click.UsageError("name the folders: DIR")
    if remove and (exclude or include):
        raise click.UsageError("--remove goes alone")
    from goodside.album.scan import exclude_files

    chosen = [folder.absolute() for folder in folders]
    if remove:
        for folder, count in album.remove_folders(chosen).items():
            many = "1 photograph" if count == 1 else f"{count} photographs"
            echo(f"{shown(folder)}: no longer scanned; {many} left")
        return
    with album.opened() as catalog:
        for folder in chosen:
            exclude_files(catalog, folder, exclude, include=include)
        for one in _listed(catalog, only=chosen):
            if as_json:
                echo_json(one)
            else:
                echo(_text(one))


def _listed(catalog: Catalog, *, only: Sequence[Path]) -> list[Json]:
    from goodside.album.catalog import list_files, list_folders

    with catalog.read() as session:
        known, files = list_folders(session), list_files(session)
    excludes = catalog.decisions().excludes
    there = [
        file.path
        for file in files
        if file.role == "photo" and file.missing_since is None and file.sha256 is not None
    ]
    return [
        {
            "path": str(folder),
            "photographs": sum(path.is_relative_to(folder) for path in there),
            "excludes": list(excludes.get(folder, ())),
            "is_there": folder.is_dir(),
        }
        for folder in only or dict.fromkeys((*known, *excludes))
    ]


def _text(one: Json) -> str:
    count = one["photographs"]
    parts = ["1 photograph" if count == 1 else f"{count} photographs"]
    if one["excludes"]:
        parts.append(f"without {shown(', '.join(one['excludes']))}")
    if not one["is_there"]:
        parts.append("not there now")
    return f"{shown(one['path'])}: {', '.join(parts)}"
