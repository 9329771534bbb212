"""People and faces as a person points at them: `Ann`, `3f2a`, `beach.jpg#2`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from goodside.album.catalog import (
    FaceRecord,
    Session,
    content_of,
    decisions,
    list_descriptions,
    list_faces,
)
from goodside.album.people.people import Person, list_people, settle
from goodside.album.suggestions import suggest
from goodside.errors import OutOfRange
from goodside.text import folded

_FACE = re.compile(r"(?P<photo>.+)#(?P<number>\d+)", re.DOTALL)
_KEY = re.compile(r"[0-9a-f]{4,12}")
_LIST = "goodside album people list shows everybody"


def point_at_face(session: Session, told: str) -> FaceRecord:
    """The face that `PHOTO#N` means: the Nth from the left, counted from 1.

    Args:
        session: of `Catalog.read`.
        told: path of a photograph, `#`, and a number.

    Raises:
        OutOfRange: it has another form, or the photograph has fewer faces.
        CatalogError: the catalog does not know the photograph.
    """
    match = _FACE.fullmatch(told)
    if match is None:
        raise OutOfRange(f"{told!a} is no face", remedy="point at one as PHOTO#1, from the left")
    content = content_of(session, Path(match["photo"]).absolute())
    every = [face for face in list_faces(session) if face.ref.photo == content]
    faces = from_left(settle(every, decisions(session)))
    number = int(match["number"])
    if not 1 <= number <= len(faces):
        raise OutOfRange(
            f"face {number} of {len(faces)}",
            path=match["photo"],
            remedy="faces are counted from the left, from 1",
        )
    return faces[number - 1]


def point_at_person(session: Session, told: str) -> Person:
    """The person that a name, the beginning of a key (4 digits at least) or `PHOTO#N` means.

    Args:
        session: of `Catalog.read`.
        told: names count before keys, in whatever case and Unicode form.

    Raises:
        OutOfRange: nobody or several are meant, or the face is nobody's.
        CatalogError: the catalog does not know the photograph.
    """
    people = list_people(session)
    person = _meant(session, told, people)
    if person is None:
        raise _nobody(told, _names(people))
    return person


def point_at_name(session: Session, told: str) -> str:
    """The name of the person who is meant, as it is written.

    Also of somebody whom only other programs name, in the metadata of a photograph.

    Raises:
        OutOfRange: nobody or several are meant, or somebody without a name.
        CatalogError: as for `point_at_person`.
    """
    people = list_people(session)
    try:
        person = _meant(session, told, people)
    except OutOfRange:
        name = _like(told, _names_of_others(session))
        if name is None:
            raise
        return name
    if person is None:
        others = _names_of_others(session)
        name = _like(told, others)
        if name is None:
            raise _nobody(told, [*_names(people), *others])
        return name
    if person.name is None:
        raise OutOfRange(
            f"{person.key} has no name", remedy=f"goodside album people name {person.key} NAME"
        )
    return person.name


def point_at_names(session: Session, people: Iterable[str]) -> frozenset[str]:
    """The names of everybody who is meant; errors as for `point_at_name`."""
    return frozenset(point_at_name(session, one) for one in people)


def _meant(session: Session, told: str, people: Sequence[Person]) -> Person | None:
    """The one who is meant; None for nobody.

    Raises:
        OutOfRange: several are meant, or a face that is nobody's.
        CatalogError: the catalog does not know the photograph.
    """
    meant = [one for one in people if one.name and folded(one.name) == folded(told)]
    if not meant and _KEY.fullmatch(told.lower()):
        meant = [one for one in people if one.key.startswith(told.lower())]
    if not meant and _FACE.fullmatch(told):
        face = point_at_face(session, told)
        if face.person is None:
            raise OutOfRange(
                f"the face {told} is nobody's", remedy=f"people confirm NAME {told} says whose"
            )
        meant = [one for one in people if one.key == face.person]
    if len(meant) > 1:
        keys = ", ".join(one.key for one in meant)
        raise OutOfRange(f"{told!a} may be {keys}", remedy="give more digits of the key")
    return meant[0] if meant else None


def _nobody(told: str, known: Sequence[str]) -> OutOfRange:
    near = suggest(told, known)
    return OutOfRange(f"{told!a} is nobody", remedy=_LIST if near is None else f"{near}; {_LIST}")


def _names(people: Sequence[Person]) -> list[str]:
    return [one.name for one in people if one.name]


def _names_of_others(session: Session) -> list[str]:
    """Names that other programs wrote into photographs, without a face that the album knows."""
    return sorted({name for one in list_descriptions(session).values() for name in one.people})


def _like(told: str, names: Sequence[str]) -> str | None:
    return next((name for name in names if folded(name) == folded(told)), None)


def from_left(faces: Sequence[FaceRecord]) -> list[FaceRecord]:
    """Faces of one photo as they are counted."""
    return sorted(faces, key=lambda face: (face.box.left + face.box.right, face.box.top))


def face_numbers(faces: Sequence[FaceRecord]) -> dict[int, int]:
    """Row number of a face to its number in its photo, counted from 1.

    Args:
        faces: all faces of their photos.
    """
    by_photo: dict[int, list[FaceRecord]] = {}
    for face in faces:
        by_photo.setdefault(face.photo_id, []).append(face)
    return {
        face.id: number
        for theirs in by_photo.values()
        for number, face in enumerate(from_left(theirs), start=1)
    }
