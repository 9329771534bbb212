"""How crisp a face is, whatever its size in the picture."""

from __future__ import annotations

import math

import numpy as np

from goodside.faces.crop import Crop
from goodside.types import FloatArray, RgbImage

_SIZE_PX = 128
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_DULL, _CRISP = 0.01, 0.12


def measure_sharpness(rgb: RgbImage, landmarks: FloatArray) -> float:
    """Share of fine detail in a face brought to 128 px, 0 (none at all) to 1 (crisp).

    Args:
        rgb: (H, W, 3) uint8.
        landmarks: (468, 2) or (468, 3) pixels of the face in it.
    """
    low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    x, y = (low + high) / 2
    crop = Crop(float(x), float(y), float((high - low).max()))
    luma = crop.cut(rgb, size_px=_SIZE_PX).astype(np.float32) @ _LUMA
    detail = (
        luma[1:-1, 1:-1] - (luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]) / 4
    )
    share = float(detail.std()) / max(float(luma.std()), 1.0)
    spread = math.log(_CRISP / _DULL)
    return float(np.clip(math.log(max(share, 1e-6) / _DULL) / spread, 0.0, 1.0))
