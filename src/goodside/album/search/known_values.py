"""Whether what is searched for occurs in an album at all; if not, what does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from goodside.album.album_photo import AlbumPhoto
from goodside.album.suggestions import suggest
from goodside.errors import OutOfRange
from goodside.tags import tag_key
from goodside.text import folded


def check_tags(shots: Sequence[AlbumPhoto], tags: Iterable[str]) -> None:
    """Complain of a tag that no photograph carries.

    Args:
        shots: all photographs of the album.
        tags: tags or keywords, in any spelling.

    Raises:
        OutOfRange: nothing carries one of them; the remedy names the nearest.
    """
    wanted = list(tags)
    if not wanted:
        return
    carried = {tag_key(word): word for shot in shots for word in shot.carried()}
    for tag in wanted:
        if tag_key(tag) not in carried:
            raise _unknown(f"no photograph carries the tag {tag!a}", tag, carried.values())


def check_camera(shots: Sequence[AlbumPhoto], camera: str | None) -> None:
    """Complain of a camera, a part of its name, that took no photograph.

    Raises:
        OutOfRange: as for `check_tags`.
    """
    cameras = _each(shot.photo.facts.camera for shot in shots)
    if camera is not None and not any(folded(camera) in folded(name) for name in cameras):
        raise _unknown(f"no photograph was taken with {camera!a}", camera, cameras)


def check_label(shots: Sequence[AlbumPhoto], label: str | None) -> None:
    """Complain of a colour label that no photograph has.

    Raises:
        OutOfRange: as for `check_tags`.
    """
    labels = _each(shot.photo.description.label for shot in shots)
    if label is not None and not any(folded(label) == folded(one) for one in labels):
        raise _unknown(f"no photograph has the label {label!a}", label, labels)


def _each(names: Iterator[str | None]) -> list[str]:
    return sorted({name for name in names if name})


def _unknown(what: str, wanted: str, known: Iterable[str]) -> OutOfRange:
    return OutOfRange(what, remedy=suggest(wanted, known))
