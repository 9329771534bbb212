"""The clearest nearly level line through a picture."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_MAX_TILT_DEG, _STEP_DEG = 10.0, 0.5
_TILTS_DEG = np.arange(-_MAX_TILT_DEG, _MAX_TILT_DEG + _STEP_DEG / 2, _STEP_DEG)
_COLUMNS = 40
_MIN_SIDE_PX = 48
_MIN_STEP = 8.0
"""Levels by which the picture changes from above the line to below it, on average."""
_MIN_COVERAGE = 0.75
"""Share of the width at which it changes in the same direction."""
_MIN_PROMINENCE = 1.5
"""How much stronger the line is than at the tilts that lie three degrees and more off."""
_APART_DEG = 3.0


def horizon_tilt_deg(luma: NDArray[np.uint8]) -> float | None:
    """How far the clearest line that runs through the whole width is off the level.

    For each tilt, changes from row to row are summed along lines of this tilt (a Radon transform
    of the signed vertical gradient); the tilt of the strongest line is taken.

    Args:
        luma: (H, W), shorter side about 112.

    Returns:
        -10 to 10 in steps of half a degree, positive where the line falls to the right; None where
        no line is clear, or the strongest one is tilted more.
    """
    if min(luma.shape) < _MIN_SIDE_PX:
        return None
    levels = luma.astype(np.float32)
    change = _in_columns(levels[2:] - levels[:-2])
    along = _along_lines(change, luma.shape[1])
    means = np.abs(along.mean(axis=2))
    strengths = means.max(axis=1)
    best = int(strengths.argmax())
    others = strengths[np.abs(_TILTS_DEG - _TILTS_DEG[best]) >= _APART_DEG]
    if strengths[best] < max(_MIN_STEP, _MIN_PROMINENCE * float(others.max())):
        return None
    line = along[best, int(means[best].argmax())]
    coverage = float((line * np.sign(line.mean()) >= _MIN_STEP / 4).mean())
    tilt = float(_TILTS_DEG[best])
    return tilt if coverage >= _MIN_COVERAGE and abs(tilt) < _MAX_TILT_DEG else None


def _along_lines(change: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """(T, H, C) the changes across every line of every tilt; 0 where a line leaves the picture.

    Args:
        change: (H, C) from row to row, by column.
        width: of the picture, px.
    """
    x = np.arange(_COLUMNS) * width / _COLUMNS
    rise = np.tan(np.radians(_TILTS_DEG))[:, None] * (x - x.mean())
    room = math.ceil(float(np.abs(rise).max()))
    padded = np.pad(change, ((room, room), (0, 0)))
    start = np.arange(room, room + len(change))
    rows = start[None, :, None] + np.rint(rise).astype(np.intp)[:, None, :]
    along: NDArray[np.float32] = padded[rows, np.arange(_COLUMNS)]
    return along


def _in_columns(change: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, C) means over neighbouring columns."""
    edges = np.linspace(0, change.shape[1], _COLUMNS + 1).astype(int)
    sums = np.add.reduceat(change, edges[:-1], axis=1)
    return (sums / np.diff(edges)).astype(np.float32)
