"""JPEG files that end too early or too late: what of the picture is there.

Where a file ends before its picture, libjpeg leaves the rest gray. Whether something is missing is
seen by decoding once more with random bits behind the data: a decoder that has all it needs never
looks at them. That is done only where the picture ends gray, or the file without an end marker in
one of several scans.
"""

from __future__ import annotations

import hashlib
import io
import random
from typing import BinaryIO

import numpy as np
from PIL import Image

from goodside.errors import UnreadableImage
from goodside.images.structure import JpegLayout

_EOI = b"\xff\xd9"
_BLOCK_PX, _GRAY = 8, 128
_ROWS = 64
_LEAST_SHARE = 0.1


class EndedStream(io.RawIOBase):
    """A file up to a place, with other bytes behind; only read.

    Args:
        stream: the file; not closed.
        cut: how many of its bytes count.
        ending: what stands behind them.
    """

    def __init__(self, stream: BinaryIO, *, cut: int, ending: bytes) -> None:
        self._stream, self._cut, self._ending = stream, cut, ending
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        start = (0, self._at, self._cut + len(self._ending))[whence]
        self._at = max(0, start + offset)
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._cut + len(self._ending) - self._at)
        size = left if size is None or size < 0 else min(size, left)
        inside = max(0, min(size, self._cut - self._at))
        data = b""
        if inside:
            self._stream.seek(self._at)
            data = self._stream.read(inside)
        behind = max(0, self._at - self._cut)
        data += self._ending[behind : behind + size - inside]
        self._at += len(data)
        return data


def ended(stream: BinaryIO, layout: JpegLayout) -> BinaryIO:
    """The file, with an end marker where it lacks one."""
    if layout.end is not None:
        return stream
    return EndedStream(stream, cut=layout.data_end, ending=_EOI)  # type: ignore[return-value]


def find_truncation(
    image: Image.Image, *, stream: BinaryIO, layout: JpegLayout
) -> tuple[bool, tuple[str, ...]]:
    """Say whether a decoded JPEG is a whole picture.

    Args:
        image: loaded, from `ended`; not turned or converted yet.
        stream: the file.
        layout: of it.

    Returns:
        Whether a part is missing, and notes on how the file ends.

    Raises:
        UnreadableImage: less than a tenth of the picture's height is there.
    """
    notes = [] if layout.end is not None else ["it has no end marker"]
    behind = layout.size_bytes - layout.data_end - len(_EOI)
    if layout.end is not None and behind > 0 and not _is_picture(stream, layout.end):
        notes.append(f"{behind:,} bytes stand behind its end")
    if layout.end is not None:
        lacks = _ends_gray(image) and _wants_more(stream, layout, full=False)
    elif layout.buffered:
        lacks = not layout.refined or _wants_more(stream, layout, full=True)
    else:
        lacks = _ends_gray(image) and _wants_more(stream, layout, full=False)
    if not lacks:
        return False, tuple(notes)
    share = _share_there(image)
    if share < _LEAST_SHARE:
        raise UnreadableImage(
            f"the file is cut short: {share:.0%} of the picture is there",
            remedy="copy the file again from its source, or leave it out",
        )
    if share < 1:
        return True, (f"the file is cut short: the upper {share:.0%} of the picture is there",)
    return True, ("the file is cut short: its last and finest details are missing",)


def _is_picture(stream: BinaryIO, at: int) -> bool:
    """Whether another JPEG follows, as in files of several pictures."""
    stream.seek(at)
    return stream.read(3) == b"\xff\xd8\xff"


def _wants_more(stream: BinaryIO, layout: JpegLayout, *, full: bool) -> bool:
    """Whether what stands behind the data changes the picture."""
    noise = random.Random(0).randbytes(1024).replace(b"\xff", b"\x5a")
    restarts = b"".join(bytes((0xFF, 0xD0 + number)) + noise for number in range(8))
    plain, disturbed = (
        _digest(
            EndedStream(stream, cut=layout.data_end, ending=ending),  # type: ignore[arg-type]
            full=full,
        )
        for ending in (_EOI, noise + restarts + _EOI)
    )
    return plain != disturbed


def _digest(stream: BinaryIO, *, full: bool) -> bytes | None:
    """A hash of the decoded pixels, at full size or an eighth; None where they do not decode."""
    found = hashlib.sha256()
    try:
        with Image.open(stream, formats=["JPEG"]) as image:
            if not full:
                image.draft(image.mode, (1, 1))
            image.load()
            for top in range(0, image.height, _ROWS):
                strip = image.crop((0, top, image.width, min(top + _ROWS, image.height)))
                found.update(strip.tobytes())
    except (OSError, SyntaxError, ValueError):
        return None
    return found.digest()


def _ends_gray(image: Image.Image) -> bool:
    """Whether the lower right corner is as libjpeg leaves what it has no data for."""
    width, height = image.size
    box = (max(0, width - _BLOCK_PX), max(0, height - _BLOCK_PX), width, height)
    return _gray(image.crop((box[0], height - 1, width, height)))


def _share_there(image: Image.Image) -> float:
    """How far down the picture goes before only gray is left, 0-1."""
    for bottom in range(image.height, 0, -_ROWS):
        top = max(0, bottom - _ROWS)
        strip = np.asarray(image.crop((0, top, image.width, bottom)))
        rows = strip.reshape(bottom - top, -1).astype(np.int16)
        drawn = np.flatnonzero((np.abs(rows - _GRAY) > 1).any(axis=1))
        if drawn.size:
            return float(top + drawn[-1] + 1) / image.height
    return 0.0


def _gray(image: Image.Image) -> bool:
    return bool((np.abs(np.asarray(image).astype(np.int16) - _GRAY) <= 1).all())
