"""The chunks of a WebP file (RFC 9649)."""

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

_BYTES_A_PIXEL = 13
"""Two canvases, their copy as bytes, the planes of a frame: what libwebp and Pillow hold."""


def inspect_webp(stream: BinaryIO) -> Layout:
    """Walk over the chunks; the canvas counts, which the decoder makes as soon as it is opened.

    Raises:
        ImageTooLarge: too many chunks or bytes of metadata.
    """
    file_bytes = stream.seek(0, 2)
    stream.seek(12)
    size, count, metadata = (0, 0), 0, 0
    while len(start := stream.read(8)) == 8:
        name, length = start[:4], int.from_bytes(start[4:], "little")
        count += 1
        check_count(count, "WebP chunks")
        place = stream.tell()
        end = place + length + length % 2
        length = min(length, file_bytes - place)  # a damaged length claims what is not there
        body = stream.read(length if name == b"EXIF" and length <= MAX_EXIF_BYTES else 10)
        found = _size(name, body)
        size = max(size[0], found[0]), max(size[1], found[1])
        if name == b"EXIF":
            check_bytes(length, "EXIF", most=MAX_EXIF_BYTES)
            walk_directories(BytesIO(body.removeprefix(b"Exif\x00\x00")))
        if name in (b"EXIF", b"XMP ", b"ICCP"):
            metadata += length
            check_bytes(metadata, "metadata")
        stream.seek(end)
    return Layout(size, decoder_bytes=_BYTES_A_PIXEL * size[0] * size[1])


def _size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return (
            int.from_bytes(body[6:8], "little") & 0x3FFF,
            int.from_bytes(body[8:10], "little") & 0x3FFF,
        )
    if name == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0
