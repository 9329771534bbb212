"""How a command over many photographs shows its results and its failures."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

from goodside.cli.output.terminal import echo, echo_error, echo_json
from goodside.errors import GoodsideError, concerns_one_photo
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

    def show(self, record: Json, text: str) -> None:
        """Print one result, as JSON or as text; names in the text have been through `shown`."""
        if self._as_json:
            echo_json(record)
        else:
            echo(text)

    def fail(self, path: str | Path, error: GoodsideError) -> None:
        """Print one failure and go on.

        Raises:
            GoodsideError: `error`, where the other photographs would fail as well.
        """
        if not concerns_one_photo(error):
            raise error
        self.failed += 1
        if self._debug:
            echo("".join(traceback.format_exception(error)), err=True)
        if self._as_json:
            message = error.message if error.remedy is None else f"{error.message} ({error.remedy})"
            echo_json({"path": str(path), "error": {"kind": error.kind, "message": message}})
        else:
            echo_error(error, path=path)

    def warn(self, path: str | Path, notes: Iterable[str]) -> None:
        """Say on standard error what is odd about a photograph that was used."""
        for note in notes:
            echo_error(note, path=path)

    def finish(self) -> None:
        """End the command: exit code 1 if any photograph failed."""
        if self.failed:
            sys.exit(1)
