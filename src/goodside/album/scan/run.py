"""The jobs of a scan: done by workers, written down, and what came of them so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodside.album.scan.analyzer import Setup
from goodside.album.scan.job import Finding, Job
from goodside.album.scan.pool import run_jobs
from goodside.album.scan.recorder import Recorder
from goodside.album.scan.unplugged import LostFolders
from goodside.errors import SidecarError


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is.

    Attributes:
        done: files read so far, the failed ones included.
        total: files that have to be read.
        failed: files that could not be used.
    """

    done: int
    total: int
    failed: int


class Run:
    """Reads files and keeps count.

    Args:
        recorder: writes down what is found.
        setup: of the workers.
        workers: processes; 0: none but this one.
        timeout_s: how long a photograph may take a worker.
        stop: asked often; after it says yes, what is begun is finished and kept.

    Attributes:
        used: files that were read and can be used.
        hashed: of these, files that were hashed only: the raw files of RAW+JPEG pairs.
        failed: files and folders that cannot be used.
        losses: folders that went away while their files were read.
        described: files whose metadata were read.
        bad: sidecars that were left out, and why.
        found_faces: whether any face was found.
        incomplete: files of which a part is missing, and what is known of it.
    """

    def __init__(
        self,
        recorder: Recorder,
        setup: Setup,
        *,
        workers: int,
        timeout_s: float,
        stop: Callable[[], bool],
    ) -> None:
        self.used = self.hashed = 0
        self.failed: set[Path] = set()
        self.losses = LostFolders()
        self.described: set[Path] = set()
        self.bad: dict[Path, SidecarError] = {}
        self.found_faces = False
        self.incomplete: list[tuple[Path, str]] = []
        self._done = 0
        self._recorder, self._setup = recorder, setup
        self._workers, self._timeout_s, self._stop = workers, timeout_s, stop

    def read(self, jobs: Sequence[Job], on_progress: Callable[[Progress], None]) -> bool:
        """Do jobs; whether all of them were done."""
        total = self._done + len(jobs)
        on_progress(self._progress(total))
        findings = run_jobs(
            jobs,
            setup=self._setup,
            workers=self._workers,
            timeout_s=self._timeout_s,
            stop=self._stop,
        )
        for finding in findings:
            self._done += 1
            if not self.losses.take(finding):
                self._recorder.add(finding)
                self._take(finding)
            on_progress(self._progress(total))
        self._recorder.flush()
        return self._done == total

    def _take(self, finding: Finding) -> None:
        path = finding.job.path
        if finding.error is None:
            self.used += 1
            self.hashed += not (finding.job.figures or finding.job.faces)
        else:
            self.failed.add(path)
        if finding.metadata is not None:
            self.described.add(path)
            self.bad |= {Path(str(one.path)): one for one in finding.metadata.bad_sidecars}
        if finding.measured is not None and finding.measured.facts.incomplete:
            self.incomplete.append((path, finding.measured.facts.notes or ""))
        self.found_faces = self.found_faces or bool(finding.faces)

    def _progress(self, total: int) -> Progress:
        return Progress(self._done, total, failed=len(self.failed) + self.losses.count)
