"""Spoil a photograph the way people do: out of focus, wrongly exposed, tilted, badly cropped.

Used by `tools/make_examples.py` for the bundled copies and by the tests that ask whether a sharp
original is judged better than its spoiled copy. Every function takes and returns
`(H, W, 3) uint8` sRGB and is deterministic.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Rgb = NDArray[np.uint8]
Window = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the picture."""

BAD_CROPS: dict[str, Window] = {
    "astronaut": (0.02, 0.22, 0.52, 0.72),
    "cat": (0.45, 0.30, 1.0, 1.0),
    "coffee": (0.45, 0.0, 1.0, 0.55),
    "dahlia": (0.50, 0.25, 1.0, 0.95),
    "dandelions": (0.25, 0.10, 0.75, 0.75),
    "fig": (0.55, 0.40, 1.0, 1.0),
    "mountain-path": (0.30, 0.55, 0.85, 1.0),
    "pagoda": (0.0, 0.30, 0.32, 0.90),
    "raccoon": (0.0, 0.20, 0.62, 1.0),
    "sunset": (0.51, 0.30, 1.0, 0.80),
    "two-dogs": (0.0, 0.33, 0.52, 0.85),
}
"""For some of the bundled photographs: a frame that cuts its subject in two."""

PAIR_NAMES = (
    "astronaut",
    "coffee",
    "dandelions",
    "mountain-path",
    "pagoda",
    "raccoon",
    "sunset",
    "two-dogs",
)
PAIR_KINDS = ("blurred", "overexposed", "tilted", "cropped")
"""Originals and ways of spoiling for the test of order; chosen before any was scored."""

_ELSEWHERE: Window = (0.50, 0.25, 1.0, 0.95)


def blurred(rgb: Rgb, *, sigma: float = 0.009) -> Rgb:
    """Out of focus: a Gaussian of `sigma` times the longer side."""
    radius = sigma * max(rgb.shape[:2])
    return np.array(Image.fromarray(rgb).filter(ImageFilter.GaussianBlur(radius)))


def exposed(rgb: Rgb, *, stops: float) -> Rgb:
    """Brighter or darker by `stops` of light; what passes white is lost.

    Light is taken from sRGB by its transfer function (IEC 61966-2-1) and put back through it.
    """
    levels = np.arange(256) / 255.0
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    light = np.clip(light * 2.0**stops, 0.0, 1.0)
    shown = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    table = np.round(255 * shown).astype(np.uint8)
    spoiled: Rgb = table[rgb]
    return spoiled


def tilted(rgb: Rgb, *, angle_deg: float = 8.0) -> Rgb:
    """The camera held askew; cut to the largest frame of the same shape without empty corners."""
    height, width = rgb.shape[:2]
    turn = math.radians(abs(angle_deg))
    grown_width = width * math.cos(turn) + height * math.sin(turn)
    grown_height = width * math.sin(turn) + height * math.cos(turn)
    scale = min(width / grown_width, height / grown_height)
    new_width, new_height = math.floor(width * scale) - 2, math.floor(height * scale) - 2
    image = Image.fromarray(rgb).rotate(angle_deg, Image.Resampling.BICUBIC)
    left, top = (width - new_width) // 2, (height - new_height) // 2
    return np.array(image.crop((left, top, left + new_width, top + new_height)))


def cropped(rgb: Rgb, *, window: Window = _ELSEWHERE) -> Rgb:
    """Framed so that the subject is cut off."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = window
    return rgb[
        round(top * height) : round(bottom * height), round(left * width) : round(right * width)
    ].copy()


def compressed(rgb: Rgb, *, quality: int = 6) -> Rgb:
    """Through a JPEG of very low quality."""
    stream = BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=quality)
    with Image.open(stream) as image:
        return np.array(image.convert("RGB"))


KINDS: dict[str, Callable[[Rgb], Rgb]] = {
    "blurred": blurred,
    "overexposed": lambda rgb: exposed(rgb, stops=2.0),
    "underexposed": lambda rgb: exposed(rgb, stops=-2.5),
    "tilted": tilted,
    "cropped": cropped,
    "compressed": compressed,
}


def degrade(rgb: Rgb, kind: str, *, name: str = "") -> Rgb:
    """Spoil a photograph in one of the ways of `KINDS`.

    Args:
        name: of the bundled photograph, without suffix; chooses its bad crop.
    """
    if kind == "cropped":
        return cropped(rgb, window=BAD_CROPS.get(name, _ELSEWHERE))
    return KINDS[kind](rgb)
