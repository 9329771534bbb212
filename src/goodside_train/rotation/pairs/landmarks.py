"""The landmarks that pairs carry: the five that ship, and fifteen more to try their number."""

from __future__ import annotations

import numpy as np

from goodside.face import five_points
from goodside.types import FIVE_POINTS, FloatArray

_MORE = (33, 263, 133, 362, 70, 300, 55, 285, 129, 358, 168, 152, 0, 17, 10)
"""Vertices of the face mesh, left before right: outer and inner corners of the eyes, outer and
inner ends of the brows, nostrils; root of the nose, chin, middle of either lip, top of the brow.
"""

MIRRORED = (1, 0, 2, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 15, 16, 17, 18, 19)
"""Which landmark stands for each in a mirrored picture; of N landmarks the first N."""


def pick_landmarks(mesh: FloatArray, *, count: int) -> FloatArray:
    """Some landmarks of a face.

    Args:
        mesh: (468, 2) in any coordinates.
        count: 5 or 20. The five of `goodside.types.FIVE_POINTS` come first.

    Returns:
        (count, 2) float32.
    """
    more = mesh[list(_MORE[: count - len(FIVE_POINTS)])]
    return np.concatenate([five_points(mesh), more]).astype(np.float32)
