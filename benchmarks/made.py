"""Made photographs: noise in octaves, as natural pictures have it, that compress like them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

_OCTAVES = ((4, 0.5), (16, 0.3), (64, 0.2), (250, 0.13), (1000, 0.08))


def photograph(width: int, height: int, *, seed: int) -> Image.Image:
    """A picture without a subject; at 4000 x 3000 its JPEG has some 3 MB."""
    rng = np.random.default_rng(seed)
    pixels = np.full((height, width, 3), 118, np.float32)
    for cells, strength in _OCTAVES:
        if cells > width:
            break
        shape = (max(2, cells * height // width), cells, 3)
        small = Image.fromarray(rng.integers(0, 256, shape, dtype=np.uint8))
        large = small.resize((width, height), Image.Resampling.BICUBIC)
        pixels += strength * (np.asarray(large, np.float32) - 128)
    pixels += rng.normal(0, 2.5, (height, width, 1)).astype(np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def jpeg(image: Image.Image, *, quality: int = 92, **options: Any) -> bytes:
    """A picture as a JPEG file."""
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality, **options)
    return stream.getvalue()


def make_album(
    folder: Path, count: int, *, size: tuple[int, int] = (64, 48), seed: int = 0
) -> Path:
    """Write `count` small photographs, all different, into a few folders; the album's folder."""
    for number in range(count):
        home = folder / f"day {number // 50}"
        home.mkdir(parents=True, exist_ok=True)
        picture = photograph(*size, seed=seed + number)
        (home / f"IMG_{number:05}.jpg").write_bytes(jpeg(picture, quality=85))
    return folder
