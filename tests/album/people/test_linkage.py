"""Average linkage: equal to the plain algorithm, never across a constraint."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodside.album.people.linkage import link_faces
from goodside.types import FloatArray


def _vectors(count: int, *, seed: int, spread: float = 0.7) -> FloatArray:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(4, 16))
    made = centres[rng.integers(0, 4, count)] + spread * rng.normal(size=(count, 16))
    unit: FloatArray = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _plain(vectors: FloatArray, photos: list[int], threshold: float) -> list[list[int]]:
    """The textbook's: join the nearest allowed pair, again and again."""
    clusters = [[index] for index in range(len(vectors))]
    while True:
        pairs = [
            (float((vectors[a] @ vectors[b].T).mean()), i, j)
            for i, a in enumerate(clusters)
            for j, b in enumerate(clusters[:i])
            if not {photos[x] for x in a} & {photos[x] for x in b}
        ]
        score, i, j = max(pairs, default=(-2.0, 0, 0))
        if score < threshold:
            return sorted(sorted(cluster) for cluster in clusters)
        clusters[j] += clusters.pop(i)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("threshold", [0.2, 0.5])
def test_joins_as_one_pair_at_a_time_would(seed: int, threshold: float) -> None:
    vectors = _vectors(30, seed=seed)
    photos = np.random.default_rng(seed).integers(0, 18, 30).tolist()
    found = link_faces(
        vectors,
        weights=np.ones(30, np.float32),
        photos=photos,
        must_link=[],
        people=[],
        cannot_link=[],
        threshold=threshold,
    )
    assert found == _plain(vectors, photos, threshold)
    assert 1 < len(found) < 30


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 1000),
    photos=st.lists(st.integers(0, 9), min_size=20, max_size=20),
    whose=st.dictionaries(st.integers(0, 19), st.integers(0, 2), max_size=6),
    denied=st.sets(st.tuples(st.integers(0, 19), st.integers(0, 2)), max_size=10),
)
def test_constraints_always_hold(
    seed: int, photos: list[int], whose: dict[int, int], denied: set[tuple[int, int]]
) -> None:
    people = sorted(set(whose.values()))
    parts = [[face for face in whose if whose[face] == person] for person in people]
    denied = {(face, person) for face, person in denied if face not in whose and person in people}
    found = link_faces(
        _vectors(20, seed=seed),
        weights=np.ones(20, np.float32),
        photos=photos,
        must_link=parts,
        people=people,
        cannot_link=denied,
        threshold=-1.0,  # everything that may come together does
    )
    assert sorted(face for cluster in found for face in cluster) == list(range(20))
    for cluster in found:
        persons = {whose[face] for face in cluster if face in whose}
        assert len(persons) <= 1
        assert not {(face, person) for face in cluster for person in persons} & denied
        free = [photos[face] for face in cluster if face not in whose]
        assert len(set(free)) == len(free)
        assert not set(free) & {photos[face] for face in cluster if face in whose}
    for part in parts:
        assert any(set(part) <= set(cluster) for cluster in found)


def test_faces_exactly_alike_are_joined_whatever_rounding_says() -> None:
    vectors = np.repeat(_vectors(1, seed=3), 7, axis=0)
    found = link_faces(
        vectors,
        weights=np.ones(7, np.float32),
        photos=list(range(7)),
        must_link=[],
        people=[],
        cannot_link=[],
        threshold=0.9,
    )
    assert found == [list(range(7))]
