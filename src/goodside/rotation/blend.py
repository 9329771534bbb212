"""Joins what the network painted with the photograph's own pixels, at the photograph's detail."""

from __future__ import annotations

import numpy as np
from PIL import Image

from goodside.rotation.frame import Window
from goodside.types import FloatArray, RgbImage

_STILL_DEG, _MOVING_DEG = 1.0, 5.0
_TORN = 6.0  # neighbouring pixels whose places lie this many pixels apart are on two surfaces
_BINOMIAL = np.array([0.25, 0.5, 0.25], np.float32)


def blend(
    warped: FloatArray,
    *,
    painted: FloatArray,
    trust: FloatArray,
    turn_deg: float,
    window: Window | None = None,
) -> RgbImage:
    """Compose the turned portrait.

    The network works at its own size; the photograph's pixels, turned by the mesh, come at the size
    of the result, so that skin and hair keep their detail wherever the network trusts them. A turn
    of less than a degree shows the photograph itself.

    Args:
        warped: (S, S, 3) float32 turned photograph, 0-255.
        painted: (3, s, s) float32 in [-1, 1], the network's picture; s may be smaller than S.
        trust: (1, s, s) float32, share of the warped pixels, 0-1.
        turn_deg: angle between the source's and the asked pose.
        window: the part of the frame that `warped` shows, by default all of it; the network's
            pictures show the whole frame.

    Returns:
        (S, S, 3) uint8 sRGB.
    """
    size_px = len(warped)
    window = window or Window()
    keep = _enlarge(trust[0], size_px, window=window)[..., None]
    moving = float(np.clip((turn_deg - _STILL_DEG) / (_MOVING_DEG - _STILL_DEG), 0, 1))
    keep = 1 - moving * (1 - np.clip(keep, 0, 1))
    picture = np.stack(
        [_enlarge((c + 1) * 127.5, size_px, window=window) for c in painted], axis=-1
    )
    mixed = keep * warped + (1 - keep) * picture
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def soften_tears(picture: FloatArray, *, where: FloatArray) -> FloatArray:
    """Blur a picture along the outlines where one surface of a turned head ends before another.

    A pixel of a warp belongs to one surface wholly, so that the outlines are stairs.

    Args:
        picture: (S, S, 3) float32, as read at the places.
        where: (S, S, 2) float32 places in the source portrait, as shares of its side.

    Returns:
        (S, S, 3) float32; pixels off the outlines as they were.
    """
    far = _TORN / len(picture)
    jumps = [(np.abs(np.diff(where, axis=axis)) > far) for axis in (1, 0)]
    across, down = (jump[..., 0] | jump[..., 1] for jump in jumps)
    across, down = np.pad(across, ((0, 0), (1, 1))), np.pad(down, ((1, 1), (0, 0)))
    torn = across[:, :-1] | across[:, 1:] | down[:-1] | down[1:]
    rows, columns = np.nonzero(torn)
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    soft = picture.copy()
    soft[rows, columns] = sum(
        weight * padded[rows + y, columns + x]
        for (y, x), weight in np.ndenumerate(np.outer(_BINOMIAL, _BINOMIAL))
    )
    return soft


def _enlarge(channel: FloatArray, size_px: int, *, window: Window) -> FloatArray:
    image = Image.fromarray(np.ascontiguousarray(channel, dtype=np.float32))
    edges = (window.left, window.top, window.left + window.side, window.top + window.side)
    left, top, right, bottom = (min(edge, 1.0) * len(channel) for edge in edges)
    size = (size_px, size_px)
    enlarged = image.resize(size, Image.Resampling.BICUBIC, box=(left, top, right, bottom))
    return np.asarray(enlarged)
