"""Crops of other photographs, whose fingerprints have nothing in common any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

from goodside.album.groups.comparable_photo import ComparablePhoto
from goodside.album.groups.comparison import compare_pictures
from goodside.album.groups.disjoint_sets import DisjointSets
from goodside.album.groups.relations import ReadThumbnail

_MAX_COMPARED = 12
"""Photographs of one moment that are compared with each other; more of them are a burst."""


def join_crops(
    groups: Sequence[Sequence[ComparablePhoto]],
    frames: Sequence[ComparablePhoto],
    *,
    read_thumbnail: ReadThumbnail,
) -> list[tuple[ComparablePhoto, ...]]:
    """Put crops into the groups of what they were cut from.

    Those are compared that may be: taken at the same moment by the same camera, or lying in one
    folder under a name that goes on where another ends (`IMG_1.jpg`, `IMG_1-cut.jpg`), and not of
    the same size.

    Args:
        groups: near-duplicates; a frame in one at most.
        frames: all, in order of capture.
        read_thumbnail: reads the small picture of a photo.

    Returns:
        The groups, joined and in order of their first frame, with what belongs to them.
    """
    place = {frame.photo.id: index for index, frame in enumerate(frames)}
    disjoint = DisjointSets(len(frames))
    for group in groups:
        for frame in group[1:]:
            disjoint.union(place[group[0].photo.id], place[frame.photo.id])
    for a, b in _pairs(frames):
        first, second = place[a.photo.id], place[b.photo.id]
        if disjoint.connected(first, second) or a.same_size(b):
            continue
        small = read_thumbnail(a.photo.id), read_thumbnail(b.photo.id)
        if small[0] is not None and small[1] is not None:
            difference = compare_pictures(small[0], small[1])
            if difference is not None and difference.kind == "crop":
                disjoint.union(first, second)
    parts = (part for part in disjoint.sets() if len(part) > 1)
    return [tuple(frames[index] for index in part) for part in parts]


def _pairs(frames: Iterable[ComparablePhoto]) -> Iterator[tuple[ComparablePhoto, ComparablePhoto]]:
    moments: defaultdict[tuple[object, object], list[ComparablePhoto]] = defaultdict(list)
    stems: dict[tuple[Path, str], ComparablePhoto] = {}
    longer: list[tuple[ComparablePhoto, Path]] = []
    for frame in frames:
        facts = frame.photo.facts
        if facts.taken_at is not None and facts.camera is not None:
            moments[facts.taken_at, facts.camera].append(frame)
        for path in frame.photo.paths:
            stems.setdefault((path.parent, path.stem), frame)
            longer.append((frame, path))
    for together in moments.values():
        if len(together) <= _MAX_COMPARED:
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
