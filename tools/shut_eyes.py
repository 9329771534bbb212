"""Shut the eyes of portraits by pulling the skin above down over them, along the mesh's lids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodside.types import Face, FloatArray, RgbImage

Lid = tuple[int, ...]

_EYES: tuple[tuple[int, int, Lid, Lid], ...] = (
    (33, 133, (246, 161, 160, 159, 158, 157, 173), (7, 163, 144, 145, 153, 154, 155)),
    (263, 362, (466, 388, 387, 386, 385, 384, 398), (249, 390, 373, 374, 380, 381, 382)),
)
"""Outer corner, inner corner, upper lid, lower lid; left and right in the picture."""
_REACH, _ABOVE, _LASH, _DARK = 0.62, 0.5, 0.045, 0.5


def shut_eyes(rgb: RgbImage, face: Face) -> RgbImage:
    """A picture in which a face's eyes are shut.

    Between the brow and the lower lid, each column of pixels (across the line through the eye's
    corners) is stretched so that the skin above the upper lid reaches the lower one; a dark line
    stands for the lashes.

    Args:
        rgb: (H, W, 3) uint8.
        face: found in it.
    """
    picture = rgb.astype(np.float32)
    for eye in _EYES:
        picture = _shut(picture, face.landmarks[:, :2], eye)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _shut(picture: FloatArray, points: FloatArray, eye: tuple[int, int, Lid, Lid]) -> FloatArray:
    outer, inner, upper, lower = eye
    a, b = sorted((points[outer], points[inner]), key=lambda point: float(point[0]))
    wide = float(np.linalg.norm(b - a))
    along = (b - a) / max(wide, 1e-6)
    down = np.array([-along[1], along[0]])
    middle = (a + b) / 2

    def inside(numbers: tuple[int, ...]) -> NDArray[np.float64]:
        offset = (points[[*numbers]] - middle) / wide
        return np.stack([offset @ along, offset @ down], axis=1)

    high, width = picture.shape[:2]
    y, x = np.mgrid[0:high, 0:width]
    u = ((x - middle[0]) * along[0] + (y - middle[1]) * along[1]) / wide
    v = ((x - middle[0]) * down[0] + (y - middle[1]) * down[1]) / wide
    lid, rim = _curve(inside(upper), u), _curve(inside(lower), u)
    top = lid - _ABOVE
    near = (np.abs(u) < _REACH) & (v > top) & (v < rim)
    share = (v - top) / np.maximum(rim - top, 1e-6)
    source = top + share * np.maximum(lid - 0.06 - top, 0.05)
    from_y = middle[1] + wide * (u * along[1] + source * down[1])
    from_x = middle[0] + wide * (u * along[0] + source * down[0])
    shut = picture.copy()
    shut[near] = _sampled(picture, from_x[near], from_y[near])
    lash = np.exp(-(((v - rim) / _LASH) ** 2)) * (np.abs(u) < 0.52)
    shut *= (1 - _DARK * lash)[..., None].astype(np.float32)
    return shut


def _curve(lid: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lid's height at each place, as a parabola through its points and the corners."""
    known = np.concatenate([[[-0.5, 0.0]], lid, [[0.5, 0.0]]])
    curve = np.polyfit(known[:, 0], known[:, 1], 2)
    return np.asarray(np.polyval(curve, np.clip(u, -_REACH, _REACH)))


def _sampled(
    picture: FloatArray, x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(N, 3) bilinear."""
    high, wide = picture.shape[:2]
    x, y = np.clip(x, 0, wide - 1.001), np.clip(y, 0, high - 1.001)
    left, top = x.astype(int), y.astype(int)
    across, below = (x - left)[:, None], (y - top)[:, None]
    upper = picture[top, left] * (1 - across) + picture[top, left + 1] * across
    lower = picture[top + 1, left] * (1 - across) + picture[top + 1, left + 1] * across
    return np.asarray(upper * (1 - below) + lower * below)
