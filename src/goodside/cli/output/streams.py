"""Standard input, output and error, as they are given to the program: also closed, full or gone."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import Any


class Output(io.FileIO):
    """Standard output that remembers why it took nothing more, whatever is made of the error.

    Attributes:
        fault: the first error; None: there was none.
    """

    fault: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write, and remember an error."""
        try:
            return super().write(data) or 0
        except OSError as error:
            self.fault = self.fault or error
            raise


def watch_streams() -> Output | None:
    """Make the standard streams safe to use, and watch standard output.

    Something is put in the place of streams that are closed: else the next file that is opened, a
    catalog perhaps, would take the place, and what a library prints would go into it. Writing to a
    closed standard output stays an error.

    Returns:
        What notices errors; None where output goes to a terminal.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is not None and sys.stdout.isatty():
        return None
    before = sys.stdout
    output = Output(1, "wb", closefd=False)
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(output),
        encoding="utf-8" if before is None else before.encoding,
        errors="surrogateescape" if before is None else before.errors,
    )
    return output


def drop_output() -> None:
    """Let what still waits for standard output go nowhere, so that ending needs no more of it."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.close(nothing)
        sys.stdout.flush()


def say(text: str) -> None:
    """Write a line to standard error, if that takes it."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
