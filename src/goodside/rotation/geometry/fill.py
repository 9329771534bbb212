"""Fills what is not known of a picture smoothly from what is known around it."""

from __future__ import annotations

import numpy as np

from goodside.rotation.geometry.resample import enlarge, shrink
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
