"""A decoded photograph, and the limits under which it is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.errors import ImageError, ImageTooLarge, OutOfRange
from goodside.types import RgbImage


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a picture may be.

    Attributes:
        max_megapixels: millions of pixels; read from the header, before anything is decoded.
        max_megabytes: millions of bytes; looked up before anything is read.
        timeout_s: how long reading and decoding may take, in seconds, where that happens in a
            process of its own; None: in this process, without a limit.

    Raises:
        OutOfRange: one of them is no number above 0.
    """

    max_megapixels: float = 250.0
    max_megabytes: float = 500.0
    timeout_s: float | None = 120.0

    def __post_init__(self) -> None:
        for name in ("max_megapixels", "max_megabytes", "timeout_s"):
            value = getattr(self, name)
            if value is not None and not 0 < value <= 1e6:
                raise OutOfRange(f"{name} is {value}", remedy="ask for more than 0, up to 1000000")

    def check_bytes(self, size_bytes: int, *, path: str | None = None) -> None:
        """Refuse a file that is too large.

        Raises:
            ImageTooLarge: it has more than `max_megabytes`.
        """
        if size_bytes > self.max_megabytes * 1e6:
            raise ImageTooLarge(
                f"the file has {size_bytes / 1e6:.1f} MB, the limit is {self.max_megabytes:g} MB",
                path=path,
                remedy="raise GOODSIDE_MAX_MEGABYTES if you trust the file",
            )

    def check_pixels(self, width: int, height: int, *, path: str | None = None) -> None:
        """Refuse a picture that is too large.

        Raises:
            ImageTooLarge: it has more than `max_megapixels`.
        """
        if width * height > self.max_megapixels * 1e6:
            raise self.too_many_pixels(width * height, path=path, what=f"{width} x {height}")

    def too_many_pixels(
        self, pixels: int, *, path: str | None = None, what: str = ""
    ) -> ImageTooLarge:
        """The error for a picture of so many pixels; `what` says how they are laid out."""
        size = f"{what} pixels, {pixels / 1e6:.1f}" if what else f"{pixels / 1e6:.1f}"
        return ImageTooLarge(
            f"the picture has {size} megapixels, the limit is {self.max_megapixels:g} megapixels",
            path=path,
            remedy="raise GOODSIDE_MAX_MEGAPIXELS if you trust the file",
        )


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph's pixels, upright and in sRGB.

    Attributes:
        pixels: upright, sRGB; smaller than the original after a scaled decode. A Pillow picture of
            mode RGB, or an array as `rgb` gives it.
        width, height: the original's size in pixels, upright.
        path: where it came from; None for bytes and arrays.
        format: `JPEG`, `PNG`, `WEBP`, `AVIF`, `TIFF`, `GIF`, `BMP`, `HEIC`, `RAW` or `ARRAY`.
        captured: when it was taken by the camera's clock, without a time zone; None if not said.
    """

    pixels: RgbImage | Image.Image
    width: int
    height: int
    path: str | None
    format: str
    captured: datetime | None = None

    @property
    def rgb(self) -> RgbImage:
        """(H, W, 3) uint8, sRGB, upright; copied from the picture once, in whose place it comes."""
        if isinstance(self.pixels, Image.Image):
            object.__setattr__(self, "pixels", np.array(self.pixels, dtype=np.uint8))
        return np.asarray(self.pixels)

    @property
    def picture(self) -> Image.Image:
        """The same as a Pillow picture of mode RGB; free of charge until `rgb` is asked for."""
        pixels = self.pixels
        return pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)

    @property
    def scale(self) -> float:
        """Pixels of the original to one pixel here; 1.0 without a scaled decode."""
        pixels = self.pixels
        return self.width / (
            pixels.width if isinstance(pixels, Image.Image) else int(pixels.shape[1])
        )


def from_array(array: NDArray[Any], *, path: str | None = None) -> Photo:
    """Take an array for a photograph.

    Args:
        array: (H, W, 3) uint8, sRGB, upright; not copied where it is contiguous.
        path: a name for error messages.

    Raises:
        ImageError: it has another shape or another type of number.
    """
    if not isinstance(array, np.ndarray) or array.ndim != 3 or array.shape[2] != 3:
        found = getattr(array, "shape", type(array).__name__)
        raise ImageError(
            f"expected an array of shape (H, W, 3), got {found}",
            path=path,
            remedy="pass a colour picture: red, green, blue in the last axis",
        )
    if array.dtype != np.uint8:
        raise ImageError(
            f"expected uint8 pixels from 0 to 255, got {array.dtype}",
            path=path,
            remedy="scale to 0-255 and convert with .astype(numpy.uint8)",
        )
    if 0 in array.shape:
        raise ImageError(
            f"the picture is empty: {array.shape}", path=path, remedy="pass at least one pixel"
        )
    height, width = array.shape[:2]
    return Photo(np.ascontiguousarray(array), width=width, height=height, path=path, format="ARRAY")
