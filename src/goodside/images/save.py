"""Pictures to files: whole or not at all, and marked where a network made them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from goodside.errors import OutputError
from goodside.images.marks import SyntheticMark, xmp_packet
from goodside.os_errors import refusal
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
_DESCRIPTION, _SOFTWARE, _XMP = 270, 305, 700


def save_image(
    path: str | Path,
    rgb: RgbImage,
    *,
    quality: int = 92,
    synthetic: SyntheticMark | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a picture; the suffix chooses JPEG, PNG, WebP or TIFF.

    The file appears under its name only when it is complete. No metadata is written but the mark.

    Args:
        path: where to write; its folder must exist.
        rgb: (H, W, 3) uint8, sRGB.
        quality: of JPEG and WebP, 1-100.
        synthetic: says that a network made part of the picture: an XMP packet with IPTC's Digital
            Source Type, and in words as EXIF Software and ImageDescription (PNG: text chunks).
        overwrite: replace a file that is there.

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
    with replacing(path, overwrite=overwrite) as stream:
        try:
            Image.fromarray(rgb).save(stream, kind, **options)
        except (ValueError, KeyError, TypeError) as error:
            raise OutputError(
                f"the picture cannot be encoded: {error}",
                path=path,
                remedy="check its shape and quality",
            ) from error
    return path


@contextmanager
def replacing(path: Path, *, overwrite: bool) -> Iterator[IO[bytes]]:
    """Open a neighbour file to write to; it takes the name `path` when the block ends well.

    Raises:
        OutputError: the file exists and `overwrite` is off, or the system refuses.
    """
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        if not overwrite and path.exists():
            raise FileExistsError
        try:
            with draft.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            _name(draft, path, overwrite=overwrite)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError as error:
        raise OutputError(
            "the file exists", path=path, remedy="name another file, or ask to overwrite it"
        ) from error
    except FileNotFoundError as error:
        raise OutputError(
            "its folder does not exist", path=path, remedy=f"make the folder {path.parent}"
        ) from error
    except OSError as error:
        raise refusal("it cannot be written", error, path) from error


def _name(draft: Path, path: Path, *, overwrite: bool) -> None:
    if overwrite:
        draft.replace(path)
        return
    try:
        path.hardlink_to(draft)  # fails where a file appeared meanwhile, unlike a rename
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        draft.replace(path)


def _options(kind: str, *, quality: int, synthetic: SyntheticMark | None) -> dict[str, Any]:
    by_format: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": quality, "subsampling": 0},
        "WEBP": {"quality": quality, "method": 4},
        "TIFF": {"compression": "tiff_lzw"},
        "PNG": {"compress_level": 6},
    }
    options = by_format[kind]
    if synthetic is None:
        return options
    packet = xmp_packet(synthetic)
    if kind == "PNG":
        text = PngInfo()
        text.add_itxt("XML:com.adobe.xmp", packet.decode())
        for key, value in (
            ("Software", synthetic.tool),
            ("Description", synthetic.description),
            ("Source", synthetic.source_type),
        ):
            text.add_itxt(key, value)
        return options | {"pnginfo": text}
    if kind == "TIFF":
        return options | {
            "tiffinfo": {
                _XMP: packet,
                _SOFTWARE: synthetic.tool,
                _DESCRIPTION: synthetic.description,
            }
        }
    exif = Image.Exif()
    exif[_SOFTWARE], exif[_DESCRIPTION] = synthetic.tool, synthetic.description
    return options | {"xmp": packet, "exif": exif.tobytes()}
