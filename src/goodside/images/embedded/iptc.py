"""IPTC-IIM: what newsrooms and older programs write into JPEG and TIFF files beside EXIF and XMP.

Source: IPTC-NAA Information Interchange Model 4.2; Adobe Photoshop File Formats, image resources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_MARKER = 0x1C
_MAX_DATASETS = 10_000
_ENVELOPE, _APPLICATION = 1, 2
_CHARACTER_SET, _TITLE, _URGENCY, _KEYWORD, _HEADLINE, _CAPTION = 90, 5, 10, 25, 105, 120
_UTF_8 = b"\x1b%G"
_RESOURCE = b"8BIM"
_IPTC_RESOURCE = 0x0404


@dataclass(frozen=True, slots=True)
class Iptc:
    """What an IPTC block says; None and empty where it says nothing.

    Attributes:
        title: object name, else headline.
        description: caption.
        keywords: in their order.
        urgency: 1 (most urgent) to 8.
    """

    title: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    urgency: int | None = None


def parse_iptc(block: bytes) -> Iptc:
    """Read IPTC-IIM records; what is cut short or damaged ends the reading.

    Args:
        block: datasets, each with marker, record, number, length and value.
    """
    datasets = list(_datasets(block))
    is_utf_8 = (_ENVELOPE, _CHARACTER_SET, _UTF_8) in datasets
    found: dict[int, list[str]] = {}
    for record, number, value in datasets:
        if record == _APPLICATION and (text := _text(value, is_utf_8=is_utf_8)):
            found.setdefault(number, []).append(text)
    urgency = found.get(_URGENCY, [""])[0]
    titles = [*found.get(_TITLE, ()), *found.get(_HEADLINE, ())]
    return Iptc(
        title=next(iter(titles), None),
        description=next(iter(found.get(_CAPTION, ())), None),
        keywords=tuple(found.get(_KEYWORD, ())),
        urgency=int(urgency) if urgency in tuple("12345678") else None,
    )


def find_iptc(resources: bytes) -> bytes | None:
    """The IPTC block among Photoshop's image resources, as JPEG (APP13) and TIFF hold them."""
    at = 0
    while resources[at : at + 4] == _RESOURCE:
        kind = int.from_bytes(resources[at + 4 : at + 6], "big")
        name = resources[at + 6 : at + 7]
        if not name:
            return None
        start = at + 6 + (name[0] + 2) // 2 * 2  # Pascal string, padded to even
        size = int.from_bytes(resources[start : start + 4], "big")
        if kind == _IPTC_RESOURCE:
            return resources[start + 4 : start + 4 + size]
        at = start + 4 + (size + 1) // 2 * 2
    return None


def _datasets(block: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    for _ in range(_MAX_DATASETS):
        head = block[at : at + 5]
        if len(head) < 5 or head[0] != _MARKER:
            return
        size, start = int.from_bytes(head[3:5], "big"), at + 5
        if size & 0x8000:  # extended: the length of the length
            digits = size & 0x7FFF
            if digits > 4:
                return
            size, start = int.from_bytes(block[start : start + digits], "big"), start + digits
        at = start + size
        if at > len(block):
            return
        yield head[1], head[2], block[start:at]


def _text(value: bytes, *, is_utf_8: bool) -> str:
    """UTF-8 where the block says so or the bytes can be nothing else; else Latin-1."""
    value = value.split(b"\x00")[0]
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("utf-8" if is_utf_8 else "latin-1", "replace").strip()
