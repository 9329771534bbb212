"""Near-duplicates: the same picture saved again, scaled, lightly cropped or corrected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from goodside.album.groups.comparable_photo import THUMB_SIZE, ComparablePhoto
from goodside.album.groups.disjoint_sets import DisjointSets
from goodside.album.groups.features import FeatureSource
from goodside.images.similarity.duplicates import ALIKE, correlation
from goodside.images.similarity.phash import Pairs, find_near_portions

_PORTION = 4096


def find_near_duplicates(
    frames: Sequence[ComparablePhoto], *, features: FeatureSource
) -> list[tuple[ComparablePhoto, ...]]:
    """Groups of photographs that are each a near-duplicate of another one in the group.

    Pairs that others have put into one group already are not looked at, so that a thousand frames
    of one view cost about a thousand comparisons of thumbnails and not half a million.

    Args:
        frames: those without fingerprint or thumbnail are near-duplicates of none.
        features: reads the thumbnails of those whose fingerprints are near.
    """
    seen = [frame for frame in frames if frame.photo.facts.phash is not None]
    hashes = np.array([frame.photo.facts.phash for frame in seen], dtype=np.uint64)
    disjoint, thumbs = DisjointSets(len(seen)), _ThumbnailCache(seen, features)
    for pairs, _ in find_near_portions(hashes):
        left = pairs
        while len(left := _not_joined(disjoint, left)):
            some, left = left[:_PORTION], left[_PORTION:]
            for a, b in some[thumbs.similarity(some) >= ALIKE]:
                disjoint.union(int(a), int(b))
    return [tuple(seen[index] for index in part) for part in disjoint.sets() if len(part) > 1]


def _not_joined(disjoint: DisjointSets, pairs: Pairs) -> Pairs:
    """The pairs that are not in one set yet."""
    roots = disjoint.roots(pairs)
    apart: Pairs = pairs[roots[:, 0] != roots[:, 1]]
    return apart


class _ThumbnailCache:
    """Thumbnails, made when they are first asked for; 256 bytes each."""

    def __init__(self, frames: Sequence[ComparablePhoto], features: FeatureSource) -> None:
        self._frames, self._features = frames, features
        self._pixels = np.zeros((len(frames), THUMB_SIZE), dtype=np.uint8)
        self._made = np.zeros(len(frames), dtype=bool)

    def similarity(self, pairs: Pairs) -> NDArray[np.float64]:
        """Correlation of pairs, (P,); 0 where a thumbnail is missing."""
        rows = np.unique(pairs)
        fresh = rows[~self._made[rows]]
        for row, frame in zip(
            fresh, self._features.pictures(self._frames[row] for row in fresh), strict=True
        ):
            if (thumb := frame.thumb()) is not None:
                self._pixels[row] = thumb
        self._made[fresh] = True
        return correlation(self._pixels, self._pixels, pairs)
