"""The portrait frame: the upright square in which a head is turned.

It is fixed by the head, not by the face's outline: two views of one person share it, so that a
turned face moves sideways in it as a real one does. Places in it are shares of its side: (0, 0) is
the top left corner, (1, 1) the bottom right one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodside.face import Crop
from goodside.rotation.geometry.head_shape import HEAD
from goodside.types import FloatArray

PIVOT = (0.5, 0.5 - HEAD.frame_drop_cm / HEAD.frame_side_cm)
"""Where the pivot lies in every frame, as shares of its side."""


_MARGIN = 0.04  # shares of the frame, 12 mm: so much is shown around a face; by eye
_OVERHANG = 0.03  # how far a window may reach past the photograph; by eye
_SMALLEST_SIDE = 0.62  # a smaller window would cut the turned head; by eye


@dataclass(frozen=True, slots=True)
class Window:
    """A square part of the portrait frame, as shares of the frame's side.

    Attributes:
        left, top: its upper left corner.
        side: its side, at most 1.
    """

    left: float = 0.0
    top: float = 0.0
    side: float = 1.0

    def inside(self, points: FloatArray) -> FloatArray:
        """(..., 2 or 3) places of the frame as shares of the window's side, depth included."""
        moved = points.astype(np.float64) - np.array([self.left, self.top, 0])[: points.shape[-1]]
        shares: FloatArray = (moved / self.side).astype(np.float32)
        return shares

    def box(self, size_px: int) -> tuple[float, float, float, float]:
        """Its left, top, right and bottom edge in pixels of a picture of the whole frame."""
        edges = (self.left, self.top, self.left + self.side, self.top + self.side)
        left, top, right, bottom = (min(edge, 1.0) * size_px for edge in edges)
        return left, top, right, bottom

    def holding(self, points: FloatArray) -> Window:
        """The window, grown and moved as little as it takes to show places and a margin around.

        Args:
            points: (N, 2) places of the frame; what lies beyond the frame is not asked for.
        """
        low = np.clip(points.min(axis=0) - _MARGIN, 0, 1)
        high = np.clip(points.max(axis=0) + _MARGIN, 0, 1)
        side = max(self.side, float((high - low).max()))
        grown = np.array([self.left, self.top]) - (side - self.side) / 2
        start = np.clip(np.clip(grown, high - side, low), 0, 1 - side)
        return Window(float(start[0]), float(start[1]), side)


def usable_window(frame: Crop, *, width: int, height: int) -> Window:
    """The largest window of the frame that the photograph fills, at least 62 % of the frame.

    Args:
        frame: the square in the photograph; it may reach past its edges.
        width, height: of the photograph in pixels.
    """
    right, bottom = width - 0.5, height - 0.5
    outline = np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]], np.float32)
    corners = to_shares(frame, outline)
    low = np.maximum(corners[[0, 0]].diagonal(), [corners[3, 0], corners[1, 1]])
    high = np.minimum(corners[[2, 2]].diagonal(), [corners[1, 0], corners[3, 1]])
    low, high = np.clip(low - _OVERHANG, 0, 1), np.clip(high + _OVERHANG, 0, 1)
    side = float(np.clip((high - low).min(), _SMALLEST_SIDE, 1))
    centred = 0.5 - side / 2
    roomy = high - low >= side
    start = np.where(roomy, np.clip(centred, low, high - side), (low + high - side) / 2)
    left, top = (float(np.clip(value, 0, 1 - side)) for value in start)
    return Window(left, top, side)


def to_shares(frame: Crop, points: FloatArray) -> FloatArray:
    """Carry points of the photograph into the frame.

    Args:
        frame: the square in the photograph.
        points: (N, 2) or (N, 3) float pixels of the photograph; a third column is a depth.

    Returns:
        float32, the same shape; a depth is in sides of the frame.
    """
    matrix = frame.matrix(1)
    moved = np.asarray(points, np.float64).copy()
    moved[:, :2] = (moved[:, :2] - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T + 0.5
    if moved.shape[1] == 3:
        moved[:, 2] /= frame.side
    return moved.astype(np.float32)
