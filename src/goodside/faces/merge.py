"""Several boxes of one face become one: averaged by their scores instead of keeping the best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodside.faces.blazeface import Candidates
from goodside.types import FloatArray

_SAME_IOU = 0.3
_SAME_PART = 0.7


def merge(found: Candidates) -> list[Candidates]:
    """Group overlapping findings and average each group, weighted by score.

    Two boxes belong together where they share at least 0.3 of their union or 0.7 of the smaller.

    Args:
        found: from any number of passes, in one coordinate system.

    Returns:
        One finding a group, best first, with the group's best score.
    """
    left = found.ordered()
    merged = []
    while len(left):
        same = overlaps(left.boxes[0], left.boxes)
        same[0] = True
        group, left = left.only(same), left.only(~same)
        weights = group.scores / group.scores.sum()
        merged.append(
            Candidates(
                group.scores[:1],
                (group.boxes * weights[:, None]).sum(axis=0, keepdims=True),
                (group.points * weights[:, None, None]).sum(axis=0, keepdims=True),
            )
        )
    return merged


def overlaps(box: FloatArray, boxes: FloatArray) -> NDArray[np.bool_]:
    """Which boxes show the same face as one: (N,) for (4,) against (N, 4)."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    area = np.prod(box[2:] - box[:2])
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    union = np.maximum(area + areas - shared, 1e-12)
    smaller = np.maximum(np.minimum(area, areas), 1e-12)
    same: NDArray[np.bool_] = (shared / union >= _SAME_IOU) | (shared / smaller >= _SAME_PART)
    return same
