"""EXIF's values as Python's: makers fill them with padding, zero denominators and bytes."""

from __future__ import annotations

import math
from typing import Any


def text_value(value: Any) -> str | None:
    """A text without its padding; None where nothing is left."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    return value.split("\x00")[0].strip() or None


def float_value(value: Any) -> float | None:
    """A rational as a number; makers write 0/0 for unknown."""
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def int_value(value: Any) -> int | None:
    """A number without its fraction."""
    number = float_value(value)
    return None if number is None else int(number)
