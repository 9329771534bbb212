"""A job on its way, and jobs begun ahead of what is taken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

from goodside.errors import ImageError
from goodside.workers.process import WorkerProcess

_AHEAD = 2
"""Jobs begun or finished for each process, so that it never waits for who takes the results."""

Job = TypeVar("Job")
Result = TypeVar("Result")


class PendingJob:
    """A job that was begun, and the process that does it now, so that it can be broken off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._cancelled = False

    def begin(self, worker: WorkerProcess) -> None:
        """Note who does it.

        Raises:
            CancelledError: nobody wants it any more.
        """
        with self._lock:
            if self._cancelled:
                raise CancelledError
            self._worker = worker

    def end(self) -> None:
        """Note that nobody does it now."""
        with self._lock:
            self._worker = None

    def cancel(self) -> None:
        """Kill the process that does it, and let no other begin."""
        with self._lock:
            self._cancelled = True
            if self._worker is not None:
                self._worker.kill()


def map_ahead(
    jobs: Iterable[Job],
    do: Callable[[Job, PendingJob], Result],
    *,
    at_once: int,
    in_order: bool,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[Job, Result | ImageError]]:
    """Do any number of jobs, begun in their order, some ahead of what is taken.

    Args:
        jobs: taken as they are needed.
        do: does one and waits for it; called in other threads.
        at_once: how many are done at a time.
        in_order: give the results in the order of the jobs, else as they come.
        stop: asked often; after it says yes, only the jobs that are begun are finished.

    Yields:
        A job and its result, or the error of its photograph.

    Raises:
        Exception: of `do`, unless it is an `ImageError`; the rest is left.
    """
    todo = iter(jobs)
    begun: dict[Future[Result], tuple[Job, PendingJob]] = {}
    threads = ThreadPoolExecutor(at_once, thread_name_prefix="goodside-worker")
    try:
        while True:
            room = 0 if stop() else _AHEAD * at_once - len(begun)
            for job in islice(todo, room):
                errand = PendingJob()
                begun[threads.submit(do, job, errand)] = job, errand
            if not begun:
                return
            done = next(iter(begun))
            if not in_order:
                done = next(iter(wait(begun, return_when=FIRST_COMPLETED).done))
            error = done.exception()
            job, _ = begun.pop(done)
            if error is not None and not isinstance(error, ImageError):
                raise error
            yield job, done.result() if error is None else error
    finally:
        for _, errand in begun.values():
            errand.cancel()
        threads.shutdown(cancel_futures=True)
