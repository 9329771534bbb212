"""Pictures and videos that goodside does not read, by their names."""

from __future__ import annotations

from collections.abc import Mapping

VIDEO = "video"

_SUFFIXES = {
    "JPEG XL": "jxl",
    "JPEG 2000": "jp2 j2k j2c jpc jpf jpx jpm",
    "JPEG XR": "jxr wdp hdp",
    "Photoshop": "psd psb",
    "SVG": "svg svgz",
    "GIMP": "xcf",
    "Krita": "kra",
    "Affinity": "afphoto",
    "PostScript": "ai eps",
    "OpenEXR": "exr",
    "Radiance": "hdr",
    "FITS": "fit fits fts",
    "Netpbm": "pbm pgm ppm pnm pfm pam",
    "Targa": "tga",
    "PCX": "pcx",
    "DirectDraw": "dds",
    "Windows icon": "ico cur",
    "QOI": "qoi",
    "BPG": "bpg",
    "HEIF sequence": "heics heifs avcs avifs",
    "GoPro raw": "gpr",
    "Capture One package": "eip",
    VIDEO: "mp4 m4v mov qt avi mkv webm wmv mpg mpeg mts m2ts 3gp 3g2 ogv flv vob insv insp lrv",
}
UNREAD_SUFFIXES: Mapping[str, str] = {
    f".{suffix}": kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()
}
"""By suffix in lower case, the kind of file."""


def describe_unread(counts: Mapping[str, int], examples: Mapping[str, str]) -> list[str]:
    """A sentence a kind, the most frequent first.

    Args:
        counts: by kind, how many there are.
        examples: by kind, the name of one of the files, as it is to be shown.
    """
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [_sentence(kind, count, examples.get(kind)) for kind, count in ordered]


def _sentence(kind: str, count: int, example: str | None) -> str:
    plural = "" if count == 1 else "s"
    named = "" if example is None else f" ({example}{', …' if count > 1 else ''})"
    if kind == VIDEO:
        return f"{count} video{plural} not read{named}: goodside reads photographs"
    return f"{count} {kind} picture{plural} not read{named}: goodside does not read {kind}"
