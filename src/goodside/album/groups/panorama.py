"""Whether a photograph continues another one sideways, as the frames of a panorama do."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goodside.album.groups.comparable_photo import ComparablePhoto
from goodside.types import FloatArray

PanDirection = Literal["right", "left", "down", "up"]

_SIDE_PX = 48
_MIN_SHIFT_SHARE, _MAX_SHIFT_SHARE = 0.2, 0.75
_MIN_CORRELATION = 0.7
_MIN_GAIN = 0.25
_MAX_DRIFT = 3


def pan_between(a: ComparablePhoto, b: ComparablePhoto) -> PanDirection | None:
    """Where the camera turned from one frame to the next; None: it did not, or it is unsure.

    The luminance of both, at 48 x 48, is compared at every shift by a fifth to three quarters of a
    side, with a little drift across. The overlap must correlate by 0.7, and clearly better than the
    two frames do as they are.
    """
    if a.luma is None or b.luma is None or min(*a.luma.shape, *b.luma.shape) < _SIDE_PX:
        return None
    table = _correlations(_small(a.luma), _small(b.luma))
    still = float(table[0, 0])
    along, across = (
        np.arange(int(_MIN_SHIFT_SHARE * _SIDE_PX), int(_MAX_SHIFT_SHARE * _SIDE_PX) + 1),
        np.arange(-_MAX_DRIFT, _MAX_DRIFT + 1),
    )
    scores: dict[PanDirection, float] = {
        "right": float(table[np.ix_(across, along)].max()),
        "left": float(table[np.ix_(across, -along)].max()),
        "down": float(table[np.ix_(along, across)].max()),
        "up": float(table[np.ix_(-along, across)].max()),
    }
    pan = max(scores, key=lambda each: scores[each])
    return pan if scores[pan] >= max(_MIN_CORRELATION, still + _MIN_GAIN) else None


def _correlations(first: FloatArray, second: FloatArray) -> NDArray[np.float64]:
    """Pearson's correlation of what overlaps, for every shift of the second against the first.

    The products' sums come from one Fourier transform, the others from sums over rectangles.

    Returns:
        (2 S, 2 S) for pictures of S x S, at [down, right]; negative shifts count from the end. 0
        where what overlaps has no contrast.
    """
    size = 2 * _SIDE_PX
    # centred, so that little is lost where large sums are taken from each other
    a, b = (np.asarray(picture - picture.mean(), dtype=np.float64) for picture in (first, second))
    spectrum = np.fft.rfft2(a, (size, size)) * np.conj(np.fft.rfft2(b, (size, size)))
    products = np.fft.irfft2(spectrum, (size, size))
    shifts = np.fft.fftfreq(size, 1 / size).astype(int)
    lengths = np.maximum(_SIDE_PX - np.abs(shifts), 1)
    counts = np.outer(lengths, lengths)
    sum_a, squares_a = (_overlaps(values, shifts) for values in (a, a * a))
    sum_b, squares_b = (_overlaps(values, -shifts) for values in (b, b * b))
    spread_a, spread_b = squares_a - sum_a**2 / counts, squares_b - sum_b**2 / counts
    norm = np.sqrt(np.maximum(spread_a * spread_b, 0))
    shared = products - sum_a * sum_b / counts
    found: NDArray[np.float64] = np.where(norm > 1, shared / np.maximum(norm, 1), 0.0)
    return found


def _overlaps(values: NDArray[np.float64], shifts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sums over the part of a picture that another one covers, by [down, right] shift."""
    corner = np.zeros((_SIDE_PX + 1, _SIDE_PX + 1))
    corner[1:, 1:] = values.cumsum(axis=0).cumsum(axis=1)
    low, high = np.clip(shifts, 0, _SIDE_PX), np.clip(_SIDE_PX + shifts, 0, _SIDE_PX)
    rows = corner[high] - corner[low]
    return np.asarray(rows[:, high] - rows[:, low])


def _small(luma: FloatArray) -> FloatArray:
    """(48, 48) means over equal cells."""
    rows = np.linspace(0, luma.shape[0], _SIDE_PX + 1).astype(int)[:-1]
    columns = np.linspace(0, luma.shape[1], _SIDE_PX + 1).astype(int)[:-1]
    cells = np.add.reduceat(np.add.reduceat(luma, rows, axis=0), columns, axis=1)
    heights, widths = (
        np.diff(np.append(starts, size))
        for starts, size in zip((rows, columns), luma.shape, strict=True)
    )
    small: FloatArray = (cells / np.outer(heights, widths)).astype(np.float32)
    return small
