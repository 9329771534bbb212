"""`goodside album pick`, `reject`, `unmark`, `rate`, `tag`: what a person thinks of photographs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from goodside.cli.arguments.album_option import album_option, select_photos_of
from goodside.cli.output.terminal import echo

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.catalog import Catalog, Decision

_PHOTOS = click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command()
@_PHOTOS
@album_option
def pick(*, photos: tuple[Path, ...], album: Album) -> None:
    """Mark PHOTOS as picks; a folder means every photograph of the album below it."""
    _flag(photos, "pick", album)


@click.command()
@_PHOTOS
@album_option
def reject(*, photos: tuple[Path, ...], album: Album) -> None:
    """Mark PHOTOS as rejected: they are picked no more, whatever their score.

    A folder means every photograph of the album below it.
    """
    _flag(photos, "reject", album)


@click.command()
@_PHOTOS
@album_option
def unmark(*, photos: tuple[Path, ...], album: Album) -> None:
    """Let PHOTOS be neither picks nor rejected; folders as for `pick`."""
    _flag(photos, None, album)


@click.command()
@click.argument("stars", type=click.Choice(["0", "1", "2", "3", "4", "5", "none"]))
@_PHOTOS
@album_option
def rate(*, stars: str, photos: tuple[Path, ...], album: Album) -> None:
    """Give PHOTOS a rating of STARS, 0 to 5, or `none`; folders as for `pick`."""
    from goodside.album.catalog import Rate

    with album.opened() as catalog:
        named = select_photos_of(catalog, photos).contents
        _decide(catalog, Rate(photos=named, stars=None if stars == "none" else int(stars)))


@click.command()
@_PHOTOS
@click.option("--add", multiple=True, metavar="TAG", help="A tag to add; may be repeated.")
@click.option("--remove", multiple=True, metavar="TAG", help="A tag to take away, anyone's.")
@album_option
def tag(
    *,
    photos: tuple[Path, ...],
    add: tuple[str, ...],
    remove: tuple[str, ...],
    album: Album,
) -> None:
    """Add tags to PHOTOS and take tags away; folders as for `pick`.

    A tag that the album has already is meant in whatever spelling.
    """
    from goodside.album.catalog import SetTags, check_label
    from goodside.album.tag_names import read_vocabulary
    from goodside.tags import each_tag_once

    if not add and not remove:
        raise click.UsageError("name a tag: --add TAG, --remove TAG")
    added, removed = (
        tuple(map(check_label, add)),
        tuple(check_label(one, new=False) for one in remove),
    )
    with album.opened() as catalog:
        named = select_photos_of(catalog, photos).contents
        name = read_vocabulary(catalog).name
        added = tuple(each_tag_once(map(name, added)).values())
        removed = tuple(each_tag_once(map(name, removed)).values())
        _decide(catalog, SetTags(photos=named, add=added, remove=removed))


def _flag(photos: tuple[Path, ...], flag: Literal["pick", "reject"] | None, album: Album) -> None:
    from goodside.album.catalog import SetFlag

    with album.opened() as catalog:
        _decide(catalog, SetFlag(photos=select_photos_of(catalog, photos).contents, flag=flag))


def _decide(catalog: Catalog, decision: Decision) -> None:
    entry = catalog.decide(decision)
    echo(f"noted as {entry.number}; goodside album undo takes it back")
