"""Worker processes: one photograph at a time each, replaced when something kills them."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait

from goodside.album.scan.analyst import Analyst, Setup
from goodside.album.scan.job import Finding, Job
from goodside.errors import GoodsideError, ImageError, ImageTooLarge
from goodside.images.messages import claim_stderr

_AHEAD = 2  # jobs a worker holds, so that it never waits for the one who writes
_START_S = 300.0
_POLL_S = 0.5


def run_jobs(
    jobs: Iterable[Job],
    *,
    setup: Setup,
    workers: int,
    timeout_s: float,
    stop: Callable[[], bool],
) -> Iterator[Finding]:
    """Do jobs in worker processes and give what comes back, as it comes.

    A job that kills its worker or takes too long fails; the others go on. No more jobs are begun
    than findings are taken.

    Args:
        jobs: in the order in which they are begun.
        setup: of the workers' analysts.
        workers: how many; 0 does them one after the other in this process.
        timeout_s: how long one job may take.
        stop: asked often; after it says yes only the jobs that are begun are finished.

    Raises:
        WeightsError: a network is missing or corrupt.
        GoodsideError: a worker does not start.
    """
    if workers == 0:
        analyst = Analyst(setup)
        for job in jobs:
            if stop():
                return
            yield analyst.analyse(job)
        return
    todo = deque(jobs)
    crew = [_Worker(setup) for _ in range(min(workers, len(todo)))]
    try:
        while crew:
            for worker in crew:
                while todo and len(worker.jobs) < _AHEAD and not stop():
                    worker.take(todo.popleft())
            busy = [worker for worker in crew if worker.jobs]
            if not busy:
                return
            wait([worker.pipe for worker in busy], timeout=_POLL_S)
            for worker in busy:
                yield from worker.findings(timeout_s)
                if not worker.alive:
                    todo.extendleft(reversed(worker.jobs))
                    crew[crew.index(worker)] = _Worker(setup)
    finally:
        for worker in crew:
            worker.dismiss()


class _Worker:
    """A process, the pipe to it, and the jobs it holds: the first is being done."""

    def __init__(self, setup: Setup) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, inner = context.Pipe()
        self.jobs: deque[Job] = deque()
        self.alive = True
        self._process = context.Process(target=_work, args=(inner, setup), daemon=True)
        self._process.start()
        inner.close()
        self._ready = False
        self._since = time.monotonic()

    def take(self, job: Job) -> None:
        if not self.jobs and self._ready:
            self._since = time.monotonic()
        self.jobs.append(job)
        try:
            self.pipe.send(job)
        except OSError:  # it is dead, as `findings` will notice
            return

    def findings(self, timeout_s: float) -> Iterator[Finding]:
        """What has come so far; an error in place of the job that killed it or took too long."""
        try:
            while self.alive and self.pipe.poll():
                told = self.pipe.recv()
                self._since = time.monotonic()
                if isinstance(told, GoodsideError):
                    raise told
                if isinstance(told, Finding):
                    self.jobs.popleft()
                    yield told
                self._ready = True
        except (EOFError, OSError):
            self._end()
            yield self._lost(_death(self._process.exitcode))
        if self.alive and time.monotonic() - self._since > (timeout_s if self._ready else _START_S):
            self._end()
            yield self._lost(
                ImageError(
                    f"it was not done after {timeout_s:g} s",
                    remedy="look at the file, or leave it out",
                )
            )

    def dismiss(self) -> None:
        """Let the process end: at once if it waits, else after its photograph."""
        self.pipe.close()
        if self.jobs:
            self._process.kill()
        self._process.join()

    def _end(self) -> None:
        self.alive = False
        self.pipe.close()
        self._process.kill()
        self._process.join()

    def _lost(self, error: ImageError) -> Finding:
        if not self._ready:
            raise GoodsideError(
                f"a worker process does not start (exit code {self._process.exitcode})",
                remedy="in a script, call scan below `if __name__ == '__main__':`",
            )
        job = self.jobs.popleft()
        return Finding(job, job.stamp, error=error)


def _work(pipe: Connection, setup: Setup) -> None:
    """A worker's life: until the pipe is closed, which also happens when its parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    claim_stderr()
    try:
        analyst = Analyst(setup)
        pipe.send(None)
        while True:
            pipe.send(analyst.analyse(pipe.recv()))
    except (EOFError, OSError):
        return
    except GoodsideError as error:
        pipe.send(error)


def _death(exitcode: int | None) -> ImageError:
    if exitcode == -signal.SIGKILL:
        return ImageTooLarge(
            "its worker process was killed, most likely for want of memory",
            remedy="use fewer --workers, or save a smaller copy of it",
        )
    return ImageError(
        f"its worker process died (exit code {exitcode})",
        remedy="the file may be made to crash a decoder; leave it out",
    )
