"""The clearest nearly level line through a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
    x = np.arange(_COLUMNS) * luma.shape[1] / _COLUMNS
    x -= x.mean()
    found = [_strongest(change, x * math.tan(math.radians(tilt))) for tilt in _TILTS_DEG]
    best = max(found, key=_strength)
    tilt = float(_TILTS_DEG[found.index(best)])
    others = [
        line.strength
        for line, other in zip(found, _TILTS_DEG, strict=True)
        if abs(other - tilt) >= _APART_DEG
    ]
    is_clear = best.strength >= max(_MIN_STEP, _MIN_PROMINENCE * max(others))
    return (
        tilt if is_clear and best.coverage >= _MIN_COVERAGE and abs(tilt) < _MAX_TILT_DEG else None
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A line's mean change across it, levels, and the share of the columns that have such one."""

    strength: float
    coverage: float


def _strength(line: _Line) -> float:
    return line.strength


def _strongest(change: NDArray[np.float32], rise: NDArray[np.float64]) -> _Line:
    """The strongest of the lines that leave the level by this at each column.

    Args:
        change: (H, C) from row to row.
        rise: (C,) rows.
    """
    room = math.ceil(float(np.abs(rise).max()))
    start = np.arange(room, len(change) - room)
    if not len(start):
        return _Line(0.0, 0.0)
    along = change[start[:, None] + np.rint(rise).astype(np.intp), np.arange(change.shape[1])]
    means = along.mean(axis=1)
    row = int(np.abs(means).argmax())
    same = along[row] * np.sign(means[row]) >= _MIN_STEP / 4
    return _Line(float(abs(means[row])), float(same.mean()))


def _in_columns(change: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, C) means over neighbouring columns."""
    edges = np.linspace(0, change.shape[1], _COLUMNS + 1).astype(int)
    sums = np.add.reduceat(change, edges[:-1], axis=1)
    return (sums / np.diff(edges)).astype(np.float32)
