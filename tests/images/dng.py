"""A camera raw file of a few kilobytes, written by hand: one Bayer plane in a DNG container."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _SRATIONAL = 1, 2, 3, 4, 5, 10
_SIZES = {_BYTE: 1, _ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8, _SRATIONAL: 8}
_CODES = {_BYTE: "B", _ASCII: "B", _SHORT: "H", _LONG: "I", _RATIONAL: "I", _SRATIONAL: "i"}

Entry = tuple[int, int, list[int]]


def make_dng(
    rgb: NDArray[np.uint8], *, orientation: int = 1, preview: bytes | None = None
) -> bytes:
    """Write a DNG whose Bayer samples (RGGB) are those of `rgb`, with sRGB primaries.

    Args:
        rgb: (H, W, 3) uint8 with even sides, read as linear light.
        orientation: TIFF orientation of the whole file.
        preview: a JPEG file to embed.
    """
    plane = _bayer(rgb)
    height, width = plane.shape
    strip = plane.astype("<u2").tobytes()
    raw: list[Entry] = [
        (254, _LONG, [0]),
        (256, _LONG, [width]),
        (257, _LONG, [height]),
        (258, _SHORT, [16]),
        (259, _SHORT, [1]),
        (262, _SHORT, [32803]),
        (273, _LONG, [0]),
        (277, _SHORT, [1]),
        (278, _LONG, [height]),
        (279, _LONG, [len(strip)]),
        (33421, _SHORT, [2, 2]),
        (33422, _BYTE, [0, 1, 1, 2]),
        (50717, _LONG, [65535]),
    ]
    main: list[Entry] = [
        (271, _ASCII, list(b"Made\x00")),
        (272, _ASCII, list(b"Made One\x00")),
        (274, _SHORT, [orientation]),
        (50706, _BYTE, [1, 4, 0, 0]),
        (50708, _ASCII, list(b"Made One\x00")),
        (
            50721,
            _SRATIONAL,
            _ratios([3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570]),
        ),
        (50728, _RATIONAL, [1, 1, 1, 1, 1, 1]),
        (50778, _SHORT, [21]),
    ]
    if preview is None:
        return _file([raw + main], [strip])
    from io import BytesIO

    from PIL import Image

    small_width, small_height = Image.open(BytesIO(preview)).size
    first: list[Entry] = [
        (254, _LONG, [1]),
        (256, _LONG, [small_width]),
        (257, _LONG, [small_height]),
        (258, _SHORT, [8, 8, 8]),
        (259, _SHORT, [7]),
        (262, _SHORT, [6]),
        (273, _LONG, [0]),
        (277, _SHORT, [3]),
        (278, _LONG, [small_height]),
        (279, _LONG, [len(preview)]),
        (330, _LONG, [0]),
    ]
    return _file([first + main, raw], [preview, strip])


def _bayer(rgb: NDArray[np.uint8]) -> NDArray[np.uint16]:
    plane = np.empty(rgb.shape[:2], np.uint16)
    for (y, x), channel in {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 2}.items():
        plane[y::2, x::2] = rgb[y::2, x::2, channel].astype(np.uint16) * 257
    return plane


def _ratios(values: list[float]) -> list[int]:
    return [part for value in values for part in (round(value * 10000), 10000)]


def _file(folders: list[list[Entry]], strips: list[bytes]) -> bytes:
    """Lay out header, directories, their long values, then the strips."""
    starts, at = [], 8
    for entries in folders:
        starts.append(at)
        at += 2 + 12 * len(entries) + 4 + sum(_outside(entry) for entry in entries)
    strip_starts = []
    for strip in strips:
        strip_starts.append(at)
        at += len(strip) + len(strip) % 2
    body = b"".join(
        _folder(entries, start=start, strip_start=strip_start, inner=starts[-1])
        for entries, start, strip_start in zip(folders, starts, strip_starts, strict=True)
    )
    padded = b"".join(strip + b"\x00" * (len(strip) % 2) for strip in strips)
    return b"II*\x00" + struct.pack("<I", 8) + body + padded


def _outside(entry: Entry) -> int:
    _, kind, values = entry
    parts = 2 if kind in (_RATIONAL, _SRATIONAL) else 1
    size = _SIZES[kind] * len(values) // parts
    return 0 if size <= 4 else size + size % 2


def _folder(entries: list[Entry], *, start: int, strip_start: int, inner: int) -> bytes:
    outside_at = start + 2 + 12 * len(entries) + 4
    table, outside = struct.pack("<H", len(entries)), b""
    for tag, kind, values in sorted(entries, key=lambda entry: entry[0]):
        chosen: list[Any] = {273: [strip_start], 330: [inner]}.get(tag, values)
        data = struct.pack(f"<{len(chosen)}{_CODES[kind]}", *chosen)
        count = len(data) // _SIZES[kind]
        if len(data) > 4:
            field = struct.pack("<I", outside_at + len(outside))
            outside += data + b"\x00" * (len(data) % 2)
        else:
            field = data.ljust(4, b"\x00")
        table += struct.pack("<HHI", tag, kind, count) + field
    return table + struct.pack("<I", 0) + outside
