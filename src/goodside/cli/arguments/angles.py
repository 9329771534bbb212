"""Angles on the command line."""

from __future__ import annotations

import click

_MOST_ANGLES = 181
_LEAST_STEP_DEG = 0.01  # names of files tell angles apart to a hundredth


class Sweep(click.ParamType[tuple[float, ...]]):
    """`FIRST:LAST:STEP` in degrees."""

    name = "first:last:step"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            first, last, step = (float(part) for part in str(value).split(":"))
            count = int(round((last - first) / step, 6)) + 1
        except (ValueError, ZeroDivisionError, OverflowError):
            self.fail(f"{value!r} is not FIRST:LAST:STEP, such as -60:60:15", param, ctx)
        if not 1 <= count <= _MOST_ANGLES:
            self.fail(f"{value!r} makes {max(count, 0)} angles; 1 to {_MOST_ANGLES} go", param, ctx)
        if count > 1 and abs(step) < _LEAST_STEP_DEG:
            self.fail(f"{value!r}: a step has at least {_LEAST_STEP_DEG} degrees", param, ctx)
        return tuple(first + step * index for index in range(count))
