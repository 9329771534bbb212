"""People as a user sees them: computed assignments with the decisions applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from goodside.album.catalog import Decisions, FaceRecord, Session, decisions, list_faces


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody.

    Attributes:
        key: 12 hexadecimal digits.
        name: None: nobody named them.
        faces: the surest first: confirmed ones, then the most similar.
        known: a decision says who it is; otherwise only clustering does.
        hidden: they are not to be shown.
    """

    key: str
    name: str | None
    faces: tuple[FaceRecord, ...]
    known: bool
    hidden: bool = False

    @property
    def label(self) -> str:
        """The name, else the key."""
        return self.name or self.key


def list_people(session: Session) -> list[Person]:
    """Everybody who has a face or a name: the named first, then those with most faces.

    Decisions count at once, also those that were taken after the faces were last grouped.
    """
    return group_by_person(list_faces(session), decisions(session))


def group_by_person(faces: Sequence[FaceRecord], decided: Decisions) -> list[Person]:
    """The people of faces; `list_people` for a catalog."""
    theirs: dict[str, list[FaceRecord]] = {key: [] for key in decided.names}
    for face in apply_decisions(faces, decided):
        if face.person is not None:
            theirs.setdefault(face.person, []).append(face)
    known = Counter(decided.faces.values())
    people = [
        Person(
            key=key,
            name=decided.names.get(key),
            faces=tuple(sorted(group, key=_surest)),
            known=key in decided.names or known[key] > 0,
            hidden=key in decided.hidden,
        )
        for key, group in theirs.items()
    ]
    return sorted(
        people,
        key=lambda one: (
            one.name is None,
            (one.name or "").casefold(),
            -len(one.faces),
            one.key,
        ),
    )


def apply_decisions(faces: Sequence[FaceRecord], decided: Decisions) -> list[FaceRecord]:
    """The faces with `person` and `confirmed` as decided, in the same order."""
    decided = decided.on(face.ref for face in faces)
    return [_settled(face, decided) for face in faces]


def _settled(face: FaceRecord, decided: Decisions) -> FaceRecord:
    if (person := decided.faces.get(face.ref)) is not None:
        return replace(face, person=person, confirmed=True)
    person = None if face.person is None else decided.person(face.person)
    off = face.ref in decided.rejected_faces or (face.ref, person) in decided.not_person
    return replace(face, person=None if off else person, confirmed=False)


def _surest(face: FaceRecord) -> tuple[bool, float, str, tuple[int, ...]]:
    return (not face.confirmed, -(face.similarity or 0.0), face.ref.photo, face.ref.box)
