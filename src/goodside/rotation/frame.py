"""The portrait frame: the upright square in which a head is turned.

It is fixed by the head, not by the face's outline: two views of one person share it, so that a
turned face moves sideways in it as a real one does. Places in it are shares of its side: (0, 0) is
the top left corner, (1, 1) the bottom right one.
"""

from __future__ import annotations

import numpy as np

from goodside.faces import Crop
from goodside.types import FloatArray

SIDE_CM = 30.0
"""Side of the frame at the head's distance: room for hair and collar."""

DROP_CM = 1.5
"""How far the frame's centre lies below the pivot: chin and crown get the same margin."""

PIVOT = (0.5, 0.5 - DROP_CM / SIDE_CM)
"""Where the pivot lies in every frame, as shares of its side."""


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
