"""Who somebody might be: people who look alike, yet not so much that they were taken for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodside.album.catalog import FaceRef
from goodside.album.people.people import Person
from goodside.types import FloatArray

MIN_LIKENESS = 0.3
"""Cosine from which two people are likely enough to be asked about."""
_BLOCK = 1024


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
    people: Sequence[Person],
    vectors: Mapping[int, FloatArray],
    *,
    not_person: AbstractSet[tuple[FaceRef, str]] = frozenset(),
    min_similarity: float = MIN_LIKENESS,
    most: int = 3,
) -> dict[str, tuple[LikelyMatch, ...]]:
    """Whom each person without a name may be.

    Asked about is everybody without a name; they may be somebody with a name, or somebody without
    one who has at least two faces, and more faces than they. Left out are people who stand in one
    photograph together, and those of whom it was decided that they are two.

    Args:
        people: everybody.
        vectors: (D,) float32 by the face's row number.
        not_person: (face, person) pairs that never go together.
        min_similarity: cosine from which two are likely to be one.
        most: matches a person at most.

    Returns:
        By key of who is asked about, the likeliest first; the surest questions first.
    """
    seen = [one for one in people if any(face.id in vectors for face in one.faces)]
    if not seen:
        return {}
    centres = np.stack([_centre(one, vectors) for one in seen])
    named = np.array([one.name is not None for one in seen])
    sizes = np.array([len(one.faces) for one in seen])
    photos = [{face.photo_id for face in one.faces} for one in seen]
    apart = _kept_apart(seen, not_person)
    asked, answers = np.flatnonzero(~named), np.flatnonzero(named | (sizes > 1))
    found: dict[str, tuple[LikelyMatch, ...]] = {}
    for start in range(0, len(asked), _BLOCK):
        rows = asked[start : start + _BLOCK]
        cosines = centres[rows] @ centres[answers].T
        for row, theirs in zip(rows, cosines, strict=True):
            near = theirs >= min_similarity
            likely = [
                (-float(theirs[place]), int(answers[place]))
                for place in np.flatnonzero(near & _may_be(row, answers, named, sizes))
            ]
            matches = [
                LikelyMatch(seen[row].key, seen[at].key, min(1.0, -negative))
                for negative, at in sorted(likely)
                if photos[row].isdisjoint(photos[at])
                and frozenset((seen[row].key, seen[at].key)) not in apart
            ]
            if matches:
                found[seen[row].key] = tuple(matches[:most])
    return dict(sorted(found.items(), key=lambda item: -item[1][0].similarity))


def _centre(person: Person, vectors: Mapping[int, FloatArray]) -> FloatArray:
    """(D,) float32: mean direction of a person's faces."""
    total = np.sum([vectors[face.id] for face in person.faces if face.id in vectors], axis=0)
    centre: FloatArray = total / max(float(np.linalg.norm(total)), 1e-9)
    return centre


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
