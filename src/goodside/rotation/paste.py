"""Puts a turned portrait back into the photograph it was cut from."""

from __future__ import annotations

import numpy as np

from goodside.face import Crop
from goodside.rotation.geometry.frame import to_shares
from goodside.rotation.geometry.raster import sample
from goodside.types import FloatArray, RgbImage

_SEAM = 0.15  # sides of the frame over which the portrait fades into the photograph


def paste_back(photo: RgbImage, portrait: RgbImage, *, frame: Crop) -> RgbImage:
    """Put a portrait back into its photograph; it fades out toward the edge of its frame.

    Args:
        photo: (H, W, 3) uint8.
        portrait: (S, S, 3) uint8, what the whole frame shall show.
        frame: where in the photograph the portrait lies; it may reach past its edges.

    Returns:
        (H, W, 3) uint8, a picture of its own.
    """
    height, width = photo.shape[:2]
    corners = frame.to_picture(np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) - 0.5, size_px=1)
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)) + 1, 0, (width, height)).astype(int)
    pasted = photo.copy()
    for row in range(top, bottom):  # a row at a time: a large photograph needs no large arrays
        places = np.stack([np.arange(left, right), np.full(right - left, row)], axis=-1)
        shares = to_shares(frame, places.astype(np.float32))
        seen = pasted[row, left:right].astype(np.float32)
        mixed = seen + _share(shares)[:, None] * (sample(portrait, shares) - seen)
        pasted[row, left:right] = np.rint(mixed)
    return pasted


def _share(shares: FloatArray) -> FloatArray:
    """(N,) how far the portrait covers places of its frame: 1 within, falling to 0 at its edge."""
    inside = np.minimum(shares, 1 - shares).min(axis=1) / np.float32(_SEAM)
    ramp: FloatArray = inside.clip(0, 1)
    return ramp * ramp * (3 - 2 * ramp)
