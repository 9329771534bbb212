"""Scores on the 1-10 scale and their ten-bin distributions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import BINS, rescale

_Array = NDArray[np.floating[Any]]


def to_ten(score: _Array) -> NDArray[np.float64]:
    """Map the scale 1-5 linearly to 1-10."""
    return rescale(score, low=1, high=5)


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
