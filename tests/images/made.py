"""Made pictures and files for the tests of this room."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def gradient(width: int, height: int) -> NDArray[np.uint8]:
    """Red grows to the right, green downward, blue is half; a bright patch marks the top left."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack(
        [x * 255 // max(1, width - 1), y * 255 // max(1, height - 1), np.full_like(x, 128)], -1
    ).astype(np.uint8)
    rgb[: height // 4, : width // 4] = (250, 250, 20)
    return rgb


def textured(width: int, height: int, *, seed: int = 0) -> NDArray[np.uint8]:
    """Soft clouds with fine grain on them, as a photograph has."""
    rng = np.random.default_rng(seed)
    clouds = Image.fromarray(rng.integers(0, 256, (9, 12, 3), dtype=np.uint8))
    soft = np.asarray(clouds.resize((width, height), Image.Resampling.BICUBIC), np.float32)
    grain = rng.normal(0, 12, (height, width, 1))
    return np.clip(soft + grain, 0, 255).astype(np.uint8)


def encode(picture: NDArray[Any] | Image.Image, kind: str, **options: Any) -> bytes:
    """A picture as a file of the format `kind`."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\x00"))


def png_bomb(side: int) -> bytes:
    """A complete one-bit PNG of `side` x `side` black pixels: small as a file, huge as pixels."""
    packer = zlib.compressobj(1)
    row = bytes(1 + (side + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", data)
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
