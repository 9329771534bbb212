"""The portrait: the frame cut out of a photograph, continued softly beyond its edges."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from goodside.face import Crop
from goodside.types import FloatArray, RgbImage

_SOFTNESS = (1 / 128, 1 / 64, 1 / 32, 1 / 16, 1 / 8)  # radii of blur as shares of the side


def cut_portrait(rgb: RgbImage, frame: Crop, *, size_px: int) -> RgbImage:
    """Cut a portrait frame out of a photograph.

    Beyond the photograph its edge is repeated, and the farther from it the more it is blurred: an
    edge repeated alone draws streaks.

    Args:
        rgb: (H, W, 3) uint8 photograph.
        frame: the square, which may reach past the photograph.
        size_px: side of the portrait.

    Returns:
        (size_px, size_px, 3) uint8.
    """
    portrait = frame.cut(rgb, size_px=size_px)
    beyond = _beyond(frame, height=rgb.shape[0], width=rgb.shape[1], size_px=size_px)
    if not beyond.any():
        return portrait
    soft, sharp = portrait.astype(np.float32), Image.fromarray(portrait)
    for share in [share for share in _SOFTNESS if share < beyond.max()]:
        blurred = np.asarray(sharp.filter(ImageFilter.GaussianBlur(share * size_px)), np.float32)
        soft += np.clip(beyond / share - 1, 0, 1)[..., None] * (blurred - soft)
    return np.rint(soft).astype(np.uint8)


def shown_part(frame: Crop, *, height: int, width: int, size_px: int) -> FloatArray:
    """(S, S) float32: 1 where a frame lies in a photograph of that size, 0 beyond its edge."""
    inside = _beyond(frame, height=height, width=width, size_px=size_px) == 0
    return np.where(inside, np.float32(1), np.float32(0))


def _beyond(frame: Crop, *, height: int, width: int, size_px: int) -> FloatArray:
    """(S, S) how far each pixel lies outside the photograph, in sides of the frame."""
    axis = np.arange(size_px)
    outside = []
    for (right, down, start), last in zip(
        frame.matrix(size_px), (width - 1, height - 1), strict=True
    ):
        place = np.add.outer(down * axis + start, right * axis).astype(np.float32)
        outside.append(np.maximum(-place, place - last).clip(min=0))
    distance: FloatArray = np.hypot(*outside) / np.float32(frame.side)
    return distance
