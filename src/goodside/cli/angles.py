"""Angles on the command line."""

from __future__ import annotations

import click

_MOST_ANGLES = 181


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
        return tuple(first + step * index for index in range(count))
