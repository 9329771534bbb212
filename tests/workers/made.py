"""What the worker processes of the tests do; imported by name in them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from goodside.errors import UnreadableImage, WeightsError

Job = tuple[str, Any]


def open_acts() -> Callable[[Job], Any]:
    """One that does what its job says."""
    acts: dict[str, Callable[[Any], Any]] = {
        "echo": lambda value: value,
        "double": lambda array: np.asarray(array) * 2,
        "print": lambda text: print(text, flush=True),  # noqa: T201
        "pid": lambda _: os.getpid(),
        "sleep": time.sleep,
        "exit": os._exit,
        "signal": lambda number: os.kill(os.getpid(), number),
        "fail": lambda text: _raise(ValueError(text)),
        "refuse": lambda path: _raise(UnreadableImage("it is bad", path=path)),
        "weights": lambda text: _raise(WeightsError(text)),
        "grow": lambda _: _raise(MemoryError()),
    }
    return lambda job: acts[job[0]](job[1])


def open_at_second_start(mark: Path) -> Callable[[Job], Any]:
    """One that is killed while it loads, the first time."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return open_acts()


def open_never() -> Callable[[Job], Any]:
    """One that is killed while it loads, each time."""
    os.kill(os.getpid(), signal.SIGTERM)
    return open_acts()


def open_slowly() -> Callable[[Any], Any]:
    """A decoder that never ends with a photograph whose name says so."""
    from goodside.images.decoding.worker import open_decoder

    decode = open_decoder()

    def read(request: Any) -> Any:
        if "endless" in str(request[0]):
            time.sleep(300)
        return decode(request)

    return read


def _raise(error: Exception) -> None:
    raise error
