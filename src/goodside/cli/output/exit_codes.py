"""How a command ends: one line and an exit code for whatever happens."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import Final

import click

from goodside.cli.output.streams import drop_output, say, watch_streams
from goodside.errors import GoodsideError
from goodside.os_errors import explain
from goodside.text import visible

DONE: Final = 0
SOME_FAILED: Final = 1
"""Also: a question was not answered."""
UNUSABLE: Final = 2
"""Usage, settings, weights, catalog, disk, memory: nothing would come of going on."""
UNFORESEEN: Final = 70
INTERRUPTED: Final = 130
OUTPUT_GONE: Final = 141
"""As of a program that the signal SIGPIPE ends."""


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run a command line; everything that can happen becomes a line and an exit code.

    Args:
        command: the whole of it.
        arguments: after the program's name.

    Returns:
        The exit code.
    """
    code = UNFORESEEN
    output = watch_streams()
    was_interrupted = _watch_for_interrupt()
    try:
        try:
            code = _code(command.main(list(arguments), standalone_mode=False))
        except SystemExit as ended:
            code = _code(ended.code)
        sys.stdout.flush()
        if code == SOME_FAILED and was_interrupted():
            raise KeyboardInterrupt
    except BaseException as error:
        if was_interrupted() or KeyboardInterrupt in map(type, (error, error.__cause__)):
            code = _end_interrupted()
        elif output is None or output.fault is None:
            code = _end(error, arguments)
    finally:
        _end_workers()
    if output is not None and output.fault is not None and code != INTERRUPTED:
        code = _end_without_output(output.fault)
    return code


def _end_interrupted() -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # once more ends it on the spot
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    drop_output()
    say("goodside: interrupted")
    return INTERRUPTED


def _end_without_output(fault: OSError) -> int:
    drop_output()
    if isinstance(fault, BrokenPipeError):
        return OUTPUT_GONE
    failure = explain(fault)
    say(f"goodside: standard output cannot be written: {failure.reason} ({failure.remedy})")
    return UNUSABLE


def _end(error: BaseException, arguments: Sequence[str]) -> int:
    """Say what happened; the exit code for it."""
    if isinstance(error, click.ClickException):
        with suppress(OSError):
            error.show()
        return error.exit_code
    if "--debug" in arguments:
        say("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, click.Abort):
        say("goodside: aborted")
        return SOME_FAILED
    line = _line(error)
    if line is None:
        say(f"goodside: {visible(_unforeseen(error, arguments))}")
        return UNFORESEEN
    say(f"goodside: {visible(line)}")
    return UNUSABLE


def _line(error: BaseException) -> str | None:
    """The line for an error that can be foreseen."""
    if isinstance(error, GoodsideError):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is too little memory (close other programs, or use fewer --workers)"
    if isinstance(error, OSError) and error.errno is not None:
        failure = explain(error)
        where = f"{error.filename}: " if isinstance(error.filename, str) else ""
        return f"{where}{failure.reason} ({failure.remedy})"
    if isinstance(error, ImportError) and "open files" in str(error):
        return _line(OSError(24, ""))
    return None


def _unforeseen(error: BaseException, arguments: Sequence[str]) -> str:
    from goodside.cli.output.traceback_file import save_traceback

    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    path = save_traceback(error, arguments=arguments)
    where = "--debug shows the traceback" if path is None else f"its traceback is in {path}"
    return f"an error that was not foreseen, {what} ({where}; please report it)"


def _code(value: object) -> int:
    return value if isinstance(value, int) else DONE if value is None else SOME_FAILED


def _watch_for_interrupt() -> Callable[[], bool]:
    """Whether Ctrl-C was pressed, also where something made another error of it."""
    pressed = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, note)
    return lambda: pressed


def _end_workers() -> None:
    """End the processes that decode, so that nobody waits for them."""
    decoding = sys.modules.get("goodside.images.decoding.worker")
    if decoding is not None:
        decoding.close_workers()
