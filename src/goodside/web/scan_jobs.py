"""Scans in the background, one at a time, which a person follows, pauses and stops."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from goodside.album.album import Album
from goodside.album.catalog import FailureRecord, list_failures
from goodside.album.progress import StageProgress
from goodside.album.scan import ScanSummary
from goodside.errors import GoodsideError, ServiceBusy

JobState = Literal["running", "paused", "stopping", "done", "stopped", "failed"]

_LOOK_EVERY_S = 1.0
_RATE_OVER_S = 30.0
_MOST_FAILURES = 1000
_KEPT_JOBS = 50
_PAUSE_S = 0.1


@dataclass(frozen=True, slots=True)
class ScanOrder:
    """What is to be scanned.

    Attributes:
        folders: absolute; none: all that are known.
        exclude: patterns as in .gitignore of what is left out of `folders` from now on.
        faces: look for faces, where no decision turned them off.
        retry: try files again that failed before.
    """

    folders: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    faces: bool = True
    retry: bool = False


@dataclass(frozen=True, slots=True)
class ScanStatus:
    """How a scan is doing.

    Attributes:
        id: of the job, from 1.
        state: `stopping` while what is begun is finished.
        stage: what is being done; None: it has ended.
        done, total: files read, or faces turned, of how many; 0 of 0 where nobody counts.
        rate: files a second, lately; None: not known yet.
        eta_s: time left of this stage at this rate; None: not known.
        started_at, ended_at: UTC.
        failures: files that could not be used so far, in the order in which it was found out.
        summary: what was done, once it has ended.
        error: what ended it, if something did.
    """

    id: int
    state: JobState
    stage: str | None = "scanning"
    done: int = 0
    total: int = 0
    rate: float | None = None
    eta_s: float | None = None
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    failures: tuple[FailureRecord, ...] = ()
    summary: ScanSummary | None = None
    error: GoodsideError | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "stopped", "failed")


class ScanJob:
    """One scan; methods may be called by any thread.

    Args:
        number: of the job.
        album: what is scanned into.
        order: what is to be scanned.
        is_ending: whether the service is about to end, and the scan with it.
        on_end: called when it has ended, however it did.
        workers: processes; None: as many as cores and memory allow.
    """

    def __init__(
        self,
        number: int,
        album: Album,
        order: ScanOrder,
        *,
        is_ending: Callable[[], bool],
        on_end: Callable[[], None],
        workers: int | None = None,
    ) -> None:
        self.order = order
        self._album, self._is_ending, self._on_end = album, is_ending, on_end
        self._workers = workers
        self._lock = threading.Lock()
        self._status = ScanStatus(number, "running")
        self._go_on = threading.Event()
        self._go_on.set()
        self._stop = threading.Event()
        self._marks: deque[tuple[float, int]] = deque()
        self._looked = 0.0
        self._thread = threading.Thread(target=self._run, name=f"scan-{number}")

    @property
    def status(self) -> ScanStatus:
        """How it is doing."""
        with self._lock:
            return self._status

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def pause(self) -> None:
        """Begin no more files; those that are begun are finished."""
        with self._lock:
            if self._status.state == "running":
                self._go_on.clear()
                self._status = replace(self._status, state="paused", rate=None, eta_s=None)

    def resume(self) -> None:
        """Go on after a pause."""
        with self._lock:
            if self._status.state == "paused":
                self._marks.clear()
                self._status = replace(self._status, state="running")
                self._go_on.set()

    def stop(self) -> None:
        """End it; what is begun is finished and kept, and the next scan goes on from there."""
        with self._lock:
            if self._status.state in ("running", "paused"):
                self._status = replace(self._status, state="stopping", rate=None, eta_s=None)
        self._stop.set()
        self._go_on.set()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        summary, error = None, None
        try:
            summary = self._album.scan(
                self.order.folders,
                exclude=self.order.exclude,
                faces=self.order.faces,
                retry=self.order.retry,
                workers=self._workers,
                on_progress=self._note,
                stop=self._is_stopped,
            )
        except GoodsideError as caught:
            error = caught
        except Exception as caught:  # a thread's end must be told, whatever ended it
            error = GoodsideError(f"the scan failed: {caught}", remedy="report it")
            error.__cause__ = caught
        finally:
            self._look()
            state: JobState = "done"
            if summary is None:
                state = "failed"
            elif summary.stopped:
                state = "stopped"
            with self._lock:
                self._status = replace(
                    self._status,
                    state=state,
                    stage=None,
                    rate=None,
                    eta_s=None,
                    ended_at=datetime.now(UTC),
                    summary=summary,
                    error=error,
                )
            self._on_end()

    def _is_stopped(self) -> bool:
        return self._stop.is_set() or self._is_ending()

    def _note(self, at: StageProgress) -> None:
        """Take how far it is; while it is paused, come back later."""
        now = time.monotonic()
        with self._lock:
            if at.stage != self._status.stage:
                self._marks.clear()
            self._marks.append((now, at.done))
            while len(self._marks) > 2 and now - self._marks[0][0] > _RATE_OVER_S:
                self._marks.popleft()
            rate = self._rate()
            left = max(0, at.total - at.done)
            self._status = replace(
                self._status,
                stage=at.stage,
                done=at.done,
                total=at.total,
                rate=rate,
                eta_s=left / rate if rate else None,
            )
        if now - self._looked >= _LOOK_EVERY_S:
            self._look()
            self._looked = now
        while not self._go_on.wait(_PAUSE_S) and not self._is_stopped():
            pass

    def _rate(self) -> float | None:
        (began, first), (now, last) = self._marks[0], self._marks[-1]
        return (last - first) / (now - began) if last > first and now > began else None

    def _look(self) -> None:
        """Read which files failed since it began."""
        try:
            with self._album.opened() as catalog, catalog.read() as session:
                found = list_failures(session)
        except GoodsideError:
            return
        with self._lock:
            before = {(one.path, one.at) for one in self._status.failures}
            new = [
                one
                for one in found
                if one.at >= self._status.started_at and (one.path, one.at) not in before
            ]
            new.sort(key=lambda one: (one.at, one.path))
            every = (*self._status.failures, *new)[:_MOST_FAILURES]
            self._status = replace(self._status, failures=every)


class ScanJobs:
    """The scans of a service.

    Args:
        album: what is scanned into.
        is_ending: whether the service is about to end.
        on_end: called when a scan has ended.
        workers: processes of a scan; None: as many as cores and memory allow.
    """

    def __init__(
        self,
        album: Album,
        *,
        is_ending: Callable[[], bool] = lambda: False,
        on_end: Callable[[], None] = lambda: None,
        workers: int | None = None,
    ) -> None:
        self._album, self._is_ending, self._on_end = album, is_ending, on_end
        self._workers = workers
        self._lock = threading.Lock()
        self._jobs: dict[int, ScanJob] = {}
        self._last = 0

    def begin(self, order: ScanOrder) -> ScanJob:
        """Begin a scan.

        Raises:
            ServiceBusy: another one is at work.
        """
        with self._lock:
            running = self._running()
            if running is not None:
                raise ServiceBusy(
                    f"scan {running.status.id} is at work",
                    remedy="wait for it to end, or stop it",
                )
            self._last += 1
            job = ScanJob(
                self._last,
                self._album,
                order,
                is_ending=self._is_ending,
                on_end=self._on_end,
                workers=self._workers,
            )
            self._jobs[self._last] = job
            for number in list(self._jobs)[:-_KEPT_JOBS]:
                del self._jobs[number]
            job.start()
        return job

    @property
    def running(self) -> ScanJob | None:
        """The scan that is at work, if one is."""
        with self._lock:
            return self._running()

    def find(self, number: int) -> ScanJob | None:
        """The scan of a number; None: there is none, or it ended long ago."""
        with self._lock:
            return self._jobs.get(number)

    def latest(self) -> Sequence[ScanJob]:
        """All that are remembered, the newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def close(self) -> None:
        """Stop what is at work, and wait until it has ended."""
        for job in self.latest():
            if not job.status.is_over:
                job.stop()
                job.join()

    def _running(self) -> ScanJob | None:
        return next((job for job in self._jobs.values() if not job.status.is_over), None)
