"""HEIC and HEIF through pi-heif, the `heic` extra."""

from __future__ import annotations

from typing import BinaryIO

from PIL import Image

from goodside.errors import UnsupportedImage
from goodside.images.photo import Limits


def open_heic(stream: BinaryIO, *, limits: Limits, path: str | None) -> Image.Image:
    """Decode a HEIC file's main picture; its orientation is already applied.

    Raises:
        UnsupportedImage: pi-heif is not installed.
        ImageTooLarge: past the limit on pixels, before decoding.
        Exception: whatever pi-heif raises on damaged data.
    """
    try:
        import pi_heif
    except ImportError as error:
        raise UnsupportedImage(
            "HEIC files need an extra decoder",
            path=path,
            remedy="pip install 'goodside[heic]'",
        ) from error
    container = pi_heif.open_heif(stream, convert_hdr_to_8bit=True)
    limits.check_pixels(*container.size, path=path)
    image: Image.Image = container.to_pillow()
    return image
