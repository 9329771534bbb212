"""The command line of the training package; every command imports its task when it is called."""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Any

import click

from goodside.errors import GoodsideError, SettingsError
from goodside.text import visible

_COMMANDS = {
    "train": {
        "aesthetics": "goodside_train.aesthetics.commands:train",
        "rotation": "goodside_train.rotation.commands:train",
    },
    "export": {
        "aesthetics": "goodside_train.aesthetics.commands:export",
        "rotation": "goodside_train.rotation.commands:export",
    },
    "evaluate": {
        "aesthetics": "goodside_train.aesthetics.commands:evaluate",
        "rotation": "goodside_train.rotation.commands:evaluate",
    },
}


_EXTRA = ("torch", "onnx", "onnxscript", "scipy")


class TaskGroup(click.Group):
    """A verb whose subcommands are the tasks it works on, imported on use."""

    def invoke(self, ctx: click.Context) -> Any:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            if error.name not in _EXTRA:
                raise
            raise SettingsError(
                f"{self.name} needs {error.name}, which is not installed",
                remedy="pip install 'goodside[train]'",
            ) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS[str(self.name)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = _COMMANDS[str(self.name)].get(cmd_name)
        if target is None:
            return None
        module, attribute = target.split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group()
def cli() -> None:
    """Train goodside's networks, export them for the runtime, and measure them."""


train = TaskGroup("train", help="Train a network from a recipe and a data folder.")
export = TaskGroup("export", help="Turn a checkpoint into weights and a card for the runtime.")
evaluate = TaskGroup("evaluate", help="Measure shipped weights on labelled data.")
for _verb in (train, export, evaluate):
    cli.add_command(_verb)


def main() -> None:
    """Run the command line; an error of ours is one line, exit code 2."""
    try:
        cli()
    except GoodsideError as error:
        click.echo(visible(f"error: {error}"), err=True)
        sys.exit(2)
