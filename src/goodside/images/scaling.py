"""Bringing pictures to a size, without aliasing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from PIL import Image

from goodside.types import RgbImage

Kernel = Literal["box", "bilinear", "bicubic", "lanczos"]
_LONGEST = 16
"""How many times longer than wanted a picture may be before its ends are cut, then scaled."""

Fit = Literal["squash", "crop", "pad"]


def resize(rgb: RgbImage, *, width_px: int, height_px: int, kernel: Kernel = "lanczos") -> RgbImage:
    """Resample to a size, whatever the picture's shape.

    The kernel widens with the reduction (so nothing aliases); reductions beyond three times are
    first done by whole-number means, which cannot be told apart at eight bits.

    Args:
        rgb: (H, W, 3) uint8.
        kernel: `lanczos` is sharpest; `box`, `bilinear`, `bicubic` as Pillow defines them.

    Returns:
        (height_px, width_px, 3) uint8.

    Raises:
        ValueError: a side is below one pixel.
    """
    if width_px < 1 or height_px < 1:
        raise ValueError(f"expected at least 1 x 1 pixel, got {width_px} x {height_px}")
    if rgb.shape[:2] == (height_px, width_px):
        return rgb.copy()
    image = Image.fromarray(rgb)
    across, down = rgb.shape[1] // width_px, rgb.shape[0] // height_px
    if kernel == "box" and rgb.shape[:2] == (down * height_px, across * width_px):
        return np.array(image.reduce((across, down)))
    resample = Image.Resampling[kernel.upper()]
    return np.array(image.resize((width_px, height_px), resample, reducing_gap=3.0))


def fit(
    rgb: RgbImage,
    *,
    width_px: int,
    height_px: int,
    how: Fit,
    fill: Sequence[float] = (127.5, 127.5, 127.5),
    kernel: Kernel = "lanczos",
) -> RgbImage:
    """Bring a picture to a network's input size, by the rule its card names.

    Args:
        rgb: (H, W, 3) uint8.
        how: `squash` ignores the shape; `crop` keeps it and takes the middle; `pad` keeps it and
            centres the whole picture on `fill`.
        fill: colour of the padding, 0-255 a channel (a card's mean makes it zero to the network).

    Returns:
        (height_px, width_px, 3) uint8.

    Raises:
        ValueError: `how` is none of these, or a side is below one pixel.
    """
    if how == "squash":
        return resize(rgb, width_px=width_px, height_px=height_px, kernel=kernel)
    if how not in ("crop", "pad"):
        raise ValueError(f"expected squash, crop or pad, got {how!r}")
    height, width = rgb.shape[:2]
    if how == "crop":
        rgb = _middle(rgb, width_px=width_px, height_px=height_px)
        height, width = rgb.shape[:2]
    choose = max if how == "crop" else min
    scale = choose(width_px / width, height_px / height)
    new_width, new_height = max(1, round(width * scale)), max(1, round(height * scale))
    scaled = resize(rgb, width_px=new_width, height_px=new_height, kernel=kernel)
    left, top = (new_width - width_px) // 2, (new_height - height_px) // 2
    if how == "crop":
        return np.ascontiguousarray(scaled[top : top + height_px, left : left + width_px])
    canvas = np.empty((height_px, width_px, 3), np.uint8)
    canvas[:] = np.round(np.asarray(fill)).astype(np.uint8)
    canvas[-top : -top + new_height, -left : -left + new_width] = scaled
    return canvas


def _middle(rgb: RgbImage, *, width_px: int, height_px: int) -> RgbImage:
    """A strip of a picture much longer than wanted: scaled whole it would be enormous."""
    height, width = rgb.shape[:2]
    wide = max(1, _LONGEST * height * width_px // height_px)
    high = max(1, _LONGEST * width * height_px // width_px)
    left, top = max(0, (width - wide) // 2), max(0, (height - high) // 2)
    return rgb[top : top + high, left : left + wide]
