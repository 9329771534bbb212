"""The metadata blocks of Canon's CR3 raw files, which are ISO media files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

_MAX_BLOCK_BYTES = 16_000_000
_MAX_BOXES = 100
_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def read_blocks(stream: BinaryIO) -> dict[str, bytes]:
    """Find the blocks `CMT1` (EXIF's main directory), `CMT2` (EXIF), `CMT4` (GPS) and `XMP`.

    The first three are TIFF files of one directory each.

    Args:
        stream: the whole file.

    Returns:
        The blocks that are there, by name.
    """
    size = stream.seek(0, 2)
    found: dict[str, bytes] = {}
    for name, start, end in islice(_boxes(stream, 0, size), _MAX_BOXES):
        if name == b"moov":
            for inner, inner_start, inner_end in islice(_boxes(stream, start, end), _MAX_BOXES):
                if inner == b"uuid" and _read(stream, inner_start, inner_start + 16) == _CANON:
                    blocks = _boxes(stream, inner_start + 16, inner_end)
                    for block, at, till in islice(blocks, _MAX_BOXES):
                        if block in (b"CMT1", b"CMT2", b"CMT4"):
                            found[block.decode()] = _read(stream, at, till)
        elif name == b"uuid" and _read(stream, start, start + 16) == _XMP:
            found["XMP"] = _read(stream, start + 16, end)
    return found


def _boxes(stream: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each box's content (ISO 14496-12, 4.2)."""
    while start + 8 <= end:
        head = _read(stream, start, start + 16)
        length, header = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, header = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = end - start
        if length < header or start + length > end:
            return
        yield head[4:8], start + header, start + length
        start += length


def _read(stream: BinaryIO, start: int, end: int) -> bytes:
    stream.seek(start)
    return stream.read(min(end - start, _MAX_BLOCK_BYTES))
