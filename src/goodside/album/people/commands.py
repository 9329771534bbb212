"""Commands about people; each call is one entry of the journal, or a step of several.

A person whom no decision knows is fixed before anything is taken from them: the faces that stay are
confirmed, so that the same cluster keeps its key whatever is found later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from goodside.album.catalog import (
    Catalog,
    Decision,
    Entry,
    FaceRecord,
    FaceRef,
    HidePerson,
    MergePeople,
    NamePerson,
    NotPerson,
    RejectFaces,
    SplitPerson,
    append,
    check_label,
    new_person_key,
)
from goodside.album.people.people import Person
from goodside.errors import OutOfRange
from goodside.text import folded


def name_person(catalog: Catalog, person: Person, name: str) -> Entry:
    """Name somebody, or rename them; the faces they have now are theirs for ever.

    Raises:
        OutOfRange: the name is empty or too long, or another person's.
    """
    _check_free(catalog, name, but=person.key)
    decision = NamePerson(person=person.key, name=check_label(name), faces=_refs(person.faces))
    return catalog.decide(decision)


def confirm_faces(catalog: Catalog, person: Person, faces: Sequence[FaceRecord] = ()) -> Entry:
    """These faces, or all that the person has now, are theirs for ever."""
    theirs = _refs(faces or person.faces)
    return catalog.decide(NamePerson(person=person.key, name=None, faces=theirs))


def merge_people(catalog: Catalog, person: Person, into: Person) -> Entry:
    """Two people are one: `into`, who keeps the name if there is one.

    Raises:
        OutOfRange: they are one already.
    """
    if person.key == into.key:
        raise OutOfRange(f"{person.label} and {into.label} are one person already")
    faces = _refs([*person.faces, *into.faces])
    return catalog.decide(MergePeople(person=person.key, into=into.key, faces=faces))


def split_person(
    catalog: Catalog, person: Person, faces: Sequence[FaceRecord], *, name: str | None = None
) -> tuple[str, list[Entry]]:
    """These faces are together somebody else.

    Args:
        catalog: open.
        person: whose they were.
        faces: some of theirs, not all.
        name: of the new person.

    Returns:
        The new person's key, and the entries made.

    Raises:
        OutOfRange: a face is not the person's, nothing would be left, or the name is taken.
    """
    if name is not None:
        _check_free(catalog, name)
    key = new_person_key()
    split = SplitPerson(person=person.key, into=key, faces=_refs(faces))
    named = [] if name is None else [NamePerson(person=key, name=check_label(name))]
    return key, _decide(catalog, [*_fixed(person, without=faces), split, *named])


def mark_not_person(catalog: Catalog, person: Person, faces: Sequence[FaceRecord]) -> list[Entry]:
    """These faces are not the person, whoever else they are.

    Raises:
        OutOfRange: nothing would be left of a person whom nobody named.
    """
    fixed = _fixed(person, without=faces) if _has(person, faces) else []
    return _decide(catalog, [*fixed, NotPerson(person=person.key, faces=_refs(faces))])


def reject_faces(catalog: Catalog, faces: Sequence[FaceRecord]) -> Entry:
    """These are of no interest: strangers, statues, mistakes. They stay out for ever."""
    return catalog.decide(RejectFaces(faces=_refs(faces)))


def hide_person(catalog: Catalog, person: Person, *, hidden: bool = True) -> list[Entry]:
    """Leave somebody out of what is shown of people, or show them again.

    A person whom no decision knows is fixed by their faces, so that they stay hidden when faces are
    grouped anew.
    """
    fixed: list[Decision] = []
    if hidden and not person.known:
        fixed = [NamePerson(person=person.key, name=None, faces=_refs(person.faces))]
    return _decide(catalog, [*fixed, HidePerson(person=person.key, hidden=hidden)])


def _fixed(person: Person, *, without: Sequence[FaceRecord]) -> list[Decision]:
    """What keeps an unknown person who they are when faces are taken from them."""
    gone = {face.id for face in without}
    rest = [face for face in person.faces if face.id not in gone]
    if not gone <= {face.id for face in person.faces}:
        raise OutOfRange(f"not all of these faces are {person.label}'s")
    if not rest:
        raise OutOfRange(
            f"nothing would be left of {person.label}", remedy="name or reject them instead"
        )
    return [] if person.known else [NamePerson(person=person.key, name=None, faces=_refs(rest))]


def _has(person: Person, faces: Sequence[FaceRecord]) -> bool:
    return {face.id for face in faces} <= {face.id for face in person.faces} and not person.known


def _decide(catalog: Catalog, decisions: Sequence[Decision]) -> list[Entry]:
    """Several entries, all or none, now and when they are undone."""
    step, at = uuid4().hex, datetime.now(UTC)
    with catalog.write() as session:
        return [append(session, decision, at=at, step=step) for decision in decisions]


def _check_free(catalog: Catalog, name: str, *, but: str | None = None) -> None:
    wanted = folded(check_label(name))
    for key, taken in catalog.decisions().names.items():
        if key != but and folded(taken) == wanted:
            raise OutOfRange(
                f"somebody else is called {taken}",
                remedy="if they are one person, merge them; else choose another name",
            )


def _refs(faces: Sequence[FaceRecord]) -> tuple[FaceRef, ...]:
    return tuple(face.ref for face in sorted(faces, key=lambda one: (one.ref.photo, one.ref.box)))
