"""Scores of any linear scale on the 1-10 scale, and votes as ten-bin distributions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = np.arange(1, 11, dtype=np.float64)
"""The scores 1 ... 10 that the bins of a distribution stand for."""

MIDDLE = 5.5
"""Of the 1-10 scale."""

USUAL_SPREAD = 1.4
"""Standard deviation of the votes for one photograph on the 1-10 scale, AVA's mean."""

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


def distribution_from_mean(mean: _Array, *, std: _Array) -> NDArray[np.float64]:
    """A bell over the ten bins with the given mean.

    The bins hold exp(-(bin - c)^2 / 2 std^2), normalised; the centre c is found by bisection so
    that cutting the bell off at 1 and 10 does not move the mean.

    Args:
        mean: (N,) within 1-10.
        std: (N,) width of the bell before it is cut off.

    Returns:
        (N, 10), rows sum to 1.
    """
    mean = np.clip(np.asarray(mean, dtype=np.float64), 1.001, 9.999)
    low, high = np.full_like(mean, -60.0), np.full_like(mean, 71.0)
    for _ in range(60):
        centre = (low + high) / 2
        too_low = _bell(centre, std=std) @ BINS < mean
        low, high = np.where(too_low, centre, low), np.where(too_low, high, centre)
    return _bell((low + high) / 2, std=std)


def _bell(centre: _Array, *, std: _Array) -> NDArray[np.float64]:
    exponent = -((BINS[None, :] - centre[:, None]) ** 2) / (2 * np.asarray(std)[:, None] ** 2)
    weight = np.exp(exponent - exponent.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = weight / weight.sum(axis=1, keepdims=True)
    return result
