"""Several boxes of one face become one: averaged by their scores instead of keeping the best."""

from __future__ import annotations

import numpy as np

from goodside.face.blazeface import Candidates
from goodside.types import FloatArray

_ALIKE = 0.5
_SAME_IOU, _SAME_PART, _SAME_SIZE = 0.3, 0.7, 0.45


def merge(found: Candidates) -> list[Candidates]:
    """Group the findings of one face and average those that agree, weighted by score.

    Two boxes show one face where they share at least 0.3 of their union, or where one that is not
    much smaller lies mostly inside the other; only those that share half of their union with the
    best one count in the average. A small box deep inside a large one stays: a large false finding
    must not swallow the faces in front of it.

    Args:
        found: from any number of passes, in one coordinate system.

    Returns:
        One finding a face, best first, with its best score.
    """
    left = found.ordered()
    merged = []
    while len(left):
        union, part = shares(left.boxes[0], left.boxes)
        union[0] = 1.0
        group = left.only(union >= _ALIKE)
        weights = group.scores / group.scores.sum()
        merged.append(
            Candidates(
                group.scores[:1],
                (group.boxes * weights[:, None]).sum(axis=0, keepdims=True),
                (group.points * weights[:, None, None]).sum(axis=0, keepdims=True),
            )
        )
        inside = (part >= _SAME_PART) & (_ratios(left.boxes[0], left.boxes) >= _SAME_SIZE)
        left = left.only((union < _SAME_IOU) & ~inside)
    return merged


def shares(box: FloatArray, boxes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What a box shares with others.

    Args:
        box: (4,) left, top, right, bottom.
        boxes: (N, 4).

    Returns:
        The intersection as a share of the union and of the smaller one, (N,) each.
    """
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=1)
    area = np.prod(box[2:] - box[:2])
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    union = np.maximum(area + areas - common, 1e-12)
    smaller = np.maximum(np.minimum(area, areas), 1e-12)
    return common / union, common / smaller


def _ratios(box: FloatArray, boxes: FloatArray) -> FloatArray:
    """(N,) width of the smaller of two boxes over that of the larger."""
    width, widths = box[2] - box[0], boxes[:, 2] - boxes[:, 0]
    ratios: FloatArray = np.minimum(width, widths) / np.maximum(np.maximum(width, widths), 1e-12)
    return ratios
