"""The `goodside` command: parses and prints, nothing else.

How it ends, and with which exit code, says `goodside.cli.output.exit_codes`.
"""

from __future__ import annotations

import sys

import click

from goodside.cli.arguments.invocation import Invocation
from goodside.cli.lazy import LazyGroup
from goodside.engines import Engines
from goodside.version import __version__

_COMMANDS = {
    "assess": ("goodside.cli.assess.command", "Judge photographs: score, percentile, tags."),
    "taste": ("goodside.cli.taste", "Learn what one person likes from their ratings."),
    "faces": ("goodside.cli.faces", "List the faces in photographs, with their pose."),
    "rotate": ("goodside.cli.rotate.command", "Show a face at another angle."),
    "portrait": ("goodside.cli.portrait", "Name the better side of a face, with its evidence."),
    "page": ("goodside.cli.page", "Rank photographs and turn a face in one HTML page."),
    "album": ("goodside.cli.album", "Scan folders, know their people, pick their best."),
    "serve": ("goodside.cli.serve", "Show the album in a browser; answer programs over HTTP."),
    "evaluate": ("goodside.cli.evaluate.command", "Measure an engine on your own pictures."),
    "leaks": ("goodside.cli.evaluate.leaks", "Find photographs of one set that are in another."),
    # Named, not imported: training is an extra, and nothing here depends on it.
    "train": ("goodside_train.cli", "Train a network from a recipe; needs goodside[train]."),
    "export": ("goodside_train.cli", "Turn a training run into weights; needs goodside[train]."),
    "model": (
        "goodside.cli.model.group",
        "Show the models, their terms and facts; add an encoder of your own.",
    ),
}


@click.group(
    cls=LazyGroup, lazy=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, "-V", "--version", prog_name="goodside")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, *, debug: bool) -> None:
    """Judge photographs and turn faces, offline, on an ordinary computer.

    Originals are never changed and nothing is fetched from a network.
    """
    ctx.obj = Invocation(Engines(), debug=debug)


def main() -> None:
    """Run the command line and end the program with its exit code."""
    from goodside.cli.output.exit_codes import run

    sys.exit(run(cli, sys.argv[1:]))
