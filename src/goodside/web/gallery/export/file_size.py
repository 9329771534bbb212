"""Sizes of files as people read them."""

from __future__ import annotations

from goodside.web.texts import gettext


def format_size(size_bytes: int) -> str:
    """34 MB: in the unit that leaves two or three digits, of 1,000."""
    units = (gettext("bytes"), "kB", "MB", "GB", "TB")
    size, unit = float(size_bytes), 0
    while size >= 1000 and unit < len(units) - 1:
        size, unit = size / 1000, unit + 1
    digits = 1 if unit and size < 10 else 0
    return f"{size:.{digits}f}\u00a0{units[unit]}"
