"""Joins what the network painted with the photograph's own pixels, at the photograph's detail."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.layers import Draft
from goodside.rotation.geometry.masks import dilated, eroded
from goodside.rotation.geometry.resample import enlarge_part
from goodside.types import FloatArray, RgbImage

MOST_CHANGE = 40.0
"""How far the network may take a pixel from the draft, on the 0-255 scale."""

_OUTLINE_PX = 2  # so far beyond the person's outline the network may mend it

_STILL_DEG, _MOVING_DEG = 1.0, 5.0
_BLUR = np.outer((0.145, 0.71, 0.145), (0.145, 0.71, 0.145))  # a Gaussian of half a pixel
_CRISP = ImageFilter.Kernel((3, 3), (np.diag((0, 2, 0)) - _BLUR).ravel().tolist(), scale=1)
_MAGNIFIED = 1.5  # texels so much longer than wide are sharpened wholly
_KEEP_CLEAR_PX = 3  # of outlines, which sharpening would draw
_REACH_PX = 2  # how far, more than enough, sharpening looks around


def blend(
    drafted: Draft,
    *,
    change: FloatArray,
    trust: FloatArray,
    turn_deg: float,
    window: Window | None = None,
    hair_fill: FloatArray | None = None,
) -> RgbImage:
    """Compose the turned portrait.

    The network works at its own size; the draft comes at the size of the result, and what the
    network paints is laid on as a change to it, so that skin and hair keep the photograph's detail.
    A turn of less than a degree shows the draft itself, and so does what stands behind the person
    always: of that the network knows nothing, and drew ghosts of the hair that had been before it.

    Args:
        drafted: the turned portrait of side S as far as the photograph tells it.
        change: (3, s, s) float32 on the 0-255 scale, what the network's picture differs by from the
            mended draft of its own size; s may be smaller than S. More than `MOST_CHANGE` is eased
            to it: so much is light and shade, more is mostly a blot.
        trust: (1, s, s) float32, share of the warped pixels, 0-1.
        turn_deg: angle between the source's and the asked pose.
        window: the part of the frame that the draft shows, by default all of it; the network's
            pictures show the whole frame.
        hair_fill: (S, S) float32, 0-1, how far the draft repeats there what is elsewhere. Of such
            places the network knows nothing, and they stay as they are drafted.

    Returns:
        (S, S, 3) uint8 sRGB.
    """
    window, size_px = window or Window(), len(drafted.warped)
    bounded = MOST_CHANGE * np.tanh(change / MOST_CHANGE)
    channels = np.concatenate([bounded, trust]).transpose(1, 2, 0)
    large = enlarge_part(channels, size_px, window=window)
    moving = float(np.clip((turn_deg - _STILL_DEG) / (_MOVING_DEG - _STILL_DEG), 0, 1))
    painted = drafted.mended + large[..., :3]
    share = moving * (1 - np.clip(large[..., 3:], 0, 1))
    share *= dilated(to_bytes(255 * drafted.person), by_px=_OUTLINE_PX)[..., None] / np.float32(255)
    if hair_fill is not None:
        share *= 1 - hair_fill[..., None]
    return to_bytes(drafted.warped + share * (painted - drafted.warped))


def enlarged(painted: FloatArray, *, size_px: int, window: Window | None = None) -> RgbImage:
    """A picture that is the network's alone, enlarged.

    Args:
        painted: (3, s, s) float32 on the 0-255 scale, the whole frame.
        size_px: side S of the result.
        window: the part of the frame that the result shows, by default all of it.

    Returns:
        (S, S, 3) uint8 sRGB.
    """
    picture = painted.transpose(1, 2, 0)
    return to_bytes(enlarge_part(picture, size_px, window=window or Window()))


def sharpened(picture: RgbImage, *, stretch: FloatArray) -> RgbImage:
    """Give back what detail loses where a turn magnifies the photograph: an unsharp mask.

    Args:
        picture: (S, S, 3) uint8.
        stretch: (S, S) float32, at least 1, of the turn's plan; what is not stretched stays, and so
            do three pixels around it.
    """
    share = ((stretch - 1) / (_MAGNIFIED - 1)).clip(0, 1)
    mask = Image.fromarray(eroded(to_bytes(255 * share), by_px=_KEEP_CLEAR_PX))
    image, magnified = Image.fromarray(picture), mask.getbbox()
    if magnified is not None:
        left, top, right, bottom = magnified
        box = left - _REACH_PX, top - _REACH_PX, right + _REACH_PX, bottom + _REACH_PX
        box = max(box[0], 0), max(box[1], 0), min(box[2], image.width), min(box[3], image.height)
        image.paste(image.crop(box).filter(_CRISP), box, mask.crop(box))
    return np.array(image)


def to_bytes(picture: NDArray[np.floating]) -> RgbImage:
    """(S, S, ...) float on the 0-255 scale -> uint8."""
    rounded: RgbImage = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return rounded
