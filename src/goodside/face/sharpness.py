"""How crisp a face is, at one common size whatever its size in the picture."""

from __future__ import annotations

import math

import numpy as np

from goodside.face.crop import Crop
from goodside.types import FloatArray, RgbImage

_FACE_PX = 128
_INNER_PX = 96
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_DULL, _CRISP = 0.012, 0.12
"""Shares of fine detail in faces blurred by a fortieth of their height, and in crisp ones."""


def measure_sharpness(rgb: RgbImage, landmarks: FloatArray) -> float:
    """How crisp the middle of a face is when it is brought to 128 px height.

    The share of fine detail (each pixel's difference from its four neighbours' mean, over the
    spread of brightness), on a logarithmic scale. A face blurred by 1/128 of its height has about
    0.5, one of only 32 px too. Noise counts as detail.

    Args:
        rgb: (H, W, 3) uint8.
        landmarks: (468, 2) or (468, 3) pixels of the face in it.

    Returns:
        0 (no detail at all) to 1 (crisp).
    """
    low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    x, y = (low + high) / 2
    crop = Crop(float(x), float(y), float((high - low).max()) * _INNER_PX / _FACE_PX)
    luma = crop.cut(rgb, size_px=_INNER_PX).astype(np.float32) @ _LUMA
    around = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]
    detail = luma[1:-1, 1:-1] - around / 4
    share = float(detail.std()) / max(float(luma.std()), 1.0)
    level = math.log(max(share, 1e-6) / _DULL) / math.log(_CRISP / _DULL)
    return min(max(level, 0.0), 1.0)
