"""Small ICC profiles, written by hand after the specification's version 2."""

from __future__ import annotations

import struct

SRGB_PRIMARIES = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7139))
ADOBE_RGB_PRIMARIES = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))
"""Red, green and blue as XYZ, adapted to the profile's D50 white."""

_WHITE = (0.9642, 1.0, 0.8249)


def rgb_profile(
    primaries: tuple[tuple[float, float, float], ...] = SRGB_PRIMARIES, *, gamma: float = 2.2
) -> bytes:
    """A display profile of three primaries and one gamma curve."""
    tags = {b"wtpt": _xyz(_WHITE)}
    for name, primary in zip("rgb", primaries, strict=True):
        tags[f"{name}XYZ".encode()] = _xyz(primary)
        tags[f"{name}TRC".encode()] = _curve(gamma)
    return _profile(b"RGB ", tags)


def gray_profile(*, gamma: float) -> bytes:
    """A gray profile of one gamma curve."""
    return _profile(b"GRAY", {b"wtpt": _xyz(_WHITE), b"kTRC": _curve(gamma)})


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {b"desc": _text(b"desc"), b"cprt": b"text\x00\x00\x00\x00CC0\x00", **tags}
    at, table, data = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, body in tags.items():
        padded = body + b"\x00" * (-len(body) % 4)
        table += name + struct.pack(">II", at + len(data), len(body))
        data += padded
    header = struct.pack(
        ">I4sI4s4s4s", at + len(data), b"\x00" * 4, 0x02100000, b"mntr", space, b"XYZ "
    )
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp")
    header = header.ljust(68, b"\x00") + b"".join(_fixed(value) for value in _WHITE)
    return header.ljust(128, b"\x00") + table + data


def _text(kind: bytes) -> bytes:
    words = b"made\x00"
    return kind + struct.pack(">II", 0, len(words)) + words + b"\x00" * 78


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \x00\x00\x00\x00" + b"".join(_fixed(value) for value in values)


def _curve(gamma: float) -> bytes:
    return b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256))


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))
