"""Angles on the command line."""

from __future__ import annotations

import click

from goodside.errors import OutOfRange
from goodside.sweep import parse_sweep


class Sweep(click.ParamType[tuple[float, ...]]):
    """`FIRST:LAST:STEP` in degrees."""

    name = "first:last:step"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return parse_sweep(str(value))
        except OutOfRange as error:
            self.fail(error.message, param, ctx)
