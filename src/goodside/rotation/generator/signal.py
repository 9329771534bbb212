"""The to-be-input signal: everything the generator sees, in one tensor (claim 1).

Recipe `capg` is the patent's: face image, N pose images of the source, N of the target; 3 + N + N
channels of one size. Recipe `mesh` adds what one photograph already tells about the answer: the
person turned by their own mesh, and their mirror image where the other side is hidden, each with a
mask of how far it can be trusted; 3 + 1 + 3 + 1 channels more.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goodside.images import resize
from goodside.rotation.generator.pose_images import encode_pose
from goodside.rotation.geometry.layers import Draft
from goodside.types import FloatArray, RgbImage

Recipe = Literal["capg", "mesh"]

WARP_CHANNELS = 8
"""Channels that recipe `mesh` adds: warped RGB, its confidence, mirrored RGB, its confidence."""


def signal_channels(recipe: Recipe, *, landmarks: int) -> int:
    """Number of channels of the signal for N landmarks."""
    return 3 + 2 * landmarks + (WARP_CHANNELS if recipe == "mesh" else 0)


def build_signal(
    portrait: RgbImage,
    *,
    size_px: int,
    source_points: FloatArray,
    target_points: FloatArray,
    draft: Draft | None = None,
) -> FloatArray:
    """Join the face image, its pose images and the target's pose images by channel.

    Args:
        portrait: (P, P, 3) uint8 sRGB, the face image; P at least `size_px`, twice it keeps the
            turned photograph as sharp as the photograph.
        size_px: side S of the signal.
        source_points: (N, 2) landmarks in the portrait, as shares of its side.
        target_points: (N, 2) landmarks of the target face image, likewise.
        draft: the turned portrait at `size_px`, for recipe `mesh`; None for recipe `capg`.

    Returns:
        (C, S, S) float32: RGB in [-1, 1], pose images and confidences in [0, 1].

    Raises:
        ValueError: source and target differ in their landmarks, or the draft in its size.
    """
    if source_points.shape != target_points.shape:
        shapes = f"{source_points.shape} and {target_points.shape}"
        raise ValueError(f"expected as many landmarks in source and target, got {shapes}")
    small = resize(portrait, width_px=size_px, height_px=size_px, kernel="box")
    parts = [
        _signed(small),
        encode_pose(source_points * size_px - 0.5, size_px=size_px),
        encode_pose(target_points * size_px - 0.5, size_px=size_px),
    ]
    if draft is not None:
        if draft.confidence.shape != (size_px, size_px):
            raise ValueError(f"expected a draft of {size_px} px, got {draft.confidence.shape}")
        parts += [
            _signed(draft.warped),
            draft.confidence[None],
            _signed(draft.mirrored),
            draft.mirrored_confidence[None],
        ]
    return np.concatenate(parts, dtype=np.float32)


def _signed(picture: NDArray[np.uint8] | FloatArray) -> FloatArray:
    """(S, S, 3) on the 0-255 scale -> (3, S, S) float32 in [-1, 1]."""
    signed: FloatArray = picture.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
    return signed
