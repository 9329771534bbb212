"""How bright a picture is, and how its tones are spread."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

_DARK, _BRIGHT = 4, 251


@dataclass(frozen=True, slots=True)
class Tones:
    """Of the luma of all pixels.

    Attributes:
        brightness: mean, 0-1.
        contrast: standard deviation, 0-0.5.
        clipped_dark: share of pixels without any shade left, 0-1.
        clipped_bright: share of pixels that are burnt out, 0-1.
    """

    brightness: float
    contrast: float
    clipped_dark: float
    clipped_bright: float


def measure_tones(picture: Image.Image) -> Tones:
    """Measure the tones of a picture of any mode."""
    counts = np.asarray(picture.convert("L").histogram(), dtype=np.float64)
    share, levels = counts / counts.sum(), np.arange(256) / 255
    brightness = float(share @ levels)
    return Tones(
        brightness=brightness,
        contrast=math.sqrt(float(share @ (levels - brightness) ** 2)),
        clipped_dark=float(share[: _DARK + 1].sum()),
        clipped_bright=float(share[_BRIGHT:].sum()),
    )
