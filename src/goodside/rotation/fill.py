"""Fills what is not known of a picture smoothly from what is known around it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from goodside.types import FloatArray


def fill_gaps(picture: FloatArray, *, known: FloatArray) -> FloatArray:
    """Fill the gaps of a picture.

    Pull-push (Gortler and others, The Lumigraph, 1996, section 3.4.2): ever coarser weighted means
    are taken until nothing is missing, and each coarser picture fills the gaps of the finer one.

    Args:
        picture: (S, S, C) float32; S a power of two.
        known: (S, S) float32, how far each pixel is known, 0-1.

    Returns:
        (S, S, C) float32: the picture where it is known wholly; zeros if nothing is known.
    """
    if len(picture) == 1:
        return picture * (known > 0)[..., None]
    half_px = len(picture) // 2
    weight = shrink(known[..., None], half_px)
    means = shrink(picture * known[..., None], half_px) / np.maximum(weight, 1e-6)
    coarse = fill_gaps(means.astype(np.float32), known=np.minimum(4 * weight[..., 0], 1))
    rough = enlarge(coarse, len(picture))
    filled: FloatArray = rough + known[..., None] * (picture - rough)
    return filled


def enlarge(picture: FloatArray, size_px: int) -> FloatArray:
    """(S, S, C) float32 -> (size_px, size_px, C), bilinearly."""
    return _both_ways(_bilinear(len(picture), size_px), picture)


def shrink(picture: FloatArray, size_px: int) -> FloatArray:
    """(S, S, C) float32 -> (size_px, size_px, C), area means."""
    return _both_ways(_area_means(len(picture), size_px), picture)


def _both_ways(weights: FloatArray, picture: FloatArray) -> FloatArray:
    """(S, S, C) -> (T, T, C): the same (T, S) weights down the columns and along the rows."""
    rows = np.tensordot(weights, picture, axes=1)
    resized: FloatArray = weights @ rows
    return resized


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
