"""Bytes to a photograph: any allowed format, upright, sRGB, within limits."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from goodside.errors import GoodsideError, ImageError, OutOfRange, UnreadableImage
from goodside.images.decoding.messages import gathered_messages, with_messages
from goodside.images.decoding.opening import COPY_AGAIN, opened
from goodside.images.decoding.picture import decode_picture
from goodside.images.decoding.raw import is_raw, read_raw
from goodside.images.decoding.sniff import HEAD_BYTES, PILLOW_FORMATS, describe, sniff
from goodside.images.guard import memory_guard, pillow_guard
from goodside.images.photo import Limits, Photo


def read_photo(
    source: str | Path | bytes,
    *,
    fit_px: int | None = None,
    draft: float = 2.0,
    limits: Limits | None = None,
    name: str | Path | None = None,
) -> Photo:
    """Decode a photograph.

    The content decides the format, not the name. Orientation is applied, an embedded colour
    profile is converted to sRGB, transparency is laid over white, and of an animation or a
    multi-page file the first picture is taken.

    Args:
        source: a file, or a file's bytes.
        fit_px: decode only as large as needed. The shorter side of `Photo.rgb` then has at least
            `fit_px` and less than twice `fit_px` pixels; a picture whose shorter side is below
            twice `fit_px` comes whole. Only whole-number reductions are used (the JPEG decoder's
            own 1/2, 1/4, 1/8, then the mean of k x k pixels), so `Photo.width` and `height`, which
            stay the original's, divide by the result's size to within a pixel.
        draft: how many times larger than `fit_px` the JPEG decoder's own reduction must leave the
            picture, 1 or more. 1 is quickest and keeps more pixels.
        limits: on bytes and pixels; by default `Limits()`.
        name: the path that a file's bytes came from.

    Raises:
        ImageError: the source is neither a path nor bytes.
        UnreadableImage: missing, unreadable, empty, truncated, damaged, or no picture at all.
        UnsupportedImage: a format or kind of pixels that is not decoded here, or whose optional
            decoder is not installed.
        ImageTooLarge: past the limits, or past the memory there is.
        OutOfRange: `fit_px` or `draft` is below 1.
    """
    if not isinstance(source, str | os.PathLike | bytes):
        raise ImageError(
            f"expected a path or the bytes of a file, got {type(source).__name__}",
            remedy="where arrays are taken, pass numpy.asarray(image.convert('RGB')) of Pillow's",
        )
    limits = limits or Limits()
    name = source if name is None and not isinstance(source, bytes) else name
    path = None if name is None else str(name)
    if fit_px is not None and fit_px < 1:
        raise OutOfRange(f"fit_px is {fit_px}", path=path, remedy="ask for at least 1 pixel")
    if draft < 1:
        raise OutOfRange(f"draft is {draft}", path=path, remedy="ask for 1 or more")
    said: list[str] = []
    try:
        with (
            opened(source, limits=limits, path=path) as stream,
            gathered_messages() as said,
            memory_guard(path),
        ):
            photo = _read(stream, path=path, fit_px=fit_px, draft=draft, limits=limits)
        return replace(photo, notes=(*photo.notes, *said)) if said else photo
    except GoodsideError as error:
        if said or (error.path is None and path is not None):
            raise type(error)(
                with_messages(error.message, said), path=path, remedy=error.remedy
            ) from error
        raise
    except Image.DecompressionBombError as error:
        pixels = re.search(r"\d+", str(error))
        raise limits.too_many_pixels(int(pixels[0]) if pixels else 0, path=path) from error
    except Exception as error:  # Pillow's decoders raise whatever a damaged byte led them to
        reason = str(error).strip() or type(error).__name__
        raise UnreadableImage(
            with_messages(f"the file is damaged or cut short: {reason}", said),
            path=path,
            remedy=COPY_AGAIN,
        ) from error


def _read(
    stream: BinaryIO, *, path: str | None, fit_px: int | None, draft: float, limits: Limits
) -> Photo:
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    suffix = "" if path is None else Path(path).suffix
    kind = sniff(head, suffix=suffix)
    if kind is None:
        raise UnreadableImage(
            f"it is no photograph: the file is {describe(head)}",
            path=path,
            remedy=f"goodside reads {', '.join(PILLOW_FORMATS)}, HEIC and camera raw files",
        )
    with pillow_guard(max_pixels=limits.max_megapixels * 1e6):
        if kind == "RAW" or (kind == "TIFF" and is_raw(stream)):
            preview = partial(read_photo, fit_px=fit_px, limits=limits)
            return read_raw(stream, decode_preview=preview, path=path, fit_px=fit_px, limits=limits)
        return decode_picture(
            stream, kind=kind, path=path, fit_px=fit_px, draft=draft, limits=limits
        )
