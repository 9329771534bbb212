"""Scores on the 1-10 scale and their ten-bin distributions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import distribution_from_mean, rescale

__all__ = ["distribution_from_mean", "to_ten"]

_Array = NDArray[np.floating[Any]]


def to_ten(score: _Array) -> NDArray[np.float64]:
    """Map the scale 1-5 linearly to 1-10."""
    return rescale(score, low=1, high=5)
