"""Degraded copies of a photograph, made on the fly for the quality-order loss.

Every function takes (S, S, 3) uint8 and gives an array of the same type whose size may differ; the
caller scales it to the network's input. Strengths are drawn from `rng`.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from goodside.types import FloatArray, RgbImage

Degradation = Callable[[RgbImage, np.random.Generator], RgbImage]
_ASPECTS = (1.0, 4 / 3, 3 / 2, 16 / 9, 3 / 4, 2 / 3)


def blur(rgb: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Defocus (a Gaussian of 0.6-3.5 px) or, one time in three, motion along a line."""
    if rng.random() < 1 / 3:
        return _motion(rgb, length=int(rng.integers(3, 12)), angle=rng.uniform(0, np.pi))
    radius = float(np.exp(rng.uniform(np.log(0.6), np.log(3.5))))
    return np.asarray(Image.fromarray(rgb).filter(ImageFilter.GaussianBlur(radius)))


def over_expose(rgb: RgbImage, rng: np.random.Generator) -> RgbImage:
    """1.2 to 2.5 stops too much light, clipped."""
    return expose(rgb, stops=rng.uniform(1.2, 2.5))


def under_expose(rgb: RgbImage, rng: np.random.Generator) -> RgbImage:
    """1.5 to 3 stops too little light."""
    return expose(rgb, stops=-rng.uniform(1.5, 3.0))


def tilt(rgb: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Turned by 4 to 14 degrees either way, in the shape of a camera's picture."""
    angle, aspect = draw_tilt(rng)
    return tilted(rgb, angle_deg=angle, aspect=aspect)


def draw_tilt(rng: np.random.Generator) -> tuple[float, float]:
    """An angle in degrees, and the width by height of the picture before it was squashed."""
    return float(rng.uniform(4, 14) * rng.choice((-1, 1))), float(rng.choice(_ASPECTS))


def bad_crop(rgb: RgbImage, rng: np.random.Generator) -> RgbImage:
    """A quarter to a half cut off one side, or a corner kept with sides of 0.5 to 0.75."""
    size = rgb.shape[0]
    if rng.random() < 0.5:
        keep = int(size * rng.uniform(0.5, 0.75))
        other = size
    else:
        keep, other = (int(size * rng.uniform(0.5, 0.75)) for _ in range(2))
    if rng.random() < 0.5:
        keep, other = other, keep
    top = int(rng.choice((0, size - keep)))
    left = int(rng.choice((0, size - other)))
    return rgb[top : top + keep, left : left + other]


def compress(rgb: RgbImage, rng: np.random.Generator) -> RgbImage:
    """JPEG of quality 3 to 12, applied at one to three times the size."""
    scale = rng.uniform(1, 3)
    size = round(rgb.shape[0] * scale)
    quality = int(rng.integers(3, 13) / scale) + 1
    stream = io.BytesIO()
    Image.fromarray(rgb).resize((size, size), Image.Resampling.BICUBIC).save(
        stream, "JPEG", quality=quality
    )
    with Image.open(stream) as image:
        back = image.convert("RGB")
    return np.asarray(back.resize(rgb.shape[1::-1], Image.Resampling.BICUBIC, reducing_gap=None))


DEGRADATIONS: dict[str, Degradation] = {
    "blur": blur,
    "over": over_expose,
    "under": under_expose,
    "tilt": tilt,
    "crop": bad_crop,
    "compress": compress,
}


def expose(rgb: RgbImage, *, stops: float) -> RgbImage:
    """Multiply linear light by 2 ** stops, clip, and encode as sRGB again."""
    code = np.arange(256) / 255
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    lit = np.clip(linear * 2.0**stops, 0, 1)
    encoded = np.where(lit <= 0.0031308, lit * 12.92, 1.055 * lit ** (1 / 2.4) - 0.055)
    table = np.round(encoded * 255).astype(np.uint8)
    lit_rgb: RgbImage = table[rgb]
    return lit_rgb


def inscribed_share(angle_deg: float, *, aspect: float = 1.0) -> float:
    """Sides of the largest upright rectangle of the same shape inside a turned one, as a share.

    Args:
        angle_deg: of the turn.
        aspect: width by height.
    """
    angle, longer = np.deg2rad(abs(angle_deg)), max(aspect, 1 / aspect)
    return float(1 / (np.cos(angle) + longer * np.sin(angle)))


def tilted(rgb: RgbImage, *, angle_deg: float, aspect: float = 1.0) -> RgbImage:
    """Turn about the centre and keep the largest upright rectangle of the same shape.

    Args:
        rgb: (S, S, 3) uint8, a picture squashed to a square.
        angle_deg: counter-clockwise.
        aspect: width by height before it was squashed; the turn takes place in that shape.

    Returns:
        (S, S, 3) uint8, squashed again.
    """
    size = rgb.shape[0]
    angle = np.deg2rad(angle_deg)
    zoom = inscribed_share(angle_deg, aspect=aspect)
    # Output to input, in pixels about the centre: unsquash, turn, squash.
    across = np.array([np.cos(angle), -np.sin(angle) / aspect]) * zoom
    down = np.array([np.sin(angle) * aspect, np.cos(angle)]) * zoom
    middle = size / 2
    matrix = (
        across[0], across[1], middle - middle * (across[0] + across[1]),
        down[0], down[1], middle - middle * (down[0] + down[1]),
    )  # fmt: skip
    turned = Image.fromarray(rgb).transform(
        (size, size), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
    )
    return np.asarray(turned)


def centre_crop(rgb: RgbImage, *, share: float) -> RgbImage:
    """The middle square whose side is `share` of the picture's."""
    size = rgb.shape[0]
    keep = int(size * share)
    start = (size - keep) // 2
    return rgb[start : start + keep, start : start + keep]


def _motion(rgb: RgbImage, *, length: int, angle: float) -> RgbImage:
    """Mean of copies shifted along a line; the border repeats."""
    reach = length // 2 + 1
    padded = np.pad(rgb, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    total: FloatArray = np.zeros(rgb.shape, dtype=np.float32)
    height, width = rgb.shape[:2]
    steps = np.linspace(-length / 2, length / 2, length)
    for step in steps:
        top = reach + round(step * np.sin(angle))
        left = reach + round(step * np.cos(angle))
        total += padded[top : top + height, left : left + width]
    return np.round(total / len(steps)).astype(np.uint8)
