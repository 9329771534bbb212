"""Small files that ask for much: memory, or time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from tests.images.made import encode, gradient

_PNG = b"\x89PNG\r\n\x1a\n"


def bombs() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of one bomb of each kind."""
    for name, make in BOMBS.items():
        yield name, make()


def chunk(name: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, *, colour: int = 0) -> bytes:
    """A whole black PNG of eight bits: 0 is gray, 2 RGB, 6 RGBA."""
    length = height * (1 + width * {0: 1, 2: 3, 6: 4}[colour])
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", _deflated_zeros(length))
    return _PNG + body + chunk(b"IEND", b"")


def _deflated_zeros(length: int) -> bytes:
    """What zlib makes of so many zeros: one block of a megabyte again and again, then the rest."""
    times, rest = divmod(length, 1_000_000)
    packer = zlib.compressobj(1, wbits=-15)
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(1, wbits=-15)
    end = packer.compress(bytes(rest)) + packer.flush()
    adler = length % 65_521 << 16 | 1
    return b"\x78\x01" + block * times + end + struct.pack(">I", adler)


def webp_canvas(width: int, height: int) -> bytes:
    """A WebP animation of a huge canvas and one tiny frame."""
    tiny = encode(np.zeros((16, 16, 3), np.uint8), "WEBP", lossless=True)[12:]
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    place = bytes(6) + bytes((15, 0, 0, 15, 0, 0)) + bytes((100, 0, 0, 0))
    parts = _riff(b"VP8X", b"\x02\x00\x00\x00" + size) + _riff(b"ANIM", bytes(6))
    parts += _riff(b"ANMF", place + tiny)
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts


def webp_lossless(width: int, height: int) -> bytes:
    """The head of a lossless WebP and nothing else."""
    bits = struct.pack("<I", (width - 1) | (height - 1) << 14)
    parts = _riff(b"VP8L", b"\x2f" + bits + bytes(64))
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts


def jpeg_of(width: int, height: int, *, marker: int, components: int = 3) -> bytes:
    """A small JPEG that claims another size, process (`marker`) and number of components."""
    small = encode(gradient(16, 16), "JPEG", progressive=True, subsampling=0)
    at = small.index(b"\xff\xc2")
    frame = struct.pack(">HBHHB", 8 + 3 * components, 8, height, width, components)
    frame += b"".join(bytes((number, 0x11, 0)) for number in range(1, components + 1))
    behind = at + 2 + int.from_bytes(small[at + 2 : at + 4], "big")
    return small[:at] + bytes((0xFF, marker)) + frame + small[behind:]


def many_scans(jpeg: bytes, count: int) -> bytes:
    """A progressive JPEG with its last scan so many times more."""
    at = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[at:-2] * count + jpeg[-2:]


def app1(body: bytes) -> bytes:
    """An APP1 segment."""
    return b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body


def tiff_of(
    width: int, height: int, *, tile: int | None = None, offsets: int = 1, big: bool = False
) -> bytes:
    """A gray TIFF, deflated; in one tile of `tile` squared, or with so many strip offsets."""
    data = zlib.compress(bytes(width * height if big else 4096))
    place = 16 if big else 8
    entries: list[tuple[int, int, int, int]] = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1),
        (277, 3, 1, 1),
    ]  # fmt: skip
    if tile is None:
        entries += [(273, 4, offsets, place), (278, 4, 1, height), (279, 4, offsets, len(data))]
    else:
        entries += [
            (322, 4, 1, tile),
            (323, 4, 1, tile),
            (324, 4, 1, place),
            (325, 4, 1, len(data)),
        ]
    padding = bytes(4 * offsets if offsets > 1 else 0)
    at = place + len(data) + len(padding)
    if big:
        head = struct.pack("<2sHHHQ", b"II", 43, 8, 0, at)
        table = struct.pack("<Q", len(entries)) + b"".join(
            struct.pack("<HHQQ", *entry) for entry in entries
        )
        return head + data + padding + table + bytes(8)
    table = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", *entry) for entry in entries
    )
    return struct.pack("<2sHI", b"II", 42, at) + data + padding + table + bytes(4)


def gif_of(width: int, height: int, *, comment_bytes: int = 0) -> bytes:
    """A GIF of a large screen with a tiny picture, after so many bytes of comment."""
    tiny = encode(np.zeros((8, 8, 3), np.uint8), "GIF")
    at = tiny.index(b",", 13 + 3 * (2 << (tiny[10] & 7)))
    comment = b"!\xfe" + (b"\xff" + bytes(255)) * (comment_bytes // 256) + b"\x00"
    head = b"GIF89a" + struct.pack("<HH", width, height) + tiny[10:at]
    return head + (comment if comment_bytes else b"") + tiny[at:]


def bmp_of(width: int, height: int) -> bytes:
    """The head of a BMP of eight bits, compressed by run length, that ends at once."""
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, 4, 0, 0, 256, 0)
    file = b"BM" + struct.pack("<IHHI", 54 + 1024 + 4, 0, 0, 54 + 1024)
    return file + head + bytes(1024) + b"\x00\x01\x00\x00"


def _riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "wide.png": lambda: png_of(90_000_000, 1),
    "high.png": lambda: png_of(1, 200_000_000),
    "strip.png": lambda: png_of(65_535, 3_800),
    "alpha.png": lambda: png_of(15_800, 15_800, colour=6),
    "canvas.webp": lambda: webp_canvas(15_800, 15_800),
    "lossless.webp": lambda: webp_lossless(16_383, 15_000),
    "progressive.jpg": lambda: jpeg_of(15_800, 15_800, marker=0xC2),
    "cmyk.jpg": lambda: jpeg_of(15_800, 15_800, marker=0xC2, components=4),
    "scans.jpg": lambda: many_scans(_jpeg(), 2000),
    "filling.jpg": lambda: _jpeg()[:2] + b"\xff" * 30_000_000 + _jpeg()[2:],
    "blocks.jpg": lambda: _jpeg()[:2] + app1(b"Exif\x00\x00" + bytes(65_000)) * 600 + _jpeg()[2:],
    "chunks.png": lambda: _png()[:33] + chunk(b"teSt", b"") * 4_000_000 + _png()[33:],
    "pixels-in-pieces.png": lambda: _png()[:33] + chunk(b"IDAT", b"") * 4_000_000 + _png()[33:],
    "tile.tif": lambda: tiff_of(64, 64, tile=40_000),
    "strip.tif": lambda: tiff_of(40_000, 40_000),
    "offsets.tif": lambda: tiff_of(64, 64, offsets=20_000_000),
    "screen.gif": lambda: gif_of(65_535, 65_535),
    "comments.gif": lambda: gif_of(8, 8, comment_bytes=30_000_000),
    "large.bmp": lambda: bmp_of(65_000, 3_800),
}
"""What makes each bomb, by its name."""


def _jpeg() -> bytes:
    return encode(gradient(64, 48), "JPEG", progressive=True)


def _png() -> bytes:
    return encode(gradient(64, 48), "PNG")
