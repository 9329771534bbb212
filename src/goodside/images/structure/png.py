"""The chunks of a PNG file (PNG, third edition, chapter 5)."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from goodside.images.structure.layout import (
    MAX_EXIF_BYTES,
    Layout,
    check_bytes,
    check_count,
)
from goodside.images.structure.tiff import walk_directories

_PIXELS = (b"IDAT", b"fdAT", b"fcTL")


def inspect_png(stream: BinaryIO) -> Layout:
    """Walk over the chunks.

    Raises:
        ImageTooLarge: too many chunks or bytes of metadata.
    """
    file_bytes = stream.seek(0, 2)
    stream.seek(8)
    head = stream.read(16)
    size = int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:16], "big")
    stream.seek(8)
    count = metadata = 0
    while len(start := stream.read(8)) == 8:
        length, name = int.from_bytes(start[:4], "big"), start[4:]
        count += 1
        check_count(count, "PNG chunks")
        place = stream.tell()
        end = place + length + 4
        length = min(length, file_bytes - place)  # a damaged length claims what is not there
        if name == b"eXIf":
            check_bytes(length, "EXIF", most=MAX_EXIF_BYTES)
            walk_directories(BytesIO(stream.read(length).removeprefix(b"Exif\x00\x00")))
        if name not in _PIXELS:
            metadata += length
            check_bytes(metadata, "metadata")
        stream.seek(end)
    return Layout(size)
