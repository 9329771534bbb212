"""People and faces as a person points at them: `Ann`, `3f2a`, `beach.jpg#2`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from goodside.album.catalog import (
    FaceRecord,
    Session,
    content_of,
    decisions,
    list_descriptions,
    list_faces,
)
from goodside.album.people.roster import Person, list_people, settle
from goodside.errors import OutOfRange

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
        told: names count before keys, whatever their case.

    Raises:
        OutOfRange: nobody or several are meant, or the face is nobody's.
        CatalogError: the catalog does not know the photograph.
    """
    people = list_people(session)
    meant = [one for one in people if (one.name or "").casefold() == told.casefold()]
    if not meant and _KEY.fullmatch(told.lower()):
        meant = [one for one in people if one.key.startswith(told.lower())]
    if not meant and _FACE.fullmatch(told):
        face = point_at_face(session, told)
        if face.person is None:
            raise OutOfRange(
                f"the face {told} is nobody's", remedy=f"people confirm NAME {told} says whose"
            )
        meant = [one for one in people if one.key == face.person]
    if not meant:
        raise OutOfRange(f"{told!a} is nobody", remedy=_LIST)
    if len(meant) > 1:
        keys = ", ".join(one.key for one in meant)
        raise OutOfRange(f"{told!a} may be {keys}", remedy="give more digits of the key")
    return meant[0]


def point_at_name(session: Session, told: str) -> str:
    """The name of the person who is meant, as it is written.

    Also of somebody whom only other programs name, in the metadata of a photograph.

    Raises:
        OutOfRange: nobody or several are meant, or somebody without a name.
        CatalogError: as for `point_at_person`.
    """
    try:
        person = point_at_person(session, told)
    except OutOfRange:
        said = (name for one in list_descriptions(session).values() for name in one.people)
        name = next((name for name in said if name.casefold() == told.casefold()), None)
        if name is None:
            raise
        return name
    if person.name is None:
        raise OutOfRange(
            f"{person.key} has no name", remedy=f"goodside album people name {person.key} NAME"
        )
    return person.name


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
