"""Sizes in the boxes of AVIF and HEIC files (ISO/IEC 14496-12 and 23008-12)."""

from __future__ import annotations

from typing import BinaryIO

from goodside.images.structure.layout import Layout, check_bytes, check_count

_MAX_BOXES = 20_000
_MAX_META_BYTES = 32_000_000
_NESTED = {b"meta": 4, b"iprp": 0, b"ipco": 0}
_BYTES_A_PIXEL = {"AVIF": 10, "HEIC": 8}
"""Planes of ten bits at full colour and the picture as bytes, measured with libavif and libheif."""


def inspect_media(stream: BinaryIO, *, kind: str) -> Layout:
    """What decoding the largest picture takes that an AVIF or HEIC file's properties name.

    Its size is not given: a file may show less of it.

    Raises:
        ImageTooLarge: too many boxes, or too large a table of them.
    """
    size = _largest(stream, 0, stream.seek(0, 2), [0])
    return Layout(decoder_bytes=_BYTES_A_PIXEL[kind] * size[0] * size[1])


def _largest(stream: BinaryIO, start: int, end: int, count: list[int]) -> tuple[int, int]:
    size = 0, 0
    while start + 8 <= end:
        stream.seek(start)
        head = stream.read(20)
        length, header, name = int.from_bytes(head[:4], "big"), 8, head[4:8]
        if length == 1:
            length, header = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = end - start
        if length < header or start + length > end:
            break
        count[0] += 1
        check_count(count[0], "boxes", most=_MAX_BOXES)
        if name in _NESTED:
            check_bytes(length, "tables and metadata", most=_MAX_META_BYTES)
            inside = start + header + _NESTED[name]
            size = max(size, _largest(stream, inside, start + length, count), key=_area)
        elif name == b"ispe" and length >= 20:
            found = int.from_bytes(head[12:16], "big"), int.from_bytes(head[16:20], "big")
            size = max(size, found, key=_area)
        start += length
    return size


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
