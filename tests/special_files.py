"""What may stand under a file's name and is no file; and an alarm, as reading a pipe may hang."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KINDS = ("pipe", "socket", "device", "folder", "link to a pipe", "link to a device")


def put_special(path: Path, kind: str) -> None:
    """Put something that is no regular file under a name."""
    beside = path.parent / f".{len(path.name)}-{path.suffix.strip('.') or 'x'}-target"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link to a pipe":
        os.mkfifo(beside)
        path.symlink_to(beside)
    elif kind in ("device", "link to a device"):  # making a device takes rights: link to one
        path.symlink_to("/dev/zero" if kind == "device" else "/dev/tty")
    elif kind == "folder":
        path.mkdir()
    else:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's name is short
        try:
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(path.name)
        finally:
            os.chdir(here)


@contextmanager
def alarm(seconds: float = 30.0) -> Iterator[None]:
    """Fail instead of waiting for ever."""

    def ring(_number: int, _frame: object) -> None:
        raise TimeoutError(f"not done after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
