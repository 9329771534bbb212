"""`goodside album keep` and `goodside album separate`: which frames of a group are wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.album_option import album_option, select_photos_of
from goodside.cli.output.terminal import echo
from goodside.types import GROUP_KINDS, SERIES_KINDS

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.catalog import Catalog, Decision

_PHOTOS = click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command()
@_PHOTOS
@click.option("--kind", type=click.Choice(GROUP_KINDS), help="Of their groups of this kind only.")
@click.option("--again", is_flag=True, help="Let goodside choose again in the groups of PHOTOS.")
@album_option
def keep(*, photos: tuple[Path, ...], kind: str | None, again: bool, album: Album) -> None:
    """Keep PHOTOS of the groups that they are in, and not the others; folders as for `pick`.

    Without --kind their bursts, brackets, panoramas and near-duplicates count. Unlike `pick` and
    `reject` this says nothing of the rest of the album.
    """
    from goodside.album.catalog import KeepFrames
    from goodside.album.groups.companions import find_companions

    with album.opened() as catalog:
        kept = select_photos_of(catalog, photos).contents
        with catalog.read() as session:
            others = find_companions(session, kept, kinds=SERIES_KINDS if kind is None else (kind,))
        if again:
            _decide(catalog, KeepFrames(photos=(), others=(*kept, *others)))
        else:
            _decide(catalog, KeepFrames(photos=kept, others=others))


@click.command()
@_PHOTOS
@album_option
def separate(*, photos: tuple[Path, ...], album: Album) -> None:
    """PHOTOS do not belong with the others of their groups; folders as for `pick`.

    Bursts, brackets, panoramas and near-duplicates come apart; scenes stay whole. `goodside album
    undo` joins them again.
    """
    from goodside.album.catalog import SeparatePhotos
    from goodside.album.groups.companions import find_companions

    with album.opened() as catalog:
        apart = select_photos_of(catalog, photos).contents
        with catalog.read() as session:
            others = find_companions(session, apart)
        _decide(catalog, SeparatePhotos(photos=apart, others=others))


def _decide(catalog: Catalog, decision: Decision) -> None:
    entry = catalog.decide(decision)
    echo(f"noted as {entry.number}; goodside album undo takes it back")
