"""A group of commands that imports a command's module only when that command runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from goodside.text import visible


@contextmanager
def _harmless() -> Iterator[None]:
    """Click repeats arguments in its errors as they were typed: write out what cannot be seen."""
    try:
        yield
    except click.ClickException as error:
        error.message = visible(error.message, keep="\n")  # type: ignore[misc]
        raise


class LazyGroup(click.Group):
    """So that `--help` stays quick.

    Args:
        lazy: name of a command to the module that holds it, and its line of help.
        default: the command meant where the first argument names none, if there is such a one.
    """

    def __init__(
        self,
        *args: Any,
        lazy: Mapping[str, tuple[str, str]],
        default: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy
        self._default = default

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return None
        command: click.Command = getattr(import_module(self._lazy[cmd_name][0]), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self._default in self._lazy and args[0] not in self._lazy:
            args = [str(self._default), *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _harmless():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        with _harmless():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._lazy.items()])
