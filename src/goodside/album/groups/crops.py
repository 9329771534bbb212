"""Crops of other photographs, whose fingerprints have nothing in common any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

from goodside.album.groups.comparison import compare_looks
from goodside.album.groups.disjoint_sets import Partition
from goodside.album.groups.frame import Frame
from goodside.album.groups.relations import See

_MOST = 12
"""Photographs of one moment and size that are compared; more are a burst, and nobody's crops."""


def join_crops(
    groups: Sequence[Sequence[Frame]], frames: Sequence[Frame], *, see: See
) -> list[tuple[Frame, ...]]:
    """Put crops into the groups of what they were cut from.

    Those are compared that may be: taken at the same moment by the same camera, or lying in one
    folder under a name that goes on where another ends (`IMG_1.jpg`, `IMG_1-cut.jpg`), and not of
    the same size.

    Args:
        groups: near-duplicates; a frame in one at most.
        frames: all, in order of capture.
        see: small pictures.

    Returns:
        The groups, joined and in order of their first frame, with what belongs to them.
    """
    place = {frame.photo.id: index for index, frame in enumerate(frames)}
    partition = Partition(len(frames))
    for group in groups:
        for frame in group[1:]:
            partition.join(place[group[0].photo.id], place[frame.photo.id])
    for a, b in _pairs(frames):
        first, second = place[a.photo.id], place[b.photo.id]
        if partition.same(first, second) or a.same_size(b):
            continue
        small = see(a.photo.id), see(b.photo.id)
        if small[0] is not None and small[1] is not None:
            look = compare_looks(small[0], small[1])
            if look is not None and look.difference == "crop":
                partition.join(first, second)
    parts = (part for part in partition.parts() if len(part) > 1)
    return [tuple(frames[index] for index in part) for part in parts]


def _pairs(frames: Iterable[Frame]) -> Iterator[tuple[Frame, Frame]]:
    moments: defaultdict[tuple[object, object], list[Frame]] = defaultdict(list)
    stems: dict[tuple[Path, str], Frame] = {}
    longer: list[tuple[Frame, Path]] = []
    for frame in frames:
        facts = frame.photo.facts
        if facts.taken_at is not None and facts.camera is not None:
            moments[facts.taken_at, facts.camera].append(frame)
        for path in frame.photo.paths:
            stems.setdefault((path.parent, path.stem), frame)
            longer.append((frame, path))
    for together in moments.values():
        if len(together) <= _MOST:
            yield from combinations(together, 2)
    for frame, path in longer:
        stem = path.stem
        for end in range(len(stem) - 1, 2, -1):
            if stem[end].isalnum() or not stem[end - 1].isalnum():
                continue
            other = stems.get((path.parent, stem[:end]))
            if other is not None and other is not frame:
                yield other, frame
                break
