"""The metadata blocks inside a photograph's file, found without decoding its pixels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from PIL import ExifTags, Image

from goodside.errors import ImageError, UnsupportedImage
from goodside.images.decoding.messages import gathered_messages
from goodside.images.decoding.opening import opened
from goodside.images.decoding.raw import is_raw
from goodside.images.decoding.sniff import HEAD_BYTES, sniff
from goodside.images.embedded.cr3 import read_blocks
from goodside.images.embedded.exif import float_value, int_value, text_value
from goodside.images.embedded.iptc import Iptc, find_iptc, parse_iptc
from goodside.images.guard import pillow_guard
from goodside.images.photo import Limits
from goodside.images.structure import inspect, inspect_exif

_STARS, _PERCENT = 0x4746, 0x4749  # as Windows writes them
_XP_TITLE, _XP_COMMENT, _XP_KEYWORDS = 0x9C9B, 0x9C9C, 0x9C9E  # likewise, in UTF-16
_DESCRIPTION_TAG, _IPTC_TAG, _RESOURCES_TAG = 270, 33723, 34377
_PERCENT_STARS = ((99, 5), (75, 4), (50, 3), (25, 2), (1, 1))
_WIDTH, _HEIGHT, _XMP_TAG = 256, 257, 700
_IPTC_RESOURCE = 0x0404
_MAX_XMP_BYTES = 16_000_000
_EMPTY_EXIF_BYTES = 20
_XMP_KEYWORD = b"XML:com.adobe.xmp"

Tags = Mapping[int, Any]
"""One EXIF directory: values by tag number, as Pillow reads them."""


@dataclass(slots=True)
class Header:
    """What a file says about its picture.

    Attributes:
        kind: the format, as `sniff` names it; None for no picture.
        size: width and height in pixels as the file's first picture is decoded, before EXIF
            orientation (HEIC: upright); None where only decoding would tell.
        main, exif, gps: EXIF's directories; empty where absent or damaged.
        xmp: the XMP packet.
        iptc: the IPTC-IIM block.
        notes: what was damaged.
    """

    kind: str | None = None
    size: tuple[int, int] | None = None
    main: Tags = field(default_factory=dict)
    exif: Tags = field(default_factory=dict)
    gps: Tags = field(default_factory=dict)
    xmp: bytes | None = None
    iptc: Iptc = field(default_factory=Iptc)
    notes: list[str] = field(default_factory=list)

    @property
    def stars(self) -> int | None:
        """EXIF's rating, 0-5."""
        stars = int_value(self.main.get(_STARS))
        if stars in range(6):
            return stars
        percent = float_value(self.main.get(_PERCENT))
        if percent is None or not 0 <= percent <= 100:
            return None
        return next((stars for least, stars in _PERCENT_STARS if percent >= least), 0)

    @property
    def keywords(self) -> tuple[str, ...]:
        """IPTC's and Windows'."""
        windows = _wide(self.main.get(_XP_KEYWORDS)).split(";")
        return tuple(dict.fromkeys([*self.iptc.keywords, *filter(None, map(str.strip, windows))]))

    @property
    def title(self) -> str | None:
        """IPTC's, else Windows'."""
        return self.iptc.title or _wide(self.main.get(_XP_TITLE)) or None

    @property
    def description(self) -> str | None:
        """IPTC's, else EXIF's, else Windows'."""
        said = self.iptc.description or text_value(self.main.get(_DESCRIPTION_TAG))
        return said or _wide(self.main.get(_XP_COMMENT)) or None


def read_header(
    path: str | Path, *, limits: Limits | None = None, data: bytes | None = None
) -> Header:
    """Read the metadata blocks of a file, or of its bytes; a damaged one is absent and noted.

    Raises:
        UnreadableImage: the file is missing, cannot be opened, or is empty.
        ImageTooLarge: past the limit on bytes.
    """
    limits = limits or Limits()
    header = Header()
    with (
        opened(path if data is None else data, limits=limits, path=str(path)) as stream,
        gathered_messages() as said,
        pillow_guard(max_pixels=limits.max_megapixels * 1e6),
    ):
        header.kind = sniff(stream.read(HEAD_BYTES), suffix=Path(path).suffix)
        stream.seek(0)
        try:
            if header.kind is not None:
                inspect(stream, kind=header.kind, limits=limits)
            if header.kind == "RAW" or (header.kind == "TIFF" and is_raw(stream)):
                header.kind = "RAW"
                _read_raw(stream, header)
            elif header.kind == "HEIC":
                _read_heic(stream, header, path=path)
            elif header.kind is not None:
                _read_picture(stream, header)
        except ImageError as error:  # no decoder for it, or more metadata than are read
            header.notes.append(f"{error.message}; {error.remedy}")
        except Exception as error:  # Pillow's readers raise whatever a damaged byte led them to
            header.notes.append(f"the file's header is damaged: {error}")
        except MemoryError:
            header.notes.append("its metadata need more memory than there is")
    header.notes += said
    return header


def xmp_of(image: Image.Image) -> bytes | None:
    """The XMP packet of a picture that Pillow has opened."""
    found: Any = image.info.get("xmp") or image.info.get(_XMP_KEYWORD.decode())
    found = found or getattr(image, "tag_v2", {}).get(_XMP_TAG)
    if isinstance(found, str):
        return found.encode()
    return found if isinstance(found, bytes) else None


def _read_picture(stream: BinaryIO, header: Header) -> None:
    with Image.open(stream, formats=[str(header.kind)]) as image:
        tags = getattr(image, "tag_v2", {})  # of TIFF files Pillow tells the upright size
        header.size = tags.get(_WIDTH, image.width), tags.get(_HEIGHT, image.height)
        if header.kind == "PNG":  # Pillow sees what stands behind the pixels only after decoding
            for name, data in _late_png_blocks(stream):
                image.info.setdefault(name, data)
        header.xmp = xmp_of(image)
        inspect_exif(image.info.get("exif") or b"")
        header.iptc = parse_iptc(_iptc_of(image))
        _keep(header, lambda: Image.Image.getexif(image))
        if not header.main and len(image.info.get("exif") or b"") > _EMPTY_EXIF_BYTES:
            header.notes.append("the EXIF block is damaged")


def _iptc_of(image: Image.Image) -> bytes:
    """The IPTC block of a JPEG or TIFF that Pillow has opened; empty where there is none."""
    resources: Any = image.info.get("photoshop")
    if isinstance(resources, Mapping):  # of a JPEG, taken apart by Pillow
        return _block(resources.get(_IPTC_RESOURCE))
    # as bytes, whatever type of number a program wrote them as: Pillow keeps the first number only
    stored: Any = getattr(getattr(image, "tag_v2", None), "_tagdata", {})
    return _block(stored.get(_IPTC_TAG)) or find_iptc(_block(stored.get(_RESOURCES_TAG))) or b""


def _block(value: Any) -> bytes:
    """A tag of bytes; some programs write it as 32-bit numbers, whose order is the file's."""
    if isinstance(value, tuple) and all(isinstance(part, int) for part in value):
        packed = b"".join((part % 2**32).to_bytes(4, "little") for part in value)
        return (
            packed
            if packed[:1] == b"\x1c"
            else struct.pack(f">{len(value)}I", *(part % 2**32 for part in value))
        )
    return value if isinstance(value, bytes) else b""


def _wide(value: Any) -> str:
    """A text of Windows', UTF-16 in bytes."""
    if isinstance(value, tuple) and all(isinstance(part, int) for part in value):
        value = bytes(part % 256 for part in value)
    if not isinstance(value, bytes):
        return ""
    return value.decode("utf-16-le", "replace").split("\x00")[0].strip()


def _read_heic(stream: BinaryIO, header: Header, *, path: str | Path) -> None:
    try:
        import pi_heif
    except ImportError as error:
        raise UnsupportedImage(
            "HEIC files need an extra decoder", path=path, remedy="pip install 'goodside[heic]'"
        ) from error
    container = pi_heif.open_heif(stream)
    header.size = container.size
    header.xmp = container.info.get("xmp") or None
    block = container.info.get("exif")
    if block:
        _keep(header, lambda: _loaded(block))


def _read_raw(stream: BinaryIO, header: Header) -> None:
    """EXIF of raw files that are TIFF inside, of Fujifilm's, which hold a JPEG, and of CR3."""
    head = stream.read(HEAD_BYTES * 2)
    if head.startswith(b"FUJIFILMCCD-RAW"):
        stream.seek(int.from_bytes(head[84:88], "big"))
        preview = BytesIO(stream.read(int.from_bytes(head[88:92], "big")))
        inspect(preview, kind="JPEG")
        with Image.open(preview, formats=["JPEG"]) as image:
            _keep(header, lambda: Image.Image.getexif(image))
        return
    if head[4:8] == b"ftyp":
        blocks = read_blocks(stream)
        for name, block in (("main", "CMT1"), ("exif", "CMT2"), ("gps", "CMT4")):
            if block in blocks:
                setattr(header, name, dict(_loaded(blocks[block])))
        header.xmp = blocks.get("XMP")
        return
    if head[:2] not in (b"II", b"MM") or b"HEAPCCDR" in head:
        header.notes.append("EXIF of this kind of raw file is not read")
        return

    inspect(stream, kind="TIFF")

    def load() -> Image.Exif:
        exif = Image.Exif()
        exif.endian = "<" if head[:2] == b"II" else ">"
        (offset,) = struct.unpack(f"{exif.endian}I", head[4:8])
        exif.load_from_fp(stream, offset)
        return exif

    _keep(header, load)
    packet = header.main.get(_XMP_TAG)
    header.xmp = packet if isinstance(packet, bytes) else None
    header.iptc = parse_iptc(_block(header.main.get(_IPTC_TAG)))


def _loaded(block: bytes) -> Image.Exif:
    inspect_exif(block)
    exif = Image.Exif()
    exif.load(block)
    return exif


def _keep(header: Header, load: Callable[[], Image.Exif]) -> None:
    """Copy EXIF's directories, each as far as it can be read."""
    try:
        exif = load()
        header.main = dict(exif)
    except ImageError as error:
        header.notes.append(f"EXIF is left out: {error.message}")
        return
    except Exception:  # as broad as Pillow's reader of damaged blocks is
        header.notes.append("the EXIF block is damaged")
        return
    for name, tag in (("exif", ExifTags.IFD.Exif), ("gps", ExifTags.IFD.GPSInfo)):
        try:
            setattr(header, name, dict(exif.get_ifd(tag)))
        except Exception:  # likewise
            header.notes.append(f"EXIF's {tag.name} directory is damaged")


def _late_png_blocks(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """EXIF and XMP of a PNG file wherever they stand; the pixels' chunks are skipped."""
    stream.seek(8)
    while len(start := stream.read(8)) == 8:
        length, kind = int.from_bytes(start[:4], "big"), start[4:]
        if kind in (b"eXIf", b"iTXt") and length <= _MAX_XMP_BYTES:
            data = stream.read(length)
            stream.seek(4, 1)
            if kind == b"eXIf":
                yield "exif", data
            elif data.startswith(_XMP_KEYWORD + b"\x00"):
                yield "xmp", _international_text(data)
        else:
            stream.seek(length + 4, 1)


def _international_text(data: bytes) -> bytes:
    """The text of an iTXt chunk (PNG, third edition, 11.3.3.4)."""
    rest = data.split(b"\x00", 1)[1]
    is_packed, rest = rest[:1] == b"\x01", rest[2:]
    text = rest.split(b"\x00", 2)[2]
    return zlib.decompressobj().decompress(text, _MAX_XMP_BYTES) if is_packed else text
