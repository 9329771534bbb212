"""Pose-encoded images: one Gaussian spot for each landmark (claim 2 of US11232286B2).

N landmarks become N images of the face image's own size, one to one. The claims leave the shape of
the spot open; a Gaussian with sigma = 2.5 px at 128 px, scaled with the size, is our reading.
"""

from __future__ import annotations

import numpy as np

from goodside.types import FloatArray

SIGMA_SHARE = 2.5 / 128
"""Standard deviation of a spot as a share of the image's side."""


def encode_pose(
    points: FloatArray, *, size_px: int, sigma_share: float = SIGMA_SHARE
) -> FloatArray:
    """Draw every landmark as a spot in an image of its own.

    Args:
        points: (N, 2) pixel coordinates (x, y) in a square image of `size_px`; outside it will do.
        size_px: side of the face image.
        sigma_share: standard deviation of a spot as a share of `size_px`.

    Returns:
        (N, size_px, size_px) float32 in [0, 1]; spot n has its peak, 1, at landmark n.

    Raises:
        ValueError: `points` has another shape, or there is only one landmark (the method asks for
            more than one).
    """
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise ValueError(f"expected (N > 1, 2) landmarks, got {points.shape}")
    sigma_px = sigma_share * size_px
    axis = np.arange(size_px, dtype=np.float32)
    across = np.exp(-((axis - points[:, :1]) ** 2) / (2 * sigma_px**2))
    down = np.exp(-((axis - points[:, 1:]) ** 2) / (2 * sigma_px**2))
    spots: FloatArray = (down[:, :, None] * across[:, None, :]).astype(np.float32)
    return spots
