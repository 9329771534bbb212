"""How much memory decoding will take, estimated from a header before it is taken."""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image

from goodside.images.structure import Layout

_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
_WIDENED = {"P": 4, "PA": 4, "I;16": 4, "I;16B": 4, "I;16L": 4, "1": 1, "I": 8}
_RGB_BYTES = 7
"""A picture of mode RGB, four bytes a pixel, and the array that comes in its place."""
_FILE_COPIES = {"WEBP": 2, "AVIF": 1, "HEIC": 1, "TIFF": 1}
"""How often the decoder copies the whole file for itself."""


def held_bytes(stream: BinaryIO, *, kind: str) -> int:
    """Bytes of a file that are in memory while it is decoded."""
    size = stream.seek(0, 2)
    stream.seek(0)
    is_inside = isinstance(stream, BytesIO)
    copies = _FILE_COPIES.get(kind, 0) if is_inside or kind != "TIFF" else 0
    return size * (is_inside + copies)


def decoding_bytes(
    image: Image.Image, *, layout: Layout, factor: int, orientation: int, held: int
) -> int:
    """Estimate the peak of decoding a picture that is open and not loaded yet.

    Args:
        image: after `draft`.
        layout: of its file.
        factor: by which it will be reduced once it is loaded.
        orientation: EXIF's, 1-8.
        held: bytes of the file in memory.
    """
    wide = max((tile.extents[2] for tile in _tiles(image)), default=0)
    high = max((tile.extents[3] for tile in _tiles(image)), default=0)
    pixels = max(image.width * image.height, wide * high)
    stored = _PIXEL_BYTES.get(image.mode, 4)
    loaded = stored * pixels * (2 if image.format == "TIFF" and orientation > 1 else 1)
    see_through = image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info
    widened = 4 if see_through else _WIDENED.get(image.mode, 0)
    kept, small = stored * pixels, pixels // factor**2
    if factor > 1:
        kept += widened * pixels
    is_plain = image.mode == "RGB" and "icc_profile" not in image.info and orientation <= 1
    converted = 13 if see_through else 0 if is_plain and factor == 1 else 4
    later = max(
        (stored + widened) * pixels,
        kept + converted * small,
        _RGB_BYTES * small,
    )
    return held + max(loaded + layout.decoder_bytes, later)


def _tiles(image: Image.Image) -> list[Any]:
    return [tile for tile in getattr(image, "tile", []) if tile.extents is not None]
