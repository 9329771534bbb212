"""Near-duplicates: photographs with near fingerprints whose thumbnails are alike as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.images.similarity.phash import (
    NEAR,
    Fingerprints,
    Pairs,
    luminance,
    near,
    perceptual_hash,
)
from goodside.types import RgbImage

ALIKE = 0.9
"""Correlation of two thumbnails from which on they show the same; see `duplicates`."""

_THUMB = 16
_PORTION = 4096


@dataclass(frozen=True, slots=True)
class Prints:
    """What is kept of N photographs to compare them.

    Attributes:
        hashes: (N,) uint64 fingerprints.
        thumbnails: (N, 256) uint8 luminance, 16 x 16.
    """

    hashes: Fingerprints
    thumbnails: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.hashes)

    def take(self, rows: NDArray[np.integer[Any]]) -> Prints:
        """Those of some of the photographs, in the order of `rows`."""
        return Prints(self.hashes[rows], self.thumbnails[rows])


@dataclass(frozen=True, slots=True)
class Duplicates:
    """P pairs of near-duplicates, nearest first.

    Attributes:
        pairs: (P, 2) indices.
        bits: (P,) differing bits of the fingerprints, 0-64.
        likeness: (P,) correlation of the thumbnails, up to 1.
    """

    pairs: Pairs
    bits: NDArray[np.int64]
    likeness: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.pairs)


def take_prints(photos: Iterable[RgbImage]) -> Prints:
    """Print photographs, each (H, W, 3) uint8."""
    hashes: list[int] = []
    thumbnails = [np.empty((0, _THUMB**2), dtype=np.uint8)]
    for rgb in photos:
        hashes.append(perceptual_hash(rgb))
        thumbnails.append(luminance(rgb, side_px=_THUMB).round().astype(np.uint8).reshape(1, -1))
    return Prints(np.array(hashes, dtype=np.uint64), np.concatenate(thumbnails))


def duplicates(
    prints: Prints, others: Prints | None = None, *, within: int = NEAR, alike: float = ALIKE
) -> Duplicates:
    """Pairs of photographs that show the same picture.

    By default 99 % of photographs saved again, scaled, reshaped, cropped by 2 %, brightened,
    darkened or turned gray are found, 89 % of those with a watermark and 79 % of those cropped by
    5 %, but 15 % of those cropped by 10 % (200 of PARA's). Among PARA's 29,642 rows there are 559
    such pairs, most of one scene shot or blurred or exposed several times; 72 drawn from those that
    differ in 3 bits or more all show one scene. A picture without contrast is no near-duplicate of
    any.

    Args:
        prints: of N photographs.
        others: of those to compare them with; without them, the N among themselves.
        within: most bits in which fingerprints may differ.
        alike: least correlation of the thumbnails.
    """
    second = prints if others is None else others
    pairs, bits = near(
        prints.hashes, others=None if others is None else others.hashes, within=within
    )
    likeness = correlation(prints.thumbnails, second.thumbnails, pairs)
    kept = likeness >= alike
    return Duplicates(pairs[kept], bits[kept], likeness[kept])


def correlation(
    first: NDArray[np.uint8], second: NDArray[np.uint8], pairs: Pairs
) -> NDArray[np.float64]:
    """Pearson's correlation of thumbnails, (P,), -1 to 1; 0 where one has no contrast.

    Args:
        first: (N, 256) uint8 luminance.
        second: (M, 256) likewise.
        pairs: (P, 2) indices (of `first`, of `second`).
    """
    found = np.zeros(len(pairs))
    for start in range(0, len(pairs), _PORTION):
        rows = slice(start, start + _PORTION)
        a, b = first[pairs[rows, 0]], second[pairs[rows, 1]]
        a, b = (x - x.mean(axis=1, keepdims=True) for x in (a, b))
        norm = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
        found[rows] = (a * b).sum(axis=1) / np.where(norm > 0, norm, np.inf)
    return found
