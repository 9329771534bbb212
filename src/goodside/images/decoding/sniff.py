"""What a file is, by its first bytes; its name counts only where the bytes leave it open."""

from __future__ import annotations

import re

from goodside.images.decoding.unsupported import UNREAD_SUFFIXES

PILLOW_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP")
"""What Pillow may decode here; everything else it knows stays off."""

PHOTO_SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .mpo .png .webp .avif .tif .tiff .gif .bmp .heic .heif .hif".split()
)
RAW_SUFFIXES = frozenset(
    ".3fr .arw .cr2 .cr3 .crw .dng .erf .iiq .kdc .mef .mos .mrw .nef .nrw .orf .pef .raf .raw "
    ".rw2 .rwl .sr2 .srf .srw .x3f".split()
)

HEAD_BYTES = 64
"""How much of a file `sniff` and `describe` want to see."""

_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"FUJIFILMCCD-RAW", "RAW"),
    (b"IIRO", "RAW"),  # Olympus
    (b"IIRS", "RAW"),
    (b"MMOR", "RAW"),
    (b"IIU\x00", "RAW"),  # Panasonic, Leica
    (b"\x00MRM", "RAW"),  # Minolta
    (b"FOVb", "RAW"),  # Sigma
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"), "HEIC"),
    b"crx ": "RAW",
}
_NOT_READ = {
    b"8BPS": ("Photoshop", "a Photoshop document"),
    b"\x00\x00\x00\x0cJXL ": ("JPEG XL", "a JPEG XL picture"),
    b"\xff\x0a": ("JPEG XL", "a JPEG XL picture"),
    b"\x00\x00\x00\x0cjP  ": ("JPEG 2000", "a JPEG 2000 picture"),
    b"\xff\x4f\xff\x51": ("JPEG 2000", "a JPEG 2000 picture"),
    b"II\xbc": ("JPEG XR", "a JPEG XR picture"),
    b"gimp xcf": ("GIMP", "a GIMP picture"),
    b"\x76\x2f\x31\x01": ("OpenEXR", "an OpenEXR picture"),
    b"#?RADIANCE": ("Radiance", "a Radiance picture"),
    b"DDS ": ("DirectDraw", "a DirectDraw picture"),
    b"qoif": ("QOI", "a QOI picture"),
    b"\x00\x00\x01\x00": ("Windows icon", "an icon"),
    b"%!PS": ("PostScript", "a PostScript document"),
    b"BPG\xfb": ("BPG", "a BPG picture"),
    b"\x1aE\xdf\xa3": ("video", "a video"),
}
_DESCRIPTIONS = {"SVG": "an SVG drawing", "Netpbm": "a Netpbm picture"}
_SVG = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE svg|<svg[\s>])", re.DOTALL)
_NETPBM = re.compile(rb"P[1-7]\s")
_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"version https://git-lfs", "a Git LFS pointer, the picture itself was not fetched"),
)


def sniff(head: bytes, *, suffix: str = "") -> str | None:
    """Name the format of a file.

    Args:
        head: its first `HEAD_BYTES` bytes.
        suffix: of its name, with the dot; tells a camera's raw file from other TIFF.

    Returns:
        One of `PILLOW_FORMATS`, `HEIC`, `RAW`, or None for anything else.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _media_format(head)
    if head[6:14] == b"HEAPCCDR":
        return "RAW"
    found = next((name for start, name in _STARTS if head.startswith(start)), None)
    if found == "TIFF" and (suffix.lower() in RAW_SUFFIXES or head[8:10] == b"CR"):
        return "RAW"
    return found


def name_unread(head: bytes, *, suffix: str = "") -> str | None:
    """Name the format of a picture or video that is recognised and not read.

    Args:
        head: the file's first `HEAD_BYTES` bytes.
        suffix: of its name, with the dot; counts where the bytes leave it open.

    Returns:
        Such as `JPEG XL`, `SVG` or `video`; None for what is read, and for all else.
    """
    if sniff(head, suffix=suffix) is not None:
        return None
    for start, (name, _) in _NOT_READ.items():
        if head.startswith(start):
            return name
    if head[4:8] == b"ftyp":
        return "video"
    if _SVG.match(head):
        return "SVG"
    if _NETPBM.match(head):
        return "Netpbm"
    return UNREAD_SUFFIXES.get(suffix.lower())


def describe(head: bytes) -> str:
    """Say in words what a file that is no photograph seems to be."""
    known = next((text for start, text in _OTHERS if head.startswith(start)), None)
    if known is not None:
        return known
    if head[4:8] == b"ftyp":
        return "a video or another ISO media file"
    if (name := name_unread(head)) is not None:
        described = _DESCRIPTIONS | dict(_NOT_READ.values())
        return f"{described[name]}, a format that is not read here"
    if not head.strip(b"\x00"):
        return "nothing but zeros"
    if all(byte in b"\t\n\r\x0c" or 32 <= byte < 127 or byte >= 128 for byte in head):
        markup = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        return "a web page or other markup" if markup else "text"
    return "of no known picture format"


def _media_format(head: bytes) -> str | None:
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))]
    found = {_BRANDS[brand] for brand in brands if brand in _BRANDS}
    if brands[0] in _BRANDS:
        return _BRANDS[brands[0]]
    if brands[0] in (b"mif1", b"msf1", b"miaf"):
        return "AVIF" if "AVIF" in found else "HEIC"
    return None
