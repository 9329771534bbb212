"""Square crops of a picture at any place, size and turn, and the way back to the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.types import RgbImage

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Crop:
    """A square of the picture, turned about its centre.

    Attributes:
        x, y: its centre, pixels of the picture.
        side: its side, pixels of the picture.
        angle_deg: how far it is turned clockwise; a face with that roll stands upright in it.
    """

    x: float
    y: float
    side: float
    angle_deg: float = 0.0

    def matrix(self, size_px: int) -> Matrix:
        """(2, 3): from pixels of the crop at `size_px` to pixels of the picture."""
        scale, angle = self.side / size_px, math.radians(self.angle_deg)
        turn = scale * np.array(
            [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
        )
        middle = np.full(2, (size_px - 1) / 2)
        return np.column_stack([turn, np.array([self.x, self.y]) - turn @ middle])

    def to_picture(self, points: NDArray[np.floating], *, size_px: int) -> NDArray[np.float32]:
        """Carry points from the crop at `size_px` to the picture.

        Args:
            points: (..., 2) or (..., 3); a third coordinate is a depth in the same unit.
            size_px: side of the crop that the points lie in.

        Returns:
            float32, the same shape.
        """
        matrix = self.matrix(size_px)
        moved = np.asarray(points, dtype=np.float64).copy()
        moved[..., :2] = moved[..., :2] @ matrix[:, :2].T + matrix[:, 2]
        if moved.shape[-1] == 3:
            moved[..., 2] *= self.side / size_px
        return moved.astype(np.float32)

    def cut(self, rgb: RgbImage, *, size_px: int) -> RgbImage:
        """Cut the square out: (size_px, size_px, 3) uint8; its edge repeats past the picture's."""
        return warp(rgb, self.matrix(size_px), width_px=size_px, height_px=size_px)


def warp(rgb: RgbImage, matrix: Matrix, *, width_px: int, height_px: int) -> RgbImage:
    """Sample a picture through an affine map, averaging first where it shrinks.

    Args:
        rgb: (H, W, 3) uint8.
        matrix: (2, 3), from pixels of the result to pixels of `rgb`.
        width_px: of the result.
        height_px: of the result.

    Returns:
        (height_px, width_px, 3) uint8; the picture's edge is repeated beyond it.
    """
    corners = np.array(
        [[0, 0], [width_px - 1, 0], [0, height_px - 1], [width_px - 1, height_px - 1]], dtype=float
    )
    reached = corners @ matrix[:, :2].T + matrix[:, 2]
    factor = max(1, int(math.sqrt(abs(np.linalg.det(matrix[:, :2]))) + 0.1))
    left, top = (int(v) for v in np.floor(reached.min(axis=0)) - 2 - factor)
    right, bottom = (int(v) for v in np.ceil(reached.max(axis=0)) + 3 + factor)
    image = Image.fromarray(_region(rgb, left=left, top=top, right=right, bottom=bottom))
    if factor > 1:
        image = image.reduce(factor)
    # Pillow counts from the corner of the first pixel, this package from its centre.
    turn = matrix[:, :2] / factor
    offset = (matrix[:, 2] + 0.5 - (left, top) - matrix[:, :2].sum(axis=1) / 2) / factor
    data = (turn[0, 0], turn[0, 1], offset[0], turn[1, 0], turn[1, 1], offset[1])
    image = image.transform(
        (width_px, height_px), Image.Transform.AFFINE, data, resample=Image.Resampling.BICUBIC
    )
    return np.asarray(image)


def _region(rgb: RgbImage, *, left: int, top: int, right: int, bottom: int) -> RgbImage:
    """A rectangle of the picture, which may reach past it: the edge is repeated there."""
    height, width = rgb.shape[:2]
    if left >= 0 and top >= 0 and right <= width and bottom <= height:
        return np.ascontiguousarray(rgb[top:bottom, left:right])
    rows = np.clip(np.arange(top, bottom), 0, height - 1)
    columns = np.clip(np.arange(left, right), 0, width - 1)
    return rgb[rows[:, None], columns[None, :]]
