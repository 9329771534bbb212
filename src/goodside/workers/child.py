"""The life of a worker process, from its first line to its last: the child's side."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from io import FileIO
from queue import SimpleQueue
from typing import Any, Final

from goodside.errors import GoodsideError
from goodside.workers.answers import Begun, Broke, Done, OutgrewMemory, Ready, Refused
from goodside.workers.messages import Parts, receive, send, unpack

STARTER: Final = (
    "import sys; sys.path[:] = {path!r}; from goodside.workers.child import live; live()"
)
"""What `python -c` runs; it has to find what its parent found, wherever that was."""


def live() -> None:
    """Load what the first message says, then do jobs until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    incoming, outgoing = _take_pipes()
    inbox: SimpleQueue[Parts] = SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, inbox), daemon=True).start()
    try:
        do = _load(inbox.get())
        send(outgoing, Ready())
    except GoodsideError as error:
        send(outgoing, Refused(_noted(error)))
        return
    while True:
        parts = inbox.get()
        try:
            send(outgoing, Begun())
            send(outgoing, _answer(do, parts))
        except OSError:  # nobody is left to hear it
            return


def _take_pipes() -> tuple[FileIO, FileIO]:
    """Standard input and output for ourselves: what a library prints goes to standard error."""
    incoming, outgoing = FileIO(os.dup(0), "rb"), FileIO(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # there is no standard error
        os.dup2(nothing, 1)
    os.close(nothing)
    return incoming, outgoing


def _listen(incoming: FileIO, inbox: SimpleQueue[Parts]) -> None:
    """Hand jobs on; end the process, in the middle of whatever it does, with its parent."""
    try:
        while True:
            inbox.put(receive(incoming))
    except BaseException:  # also where a message does not fit into memory
        os._exit(0)


def _load(parts: Parts) -> Any:
    task = unpack(parts)
    return task.open(*task.arguments)


def _answer(do: Any, parts: Parts) -> Done | Refused | OutgrewMemory | Broke:
    try:
        return Done(do(unpack(parts)))
    except GoodsideError as error:
        return Refused(_noted(error))
    except MemoryError:
        return OutgrewMemory()
    except Exception as error:
        return Broke(f"{type(error).__name__}: {error}", traceback.format_exc())


def _noted(error: GoodsideError) -> GoodsideError:
    """The error with its traceback as a note: only notes cross to another process."""
    error.add_note("".join(traceback.format_exception(error)))
    return error


def start_command() -> list[str]:
    """The command line of a worker process."""
    code = STARTER.format(path=sys.path)
    return [sys.executable, "-P", "-X", f"utf8={sys.flags.utf8_mode}", "-c", code]
