"""A decoded photograph, and the limits under which it is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.errors import ImageError, ImageTooLarge, OutOfRange
from goodside.images.guard import memory_guard
from goodside.types import RgbImage

_STRIP_PIXELS = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a picture may be.

    Attributes:
        max_megapixels: millions of pixels; read from the header, before anything is decoded.
        max_megabytes: millions of bytes; looked up before anything is read.
        max_memory_megabytes: millions of bytes that decoding may take at its peak, the bytes of the
            file where they are in memory among them; estimated before anything is decoded.
        max_side_px: of the longer side.
        timeout_s: how long reading and decoding may take, in seconds, where that happens in a
            process of its own; None: in this process, without a limit.

    Raises:
        OutOfRange: one of them is no number above 0.
    """

    max_megapixels: float = 250.0
    max_megabytes: float = 500.0
    max_memory_megabytes: float = 700.0
    max_side_px: int = 65_535
    timeout_s: float | None = 120.0

    def __post_init__(self) -> None:
        for name in ("max_megapixels", "max_megabytes", "max_memory_megabytes", "timeout_s"):
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
            ImageTooLarge: it has more than `max_megapixels`, or a side beyond `max_side_px`.
        """
        if max(width, height) > self.max_side_px:
            raise ImageTooLarge(
                f"the picture is {width} x {height} pixels, "
                f"the limit is {self.max_side_px:,} a side",
                path=path,
                remedy="cut it into pieces, or save a smaller copy of it",
            )
        if width * height > self.max_megapixels * 1e6:
            raise self.too_many_pixels(width * height, path=path, what=f"{width} x {height}")

    def check_memory(self, needed_bytes: int, *, path: str | None = None) -> None:
        """Refuse a picture that takes too much memory to decode.

        Raises:
            ImageTooLarge: it takes more than `max_memory_megabytes`.
        """
        if needed_bytes > self.max_memory_megabytes * 1e6:
            raise ImageTooLarge(
                f"decoding it takes some {needed_bytes / 1e6:.0f} MB of memory, "
                f"the limit is {self.max_memory_megabytes:g} MB",
                path=path,
                remedy="save a smaller copy of it, or raise GOODSIDE_MAX_MEMORY_MEGABYTES",
            )

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
        incomplete: a part of the picture is missing: the file was cut short.
        notes: what else was found wrong with the file, in words.
    """

    pixels: RgbImage | Image.Image
    width: int
    height: int
    path: str | None
    format: str
    captured: datetime | None = None
    incomplete: bool = False
    notes: tuple[str, ...] = ()

    @property
    def rgb(self) -> RgbImage:
        """(H, W, 3) uint8, sRGB, upright; copied from the picture once, in whose place it comes."""
        if isinstance(self.pixels, Image.Image):
            with memory_guard(self.path):
                object.__setattr__(self, "pixels", _copied(self.pixels))
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


def _copied(picture: Image.Image) -> RgbImage:
    """A picture of mode RGB as an array, in strips: `numpy.array` holds the pixels three times."""
    rgb = np.empty((picture.height, picture.width, 3), np.uint8)
    rows = max(1, _STRIP_PIXELS // max(1, picture.width))
    for top in range(0, picture.height, rows):
        bottom = min(top + rows, picture.height)
        rgb[top:bottom] = np.asarray(picture.crop((0, top, picture.width, bottom)))
    return rgb


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
