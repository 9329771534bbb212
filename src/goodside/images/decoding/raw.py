"""Camera raw files through rawpy, the `raw` extra."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np

from goodside.errors import GoodsideError, UnsupportedImage
from goodside.images.decoding.memory import held_bytes
from goodside.images.photo import Limits, Photo
from goodside.images.structure import inspect
from goodside.types import RgbImage

_ASPECT_TOLERANCE = 0.02
_DNG_VERSION, _SUBFILE_TYPE, _SUB_IFDS = 50706, 254, 330
_FULL_BYTES, _HALF_BYTES = 13, 5
"""A pixel: the sensor's two bytes, four samples of two, three of the result; measured."""


def read_raw(
    stream: BinaryIO,
    *,
    decode_preview: Callable[[bytes], Photo],
    path: str | None,
    fit_px: int | None,
    limits: Limits,
) -> Photo:
    """Decode a camera raw file.

    With `fit_px` the camera's own embedded preview is taken where it is large enough and has the
    picture's shape, else the half-size development where that is large enough; both are several
    times faster than the full development.

    Args:
        stream: of the file, at its start.
        decode_preview: decodes the embedded JPEG to `fit_px`.
        path: where it comes from, for errors.
        fit_px, limits: as `read_photo` takes them.

    Raises:
        UnsupportedImage: rawpy is not installed, or the camera is unknown to it.
        ImageTooLarge: past the limit on pixels, before decoding.
        Exception: whatever rawpy raises on damaged data.
    """
    try:
        import rawpy
    except ImportError as error:
        raise UnsupportedImage(
            "camera raw files need an extra decoder",
            path=path,
            remedy="pip install 'goodside[raw]'",
        ) from error
    held = 2 * held_bytes(stream, kind="RAW")  # LibRaw takes a copy of what is no file
    try:
        with rawpy.imread(stream) as raw:
            sizes = raw.sizes
            limits.check_pixels(sizes.raw_width, sizes.raw_height, path=path)
            size = (
                (sizes.height, sizes.width) if sizes.flip in (5, 6) else (sizes.width, sizes.height)
            )
            preview = (
                None if fit_px is None else _preview(raw, decode_preview, size=size, fit_px=fit_px)
            )
            if preview is not None:
                return Photo(preview.pixels, *size, path, "RAW", preview.captured)
            half = fit_px is not None and min(size) // 2 >= fit_px
            needed = (_HALF_BYTES if half else _FULL_BYTES) * sizes.raw_width * sizes.raw_height
            limits.check_memory(needed + held, path=path)
            rgb: RgbImage = raw.postprocess(use_camera_wb=True, output_bps=8, half_size=half)
    except rawpy.LibRawFileUnsupportedError as error:
        raise UnsupportedImage(
            "the raw decoder does not know this camera's files",
            path=path,
            remedy="convert it to DNG or JPEG",
        ) from error
    if not half:
        size = (int(rgb.shape[1]), int(rgb.shape[0]))
    return Photo(_reduced(rgb, fit_px=fit_px), *size, path, "RAW")


def _preview(
    raw: Any, decode: Callable[[bytes], Photo], *, size: tuple[int, int], fit_px: int
) -> Photo | None:
    """The embedded JPEG, if it can stand for the picture."""
    import rawpy

    try:
        thumb = raw.extract_thumb()
        if thumb.format != rawpy.ThumbFormat.JPEG:
            return None
        photo = decode(bytes(thumb.data))
    except (rawpy.LibRawError, GoodsideError):
        return None
    shape, wanted = photo.width / photo.height, size[0] / size[1]
    fits = abs(shape / wanted - 1) < _ASPECT_TOLERANCE
    return photo if fits and min(photo.width, photo.height) >= fit_px else None


def _reduced(rgb: RgbImage, *, fit_px: int | None) -> RgbImage:
    factor = 1 if fit_px is None else min(rgb.shape[:2]) // fit_px
    if factor < 2:
        return rgb
    from PIL import Image

    return np.array(Image.fromarray(rgb).reduce(factor), dtype=np.uint8)


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
