"""A scan from end to end: walk, compare, read what is new, write it down."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodside.album.catalog import (
    Catalog,
    FailureRecord,
    drop_unreadable,
    list_failures,
    list_files,
)
from goodside.album.scan.analyst import Setup, Versions
from goodside.album.scan.capacity import worker_count
from goodside.album.scan.heed import heed_sidecars
from goodside.album.scan.kin import sidecars_of
from goodside.album.scan.plan import Plan, make_plan
from goodside.album.scan.pool import run_jobs
from goodside.album.scan.recorder import Recorder
from goodside.album.scan.walk import walk


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
        told: decisions noted from them, ratings and names of faces.
        failed: files and folders that could not be used, by path.
        passed_over: how many files failed before, did not change, and were not tried again.
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
    with catalog.write() as session:
        drop_unreadable(session)
        records = list_files(session)
    plan = make_plan(
        walked,
        records,
        folders=roots,
        versions=versions,
        looks_for_faces=decided.looks_for_faces if faces and decided.folders else lambda _: faces,
        retry=retry,
    )
    del records
    recorder = Recorder(catalog, roots, versions=versions, batch=batch)
    recorder.note(walked, plan)
    done, refused = 0, {folder for folder, _, _ in walked.unreadable}
    unread = len(refused)
    on_progress(Progress(done, len(plan.jobs), failed=len(refused)))
    findings = run_jobs(
        plan.jobs,
        setup=setup,
        workers=worker_count() if workers is None else workers,
        timeout_s=timeout_s,
        stop=stop,
    )
    for finding in findings:
        recorder.add(finding)
        done += 1
        if finding.error is not None:
            refused.add(finding.job.path)
        on_progress(Progress(done, len(plan.jobs), failed=len(refused)))
    recorder.flush()
    stopped = done < len(plan.jobs)
    told = 0
    if not stopped:
        recorder.settle()
        if plan.sidecars:
            told = heed_sidecars(catalog, _heeded(plan), limits=setup.limits)
            recorder.note_sidecars(plan.sidecars)
        if not plan.tied:
            recorder.tie(plan.mains, present={file.path for file in walked.files})
    with catalog.read() as session:
        failures = list_failures(session)
    return Scanned(
        read=done - len(refused) + unread,
        unchanged=plan.unchanged,
        moved=len(plan.known),
        missing=len(plan.missing),
        sidecars=0 if stopped else len(plan.sidecars),
        told=told,
        failed=tuple(failure for failure in failures if failure.path in refused),
        passed_over=plan.passed_over,
        stopped=stopped,
        seconds=time.monotonic() - began,
    )


def _heeded(plan: Plan) -> dict[Path, tuple[Path, ...]]:
    """Photographs with a new or changed sidecar, and all their sidecars."""
    every = sidecars_of(plan.mains)
    mains = {plan.mains[file.path] for file in plan.sidecars if file.path in plan.mains}
    return {main: every[main] for main in mains}
