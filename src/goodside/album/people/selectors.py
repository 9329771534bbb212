"""Selectors: people and faces as a person writes them: `Ann`, `3f2a`, `beach.jpg#2`."""

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
from goodside.album.people.people import Person, apply_decisions, list_people
from goodside.album.suggestions import suggest
from goodside.errors import OutOfRange
from goodside.text import folded

_FACE = re.compile(r"(?P<photo>.+)#(?P<number>\d+)", re.DOTALL)
_KEY = re.compile(r"[0-9a-f]{4,12}")
_LIST = "goodside album people list shows everybody"


def select_face(session: Session, selector: str) -> FaceRecord:
    """The face that `PHOTO#N` means: the Nth from the left, counted from 1.

    Args:
        session: of `Catalog.read`.
        selector: path of a photograph, `#`, and a number.

    Raises:
        OutOfRange: it has another form, or the photograph has fewer faces.
        CatalogError: the catalog does not know the photograph.
    """
    match = _FACE.fullmatch(selector)
    if match is None:
        raise OutOfRange(
            f"{selector!a} is no face", remedy="point at one as PHOTO#1, from the left"
        )
    content = content_of(session, Path(match["photo"]).absolute())
    every = [face for face in list_faces(session) if face.ref.photo == content]
    faces = sort_from_left(apply_decisions(every, decisions(session)))
    number = int(match["number"])
    if not 1 <= number <= len(faces):
        raise OutOfRange(
            f"face {number} of {len(faces)}",
            path=match["photo"],
            remedy="faces are counted from the left, from 1",
        )
    return faces[number - 1]


def select_person(session: Session, selector: str) -> Person:
    """The person that a name, the beginning of a key (4 digits at least) or `PHOTO#N` means.

    Args:
        session: of `Catalog.read`.
        selector: names count before keys, in whatever case and Unicode form.

    Raises:
        OutOfRange: nobody or several are meant, or the face is nobody's.
        CatalogError: the catalog does not know the photograph.
    """
    people = list_people(session)
    person = _find_person(session, selector, people)
    if person is None:
        raise _no_such_person(selector, _own_names(people))
    return person


def select_name(session: Session, selector: str) -> str:
    """The name of the person who is meant, as it is written.

    Also of somebody whom only other programs name, in the metadata of a photograph.

    Raises:
        OutOfRange: nobody or several are meant, or somebody without a name.
        CatalogError: as for `select_person`.
    """
    people = list_people(session)
    try:
        person = _find_person(session, selector, people)
    except OutOfRange:
        name = _find_name(selector, _names_of_others(session))
        if name is None:
            raise
        return name
    if person is None:
        others = _names_of_others(session)
        name = _find_name(selector, others)
        if name is None:
            raise _no_such_person(selector, [*_own_names(people), *others])
        return name
    if person.name is None:
        raise OutOfRange(
            f"{person.key} has no name", remedy=f"goodside album people name {person.key} NAME"
        )
    return person.name


def select_names(session: Session, people: Iterable[str]) -> frozenset[str]:
    """The names of everybody who is meant; errors as for `select_name`."""
    return frozenset(select_name(session, one) for one in people)


def _find_person(session: Session, selector: str, people: Sequence[Person]) -> Person | None:
    """The one who is meant; None for nobody.

    Raises:
        OutOfRange: several are meant, or a face that is nobody's.
        CatalogError: the catalog does not know the photograph.
    """
    found = [one for one in people if one.name and folded(one.name) == folded(selector)]
    if not found and _KEY.fullmatch(selector.lower()):
        found = [one for one in people if one.key.startswith(selector.lower())]
    if not found and _FACE.fullmatch(selector):
        face = select_face(session, selector)
        if face.person is None:
            raise OutOfRange(
                f"the face {selector} is nobody's",
                remedy=f"people confirm NAME {selector} says whose",
            )
        found = [one for one in people if one.key == face.person]
    if len(found) > 1:
        keys = ", ".join(one.key for one in found)
        raise OutOfRange(f"{selector!a} may be {keys}", remedy="give more digits of the key")
    return found[0] if found else None


def _no_such_person(selector: str, known: Sequence[str]) -> OutOfRange:
    near = suggest(selector, known)
    remedy = _LIST if near is None else f"{near}; {_LIST}"
    return OutOfRange(f"no person is called {selector!a}", remedy=remedy)


def _own_names(people: Sequence[Person]) -> list[str]:
    return [one.name for one in people if one.name]


def _names_of_others(session: Session) -> list[str]:
    """Names that other programs wrote into photographs, without a face that the album knows."""
    return sorted({name for one in list_descriptions(session).values() for name in one.people})


def _find_name(selector: str, names: Sequence[str]) -> str | None:
    return next((name for name in names if folded(name) == folded(selector)), None)


def sort_from_left(faces: Sequence[FaceRecord]) -> list[FaceRecord]:
    """Faces of one photo as they are counted."""
    return sorted(faces, key=lambda face: (face.box.left + face.box.right, face.box.top))


def number_faces(faces: Sequence[FaceRecord]) -> dict[int, int]:
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
        for number, face in enumerate(sort_from_left(theirs), start=1)
    }
