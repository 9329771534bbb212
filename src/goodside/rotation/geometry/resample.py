"""Resizes square float pictures of any channels, by matrix products along both sides."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image

from goodside.rotation.geometry.frame import Window
from goodside.types import FloatArray


def enlarge(picture: FloatArray, size_px: int) -> FloatArray:
    """(S, S, C) float32 -> (size_px, size_px, C), bilinearly."""
    weights = _bilinear(len(picture), size_px)
    return _both_ways(picture, down=weights, across=weights)


def shrink(picture: FloatArray, size_px: int) -> FloatArray:
    """(S, S, C) float32 -> (size_px, size_px, C), area means."""
    weights = _area_means(len(picture), size_px)
    return _both_ways(picture, down=weights, across=weights)


def enlarge_part(picture: FloatArray, size_px: int, *, window: Window) -> FloatArray:
    """(S, S, C) float32 -> (size_px, size_px, C), the part in a window, bicubically."""
    left, top, right, bottom = window.box(len(picture))
    return _both_ways(
        picture,
        down=_bicubic(len(picture), size_px, top, bottom),
        across=_bicubic(len(picture), size_px, left, right),
    )


def _both_ways(picture: FloatArray, *, down: FloatArray, across: FloatArray) -> FloatArray:
    """(S, S, C) -> (T, T, C) by (T, S) weights down the columns and along the rows.

    The smaller picture is the one that is transposed.
    """
    if len(down) < len(picture):
        return _down(across, _down(down, picture).transpose(1, 0, 2)).transpose(1, 0, 2)
    return _down(down, _down(across, picture.transpose(1, 0, 2)).transpose(1, 0, 2))


def _down(weights: FloatArray, picture: FloatArray) -> FloatArray:
    """(S, W, C) -> (T, W, C) by (T, S) weights, as one matrix product."""
    rows: FloatArray = weights @ picture.reshape(len(picture), -1)
    return rows.reshape(len(weights), *picture.shape[1:])


@lru_cache(maxsize=32)
def _bilinear(size_px: int, new_px: int) -> FloatArray:
    """(T, S) shares of the old pixels in each new one; beyond the edge lies what is at the edge."""
    places = ((np.arange(new_px) + 0.5) * size_px / new_px - 0.5).clip(0, size_px - 1)
    distance = np.abs(places[:, None] - np.arange(size_px))
    return np.asarray(np.maximum(1 - distance, 0), np.float32)


@lru_cache(maxsize=32)
def _area_means(size_px: int, new_px: int) -> FloatArray:
    """(T, S) shares of the old pixels in each new one: as much as it covers of them."""
    edges = np.arange(new_px + 1) * size_px / new_px
    within = (edges[:, None] - np.arange(size_px)).clip(0, 1)  # of each old pixel, up to an edge
    return (np.diff(within, axis=0) * new_px / size_px).astype(np.float32)


@lru_cache(maxsize=32)
def _bicubic(size_px: int, new_px: int, start: float, end: float) -> FloatArray:
    """(T, S) shares of the old pixels from start to end in each new one, as Pillow has them."""
    each = Image.fromarray(np.eye(size_px, dtype=np.float32))
    box = (0, start, size_px, end)
    return np.asarray(each.resize((size_px, new_px), Image.Resampling.BICUBIC, box=box))
