"""One look into a file before any decoder: by its format."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from goodside.images.photo import Limits
from goodside.images.structure.gif import inspect_gif
from goodside.images.structure.isobmff import inspect_media
from goodside.images.structure.jpeg import inspect_jpeg
from goodside.images.structure.layout import MAX_EXIF_BYTES, Layout, check_bytes
from goodside.images.structure.png import inspect_png
from goodside.images.structure.tiff import inspect_tiff, walk_directories
from goodside.images.structure.webp import inspect_webp

_INSPECTORS = {
    "JPEG": inspect_jpeg,
    "PNG": inspect_png,
    "WEBP": inspect_webp,
    "GIF": inspect_gif,
    "TIFF": inspect_tiff,
}


def inspect(
    stream: BinaryIO, *, kind: str, limits: Limits | None = None, path: str | None = None
) -> Layout:
    """Count a file's parts and learn its size; linear in its bytes, a few kilobytes of memory.

    Args:
        stream: the whole file; left at its start.
        kind: as `sniff` names it; of kinds that are not looked into nothing is known.
        limits: on the size of the picture; None: only the parts are counted.
        path: for errors.

    Raises:
        ImageTooLarge: more scans, parts, metadata or pixels than are decoded.
    """
    if kind in ("AVIF", "HEIC"):
        layout: Layout = inspect_media(stream, kind=kind)
    elif kind in _INSPECTORS:
        layout = _INSPECTORS[kind](stream)
    else:
        layout = Layout()
    stream.seek(0)
    if limits is not None and layout.size is not None:
        limits.check_pixels(*layout.size, path=path)
        limits.check_memory(layout.decoder_bytes, path=path)
    return layout


def inspect_exif(block: bytes) -> None:
    """Count what an EXIF block holds, before it is read.

    Raises:
        ImageTooLarge: more than a photograph's EXIF has.
    """
    check_bytes(len(block), "EXIF", most=MAX_EXIF_BYTES)
    walk_directories(BytesIO(block.removeprefix(b"Exif\x00\x00")))
