"""Bytes to a photograph: any allowed format, upright, sRGB, within limits."""

from __future__ import annotations

import errno
import math
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, UnidentifiedImageError, features

from goodside.errors import (
    GoodsideError,
    ImageError,
    OutOfRange,
    UnreadableImage,
    UnsupportedImage,
)
from goodside.images.decoding.guard import memory_guard, pillow_guard
from goodside.images.decoding.memory import decoding_bytes, held_bytes
from goodside.images.decoding.messages import gathered_messages, with_messages
from goodside.images.decoding.sniff import HEAD_BYTES, PILLOW_FORMATS, describe, sniff
from goodside.images.decoding.srgb import to_srgb, widen
from goodside.images.decoding.truncation import ended, find_truncation
from goodside.images.photo import Limits, Photo
from goodside.images.structure import JpegLayout, Layout, inspect, inspect_exif
from goodside.os_errors import explain
from goodside.regular_file import NotRegularFile, open_regular

_COPY_AGAIN = "copy the file again from its source, or leave it out"
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a stored image upright, by EXIF orientation."""
_ORIENTATION, _EXIF_IFD, _TAKEN = 0x0112, 0x8769, 0x9003
_DNG_VERSION, _SUBFILE_TYPE, _SUB_IFDS = 50706, 254, 330


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
            remedy=_COPY_AGAIN,
        ) from error


@contextmanager
def opened(source: str | Path | bytes, *, limits: Limits, path: str | None) -> Iterator[BinaryIO]:
    """Open a photograph's bytes; for this room's own readers.

    Raises:
        UnreadableImage: missing, no permission, no regular file, empty.
        ImageTooLarge: past the limit on bytes.
    """
    if isinstance(source, bytes):
        _check_size(len(source), limits=limits, path=path)
        yield BytesIO(source)
        return
    try:
        stream = open_regular(source, max_bytes=limits.max_megabytes * 1e6)
    except NotRegularFile as error:
        is_folder = error.errno == errno.EISDIR
        raise UnreadableImage(
            "it is a folder" if is_folder else str(error.strerror),
            path=path,
            remedy="name a file, or list the folder with find_photos"
            if is_folder
            else "save it to a file first",
        ) from error
    except PermissionError as error:
        raise UnreadableImage(
            "no permission to read it", path=path, remedy="change the file's permissions"
        ) from error
    except OSError as error:
        if error.errno == errno.EFBIG:
            limits.check_bytes(Path(source).stat().st_size, path=path)
        explained = explain(error, source)
        missing = isinstance(error, FileNotFoundError)
        reason = explained.reason if missing else f"it cannot be opened: {explained.reason}"
        raise UnreadableImage(reason, path=path, remedy=explained.remedy) from error
    except ValueError as error:
        raise UnreadableImage(
            f"it cannot be opened: {error}", path=path, remedy="check the path"
        ) from error
    with stream:
        _check_size(os.fstat(stream.fileno()).st_size, limits=limits, path=path)
        yield stream


def _check_size(size_bytes: int, *, limits: Limits, path: str | None) -> None:
    if size_bytes == 0:
        raise UnreadableImage("the file is empty", path=path, remedy=_COPY_AGAIN)
    limits.check_bytes(size_bytes, path=path)


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
            from goodside.images.decoding.raw import read_raw

            return read_raw(stream, path=path, fit_px=fit_px, limits=limits)
        layout = inspect(stream, kind=kind, limits=limits, path=path)
        held = held_bytes(stream, kind=kind)
        with _open(stream, kind=kind, layout=layout, limits=limits, path=path) as image:
            plan = _plan(image, fit_px=fit_px, draft=draft, limits=limits, path=path)
            needed = decoding_bytes(
                image, layout=layout, factor=plan.factor, orientation=plan.orientation, held=held
            )
            limits.check_memory(needed, path=path)
            image.load()
            incomplete, notes = (
                find_truncation(image, stream=stream, layout=layout)
                if isinstance(layout, JpegLayout)
                else (False, ())
            )
            photo = _finished(image, plan=plan, path=path, kind=kind)
            return replace(photo, incomplete=incomplete, notes=notes)


def _open(
    stream: BinaryIO, *, kind: str, layout: Layout, limits: Limits, path: str | None
) -> Image.Image:
    if kind == "HEIC":
        from goodside.images.decoding.heic import open_heic

        return open_heic(stream, limits=limits, path=path)
    if isinstance(layout, JpegLayout):
        stream = ended(stream, layout)
    return _open_with_pillow(stream, kind=kind, path=path)


def _open_with_pillow(stream: BinaryIO, *, kind: str, path: str | None) -> Image.Image:
    try:
        return Image.open(stream, formats=[kind])
    except UnidentifiedImageError as error:
        built_in: Callable[[str], bool | None] = features.check
        if kind in ("AVIF", "WEBP") and not built_in(kind.lower()):
            raise UnsupportedImage(
                f"this Pillow was built without {kind}",
                path=path,
                remedy="install Pillow's own wheel: pip install --force-reinstall pillow",
            ) from error
        raise UnreadableImage(
            f"its header is damaged, or it is a kind of {kind} that is not decoded here",
            path=path,
            remedy="copy the file again, or save it as an ordinary PNG or JPEG",
        ) from error


@dataclass(frozen=True, slots=True)
class _Plan:
    """How an open picture will be decoded.

    Attributes:
        width, height: of the picture as it is stored.
        factor: by which it is reduced once it is loaded.
        orientation: EXIF's before loading, 1-8.
    """

    width: int
    height: int
    factor: int
    orientation: int


def _plan(
    image: Image.Image, *, fit_px: int | None, draft: float, limits: Limits, path: str | None
) -> _Plan:
    """Check the size, and let the decoder itself reduce the picture where it can."""
    width, height = image.size
    limits.check_pixels(width, height, path=path)
    orientation, _ = _exif(image, Image.Image.getexif)  # PNG's own would load the picture
    if fit_px is None:
        return _Plan(width, height, 1, orientation)
    least = math.ceil(draft * fit_px)
    image.draft(image.mode, (least, least))
    return _Plan(width, height, max(1, min(image.size) // fit_px), orientation)


def _finished(image: Image.Image, *, plan: _Plan, path: str | None, kind: str) -> Photo:
    """Reduce, convert and turn a loaded picture; each step lets go of the one before."""
    width, height = plan.width, plan.height
    orientation, captured = _exif(image)
    profile = image.info.get("icc_profile")
    loaded, image = image, widen(image)
    if plan.factor > 1:
        image = image.reduce(plan.factor)
    image = to_srgb(image, profile=profile if isinstance(profile, bytes) else None)
    if image is not loaded:
        loaded.close()
    if orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[orientation])
    if orientation >= 5:
        width, height = height, width
    return Photo(image, width=width, height=height, path=path, format=kind, captured=captured)


def _exif(
    image: Image.Image, read: Callable[[Any], Image.Exif] = lambda image: image.getexif()
) -> tuple[int, datetime | None]:
    """Orientation (1-8) and the camera's time; a broken block says nothing."""
    try:
        inspect_exif(image.info.get("exif") or b"")
        exif = read(image)
        orientation = exif.get(_ORIENTATION, 1)
        taken = exif.get_ifd(_EXIF_IFD).get(_TAKEN)
    except Exception:  # as broad as Pillow's readers of damaged blocks are
        return 1, None
    orientation = orientation if orientation in range(1, 9) else 1
    try:
        captured = datetime.strptime(str(taken)[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return orientation, None
    return orientation, captured if captured.year > 1970 else None  # a clock that was never set


def is_raw(stream: BinaryIO) -> bool:
    """Whether a TIFF is a camera's raw file: DNG, or a thumbnail that stands before hidden data."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    try:
        inspect(stream, kind="TIFF")
        head = stream.read(16)
        tags: Any = ImageFileDirectory_v2(head if 43 in head[2:4] else head[:8])
        stream.seek(tags.next)
        tags.load(stream)
        reduced = int(tags.get(_SUBFILE_TYPE, 0)) & 1
    except GoodsideError:
        raise
    except Exception:  # as broad as Pillow's reader of damaged directories is
        return False
    finally:
        stream.seek(0)
    return _DNG_VERSION in tags or bool(reduced and _SUB_IFDS in tags)
