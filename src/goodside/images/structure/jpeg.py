"""The segments of a JPEG file (ITU-T T.81, annex B): how many, and where the picture ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from goodside.images.structure.layout import (
    MAX_EXIF_BYTES,
    MAX_FILLING_BYTES,
    MAX_SCANS,
    Layout,
    check_bytes,
    check_count,
)
from goodside.images.structure.tiff import walk_directories

_BLOCK = 1 << 16
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_TEM, _SOI, _EOI, _SOS, _APP1, _COM = 0x01, 0xD8, 0xD9, 0xDA, 0xE1, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))
_MAX_SEGMENTS = 20_000
_PADDING_BYTES = 64


@dataclass(frozen=True, slots=True)
class JpegLayout(Layout):
    """A JPEG file's parts.

    Attributes:
        end: offset behind the end marker of the first picture; None: it has none.
        data_end: offset behind the last byte of the first picture's data.
        size_bytes: of the file.
        scans: of the first picture.
        buffered: the decoder holds all coefficients until the last scan.
        refined: the scans bring every coefficient to its last bit, as far as they are there.
    """

    end: int | None = None
    data_end: int = 0
    size_bytes: int = 0
    scans: int = 0
    buffered: bool = False
    refined: bool = True


def inspect_jpeg(stream: BinaryIO) -> JpegLayout:
    """Walk over the segments up to the end of the first picture, in time linear in the bytes.

    Raises:
        ImageTooLarge: too many scans, segments, bytes of metadata or of filling.
    """
    window, parts = _Window(stream), _Parts()
    at, end, cut = 2, None, None
    while (found := window.find(at, skip=None if parts.scans else MAX_FILLING_BYTES)) is not None:
        place, code = found
        if not parts.scans:
            parts.filling += place - at
            check_bytes(parts.filling, "filling in its header", most=MAX_FILLING_BYTES)
        parts.segments += 1
        check_count(parts.segments, "JPEG segments", most=_MAX_SEGMENTS)
        if code == _EOI:
            end = place + 2
            break
        at = place + 2
        if code in (_SOI, _TEM):
            continue
        length = int.from_bytes(window.take(at, 2), "big")
        if at + max(length, 2) > window.size_bytes:
            cut = place
            break
        parts.add(code, window.take(at + 2, min(length - 2, _BLOCK)) if length > 2 else b"")
        at += length
    if end is None and cut is None:
        cut = window.without_padding()
    if parts.exif:
        walk_directories(BytesIO(parts.exif))
    return JpegLayout(
        size=parts.size,
        decoder_bytes=parts.coefficient_bytes if parts.buffered else 0,
        end=end,
        data_end=cut if end is None else end - 2,  # type: ignore[arg-type]
        size_bytes=window.size_bytes,
        scans=parts.scans,
        buffered=parts.buffered,
        refined=parts.refined,
    )


@dataclass(slots=True)
class _Parts:
    """What has been seen so far."""

    segments: int = 0
    scans: int = 0
    filling: int = 0
    metadata: int = 0
    exif: bytearray = field(default_factory=bytearray)
    progressive: bool = False
    size: tuple[int, int] | None = None
    sampling: dict[int, int] = field(default_factory=dict)  # blocks a unit, by component
    coarse: dict[int, bytearray] = field(default_factory=dict)  # bits that lack, by coefficient
    first_scan: int = 0

    @property
    def buffered(self) -> bool:
        return self.progressive or self.scans > 1 or self.first_scan < len(self.sampling)

    @property
    def refined(self) -> bool:
        return not any(any(bits) for bits in self.coarse.values())

    @property
    def coefficient_bytes(self) -> int:
        width, height = self.size or (0, 0)
        return 2 * width * height * sum(self.sampling.values()) // max(1, *self.sampling.values())

    def add(self, code: int, body: bytes) -> None:
        if 0xE0 <= code <= 0xEF or code == _COM:
            self.metadata += len(body)
            check_bytes(self.metadata, "metadata")
            if code == _APP1 and body.startswith(b"Exif\x00\x00"):
                self.exif += body[6:]  # as Pillow joins them
                check_bytes(len(self.exif), "EXIF", most=MAX_EXIF_BYTES)
        elif code in _FRAMES and self.size is None and len(body) >= 6:
            self._frame(code, body)
        elif code == _SOS:
            self.scans += 1
            check_count(self.scans, "scans, each a pass over the picture", most=MAX_SCANS)
            self._scan(body)

    def _frame(self, code: int, body: bytes) -> None:
        self.progressive = code in _PROGRESSIVE
        self.size = int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big")
        for at in range(6, min(6 + 3 * body[5], len(body) - 2), 3):
            self.sampling[body[at]] = max(1, body[at + 1] >> 4) * max(1, body[at + 1] & 15)
            self.coarse[body[at]] = bytearray(b"\x01" * 64)

    def _scan(self, body: bytes) -> None:
        """Note which bits of which coefficients a scan brings (annex G.1.1.1)."""
        count = body[0] if body else 0
        if len(body) < 4 + 2 * count:
            return
        first, last, low = body[1 + 2 * count], body[2 + 2 * count], body[3 + 2 * count] & 15
        if not self.progressive:
            first, last, low = 0, 63, 0
        if self.scans == 1:
            self.first_scan = count
        for component in body[1 : 1 + 2 * count : 2]:
            bits = self.coarse.get(component, bytearray(64))
            for coefficient in range(first, min(last, 63) + 1):
                bits[coefficient] = low


class _Window:
    """A file seen block by block."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._start, self._data = 0, b""
        self.size_bytes = stream.seek(0, 2)

    def find(self, at: int, *, skip: int | None) -> tuple[int, int] | None:
        """Place and code of the next marker; after `skip` bytes without one, where that was."""
        begin = at
        while True:
            data, inside = self._around(at)
            found = _MARKER.search(data, inside)
            if found is not None:
                return self._start + found.start(), data[found.end() - 1]
            last = self._start + len(data)
            if last >= self.size_bytes:
                return None
            at = last - 1  # it may be the first byte of a marker
            if skip is not None and at - begin > skip:
                return at, _TEM

    def take(self, at: int, size: int) -> bytes:
        """Up to `size` bytes from `at` on."""
        if self._start <= at and at + size <= self._start + len(self._data):
            return self._data[at - self._start : at - self._start + size]
        self._stream.seek(at)
        return self._stream.read(size)

    def without_padding(self) -> int:
        """Where the file ends before the zeros that a copy in pieces leaves."""
        end = self.size_bytes
        while end > 0:
            start = max(0, end - _BLOCK)
            kept = len(self.take(start, end - start).rstrip(b"\x00"))
            if kept:
                end = start + kept
                break
            end = start
        if self.size_bytes - end < _PADDING_BYTES:
            end = self.size_bytes
        return end - 1 if self.take(end - 1, 1) == b"\xff" else end

    def _around(self, at: int) -> tuple[bytes, int]:
        """A block that holds `at` and the byte after it, and where in it that is."""
        if not self._start <= at < self._start + len(self._data) - 1:
            self._stream.seek(at)
            self._start, self._data = at, self._stream.read(_BLOCK)
        return self._data, at - self._start
