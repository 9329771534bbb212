"""Must-link and cannot-link constraints: what a person's decisions demand of the faces at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goodside.album.catalog import Decisions, FaceRecord


@dataclass(frozen=True, slots=True)
class Constraints:
    """Hard constraints on faces, named by their place in a list.

    Attributes:
        people: keys of the people that have faces at hand, in order of their key.
        must_link: the faces that are each person's, for ever; one tuple a person.
        cannot_link: (face, index into `people`) that never go together.
        rejected: faces of no interest: they are nobody's.
        used_keys: keys that mean somebody already, or did before a merge.
    """

    people: tuple[str, ...]
    must_link: tuple[tuple[int, ...], ...]
    cannot_link: frozenset[tuple[int, int]]
    rejected: frozenset[int]
    used_keys: frozenset[str]


def read_constraints(faces: Sequence[FaceRecord], decided: Decisions) -> Constraints:
    """Express decisions as constraints on faces.

    A person without faces of their own, of whom it was decided that a face is not them, is the face
    that the key was made of: so "not this person" holds for people whom nobody named, too.

    Args:
        faces: those at hand.
        decided: everything decided; the faces in it may be of another scan.
    """
    decided = decided.on(face.ref for face in faces)
    rejected = {i for i, face in enumerate(faces) if face.ref in decided.rejected_faces}
    faces_of: dict[str, list[int]] = {}
    for index, face in enumerate(faces):
        if (person := decided.faces.get(face.ref)) is not None:
            faces_of.setdefault(person, []).append(index)
    if without_faces := {person for _, person in decided.not_person} - faces_of.keys():
        for index, face in enumerate(faces):
            key = face.ref.person_key()
            free = face.ref not in decided.faces and index not in rejected
            if key in without_faces and free and (face.ref, key) not in decided.not_person:
                faces_of[key] = [index]
    people = tuple(sorted(faces_of))
    number = {person: index for index, person in enumerate(people)}
    place = {face.ref: index for index, face in enumerate(faces)}
    own = {(index, number[person]) for person, indices in faces_of.items() for index in indices}
    cannot_link = {
        (place[ref], number[person])
        for ref, person in decided.not_person
        if ref in place and person in number
    }
    return Constraints(
        people=people,
        must_link=tuple(tuple(faces_of[person]) for person in people),
        cannot_link=frozenset(cannot_link - own),
        rejected=frozenset(rejected),
        used_keys=frozenset({*people, *decided.names, *decided.merged, *decided.faces.values()}),
    )
