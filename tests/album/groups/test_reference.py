"""Groups against what every pair by itself says, and the price of an album that is all alike."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodside.album.groups import ComparablePhoto
from goodside.album.groups.near_duplicates import find_near_duplicates
from goodside.album.groups.sequences import MAX_BURST_GAP_S, find_sequences
from goodside.types import FloatArray, RgbImage
from tests.album.groups.made import Given, frame, ids

_BITS = 2**62 - 1


def _groups(
    frames: list[ComparablePhoto], alike: Callable[[ComparablePhoto, ComparablePhoto], bool]
) -> list[list[int]]:
    """Sets that pairs connect, found by walking from each frame to all that are like it."""
    left, found = dict(enumerate(frames)), []
    while left:
        first = min(left)
        reached, edge = {first}, [left.pop(first)]
        while edge:
            here = edge.pop()
            near = [n for n, there in left.items() if alike(here, there)]
            reached.update(near)
            edge += [left.pop(n) for n in near]
        found.append([frames[n].photo.id for n in sorted(reached)])
    return [group for group in found if len(group) > 1]


def _with_hash(made: ComparablePhoto, phash: int | None) -> ComparablePhoto:
    return replace(made, photo=replace(made.photo, facts=replace(made.photo.facts, phash=phash)))


@st.composite
def _albums(draw: st.DrawFn) -> list[ComparablePhoto]:
    """Frames of a few views; fingerprints and thumbnails stray from their view's by chance."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    bases = [int(rng.integers(_BITS)) for _ in range(3)]
    views = [rng.uniform(0, 255, (16, 16)) for _ in range(3)]
    frames = []
    for number in range(draw(st.integers(0, 14))):
        flips = sum(1 << int(bit) for bit in rng.permutation(62)[: rng.integers(9)])
        view = views[rng.integers(3)] + rng.normal(0, rng.choice([5, 30]), (16, 16))
        luma = np.clip(view, 0, 255).astype(np.float32)
        made = ComparablePhoto(
            frame(number, at_s=None).photo, luma=None if rng.random() < 0.1 else luma
        )
        phash = None if rng.random() < 0.1 else bases[rng.integers(3)] ^ flips
        frames.append(_with_hash(made, phash))
    return frames


def _near_duplicates(a: ComparablePhoto, b: ComparablePhoto) -> bool:
    here, there = a.thumb(), b.thumb()
    if a.photo.facts.phash is None or b.photo.facts.phash is None or here is None or there is None:
        return False
    return a.hamming_distance(b) <= 12 and float(np.corrcoef(here, there)[0, 1]) >= 0.9


@settings(deadline=None)
@given(_albums())
def test_near_duplicates_are_those_of_every_pair(frames: list[ComparablePhoto]) -> None:
    assert ids(find_near_duplicates(frames, features=Given())) == _groups(frames, _near_duplicates)


@st.composite
def _sequences(draw: st.DrawFn) -> list[ComparablePhoto]:
    """Frames of one camera, mostly in quick succession, of a few views."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    bases = [int(rng.integers(_BITS)) for _ in range(3)]
    vectors = np.eye(4, dtype=np.float32)
    frames, at_s = [], 0.0
    for number in range(draw(st.integers(0, 24))):
        at_s += float(rng.choice([0.5, 2, 2.5, 60], p=[0.5, 0.4, 0.05, 0.05]))
        vector: FloatArray | None = None if rng.random() < 0.5 else vectors[rng.integers(4)]
        made = ComparablePhoto(
            frame(number, at_s=at_s, iso=100 if number % 7 else 200).photo, vector
        )
        frames.append(_with_hash(made, bases[rng.integers(3)] ^ int(rng.integers(2**8))))
    return frames


@settings(deadline=None)
@given(_sequences())
def test_bursts_are_those_of_every_pair(frames: list[ComparablePhoto]) -> None:
    """Two frames at most eight apart, without a pause between, hold all between them together."""

    def joined(a: ComparablePhoto, b: ComparablePhoto) -> bool:
        low, high = sorted((a.photo.id, b.photo.id))
        return any(first <= low and high <= last for first, last in held)

    held = [
        (first, last)
        for first, last in combinations(range(len(frames)), 2)
        if last - first <= 8
        and all(
            frames[at].seconds_to(frames[at + 1]) <= MAX_BURST_GAP_S for at in range(first, last)
        )
        and (
            frames[first].hamming_distance(frames[last]) <= 24
            or frames[first].similarity(frames[last]) >= 0.6
        )
    ]
    assert ids(find_sequences(frames, features=Given())["burst"]) == _groups(frames, joined)


class _Counted(Given):
    """Notes whose pictures were asked for."""

    def __init__(self) -> None:
        self.shown: list[int] = []

    def pictures(self, frames: Iterable[ComparablePhoto]) -> Iterator[ComparablePhoto]:
        for one in frames:
            self.shown.append(one.photo.id)
            yield one


def test_an_album_that_is_all_alike_fits_into_memory(view: RgbImage) -> None:
    """All pairs of these would take gigabytes, and their thumbnails more."""
    first = frame(0, at_s=None, rgb=view)
    frames = [replace(first, photo=replace(first.photo, id=number)) for number in range(3000)]
    features = _Counted()
    tracemalloc.start()
    groups = find_near_duplicates(frames, features=features)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [len(group) for group in groups] == [3000]
    assert peak < 150e6
    assert sorted(features.shown) == list(range(3000))


def test_nobody_looks_at_pictures_that_no_rule_needs() -> None:
    features = _Counted()
    frames = [frame(number, at_s=30 * number) for number in range(20)]
    assert find_near_duplicates(frames, features=features) == []
    assert find_sequences(frames, features=features) == {"bracket": [], "panorama": [], "burst": []}
    assert features.shown == []


@pytest.fixture
def view() -> RgbImage:
    return np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)
