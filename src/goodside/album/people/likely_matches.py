"""Who somebody might be: people who look alike, yet not so much that they were taken for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from goodside.album.catalog import FaceRef
from goodside.album.people.people import Person
from goodside.types import FloatArray

MIN_LIKENESS = 0.3
"""Cosine from which two people are likely enough to be asked about."""
_BLOCK = 1024
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class LikenessTable:
    """The people of an album who have a face with a vector, and what each looks like.

    Attributes:
        people: in their order.
        directions: (P, D) float32 unit vectors: the mean direction of each person's faces.
        photos: row numbers of the photographs that each person is in.
        kept_apart: pairs of keys that a decision says are two people.
    """

    people: tuple[Person, ...]
    directions: FloatArray
    photos: tuple[frozenset[int], ...]
    kept_apart: AbstractSet[frozenset[str]]

    @classmethod
    def of(
        cls,
        people: Sequence[Person],
        vectors: Mapping[int, FloatArray],
        *,
        not_person: AbstractSet[tuple[FaceRef, str]] = frozenset(),
    ) -> Self:
        """Of people and the vectors of their faces.

        Args:
            people: everybody.
            vectors: (D,) float32 by the face's row number.
            not_person: (face, person) pairs that never go together.
        """
        seen = tuple(one for one in people if any(face.id in vectors for face in one.faces))
        directions = [_mean_direction(one, vectors) for one in seen]
        matrix = np.stack(directions) if seen else np.zeros((0, 0), np.float32)
        photos = tuple(frozenset(face.photo_id for face in one.faces) for one in seen)
        return cls(seen, matrix.astype(np.float32), photos, _kept_apart(seen, not_person))

    def may_be_one(self, first: int, second: int) -> bool:
        """Whether neither a photograph nor a decision shows that two are not the same person.

        Args:
            first, second: places in `people`.
        """
        keys = frozenset((self.people[first].key, self.people[second].key))
        return self.photos[first].isdisjoint(self.photos[second]) and keys not in self.kept_apart

    def nearest(self, key: str, n: int) -> list[tuple[Person, float]]:
        """The people who look most like somebody, the nearest first.

        Left out are hidden people, people who stand in one photograph with them, and those of whom
        it was decided that they are somebody else.

        Args:
            key: whom it is about.
            n: how many at most.

        Returns:
            People with their distance: one minus the cosine, 0-2. Nobody where the key is unknown
            or has no face with a vector.
        """
        place = next((at for at, one in enumerate(self.people) if one.key == key), None)
        if place is None:
            return []
        cosines = self.directions @ self.directions[place]
        found: list[tuple[Person, float]] = []
        for at in np.argsort(-cosines, kind="stable").tolist():
            if len(found) >= n:
                break
            other = self.people[at]
            if at != place and not other.hidden and self.may_be_one(place, at):
                found.append((other, float(1 - cosines[at])))
        return found


@dataclass(frozen=True, slots=True)
class LikelyMatch:
    """Two people who may be one.

    Attributes:
        person: key of the one who is asked about; nobody named them.
        likely: key of the one they may be.
        similarity: cosine of their mean directions, -1 to 1.
    """

    person: str
    likely: str
    similarity: float

    @property
    def distance(self) -> float:
        """One less the cosine, 0-2."""
        return 1.0 - self.similarity


def find_likely_matches(
    table: LikenessTable, *, min_similarity: float = MIN_LIKENESS, most: int = 3
) -> dict[str, tuple[LikelyMatch, ...]]:
    """Whom each person without a name may be.

    Asked about is everybody without a name; they may be somebody with a name, or somebody without
    one who has at least two faces, and more faces than they. Left out are people who stand in one
    photograph together, those of whom it was decided that they are two, and hidden people.

    Args:
        table: everybody.
        min_similarity: cosine from which two are likely to be one.
        most: matches a person at most.

    Returns:
        By key of who is asked about, the likeliest first; the surest questions first.
    """
    seen = table.people
    if not seen:
        return {}
    named = np.array([one.name is not None for one in seen])
    shown = np.array([not one.hidden for one in seen])
    sizes = np.array([len(one.faces) for one in seen])
    asked = np.flatnonzero(~named & shown)
    answers = np.flatnonzero((named | (sizes > 1)) & shown)
    found: dict[str, tuple[LikelyMatch, ...]] = {}
    for start in range(0, len(asked), _BLOCK):
        rows = asked[start : start + _BLOCK]
        cosines = table.directions[rows] @ table.directions[answers].T
        for row, theirs in zip(rows, cosines, strict=True):
            near = theirs >= min_similarity
            likely = [
                (-float(theirs[place]), int(answers[place]))
                for place in np.flatnonzero(near & _may_be(row, answers, named, sizes))
            ]
            matches = [
                LikelyMatch(seen[row].key, seen[at].key, min(1.0, -negative))
                for negative, at in sorted(likely)
                if table.may_be_one(int(row), at)
            ]
            if matches:
                found[seen[row].key] = tuple(matches[:most])
    return dict(sorted(found.items(), key=lambda item: -item[1][0].similarity))


def _mean_direction(person: Person, vectors: Mapping[int, FloatArray]) -> FloatArray:
    """(D,) float32 unit vector."""
    total = np.sum([vectors[face.id] for face in person.faces if face.id in vectors], axis=0)
    direction: FloatArray = total / max(float(np.linalg.norm(total)), _TINY)
    return direction


def _may_be(
    row: int,
    answers: NDArray[np.intp],
    named: NDArray[np.bool_],
    sizes: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """(A,) which answers count: with a name, or more faces; of equally many, those before."""
    larger = (sizes[answers] > sizes[row]) | ((sizes[answers] == sizes[row]) & (answers < row))
    allowed: NDArray[np.bool_] = named[answers] | larger
    return allowed


def _kept_apart(
    people: Sequence[Person], not_person: AbstractSet[tuple[FaceRef, str]]
) -> set[frozenset[str]]:
    """Pairs of keys of whom somebody said that a face of the one is not the other."""
    whose = {face.ref: one.key for one in people for face in one.faces}
    return {frozenset((whose[ref], key)) for ref, key in not_person if ref in whose}
