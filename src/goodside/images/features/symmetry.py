"""How alike the left and the right half of a picture are."""

from __future__ import annotations

import numpy as np
from PIL import Image

_SIDE_PX = 32
_MIN_SPREAD = 6.0
"""Levels by which a row must vary on average to have two halves that can differ."""


def symmetry(picture: Image.Image) -> float | None:
    """The correlation of a picture with its mirror image, -1 to 1.

    Each row's own mean is taken off first: otherwise every sky above a field would be symmetrical.

    Args:
        picture: of any mode; it is looked at as 32 x 32 pixels, so that the halves need not fit to
            the pixel.

    Returns:
        None for a picture without structure from left to right.
    """
    luma = np.asarray(
        picture.convert("L").resize((_SIDE_PX, _SIDE_PX), Image.Resampling.BOX), np.float32
    )
    rows = luma - luma.mean(axis=1, keepdims=True)
    power = float((rows**2).mean())
    if power < _MIN_SPREAD**2:
        return None
    return float((rows * rows[:, ::-1]).mean()) / power
