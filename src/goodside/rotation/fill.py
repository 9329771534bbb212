"""Fills what is not known of a picture smoothly from what is known around it."""

from __future__ import annotations

import numpy as np
from PIL import Image

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
    weight = _halved(known[..., None])
    means = (_halved(picture * known[..., None]) / np.maximum(weight, 1e-6)).astype(np.float32)
    coarse = fill_gaps(means, known=np.minimum(4 * weight[..., 0], 1))
    rough = enlarge(coarse, len(picture))
    filled: FloatArray = rough + known[..., None] * (picture - rough)
    return filled


def enlarge(picture: FloatArray, size_px: int) -> FloatArray:
    """(S, S, C) float32 -> (size_px, size_px, C), bilinearly."""
    side = (size_px, size_px)
    channels = np.moveaxis(picture.astype(np.float32), -1, 0)
    images = [Image.fromarray(np.ascontiguousarray(channel)) for channel in channels]
    return np.stack([np.asarray(i.resize(side, Image.Resampling.BILINEAR)) for i in images], -1)


def _halved(picture: FloatArray) -> FloatArray:
    """(S, S, C) -> (S / 2, S / 2, C), area means."""
    half = len(picture) // 2
    mean: FloatArray = picture.reshape(half, 2, half, 2, -1).mean(axis=(1, 3))
    return mean
