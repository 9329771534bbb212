"""What a request names that is not, or no longer, in the album."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi import HTTPException

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import AlbumIndex
from goodside.album.catalog import FaceRecord
from goodside.album.people import Person

_GONE = "reload the page: the album has changed since"


def find_photo(index: AlbumIndex, photo_id: int) -> AlbumPhoto:
    """A photograph to be shown.

    Raises:
        HTTPException: 404, there is none.
    """
    try:
        return index.photo(photo_id)
    except KeyError:
        raise HTTPException(404, f"there is no photograph {photo_id}") from None


def find_photos(index: AlbumIndex, ids: Iterable[int]) -> list[AlbumPhoto]:
    """Photographs that something is decided about, each once.

    Raises:
        HTTPException: 410, one has left the album since the page was made.
    """
    wanted = list(dict.fromkeys(ids))
    shots = index.photos(wanted)
    _check_there("photograph", wanted, {shot.photo.id for shot in shots})
    return shots


def find_person(index: AlbumIndex, key: str) -> Person:
    """Somebody, by key; whoever became part of another is the other.

    Raises:
        HTTPException: 404, nobody has this key.
    """
    person = index.person(key)
    if person is None:
        raise HTTPException(404, f"there is no person {key}")
    return person


def find_faces(index: AlbumIndex, ids: Iterable[int]) -> list[FaceRecord]:
    """Faces that something is decided about, with decisions applied.

    Raises:
        HTTPException: 410, one is not in the catalog any more.
    """
    wanted = list(dict.fromkeys(ids))
    faces = index.faces(wanted)
    _check_there("face", wanted, {face.id for face in faces})
    return faces


def _check_there(what: str, wanted: Sequence[int], there: set[int]) -> None:
    gone = [str(one) for one in wanted if one not in there]
    if gone:
        named = f"{what} {gone[0]} has" if len(gone) == 1 else f"{len(gone)} {what}s have"
        raise HTTPException(410, f"{named} left the album; {_GONE}")
