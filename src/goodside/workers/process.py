"""One worker process as its parent sees it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, cast

from goodside.workers.answers import Answer, Begun, Ready, Refused
from goodside.workers.child import start_command
from goodside.workers.exit_reason import count_memory_kills, describe_exit, is_kill
from goodside.workers.messages import receive, send, unpack


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker process is for; it crosses to the process, so it has to pickle.

    Attributes:
        open: called once in the process; gives the function that does one job.
        arguments: of `open`.
    """

    open: Callable[..., Callable[[Any], Any]]
    arguments: tuple[Any, ...] = ()


class Lost(Exception):
    """The process is gone.

    Args:
        why: in words, as `it was killed by SIGKILL`.
        late: we killed it ourselves, because its time was over.
        starved: the kernel killed it, or something beside it, for want of memory.
        begun: it had begun the job.
    """

    def __init__(self, why: str, *, late: bool, starved: bool, begun: bool) -> None:
        super().__init__(why)
        self.late = late
        self.begun = begun
        self.starved = starved


class WorkerProcess:
    """A process that loads once and does one job at a time; starting it does not wait for it.

    Args:
        task: what it is for.

    Raises:
        OSError: the system starts no process.
    """

    def __init__(self, task: Task) -> None:
        self._kills_before = count_memory_kills()
        self._late = False
        self._ready = False
        self._begun = False
        with _deaf_to_interrupts():
            self._process = subprocess.Popen(
                start_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        self._to = cast("FileIO", self._process.stdin)
        self._from = cast("FileIO", self._process.stdout)
        with suppress(OSError):  # dead already, as `wait_ready` will notice
            send(self._to, task)

    @property
    def alive(self) -> bool:
        """Whether it can take a job."""
        return not self._late and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    def wait_ready(self, *, timeout_s: float) -> None:
        """Wait until it has loaded what it needs.

        Raises:
            Lost: it died, or took longer than that.
            GoodsideError: what it loads is missing or damaged.
        """
        if self._ready:
            return
        with self._watched(timeout_s):
            answer = self._hear()
        if isinstance(answer, Refused):
            raise answer.error
        self._ready = isinstance(answer, Ready)

    def do(self, job: object, *, timeout_s: float) -> Answer:
        """Do a job; only after `wait_ready`.

        Raises:
            Lost: it died over it, or took longer than that.
        """
        self._begun = False
        with self._watched(timeout_s):
            send(self._to, job)
            self._begun = isinstance(self._hear(), Begun)
            return self._hear()

    def kill(self) -> None:
        """End it, whatever it does; for another thread than the one that waits for it."""
        with suppress(OSError):
            self._process.kill()

    def dismiss(self) -> None:
        """End it and let go of its pipes."""
        self.kill()
        self._close()
        self._process.wait()

    def disown(self) -> None:
        """In a fork of the parent: let go of the pipes, which are the parent's."""
        self._close()
        self._process.returncode = 0  # so that nobody here waits for it

    def _hear(self) -> Answer:
        return cast("Answer", unpack(receive(self._from)))

    @contextmanager
    def _watched(self, timeout_s: float) -> Iterator[None]:
        """Kill it when the time is over; tell a broken pipe as what it means."""
        watch = threading.Timer(timeout_s, self._expire)
        watch.daemon = True
        watch.start()
        try:
            yield
        except (EOFError, OSError) as error:
            raise self._lost(timeout_s) from error
        finally:
            watch.cancel()

    def _expire(self) -> None:
        self._late = True
        self.kill()

    def _close(self) -> None:
        for stream in (self._to, self._from):
            with suppress(OSError):
                stream.close()

    def _lost(self, timeout_s: float) -> Lost:
        late = self._late
        with suppress(subprocess.TimeoutExpired):  # its pipes closed: it is about to end
            self._process.wait(timeout=1)
        self.dismiss()
        if late:
            why = f"it was not done after {timeout_s:g} s"
            return Lost(why, late=True, starved=False, begun=self._begun)
        code = self._process.returncode
        starved = is_kill(code) and count_memory_kills() > self._kills_before
        return Lost(describe_exit(code), late=False, starved=starved, begun=self._begun)


def can_start() -> bool:
    """Whether this program is a Python that can be started again as a worker.

    It is not where Python is built into another program, as by PyInstaller or uWSGI.
    """
    name = Path(sys.executable or "").stem.lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A process started here hears no Ctrl-C, not even before its first line runs."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
