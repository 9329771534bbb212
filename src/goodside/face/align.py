"""Five-point alignment: every face to the same place, as recognition networks were trained."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodside.face.crop import warp
from goodside.face.pose import fit_similarity
from goodside.types import FloatArray, RgbImage

ALIGNED_PX = 112
TEMPLATE: FloatArray = np.array(
    [
        [38.2946, 51.6963],
        [73.5318, 51.5014],
        [56.0252, 71.7366],
        [41.5493, 92.3655],
        [70.7299, 92.2041],
    ],
    dtype=np.float32,
)
"""(5, 2) pixels of a 112 px crop: where ArcFace (Deng et al., 2019) puts the five points."""


def align(
    rgb: RgbImage,
    points: NDArray[np.floating],
    *,
    template: NDArray[np.floating] = TEMPLATE,
    size_px: int = ALIGNED_PX,
) -> RgbImage:
    """Cut a face out so that its five points lie on a template as well as a similarity allows.

    Args:
        rgb: (H, W, 3) uint8.
        points: (5, 2) pixels in the order of `goodside.types.FIVE_POINTS`.
        template: (5, 2) pixels of the result.
        size_px: side of the result.

    Returns:
        (size_px, size_px, 3) uint8.
    """
    matrix = alignment_matrix(points, template=template)
    return warp(rgb, matrix, width_px=size_px, height_px=size_px)


def alignment_matrix(
    points: NDArray[np.floating], *, template: NDArray[np.floating] = TEMPLATE
) -> NDArray[np.float64]:
    """(2, 3): from pixels of the aligned crop to pixels of the picture."""
    fit = fit_similarity(template, np.asarray(points)[:, :2])
    return np.column_stack([fit.scale * fit.rotation, fit.offset])
