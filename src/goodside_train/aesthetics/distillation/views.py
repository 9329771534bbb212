"""Views of a photograph for distillation: crops and degraded copies, made once and kept.

A teacher says something of every view, so a few thousand photographs become some ten thousand
examples, and the student learns what the teacher makes of blur, noise and bad light. People's
ratings belong to the whole, undamaged photograph alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from goodside.images import atomic_write
from goodside.types import RgbImage
from goodside_train.aesthetics.batches import scaled
from goodside_train.aesthetics.degradations import DEGRADATIONS

CROPS = 5
KINDS = (*("crop",) * CROPS, *(f"degraded-{name}" for name in DEGRADATIONS), "degraded-noise")
"""What the views of one photograph are, in their order."""

_SMALLEST_CROP = 0.45  # of the area


def random_crop(rgb: RgbImage, rng: np.random.Generator) -> RgbImage:
    """A part of the picture, 45-100 % of its area, a third longer or shorter than its shape."""
    size = rgb.shape[0]
    area, shape = rng.uniform(_SMALLEST_CROP, 1), np.exp(rng.uniform(np.log(3 / 4), np.log(4 / 3)))
    height, width = (
        max(8, min(size, round(size * np.sqrt(area * factor)))) for factor in (shape, 1 / shape)
    )
    top, left = rng.integers(0, size - height + 1), rng.integers(0, size - width + 1)
    return rgb[top : top + height, left : left + width]


def noise(rgb: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Sensor noise: per channel, of 8 to 50 levels, as coarse as one or two pixels."""
    strength, grain = float(np.exp(rng.uniform(np.log(8), np.log(50)))), int(rng.integers(1, 3))
    height, width = (-(-side // grain) for side in rgb.shape[:2])
    levels = rng.normal(0, strength, (height, width, 3)).repeat(grain, axis=0).repeat(grain, axis=1)
    noisy = rgb + levels[: rgb.shape[0], : rgb.shape[1]]
    return np.clip(np.round(noisy), 0, 255).astype(np.uint8)


def make_view(rgb: RgbImage, *, view: int, rng: np.random.Generator) -> RgbImage:
    """One view of a photograph.

    Args:
        rgb: (S, S, 3) uint8.
        view: its number, below `len(KINDS)`.
        rng: of the strength and the place.

    Returns:
        (S, S, 3) uint8.
    """
    kind = KINDS[view]
    makers: dict[str, Callable[[RgbImage, np.random.Generator], RgbImage]] = {
        "crop": random_crop,
        "degraded-noise": noise,
    }
    maker = makers.get(kind) or DEGRADATIONS[kind.removeprefix("degraded-")]
    return scaled(maker(rgb, rng), size_px=rgb.shape[0])


def read_views(images: RgbImage, *, seed: int, cache: Path) -> RgbImage:
    """All views of all photographs, made once.

    Args:
        images: (N, S, S, 3) uint8.
        seed: of the strengths and the places.
        cache: the `.npy` file that keeps them.

    Returns:
        (N * V, S, S, 3) uint8: the V views of a photograph follow each other.
    """
    shape = (len(images) * len(KINDS), *images.shape[1:])
    if cache.exists():
        kept: RgbImage = np.load(cache, mmap_mode="r")
        if kept.shape == shape:
            return kept
    cache.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(cache, overwrite=True) as stream:
        header = np.lib.format.header_data_from_array_1_0(np.empty(0, np.uint8)) | {"shape": shape}
        np.lib.format.write_array_header_1_0(stream, header)
        for row, photo in enumerate(images):
            for view in range(len(KINDS)):
                rng = np.random.default_rng((seed, row, view))
                made = make_view(np.asarray(photo), view=view, rng=rng)
                stream.write(np.ascontiguousarray(made).tobytes())
    made_views: RgbImage = np.load(cache, mmap_mode="r")
    return made_views


def mirrored(images: RgbImage) -> RgbImage:
    """The same photographs as a mirror shows them, (N, H, W, 3), without a copy."""
    return images[:, :, ::-1]
