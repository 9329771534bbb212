"""Photographs whose decoding takes a time that is known beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from goodside.errors import ImageError
from goodside.images.decoding.opening import opened
from goodside.images.photo import Limits

_MOST_BYTES: Final = 16_000_000
_MOST_SEGMENTS: Final = 64
_MOST_WORK: Final = 200_000_000
"""Scans times pixels; a progressive JPEG goes over the picture once for each of some ten scans."""
_SCAN: Final = 0xDA
_FRAMES: Final = (0xC0, 0xC1, 0xC2)
"""Baseline, extended and progressive."""


def is_plain_jpeg(source: str | Path | bytes, *, limits: Limits) -> bool:
    """Whether it is a JPEG of moderate size, such as cameras and programs write.

    That is: at most 16 MB, 64 segments before the picture, and 200 million pixels to go over in
    all its scans together. Its decoding takes some seconds at most, whatever its bytes are. Files
    that cannot be opened, which cost no time either, count as well.

    Args:
        source: a file or a file's bytes.
        limits: on its bytes.
    """
    path = None if isinstance(source, bytes) else str(source)
    try:
        with opened(source, limits=limits, path=path) as stream:
            data = stream.read(_MOST_BYTES + 1)
    except ImageError:
        return True
    except OSError:
        return False
    if len(data) > _MOST_BYTES or not data.startswith(b"\xff\xd8"):
        return False
    scans = data.count(bytes((0xFF, _SCAN)))  # this pair stands nowhere within a scan
    pixels = _count_pixels(data)
    return pixels is not None and scans * pixels <= _MOST_WORK


def _count_pixels(data: bytes) -> int | None:
    """Pixels as the frame's header says; None where the header is not as usual."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        if len(data) < at + 9 or data[at] != 0xFF or data[at + 1] in (0xFF, _SCAN):
            return None
        if data[at + 1] in _FRAMES:
            return int.from_bytes(data[at + 5 : at + 7]) * int.from_bytes(data[at + 7 : at + 9])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
