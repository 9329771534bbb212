"""The blocks of a GIF file before its first picture (GIF89a)."""

from __future__ import annotations

from typing import BinaryIO

from goodside.images.structure.layout import Layout, check_bytes

_MAX_BYTES = 1_000_000
"""Of comments and other extensions; Pillow's time grows with the square of their number."""


def inspect_gif(stream: BinaryIO) -> Layout:
    """Walk over the blocks up to the first picture; its size and the screen's count.

    Raises:
        ImageTooLarge: too many bytes of extensions.
    """
    stream.seek(6)
    screen = stream.read(7)
    if len(screen) < 7:
        return Layout()
    width, height = _pair(screen)
    if screen[4] & 0x80:
        stream.seek(3 * (2 << (screen[4] & 7)), 1)
    extensions = 0
    while (introducer := stream.read(1)) == b"!":
        stream.read(1)
        while (length := stream.read(1)) not in (b"", b"\x00"):
            extensions += 1 + length[0]
            check_bytes(extensions, "comments and extensions", most=_MAX_BYTES)
            stream.seek(length[0], 1)
    if introducer == b"," and len(place := stream.read(8)) == 8:
        (left, top), (wide, high) = _pair(place), _pair(place[4:])
        width, height = max(width, left + wide), max(height, top + high)
    return Layout((width, height))


def _pair(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[:2], "little"), int.from_bytes(data[2:4], "little")
