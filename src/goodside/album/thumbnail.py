"""Pictures small enough to travel inside a page."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from goodside.images import SyntheticMark, resize
from goodside.images.provenance import xmp_packet
from goodside.types import RgbImage

LARGE_PX = 1600
_THUMBNAIL_PX, _SMALLEST_PX = 640, 96
_BUDGET_BYTES = 3_500_000  # what all thumbnails of a page may take before base64 adds a third
_BYTES_A_PIXEL = 0.3  # of a thumbnail full of detail at our quality


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture with its size in pixels."""

    jpeg: bytes
    width: int
    height: int

    @property
    def data_uri(self) -> str:
        """The picture as an address that holds it."""
        return "data:image/jpeg;base64," + base64.b64encode(self.jpeg).decode("ascii")

    @property
    def ratio(self) -> float:
        """Width over height."""
        return self.width / self.height


def shrink(
    rgb: RgbImage,
    *,
    side_px: int,
    quality: int = 82,
    synthetic: SyntheticMark | None = None,
    tight: bool = True,
) -> Picture:
    """Encode a picture so that its longer side has at most `side_px` pixels.

    Args:
        rgb: (H, W, 3) uint8, sRGB; never enlarged.
        quality: of the JPEG, 1-100.
        synthetic: written into the file, as `goodside.images.save_image` does.
        tight: take five times as long to save some 6 % of the bytes; the pixels are the same.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, side_px / max(height, width))
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        rgb = resize(rgb, width_px=size[0], height_px=size[1])
    stream = BytesIO()
    extra: dict[str, Any] = {} if synthetic is None else {"xmp": xmp_packet(synthetic)}
    image = Image.fromarray(rgb)
    image.save(stream, "JPEG", quality=quality, optimize=tight, progressive=tight, **extra)
    return Picture(stream.getvalue(), width=image.width, height=image.height)


def shrink_file(data: bytes, *, side_px: int) -> Picture:
    """A stored picture, a whole JPEG or WebP file, with at most `side_px` on its longer side.

    A JPEG that is small enough already stays as it is, bit for bit.
    """
    with Image.open(BytesIO(data)) as image:
        if image.format == "JPEG" and max(image.size) <= side_px:
            return Picture(data, width=image.width, height=image.height)
        image.draft("RGB", (side_px, side_px))
        return shrink(np.asarray(image.convert("RGB")), side_px=side_px)


def thumbnail_px(count: int) -> int:
    """The longer side of each of `count` thumbnails so that their page stays near 6 MB."""
    fitting = math.sqrt(_BUDGET_BYTES / (_BYTES_A_PIXEL * max(1, count)))
    return int(min(_THUMBNAIL_PX, max(_SMALLEST_PX, fitting)))
