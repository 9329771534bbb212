"""Where a picture's detail is, and how it stands out from the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

_TILE_PX = 16
_MIN_TILES = 6
_NOISE = 1.5
"""Levels of detail that noise and compression leave in a plain sky."""
_FAINT = 0.3
"""Levels of detail a tile that weigh against the subject, so that a blur is none."""
_STRUCTURE = 4.0
"""Levels of coarse detail from which a tile's sharpness can be told."""
_MIN_STRUCTURE_SHARE = 0.15

_Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DetailedPart:
    """The quarter of a picture that holds most of its detail.

    Attributes: see those of `VisualFeatures`.
    """

    share: float
    x: float
    y: float
    light: float
    background_blur: float | None


def find_subject(luma: NDArray[np.uint8], coarse: NDArray[np.uint8]) -> DetailedPart | None:
    """Find the quarter with most detail.

    Args:
        luma: (H, W), shorter side 224.
        coarse: the same at half the size.

    Returns:
        None for a picture that is too narrow, or has no detail at all.
    """
    fine = _detail(luma, _TILE_PX)
    rough = _detail(coarse, _TILE_PX // 2)
    rows, columns = (min(one, other) for one, other in zip(fine.shape, rough.shape, strict=True))
    if min(rows, columns) < _MIN_TILES:
        return None
    fine, rough = fine[:rows, :columns], rough[:rows, :columns]
    above_noise = np.maximum(fine - _NOISE, 0)
    total = float(above_noise.sum())
    if total < _NOISE:
        return None
    high, wide = max(1, round(rows / 2)), max(1, round(columns / 2))
    sums = sliding_window_view(above_noise, (high, wide)).sum(axis=(2, 3))
    top, left = (int(at) for at in np.unravel_index(int(sums.argmax()), sums.shape))
    inside = np.zeros(fine.shape, dtype=bool)
    inside[top : top + high, left : left + wide] = True
    weights = above_noise * inside
    y_at, x_at = np.indices(fine.shape)
    light = _means(luma, _TILE_PX)[:rows, :columns]
    within = float(weights.sum())
    return DetailedPart(
        share=within / (total + _FAINT * fine.size),
        x=float((weights * (x_at + 0.5)).sum()) / within / columns,
        y=float((weights * (y_at + 0.5)).sum()) / within / rows,
        light=float((weights * light).sum() / within - light[~inside].mean()) / 255,
        background_blur=_background_blur(fine, rough, inside),
    )


def _background_blur(fine: _Levels, rough: _Levels, inside: NDArray[np.bool_]) -> float | None:
    """Octaves between the sharpness of the subject and of the rest, where both have structure."""
    structured = rough >= _STRUCTURE
    rest, subject = structured & ~inside, structured & inside
    if rest.sum() < _MIN_STRUCTURE_SHARE * (~inside).sum() or not subject.any():
        return None
    sharpness = [float(fine[part].sum() / rough[part].sum()) for part in (subject, rest)]
    return math.log2(max(sharpness[0], 1e-3) / max(sharpness[1], 1e-3))


def _detail(luma: NDArray[np.uint8], tile_px: int) -> _Levels:
    """(rows, columns) root mean square, by tile, of each pixel's difference from its neighbours.

    The outermost pixels have no neighbours on all sides and count as plain.
    """
    levels = luma.astype(np.int16)
    difference = np.zeros(luma.shape, dtype=np.float32)
    difference[1:-1, 1:-1] = (
        4 * levels[1:-1, 1:-1]
        - levels[2:, 1:-1]
        - levels[:-2, 1:-1]
        - levels[1:-1, 2:]
        - levels[1:-1, :-2]
    ) / np.float32(4)
    detail: _Levels = np.sqrt(_means(difference * difference, tile_px))
    return detail


def _means(values: NDArray[np.generic], tile_px: int) -> _Levels:
    rows, columns = (side // tile_px for side in values.shape)
    tiles = values[: rows * tile_px, : columns * tile_px].reshape(rows, tile_px, columns, tile_px)
    means: _Levels = tiles.astype(np.float32).mean(axis=(1, 3))
    return means
