"""Rows of angles, as `-60:60:15`."""

from __future__ import annotations

from goodside.errors import OutOfRange

_MOST_ANGLES = 181
_LEAST_STEP_DEG = 0.01  # names of files tell angles apart to a hundredth


def parse_sweep(text: str, *, most: int = _MOST_ANGLES) -> tuple[float, ...]:
    """The angles of `FIRST:LAST:STEP`, in degrees.

    Args:
        text: the three numbers.
        most: how many angles go.

    Raises:
        OutOfRange: it is something else, or makes too many angles.
    """
    try:
        first, last, step = (float(part) for part in text.split(":"))
        count = int(round((last - first) / step, 6)) + 1
    except (ValueError, ZeroDivisionError, OverflowError):
        raise OutOfRange(f"{text!r} is not FIRST:LAST:STEP, such as -60:60:15") from None
    if not 1 <= count <= most:
        raise OutOfRange(f"{text!r} makes {max(count, 0)} angles; 1 to {most} go")
    if count > 1 and abs(step) < _LEAST_STEP_DEG:
        raise OutOfRange(f"{text!r}: a step has at least {_LEAST_STEP_DEG} degrees")
    return tuple(first + step * index for index in range(count))
