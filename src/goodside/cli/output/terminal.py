"""The only way from the commands to the terminal: nothing that is shown can steer it.

Names of files and people, tags, camera names and errors come from strangers. `shown` writes out
what cannot be seen in them and isolates what runs from right to left; `echo` does the first once
more for the whole text, whatever was forgotten. JSON stays exact, with such characters as escapes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodside.errors import GoodsideError
from goodside.json_text import dump_json
from goodside.text import FIRST_STRONG_ISOLATE, POP_ISOLATE, isolated, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_KEPT = f"\n{FIRST_STRONG_ISOLATE}{POP_ISOLATE}"


def shown(text: str | Path, *, err: bool = False) -> str:
    """A name, or anything else from outside, as a part of a line.

    Args:
        text: the name.
        err: the line goes to standard error. Isolates are for people's eyes: where no terminal is
            at the other end, there are none.
    """
    stream = sys.stderr if err else sys.stdout
    written = visible(os.fspath(text))
    return isolated(written) if stream.isatty() else written


def echo(text: str, *, err: bool = False) -> None:
    """Print lines of text; names in them should have been through `shown`."""
    click.echo(visible(text, keep=_KEPT), err=err)


def echo_data(data: bytes) -> None:
    """Print a table as it is; on a terminal, what would steer it is written out."""
    on_terminal = sys.stdout.isatty()
    click.echo(visible(data.decode(), keep="\r\n\t") if on_terminal else data, nl=False)


def echo_json(record: Any) -> None:
    """Print one JSON value on one line."""
    click.echo(dump_json(record))


def echo_error(error: GoodsideError | str, *, path: str | Path | None = None) -> None:
    """Print what went wrong on standard error, as one line.

    Args:
        error: what.
        path: the file it concerns, where the error does not say.
    """
    remedy = None
    if isinstance(error, GoodsideError):
        path, remedy = error.path if error.path is not None else path, error.remedy
    line = shown(error.message if isinstance(error, GoodsideError) else error, err=True)
    if path is not None:
        line = f"{shown(path, err=True)}: {line}"
    if remedy is not None:
        line += f" ({shown(remedy, err=True)})"
    echo(f"goodside: {line}", err=True)


def console(*, width: int | None = None) -> Console:
    """A console on which text is no markup; cells with names go through `shown`."""
    from rich.console import Console

    return Console(markup=False, emoji=False, width=width)


def print_table(table: Table) -> None:
    """Print a table; into a pipe, which has no width, a row stays on its line."""
    target = console()
    if not target.is_terminal:
        target = console(width=max(console(width=10_000).measure(table).maximum, 20))
    target.print(table)
