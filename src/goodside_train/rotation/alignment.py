"""How a recogniser's aligned crop reads a portrait, so that gradients pass through it."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodside.face import ALIGNED_PX, alignment_matrix


def alignment_grid(points: Any, *, size_px: int) -> Any:
    """Where a recogniser's aligned 112 px crop reads a portrait.

    Args:
        points: (5, 2) landmarks as shares of the portrait's side.
        size_px: side of the portrait.

    Returns:
        (112, 112, 2) float32 for torch's `grid_sample` without aligned corners.
    """
    matrix = alignment_matrix(np.asarray(points, np.float32) * size_px - 0.5)
    x, y = np.meshgrid(*[np.arange(ALIGNED_PX, dtype=np.float64)] * 2)
    places = np.stack([x, y, np.ones_like(x)], axis=-1) @ matrix.T
    return ((places + 0.5) / size_px * 2 - 1).astype(np.float32)
