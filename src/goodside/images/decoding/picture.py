"""One picture decoded by Pillow or a decoder registered with it: reduced, sRGB, upright."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO

from PIL import Image, UnidentifiedImageError, features

from goodside.errors import UnreadableImage, UnsupportedImage
from goodside.images.decoding.memory import decoding_bytes, held_bytes
from goodside.images.decoding.srgb import to_srgb, widen
from goodside.images.decoding.truncation import ended, find_truncation
from goodside.images.photo import Limits, Photo
from goodside.images.structure import JpegLayout, Layout, inspect, inspect_exif

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


def decode_picture(
    stream: BinaryIO,
    *,
    kind: str,
    path: str | None,
    fit_px: int | None,
    draft: float,
    limits: Limits,
) -> Photo:
    """Decode the first picture of a file whose format is known.

    Args:
        stream: of the file, at its start.
        kind: Pillow's name of the format, or HEIC.
        path: where it comes from, for errors.
        fit_px, draft, limits: as `read_photo` takes them.

    Raises:
        ImageError: as `read_photo` raises it.
        Exception: whatever Pillow raises on damaged data.
    """
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
