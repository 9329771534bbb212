"""A crew of worker processes, shared by threads: who dies or takes too long is replaced."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from goodside.errors import GoodsideError, ImageError, ImageTimeout, OutOfMemory, WorkerError
from goodside.os_errors import explain
from goodside.workers.answers import Answer, Broke, Done, OutgrewMemory, Refused
from goodside.workers.pending_job import PendingJob
from goodside.workers.process import Lost, Task, WorkerProcess

_START_S = 300.0
_STARTS = 3
"""How many worker processes in a row may die while they load."""


class WorkerPool:
    """Worker processes for one task, started when they are needed.

    Args:
        task: what they are for.
        size: how many at most.
        start_s: how long one may take to load.
    """

    def __init__(self, task: Task, *, size: int, start_s: float = _START_S) -> None:
        self._task = task
        self._size = size
        self._start_s = start_s
        self._places = threading.Semaphore(size)
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()

    def start(self) -> None:
        """Begin to start a process, so that it loads while something else is done.

        Raises:
            GoodsideError: the system starts none.
        """
        with self._lock:
            if not self._idle and not self._busy:
                self._idle.append(self._new())

    def do(
        self,
        job: object,
        *,
        timeout_s: float,
        path: str | Path | None = None,
        errand: PendingJob | None = None,
    ) -> Any:
        """Do one job in one of the processes and wait for its result.

        Args:
            job: anything that pickles.
            timeout_s: how long it may take; waiting for a free process does not count.
            path: of the photograph it concerns, for errors.
            errand: lets another thread break it off.

        Raises:
            ImageTimeout: it took longer, and its process was killed.
            WorkerError: its process died over it.
            OutOfMemory: there was too little memory for it.
            GoodsideError: what the job itself raises; or no process starts.
        """
        errand = errand or PendingJob()
        with self._places:
            for _ in range(_STARTS):
                try:
                    return _result(self._do(job, timeout_s=timeout_s, errand=errand), path=path)
                except Lost as lost:  # not over the job, if it did not begin it
                    if lost.begun or lost.late:
                        raise _error_of(lost, path=path) from lost
                    why = str(lost)
                except MemoryError as error:  # here, where the result arrives
                    raise OutOfMemory.of_photo(path) from error
        raise _does_not_start(why)

    def close(self) -> None:
        """End the processes; those that are at work with their work."""
        with self._lock:
            idle, self._idle = self._idle, []
            for worker in self._busy:
                worker.kill()
        for worker in idle:
            worker.dismiss()

    def disown(self) -> None:
        """In a fork of this process: forget the workers, which are not ours."""
        for worker in (*self._idle, *self._busy):
            worker.disown()
        self._places, self._lock = threading.Semaphore(self._size), threading.Lock()
        self._idle, self._busy = [], set()

    def _do(self, job: object, *, timeout_s: float, errand: PendingJob) -> Answer:
        worker = self._ready_worker(errand)
        try:
            return worker.do(job, timeout_s=timeout_s)
        except BaseException:  # what it says next would be taken for another job's result
            worker.dismiss()
            raise
        finally:
            errand.end()
            self._put_back(worker)

    def _ready_worker(self, errand: PendingJob) -> WorkerProcess:
        why = ""
        for _ in range(_STARTS):
            worker = self._take()
            try:
                errand.begin(worker)
                worker.wait_ready(timeout_s=self._start_s)
            except Lost as lost:
                errand.end()
                self._put_back(worker)
                why = str(lost)
            except BaseException:
                errand.end()
                worker.dismiss()
                self._put_back(worker)
                raise
            else:
                return worker
        raise _does_not_start(why)

    def _take(self) -> WorkerProcess:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    break
                worker.dismiss()
            else:
                worker = self._new()
            self._busy.add(worker)
            return worker

    def _put_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            if worker not in self._busy:  # of another process, before a fork
                return
            self._busy.remove(worker)
            if worker.alive:
                self._idle.append(worker)
                return
        worker.dismiss()

    def _new(self) -> WorkerProcess:
        try:
            return WorkerProcess(self._task)
        except OSError as error:
            explained = explain(error)
            raise GoodsideError(
                f"a worker process cannot be started: {explained.reason}", remedy=explained.remedy
            ) from error


def _does_not_start(why: str) -> GoodsideError:
    return GoodsideError(
        f"a worker process does not start: {why}, {_STARTS} times in a row",
        remedy="free some memory, or use fewer --workers; what it wrote to standard error "
        "may tell more",
    )


def _result(answer: Answer, *, path: str | Path | None) -> Any:
    match answer:
        case Done(result):
            return result
        case Refused(error):
            raise error
        case OutgrewMemory():
            raise OutOfMemory.of_photo(path)
        case Broke(what, traceback):
            broken = WorkerError(
                f"goodside failed on it: {what}", path=path, remedy="report it, with the file"
            )
            broken.add_note(traceback)
            raise broken
    raise WorkerError("its worker process talks nonsense", path=path, remedy="report it")


def _error_of(lost: Lost, *, path: str | Path | None) -> ImageError:
    if lost.late:
        return ImageTimeout(
            str(lost), path=path, remedy="look at the file, or raise GOODSIDE_TIMEOUT_S"
        )
    if lost.starved:
        return OutOfMemory.of_photo(path)
    return WorkerError(
        f"the worker process that read it is gone: {lost}",
        path=path,
        remedy="try again; if it happens each time, the file makes a decoder fail: leave it out",
    )
