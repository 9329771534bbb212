"""Scores of any linear scale on the 1-10 scale, and votes as ten-bin distributions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = np.arange(1, 11, dtype=np.float64)
"""The scores 1 ... 10 that the bins of a distribution stand for."""

_Array = NDArray[np.floating[Any]]


def rescale(score: _Array, *, low: float, high: float) -> NDArray[np.float64]:
    """Map the scale from `low` to `high` linearly to 1-10."""
    return 1 + (np.asarray(score, dtype=np.float64) - low) * 9 / (high - low)


def distribution_from_votes(votes: _Array, *, values: _Array) -> NDArray[np.float64]:
    """Spread votes at arbitrary values onto the ten bins; the mean is kept exactly.

    Args:
        votes: (N, K) counts.
        values: (K,) the scores voted for, each within 1-10; a value between two bins gives each of
            them its share by distance.

    Returns:
        (N, 10), rows sum to 1; NaN where nobody voted.
    """
    values = np.asarray(values, dtype=np.float64)
    share = np.clip(1 - np.abs(values[:, None] - BINS[None, :]), 0, None)
    counts = np.asarray(votes, dtype=np.float64) @ share
    total = counts.sum(axis=1, keepdims=True)
    result: NDArray[np.float64] = counts / np.where(total > 0, total, np.nan)
    return result
