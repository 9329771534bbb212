"""A scan from end to end: walk, compare, read what is new, write it down."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from goodside.album.catalog import (
    Catalog,
    FailureRecord,
    drop_unreadable,
    list_failures,
    list_files,
    list_folders,
)
from goodside.album.scan.analyst import Setup, Versions
from goodside.album.scan.capacity import worker_count
from goodside.album.scan.heed import heed_sidecars
from goodside.album.scan.kin import sidecars_of
from goodside.album.scan.plan import Plan, make_plan
from goodside.album.scan.pool import run_jobs
from goodside.album.scan.recorder import Recorder
from goodside.album.scan.unplugged import Losses, find_emptied, split_absent
from goodside.album.scan.walk import UNREACHED, Found, Walked, walk
from goodside.images.extras import has_extra
from goodside.regular_file import NotRegularFile, open_regular

_TIMEOUT_S = 120.0


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
        left_out: files that are there, and left out from now on.
        sidecars: XMP sidecars that are new or changed; what they say was taken.
        told: decisions noted from them, ratings and names of faces.
        failed: files and folders that could not be used, by path.
        incomplete: files that were read and of which a part is missing, with what is known of it.
        passed_over: how many files failed before, did not change, and were not tried again.
        stopped: it was stopped before its end; the next scan goes on.
        seconds: how long it took.
        unreached: photographs not read because their folder went away during the scan.
        not_read: by kind, pictures and videos of kinds that goodside does not read.
        empty: folders asked for in which there is no photograph.
    """

    read: int
    unchanged: int
    moved: int
    missing: int
    left_out: int
    sidecars: int
    told: int
    failed: tuple[FailureRecord, ...]
    passed_over: int
    stopped: bool
    seconds: float
    unreached: int = 0
    not_read: Mapping[str, int] = field(default_factory=dict)
    empty: tuple[Path, ...] = ()
    incomplete: tuple[tuple[Path, str], ...] = ()


def scan(
    catalog: Catalog,
    folders: Sequence[str | Path],
    *,
    faces: bool = True,
    retry: bool = False,
    workers: int | None = None,
    setup: Setup | None = None,
    timeout_s: float | None = None,
    batch: int = 50,
    on_progress: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Scanned:
    """Bring the catalog up to date with what lies below folders.

    What was done is kept every few seconds: a scan that is stopped or killed goes on where it was
    when it is called again. Photographs are only read.

    What is hidden, what other programs made (previews, waste-paper baskets), and what
    `Decisions.excludes` or a `.goodsideignore` says, is left out. A folder that was scanned before
    and is not there now, or goes away meanwhile, is told among the failures; the others are
    scanned, and what is known of its photographs stays.

    Args:
        catalog: open.
        folders: with everything in them.
        faces: look for faces, where no decision turned them off for a folder.
        retry: try files again that failed before and did not change.
        workers: processes; by default as many as cores and memory allow; 0: none but this one.
        setup: where the weights lie, and limits on photographs.
        timeout_s: how long a photograph may take a worker; by default what the limits of `setup`
            say.
        batch: photographs written in one transaction.
        on_progress: called at the start and after each file that was read.
        stop: asked often; after it says yes, what is begun is finished and kept.

    Raises:
        UnreadableImage: one of `folders` does not exist and was never scanned; nothing was done.
        CatalogError: the catalog cannot be written.
        WeightsError: a network is missing or corrupt.
    """
    began = time.monotonic()
    setup = setup or Setup()
    versions = Versions.of(setup)
    roots = list(dict.fromkeys(Path(folder).absolute() for folder in folders))
    decided = catalog.decisions()
    with catalog.write() as session:
        drop_unreadable(session)
        records, known = list_files(session), list_folders(session)
    present, absent = split_absent(roots, records, known=known)
    walked = walk(present, excludes=decided.excludes)
    absent += find_emptied(walked, records, roots=present)
    walked = replace(walked, unreadable=(*absent, *walked.unreadable))
    plan = make_plan(
        walked,
        records,
        folders=roots,
        versions=versions,
        looks_for_faces=decided.looks_for_faces if faces and decided.folders else lambda _: faces,
        is_mended=has_extra,
        retry=retry,
    )
    del records
    recorder = Recorder(catalog, roots, versions=versions, batch=batch)
    recorder.note(walked, plan)
    incomplete: list[tuple[Path, str]] = []
    done = used = 0
    failed = {folder for folder, _, _ in walked.unreadable}
    losses = Losses()
    on_progress(Progress(done, len(plan.jobs), failed=len(failed)))
    findings = run_jobs(
        plan.jobs,
        setup=setup,
        workers=worker_count() if workers is None else workers,
        timeout_s=timeout_s or setup.limits.timeout_s or _TIMEOUT_S,
        stop=stop,
    )
    for finding in findings:
        done += 1
        if not losses.take(finding):
            recorder.add(finding)
            used += finding.error is None
            if finding.error is not None:
                failed.add(finding.job.path)
        if finding.measured is not None and finding.measured.facts.incomplete:
            incomplete.append((finding.job.path, finding.measured.facts.notes or ""))
        on_progress(Progress(done, len(plan.jobs), failed=len(failed) + losses.count))
    recorder.flush()
    recorder.refuse(list(losses))
    failed.update(folder for folder, _, _ in losses)
    stopped = done < len(plan.jobs)
    told = 0
    sidecars = () if stopped else _reached(plan, losses)
    if not stopped:
        recorder.settle()
        if sidecars:
            told = heed_sidecars(catalog, _heeded(plan, sidecars), limits=setup.limits)
            recorder.note_sidecars([_as_read(file) for file in _reached(plan, losses)])
        if not plan.tied:
            recorder.tie(plan.mains, present={file.path for file in walked.files})
    with catalog.read() as session:
        failures = list_failures(session)
    return Scanned(
        read=used,
        unchanged=plan.unchanged,
        moved=len(plan.known),
        missing=plan.gone,
        left_out=plan.left_out,
        sidecars=len(sidecars),
        told=told,
        failed=tuple(failure for failure in failures if failure.path in failed),
        passed_over=plan.passed_over,
        stopped=stopped,
        seconds=time.monotonic() - began,
        unreached=losses.count,
        not_read=walked.unread,
        empty=_empty(present, walked),
        incomplete=tuple(sorted(incomplete)),
    )


def _reached(plan: Plan, losses: Losses) -> tuple[Found, ...]:
    """New and changed sidecars that are still there, with their photographs."""
    return tuple(
        file
        for file in plan.sidecars
        if file.path not in losses
        and os.path.lexists(file.path)
        and ((main := plan.mains.get(file.path)) is None or os.path.lexists(main))
    )


def _as_read(file: Found) -> Found:
    """A sidecar as it is noted: one that the system does not let us read is tried again."""
    try:
        open_regular(file.path).close()
    except NotRegularFile:
        return file
    except OSError:
        return replace(file, stamp=UNREACHED)
    return file


def _heeded(plan: Plan, sidecars: Sequence[Found]) -> dict[Path, tuple[Path, ...]]:
    """Photographs with a new or changed sidecar, and all their sidecars."""
    every = sidecars_of(plan.mains)
    mains = {plan.mains[file.path] for file in sidecars if file.path in plan.mains}
    return {main: every[main] for main in mains}


def _empty(roots: Sequence[Path], walked: Walked) -> tuple[Path, ...]:
    """Folders asked for that could be read and hold no photograph."""
    refused = {root for _, root, _ in walked.unreadable}
    photos = [str(file.path) for file in walked.files if file.kind != "sidecar"]
    return tuple(
        root
        for root in roots
        if root not in refused
        and not any(path.startswith(str(root).rstrip(os.sep) + os.sep) for path in photos)
    )
