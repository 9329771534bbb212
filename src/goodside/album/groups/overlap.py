"""Whether a photograph continues another one sideways, as the frames of a panorama do."""

from __future__ import annotations

from typing import Literal

import numpy as np

from goodside.album.groups.frame import Frame
from goodside.types import FloatArray

Pan = Literal["right", "left", "down", "up"]

_SIDE = 48
_LEAST, _MOST = 0.2, 0.75
_ALIKE = 0.7
_BETTER = 0.25
_DRIFT = 3


def pan_between(a: Frame, b: Frame) -> Pan | None:
    """Where the camera turned from one frame to the next; None: it did not, or it is unsure.

    The luminance of both, at 48 x 48, is compared at every shift by a fifth to three quarters of a
    side, with a little drift across. The overlap must correlate by 0.7, and clearly better than the
    two frames do as they are.
    """
    if a.luma is None or b.luma is None:
        return None
    first, second = _small(a.luma), _small(b.luma)
    still = _correlation(first, second)
    scores: dict[Pan, float] = {
        "right": _best(first, second),
        "left": _best(second, first),
        "down": _best(first.T, second.T),
        "up": _best(second.T, first.T),
    }
    pan = max(scores, key=lambda each: scores[each])
    return pan if scores[pan] >= max(_ALIKE, still + _BETTER) else None


def _best(first: FloatArray, second: FloatArray) -> float:
    """The best correlation of the right part of one with the left part of the other."""
    best = -1.0
    for shift in range(int(_LEAST * _SIDE), int(_MOST * _SIDE) + 1):
        right, left = first[:, shift:], second[:, : _SIDE - shift]
        for drift in range(-_DRIFT, _DRIFT + 1):
            top, bottom = max(0, drift), _SIDE + min(0, drift)
            best = max(best, _correlation(right[top:bottom], left[top - drift : bottom - drift]))
    return best


def _small(luma: FloatArray) -> FloatArray:
    """(48, 48) means over equal cells."""
    rows = np.linspace(0, luma.shape[0], _SIDE + 1).astype(int)[:-1]
    columns = np.linspace(0, luma.shape[1], _SIDE + 1).astype(int)[:-1]
    cells = np.add.reduceat(np.add.reduceat(luma, rows, axis=0), columns, axis=1)
    heights, widths = (
        np.diff(np.append(starts, size))
        for starts, size in zip((rows, columns), luma.shape, strict=True)
    )
    small: FloatArray = (cells / np.outer(heights, widths)).astype(np.float32)
    return small


def _correlation(a: FloatArray, b: FloatArray) -> float:
    """Pearson's; 0 for a surface without contrast."""
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / norm if norm > 1 else 0.0
