"""The directories of a TIFF or BigTIFF file, and of an EXIF block, which is one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from goodside.images.structure.layout import Layout, check_count

_MAX_ENTRIES = 4_000
_MAX_NUMBERS = 2_000_000
"""A 250-megapixel picture in tiles of 16 x 16 has a million of them, and a million lengths."""
_NUMBER_BYTES = 160
"""As Pillow keeps a strip's offset: a number in a tuple, and a tile's description."""
_MAX_RATIONALS = 20_000
_MAX_DIRECTORIES = 64
_UNITS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
          16: 8, 17: 8, 18: 8}  # fmt: skip
_TEXT, _RATIONAL = (1, 2, 6, 7), (5, 10)
_INNER = (0x8769, 0x8825, 0xA005, 330)
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_SAMPLES, _ROWS, _PLANAR, _TILE_WIDTH, _TILE_HEIGHT = 277, 278, 284, 322, 323
_RAW_PIXELS, _SEPARATE, _YCBCR = 1, 2, 6


@dataclass(slots=True)
class _Count:
    """What the directories seen so far ask a reader to hold."""

    directories: int = 0
    entries: int = 0
    numbers: int = 0
    rationals: int = 0
    text_bytes: int = 0
    seen: set[int] = field(default_factory=set)


def inspect_tiff(stream: BinaryIO) -> Layout:
    """Walk over the first directory and those inside it.

    Raises:
        ImageTooLarge: more entries, numbers or bytes than a photograph's directories hold.
    """
    count = _Count()
    tags = walk_directories(stream, count)
    if tags is None:
        return Layout()
    width, height = tags.get(_WIDTH, 0), tags.get(_HEIGHT, 0)
    held = count.text_bytes + _NUMBER_BYTES * count.numbers
    return Layout((width, height), decoder_bytes=held + _buffer_bytes(tags, width, height))


def walk_directories(stream: BinaryIO, count: _Count | None = None) -> Mapping[int, int] | None:
    """Count what directories hold; the first directory's numbers by tag (of several the first).

    Args:
        stream: a file that begins with a TIFF header, or an EXIF block without its `Exif` head.
        count: to be added to.

    Returns:
        None where that is no TIFF.

    Raises:
        ImageTooLarge: past a cap.
    """
    stream.seek(0)
    head = stream.read(16)
    order = {b"II": "little", b"MM": "big"}.get(head[:2])
    if order is None or len(head) < 8:
        return None
    reader = _Reader(stream, order=order, big=43 in head[2:4])
    at = reader.number(head[8:16]) if reader.big else reader.number(head[4:8])
    count = count or _Count()
    first, waiting = reader.directory(at, count)
    while waiting:
        _, inner = reader.directory(waiting.pop(), count)
        waiting += inner
    return first


class _Reader:
    def __init__(self, stream: BinaryIO, *, order: str, big: bool) -> None:
        self._stream, self._order, self.big = stream, order, big

    def number(self, data: bytes) -> int:
        return int.from_bytes(data, self._order)  # type: ignore[arg-type]

    def directory(self, at: int, count: _Count) -> tuple[dict[int, int], list[int]]:
        """Numbers by tag, and where the directories inside begin."""
        tags: dict[int, int] = {}
        inner: list[int] = []
        if at in count.seen or at >= 1 << 62:
            return tags, inner
        count.seen.add(at)
        count.directories += 1
        check_count(count.directories, "TIFF or EXIF directories", most=_MAX_DIRECTORIES)
        entry_bytes, field_bytes = (20, 8) if self.big else (12, 4)
        self._stream.seek(at)
        entries = self.number(self._stream.read(8 if self.big else 2))
        count.entries += entries
        check_count(count.entries, "TIFF or EXIF entries", most=_MAX_ENTRIES)
        table = self._stream.read(entries * entry_bytes)
        for start in range(0, len(table) - entry_bytes + 1, entry_bytes):
            entry = table[start : start + entry_bytes]
            tag, kind = self.number(entry[:2]), self.number(entry[2:4])
            values, data = self.number(entry[4 : 4 + field_bytes]), entry[4 + field_bytes :]
            self._add(kind, values, count)
            unit = _UNITS.get(kind, 0)
            if kind in _TEXT or kind in _RATIONAL or values < 1 or not unit:
                continue
            if values * unit > field_bytes:
                self._stream.seek(min(self.number(data), 1 << 62))
                data = self._stream.read(min(values * unit, unit * _MAX_DIRECTORIES))
            found = [
                self.number(data[place : place + unit])
                for place in range(0, min(len(data), values * unit) - unit + 1, unit)
            ]
            if found:
                tags.setdefault(tag, found[0])
                inner += found if tag in _INNER else []
        return tags, inner

    @staticmethod
    def _add(kind: int, values: int, count: _Count) -> None:
        unit = _UNITS.get(kind, 0)
        if kind in _TEXT:
            count.text_bytes += values
        elif kind in _RATIONAL:
            count.rationals += values
            check_count(count.rationals, "rational numbers", most=_MAX_RATIONALS)
        elif unit:
            count.numbers += values
            check_count(count.numbers, "numbers in its directories", most=_MAX_NUMBERS)


def _buffer_bytes(tags: Mapping[int, int], width: int, height: int) -> int:
    """What libtiff unpacks at a time: a strip or a tile, and the same as RGBA."""
    if tags.get(_COMPRESSION, 1) == _RAW_PIXELS:
        return 0
    wide = tags.get(_TILE_WIDTH, width)
    high = tags.get(_TILE_HEIGHT) or min(tags.get(_ROWS, height) or height, height)
    samples = 1 if tags.get(_PLANAR) == _SEPARATE else max(1, tags.get(_SAMPLES, 1))
    a_pixel = math.ceil(samples * max(1, tags.get(_BITS, 1)) / 8)
    if tags.get(_PHOTOMETRIC) == _YCBCR:
        a_pixel += 4
    return wide * high * a_pixel
