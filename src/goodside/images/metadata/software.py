"""Which editing program a photograph's metadata name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from PIL.ExifTags import Base

from goodside.images.embedded.exif import text_value
from goodside.images.embedded.header import Header
from goodside.images.xmp.names import XMP
from goodside.images.xmp.values import Properties, first_text

UNNAMED = "another program"
"""For a file that says it was changed, but not by what."""

_LONGEST = 80
_LATER_S = 60.0
_EDITORS = re.compile(
    r"adobe|lightroom|photoshop|camera raw|\bgimp\b|darktable|rawtherapee|digikam|showfoto"
    r"|capture one|affinity|luminar|\bdxo\b|photolab|\bon1\b|acdsee|picasa|snapseed|google photos"
    r"|imagemagick|graphicsmagick|xnview|irfanview|faststone|paint\.net|paintshop|photoscape"
    r"|pixelmator|polarr|vsco|canva|instagram|whatsapp|facebook|shotwell|gthumb|^photos \d"
    r"|microsoft|windows photo|viewnx|nx studio|digital photo professional|silkypix|topaz",
    re.IGNORECASE,
)


def editing_program(header: Header, spoken: Sequence[Properties]) -> str | None:
    """The program that saved a photograph after the camera; None where nothing says so.

    EXIF's Software and XMP's CreatorTool, where they name a known editor (cameras write their
    firmware there); else, where EXIF's date of change lies more than a minute after the capture,
    `UNNAMED`.

    Args:
        header: of the file.
        spoken: its XMP.
    """
    named = (text_value(header.main.get(Base.Software)), first_text(spoken, (XMP, "CreatorTool")))
    editor = next((name for name in named if name and _EDITORS.search(name)), None)
    if editor is not None:
        return editor[:_LONGEST]
    changed, taken = (
        _time(header.main.get(Base.DateTime)),
        _time(header.exif.get(Base.DateTimeOriginal)),
    )
    if changed and taken and (changed - taken).total_seconds() > _LATER_S:
        return UNNAMED
    return None


def _time(value: object) -> datetime | None:
    try:
        return datetime.strptime(text_value(value) or "", "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
