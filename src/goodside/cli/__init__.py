"""The `goodside` command: parses and prints, nothing else.

Exit codes: 0 all done, 1 some photographs failed, 2 wrong usage or a broken installation.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

import goodside

_COMMANDS = {
    "assess": ("goodside.cli.assess", "Judge photographs: score, percentile, tags."),
    "faces": ("goodside.cli.faces", "List the faces in photographs, with their pose."),
    "rotate": ("goodside.cli.rotate", "Show a face at another angle."),
    "page": ("goodside.cli.page", "Rank photographs and turn a face in one HTML page."),
    "evaluate": ("goodside.cli.evaluate", "Measure an engine on your own pictures."),
    "model": ("goodside.cli.model", "Show the shipped models, their terms and their facts."),
}


class _LazyGroup(click.Group):
    """Imports a command's module only when that command runs, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(goodside.__version__, "-V", "--version", prog_name="goodside")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, *, debug: bool) -> None:
    """Judge photographs and turn faces, offline, on an ordinary computer.

    Originals are never changed and nothing is fetched from a network.
    """
    ctx.obj = {"debug": debug}


def main() -> None:
    """Run the command line; maps goodside's errors to exit code 2 unless `--debug` is given."""
    from goodside.errors import GoodsideError

    debug = "--debug" in sys.argv[1:]
    try:
        cli.main()
    except GoodsideError as error:
        if debug:
            raise
        click.echo(f"goodside: {error}", err=True)
        sys.exit(2)
