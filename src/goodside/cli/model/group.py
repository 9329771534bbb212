"""`goodside model`: one module a command; without one it shows what is there."""

from __future__ import annotations

import click

from goodside.cli.lazy import LazyGroup

_SHOW = "show"
_COMMANDS = {
    _SHOW: ("goodside.cli.model.command", "List the models, or show a card: the default."),
    "add": ("goodside.cli.model.add", "Add an image encoder of your own."),
}
_HELP = ("-h", "--help")


class _ModelGroup(LazyGroup):
    """A first word that names no command belongs to `show`, an option or none at all too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in _COMMANDS and args[0] not in _HELP):
            args = [_SHOW, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ModelGroup, lazy=_COMMANDS)
def model() -> None:
    """Show the models, their terms and facts; add an encoder of your own."""
