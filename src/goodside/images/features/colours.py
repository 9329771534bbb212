"""How colourful a picture is, and how warm its colours are."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from goodside.types import RgbImage

_LIT = 40
"""Brightest channel from which a pixel counts as lit, of 255: shadows say little of colour."""
_MIN_LIT_SHARE = 0.02
_ORANGE_DEG = 60.0
"""Direction of orange in the plane of red-green and yellow-blue."""


def colourfulness(rgb: RgbImage) -> float:
    """Hasler and Süsstrunk, "Measuring colourfulness in natural images", 2003, M3.

    Args:
        rgb: (H, W, 3) uint8.
    """
    red_green, yellow_blue = _opponents(rgb)
    spread = math.hypot(float(red_green.std()), float(yellow_blue.std()))
    mean = math.hypot(float(red_green.mean()), float(yellow_blue.mean()))
    return spread + 0.3 * mean


def warmth(rgb: RgbImage) -> tuple[float, float] | None:
    """How far the colours of the lit parts lie toward orange, away from blue, and their spread.

    Both opponent colours there, projected on the direction of orange. It is a figure of colours,
    not of the light's temperature: an orange wall in daylight is warm, too.

    Args:
        rgb: (H, W, 3) uint8.

    Returns:
        Mean, about -1 to 1, and standard deviation; None where next to nothing is lit.
    """
    red, green, blue = (rgb[..., channel] for channel in range(3))
    lit = np.maximum(np.maximum(red, green), blue) >= _LIT
    if lit.mean() < _MIN_LIT_SHARE:
        return None
    red_green, yellow_blue = _opponents(rgb)
    angle = math.radians(_ORANGE_DEG)
    along = (math.cos(angle) * red_green[lit] + math.sin(angle) * yellow_blue[lit]) / 255
    return float(along.mean()), float(along.std())


def _opponents(rgb: RgbImage) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(H, W) red against green, and yellow against blue; levels of 255."""
    red, green, blue = (rgb[..., channel].astype(np.float32) for channel in range(3))
    return red - green, 0.5 * (red + green) - blue
