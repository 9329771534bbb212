"""What a person's decisions demand of the faces at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goodside.album.catalog import Decisions, FaceRecord


@dataclass(frozen=True, slots=True)
class Rules:
    """Hard constraints on faces, named by their place in a list.

    Attributes:
        persons: keys of the people that have faces at hand, in order of their key.
        theirs: the faces that are each person's, for ever.
        denied: (face, index into `persons`) that never go together.
        rejected: faces of no interest: they are nobody's.
        taken: keys that mean somebody already, or did before a merge.
    """

    persons: tuple[str, ...]
    theirs: tuple[tuple[int, ...], ...]
    denied: frozenset[tuple[int, int]]
    rejected: frozenset[int]
    taken: frozenset[str]


def read_rules(faces: Sequence[FaceRecord], decided: Decisions) -> Rules:
    """Put decisions in terms of faces.

    A person without faces of their own whom a face is not, is the face that the key was made of:
    so "not this person" holds for people whom nobody named, too.

    Args:
        faces: those at hand.
        decided: everything decided; the faces in it may be of another scan.
    """
    decided = decided.on(face.ref for face in faces)
    rejected = {i for i, face in enumerate(faces) if face.ref in decided.rejected_faces}
    whose: dict[str, list[int]] = {}
    for index, face in enumerate(faces):
        if (person := decided.faces.get(face.ref)) is not None:
            whose.setdefault(person, []).append(index)
    if unnamed := {person for _, person in decided.not_person} - whose.keys():
        for index, face in enumerate(faces):
            key = face.ref.person_key()
            free = face.ref not in decided.faces and index not in rejected
            if key in unnamed and free and (face.ref, key) not in decided.not_person:
                whose[key] = [index]
    persons = tuple(sorted(whose))
    number = {person: index for index, person in enumerate(persons)}
    place = {face.ref: index for index, face in enumerate(faces)}
    own = {(index, number[person]) for person, indices in whose.items() for index in indices}
    denied = {
        (place[ref], number[person])
        for ref, person in decided.not_person
        if ref in place and person in number
    }
    return Rules(
        persons=persons,
        theirs=tuple(tuple(whose[person]) for person in persons),
        denied=frozenset(denied - own),
        rejected=frozenset(rejected),
        taken=frozenset({*persons, *decided.names, *decided.merged, *decided.faces.values()}),
    )
