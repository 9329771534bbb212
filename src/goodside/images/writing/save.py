"""Pictures to files: whole or not at all, and marked where a network made them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from goodside.errors import OutOfRange, OutputError
from goodside.images.provenance import SyntheticMark, xmp_packet
from goodside.images.writing.atomic import atomic_write
from goodside.images.writing.originals import PROCESSING_SOFTWARE, SOFTWARE, generator
from goodside.types import RgbImage

_FORMATS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
_LARGEST_SIDE = {"JPEG": 65_500, "WEBP": 16_383}  # of the encoders Pillow uses
_DESCRIPTION, _XMP = 270, 700


def save_image(
    path: str | Path,
    rgb: RgbImage,
    *,
    quality: int = 92,
    synthetic: SyntheticMark | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a picture; the suffix chooses JPEG, PNG, WebP or TIFF.

    The file appears under its name only when it is complete. Its metadata say that goodside made
    it, so that a later result may replace it, and carry the mark; there are no others.

    Args:
        path: where to write; its folder must exist.
        rgb: (H, W, 3) uint8, sRGB.
        quality: of JPEG and WebP, 1-100.
        synthetic: says that a network made part of the picture: an XMP packet with IPTC's Digital
            Source Type, and in words as EXIF Software and ImageDescription (PNG: text chunks).
        overwrite: replace a file that is there, if it is no original, see `check_output`.

    Returns:
        The path written.

    Raises:
        OutputError: unknown suffix, existing file, no folder, no permission, full disc, or a
            picture past the format's size (65,500 pixels a side for JPEG, 16,383 for WebP).
    """
    path = Path(path)
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise OutputError(
            f"no format is known for the suffix {path.suffix!r}",
            path=path,
            remedy=f"end the name in one of {', '.join(_FORMATS)}",
        )
    largest = _LARGEST_SIDE.get(kind)
    if largest is not None and max(rgb.shape[:2]) > largest:
        raise OutputError(
            f"{kind} holds at most {largest} pixels a side, the picture has {max(rgb.shape[:2])}",
            path=path,
            remedy="write PNG or TIFF",
        )
    options = _options(kind, quality=quality, synthetic=synthetic)
    with atomic_write(path, overwrite=overwrite) as stream:
        try:
            Image.fromarray(rgb).save(stream, kind, **options)
        except (ValueError, KeyError, TypeError) as error:
            raise OutputError(
                f"the picture cannot be encoded: {error}",
                path=path,
                remedy="check its shape and quality",
            ) from error
    return path


def encode_image(
    rgb: RgbImage,
    kind: str = "JPEG",
    *,
    quality: int = 92,
    synthetic: SyntheticMark | None = None,
) -> bytes:
    """A picture as the bytes of a file, marked as `save_image` marks it.

    Args:
        rgb: (H, W, 3) uint8, sRGB.
        kind: `JPEG`, `PNG` or `WEBP`.
        quality: of JPEG and WebP, 1-100.
        synthetic: as for `save_image`.

    Raises:
        OutOfRange: the picture is past the format's size.
    """
    largest = _LARGEST_SIDE.get(kind)
    if largest is not None and max(rgb.shape[:2]) > largest:
        raise OutOfRange(
            f"{kind} holds at most {largest} pixels a side, the picture has {max(rgb.shape[:2])}",
            remedy="ask for PNG",
        )
    stream = BytesIO()
    options = _options(kind, quality=quality, synthetic=synthetic)
    Image.fromarray(rgb).save(stream, kind, **options)
    return stream.getvalue()


def _options(kind: str, *, quality: int, synthetic: SyntheticMark | None) -> dict[str, Any]:
    by_format: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": quality, "subsampling": 0},
        "WEBP": {"quality": quality, "method": 4},
        "TIFF": {"compression": "tiff_lzw"},
        "PNG": {"compress_level": 6},
    }
    words = {SOFTWARE: generator() if synthetic is None else synthetic.tool}
    if not words[SOFTWARE].startswith(generator().partition(" ")[0]):
        words[PROCESSING_SOFTWARE] = generator()
    if synthetic is not None:
        words[_DESCRIPTION] = synthetic.description
    return by_format[kind] | _said(kind, words, synthetic=synthetic)


def _said(kind: str, words: dict[int, str], *, synthetic: SyntheticMark | None) -> dict[str, Any]:
    """Metadata as Pillow takes them: EXIF's words by their tags, and the mark as XMP."""
    packet = b"" if synthetic is None else xmp_packet(synthetic)
    if kind == "TIFF":
        return {"tiffinfo": words | ({_XMP: packet} if packet else {})}
    if kind == "PNG":
        text = PngInfo()
        if synthetic is not None:
            text.add_itxt("XML:com.adobe.xmp", packet.decode())
            text.add_itxt("Source", synthetic.source_type)
        names = {SOFTWARE: "Software", _DESCRIPTION: "Description"}
        for tag, value in words.items():
            text.add_itxt(names.get(tag, "ProcessingSoftware"), value)
        return {"pnginfo": text}
    exif = Image.Exif()
    exif.update(words)
    return {"exif": exif.tobytes()} | ({"xmp": packet} if packet else {})
