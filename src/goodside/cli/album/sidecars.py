"""`goodside album sidecars`: what the album knows, for other programs, and what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodside.cli.arguments.album_option import album_option, select_photos_of
from goodside.cli.output.terminal import echo, echo_error, shown

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.album_photo import AlbumPhoto
    from goodside.album.catalog import Catalog, SelectedPhotos


@click.command()
@click.argument("photos", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--sidecar-style",
    "style",
    type=click.Choice(["ext", "adobe", "both"]),
    default="ext",
    show_default=True,
    help="IMG_1.JPG.xmp, IMG_1.xmp, or both.",
)
@click.option(
    "--sidecar-dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the sidecars, in the originals' tree; by default beside them.",
)
@click.option("--rate", is_flag=True, help="Rate by our score what nobody rated.")
@click.option("--read", "reading", is_flag=True, help="Take ratings, flags, names from them.")
@album_option
def sidecars(
    *,
    photos: tuple[Path, ...],
    style: Any,
    folder: Path | None,
    rate: bool,
    reading: bool,
    album: Album,
) -> None:
    """Write XMP sidecars for PHOTOS, or for the whole album; originals are never touched.

    A folder means every photograph of the album below it.

    What other programs wrote into a sidecar stays as it is.
    """
    from goodside.album.album_photo import read_album_photos
    from goodside.album.export.sidecar_batch import sidecar_root

    with album.opened() as catalog:
        selected = select_photos_of(catalog, photos) if photos else None
        shots = read_album_photos(catalog)
        if selected is not None:
            shots = _only(selected, shots)
        root = sidecar_root(catalog)
        if reading:
            failed = _read(catalog, shots, folder=folder, root=root)
        else:
            from goodside.album.export.sidecars import SidecarOptions

            saying = SidecarOptions(style=style, folder=folder, root=root, rate=rate)
            failed = _write(catalog, shots, saying)
    if failed:
        raise SystemExit(1)


def _only(selected: SelectedPhotos, shots: list[AlbumPhoto]) -> list[AlbumPhoto]:
    """The photographs that are meant, with those of their files that are."""
    meant = set(selected.contents)
    return [
        replace(one, photo=replace(one.photo, paths=paths))
        for one in shots
        if one.photo.sha256 in meant
        and (paths := tuple(path for path in one.photo.paths if path in selected.files))
    ]


def _write(catalog: Catalog, shots: Any, saying: Any) -> int:
    from goodside.album.export.sidecar_batch import write_sidecar_batch

    done = write_sidecar_batch(catalog, shots, saying, at=datetime.now(UTC))
    for _, error in done.failed:
        echo_error(error)
    for path, note in done.notes:
        echo(f"{shown(path, err=True)}: {shown(note, err=True)}", err=True)
    many = "1 sidecar" if done.written == 1 else f"{done.written} sidecars"
    echo(f"{many} written, {done.unchanged} said it already, {len(done.failed)} failed")
    return len(done.failed)


def _read(catalog: Catalog, shots: Any, *, folder: Path | None, root: Path | None) -> int:
    from goodside.album.catalog import entries
    from goodside.album.export.sidecars import read_back
    from goodside.album.metadata.sidecar_import import DecidedBefore
    from goodside.album.people import updating_people
    from goodside.errors import GoodsideError

    noted = failed = 0
    with catalog.read() as session:
        touched = DecidedBefore.of(entry.decision for entry in entries(session))
    with updating_people(catalog), catalog.command():
        for path, result in read_back(
            shots, catalog.decisions(), folder=folder, root=root, touched=touched
        ):
            if isinstance(result, GoodsideError):
                failed += 1
                echo_error(result)
                continue
            for decision in result:
                catalog.decide(decision)
                noted += 1
            echo(f"{shown(path)}: {len(result)} noted")
    many = "1 decision" if noted == 1 else f"{noted} decisions"
    back = "; goodside album undo takes them back" if noted else ""
    echo(f"{many} noted{back}")
    return failed
