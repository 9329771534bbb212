"""A scan from end to end: walk, compare, read what is new, write it down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodside.album.catalog import (
    Catalog,
    FailureRecord,
    FileRecord,
    NoteRecord,
    list_failures,
    list_files,
    list_notes,
)
from goodside.album.scan.analyst import Setup, Versions
from goodside.album.scan.capacity import worker_count
from goodside.album.scan.job import Finding, Job
from goodside.album.scan.plan import Plan, make_plan
from goodside.album.scan.pool import run_jobs
from goodside.album.scan.recorder import Recorder
from goodside.album.scan.rereading import due_files, note_decisions, reread
from goodside.album.scan.walk import walk
from goodside.errors import SidecarError
from goodside.images.beside import check_sidecar


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


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan did.

    Attributes:
        read: files that were read and used.
        unchanged: photographs that cost one `stat`.
        moved: files found elsewhere or back, without reading them.
        missing: files that are gone.
        sidecars: XMP sidecars that are new or changed; what they say was taken.
        told: decisions noted from photographs' metadata: ratings, flags, names of faces, and what
            goodside has on record there.
        failed: photographs, sidecars and folders that could not be used, by path.
        passed_over: how many files failed before, did not change, and were not tried again.
        notes: what was left out of the metadata that were read, and why, by path.
        stopped: it was stopped before its end; the next scan goes on.
        seconds: how long it took.
    """

    read: int
    unchanged: int
    moved: int
    missing: int
    sidecars: int
    told: int
    failed: tuple[FailureRecord, ...]
    passed_over: int
    notes: tuple[NoteRecord, ...]
    stopped: bool
    seconds: float


def scan(
    catalog: Catalog,
    folders: Sequence[str | Path],
    *,
    faces: bool = True,
    retry: bool = False,
    workers: int | None = None,
    setup: Setup | None = None,
    timeout_s: float = 120.0,
    batch: int = 50,
    on_progress: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Scanned:
    """Bring the catalog up to date with what lies below folders.

    What was done is kept every few seconds: a scan that is stopped or killed goes on where it was
    when it is called again. Photographs are only read.

    Args:
        catalog: open.
        folders: with everything in them.
        faces: look for faces, where no decision turned them off for a folder.
        retry: try files again that failed before and did not change.
        workers: processes; by default as many as cores and memory allow; 0: none but this one.
        setup: where the weights lie, and limits on photographs.
        timeout_s: how long a photograph may take a worker.
        batch: photographs written in one transaction.
        on_progress: called at the start and after each file that was read.
        stop: asked often; after it says yes, what is begun is finished and kept.

    Raises:
        UnreadableImage: one of `folders` does not exist; nothing was done.
        CatalogError: the catalog cannot be written.
        WeightsError: a network is missing or corrupt.
    """
    began = time.monotonic()
    setup = setup or Setup()
    versions = Versions.of(setup)
    roots = list(dict.fromkeys(Path(folder).absolute() for folder in folders))
    walked = walk(roots)
    decided = catalog.decisions()
    with catalog.read() as session:
        records = list_files(session)
    look = decided.looks_for_faces if faces and decided.folders else lambda _: faces

    def planned(records: Sequence[FileRecord]) -> Plan:
        return make_plan(
            walked, records, folders=roots, versions=versions, looks_for_faces=look, retry=retry
        )

    plan = planned(records)
    lost = _lost_sidecars(plan, records)
    del records
    recorder = Recorder(catalog, roots, versions=versions, batch=batch)
    recorder.note(walked, plan)
    unreadable = {folder for folder, _, _ in walked.unreadable}
    run = _Run(recorder, setup, workers=workers, timeout_s=timeout_s, stop=stop)
    run.refused |= unreadable
    stopped = not run.read(plan.jobs, on_progress)
    told = 0
    bad: dict[Path, SidecarError] = {}
    if not stopped:
        recorder.settle()
        with catalog.read() as session:
            records = [one for one in list_files(session) if one.path not in plan.mains]
        due = due_files(
            catalog,
            records,
            changed=(_changed(plan) | lost) - run.described,
            present=(file.path for file in walked.files),
        )
        again = reread(catalog, due, sidecars=plan.beside, gone=lost, limits=setup.limits)
        bad = run.bad | again.bad
        checked = {
            sidecar for path in run.described | again.files for sidecar in plan.beside.get(path, ())
        }
        bad |= _check(file.path for file in plan.sidecars if file.path not in checked)
        recorder.note_sidecars(plan.sidecars, bad=bad)
        if not plan.tied:
            recorder.tie(plan.mains, present={file.path for file in walked.files})
        if again.turned:
            with catalog.read() as session:
                records = list_files(session)
            stopped = not run.read(planned(records).jobs, on_progress)
    if not stopped:
        told = note_decisions(catalog, retry=run.found_faces)
    with catalog.read() as session:
        failures = list_failures(session)
        notes = list_notes(session)
    tried = run.refused | (bad.keys() & {file.path for file in plan.sidecars})
    seen = run.described | (set() if stopped else again.files)
    return Scanned(
        read=run.done - len(run.refused) + len(unreadable),
        unchanged=plan.unchanged,
        moved=len(plan.known),
        missing=len(plan.missing),
        sidecars=0 if stopped else len(plan.sidecars),
        told=told,
        failed=tuple(failure for failure in failures if failure.path in tried),
        passed_over=plan.passed_over,
        notes=tuple(note for note in notes if note.path in seen),
        stopped=stopped,
        seconds=time.monotonic() - began,
    )


class _Run:
    """Jobs done and written down, and what came of them so far."""

    def __init__(
        self,
        recorder: Recorder,
        setup: Setup,
        *,
        workers: int | None,
        timeout_s: float,
        stop: Callable[[], bool],
    ) -> None:
        self.done = 0
        self.refused: set[Path] = set()
        self.described: set[Path] = set()
        self.bad: dict[Path, SidecarError] = {}
        self.found_faces = False
        self._recorder, self._setup = recorder, setup
        self._workers = worker_count() if workers is None else workers
        self._timeout_s, self._stop = timeout_s, stop

    def read(self, jobs: Sequence[Job], on_progress: Callable[[Progress], None]) -> bool:
        """Do jobs; whether all of them were done."""
        total = self.done + len(jobs)
        on_progress(Progress(self.done, total, failed=len(self.refused)))
        findings = run_jobs(
            jobs,
            setup=self._setup,
            workers=self._workers,
            timeout_s=self._timeout_s,
            stop=self._stop,
        )
        for finding in findings:
            self._recorder.add(finding)
            self.done += 1
            self._take(finding)
            on_progress(Progress(self.done, total, failed=len(self.refused)))
        self._recorder.flush()
        return self.done == total

    def _take(self, finding: Finding) -> None:
        if finding.error is not None:
            self.refused.add(finding.job.path)
        if finding.metadata is not None:
            self.described.add(finding.job.path)
            self.bad |= {Path(str(one.path)): one for one in finding.metadata.bad_sidecars}
        self.found_faces = self.found_faces or bool(finding.faces)


def _changed(plan: Plan) -> set[Path]:
    """Photographs with something new or changed beside them."""
    new = {file.path for file in plan.sidecars}
    return {path for path, beside in plan.beside.items() if not new.isdisjoint(beside)}


def _lost_sidecars(plan: Plan, records: Sequence[FileRecord]) -> set[Path]:
    """Photographs that had a sidecar which is gone."""
    paths = {record.id: record.path for record in records}
    gone = set(plan.missing)
    mains = (record.main_id for record in records if record.id in gone and record.main_id)
    return {paths[main_id] for main_id in mains if main_id in paths}


def _check(sidecars: Iterable[Path]) -> dict[Path, SidecarError]:
    """Those that no photograph's reading has opened, and that cannot be used."""
    found = {}
    for path in sidecars:
        try:
            check_sidecar(path)
        except SidecarError as error:
            found[path] = error
    return found
