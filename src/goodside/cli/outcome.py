"""How a command over many photographs tells its results and its failures."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

import click

from goodside.errors import GoodsideError
from goodside.types import Json


class Outcome:
    """Prints results as they come and remembers whether any photograph failed.

    Args:
        as_json: one JSON object a line on standard output, failures included; else text lines, with
            failures on standard error.
        debug: print the traceback of each failure on standard error.
    """

    def __init__(self, *, as_json: bool, debug: bool = False) -> None:
        self._as_json = as_json
        self._debug = debug
        self.failed = 0

    def tell(self, record: Json, text: str) -> None:
        """Print one result, as JSON or as text."""
        click.echo(json.dumps(record, ensure_ascii=False) if self._as_json else text)

    def fail(self, path: str | Path, error: GoodsideError) -> None:
        """Print one failure and go on."""
        self.failed += 1
        if self._debug:
            traceback.print_exception(error, file=sys.stderr)
        if self._as_json:
            message = error.message if error.remedy is None else f"{error.message} ({error.remedy})"
            record = {"path": str(path), "error": {"kind": error.kind, "message": message}}
            click.echo(json.dumps(record, ensure_ascii=False))
        else:
            text = str(error) if error.path else f"{path}: {error}"
            click.echo(f"goodside: {text}", err=True)

    def warn(self, path: str | Path, notes: Iterable[str]) -> None:
        """Say on standard error what is odd about a photograph that was used."""
        for note in notes:
            click.echo(f"goodside: {path}: {note}", err=True)

    def finish(self) -> None:
        """End the command: exit code 1 if any photograph failed."""
        if self.failed:
            sys.exit(1)
