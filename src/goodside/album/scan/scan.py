"""A scan from end to end: walk, compare, read what is new, write it down."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from goodside.album.catalog import (
    Catalog,
    FailureRecord,
    FileRecord,
    NoteRecord,
    drop_unreadable,
    list_failures,
    list_files,
    list_folders,
    list_notes,
)
from goodside.album.scan.analyzer import Setup, Versions
from goodside.album.scan.capacity import worker_count
from goodside.album.scan.metadata_refresh import (
    RefreshedMetadata,
    due_files,
    note_decisions,
    refresh_metadata,
)
from goodside.album.scan.plan import Plan, make_plan
from goodside.album.scan.recorder import Recorder
from goodside.album.scan.run import Progress, Run
from goodside.album.scan.unplugged import LostFolders, find_emptied, split_absent
from goodside.album.scan.walk import UNREACHED, FoundFile, Walked, walk
from goodside.errors import SidecarError
from goodside.images.decoding.extras import has_extra
from goodside.images.sidecars.accompanying import check_sidecar
from goodside.regular_file import NotRegularFile, open_regular

_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """What a scan did.

    Attributes:
        read: files that were read and used.
        unchanged: photographs that cost one `stat`.
        moved: files found elsewhere or back, without reading them.
        missing: files that are gone.
        left_out: files that are there, and left out from now on.
        sidecars: XMP sidecars that are new or changed; what they say was taken.
        decisions_noted: from photographs' metadata: ratings, flags, names of faces, and what
            goodside has on record there.
        failed: photographs, sidecars and folders that could not be used, by path.
        incomplete: files that were read and of which a part is missing, with what is known of it.
        passed_over: how many files failed before, did not change, and were not tried again.
        notes: what was left out of the metadata that were read, and why, by path.
        stopped: it was stopped before its end; the next scan goes on.
        seconds: how long it took.
        unreached: photographs not read because their folder went away during the scan.
        not_read: by kind, pictures and videos of kinds that goodside does not read.
        not_read_example: by the same kinds, the first such file.
        empty: folders asked for in which there is no photograph.
        hashed: of `read`, files that were hashed only: the raw files of RAW+JPEG pairs.
    """

    read: int
    unchanged: int
    moved: int
    missing: int
    left_out: int
    sidecars: int
    decisions_noted: int
    failed: tuple[FailureRecord, ...]
    passed_over: int
    notes: tuple[NoteRecord, ...]
    stopped: bool
    seconds: float
    unreached: int = 0
    not_read: Mapping[str, int] = field(default_factory=dict)
    empty: tuple[Path, ...] = ()
    incomplete: tuple[tuple[Path, str], ...] = ()
    hashed: int = 0
    not_read_example: Mapping[str, Path] = field(default_factory=dict)


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
) -> ScanSummary:
    """Bring the catalog up to date with what lies below folders.

    What was done is kept every few seconds: a scan that is stopped or killed goes on where it was
    when it is called again. Photographs are only read.

    What is hidden, what other programs made (previews, waste-paper baskets), and what
    `Decisions.excludes` or a `.goodsideignore` says, is left out. A folder that was scanned before
    and is not there now, or goes away meanwhile, is listed among the failures; the others are
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
    look = decided.looks_for_faces if faces and decided.folders else lambda _: faces

    def planned(records: Sequence[FileRecord]) -> Plan:
        return make_plan(
            walked,
            records,
            folders=roots,
            versions=versions,
            looks_for_faces=look,
            is_mended=has_extra,
            retry=retry,
        )

    plan = planned(records)
    lost = _lost_sidecars(plan, records)
    del records
    recorder = Recorder(catalog, roots, versions=versions, batch=batch)
    recorder.note(walked, plan)
    run = Run(
        recorder,
        setup,
        workers=worker_count() if workers is None else workers,
        timeout_s=timeout_s or setup.limits.timeout_s or _TIMEOUT_S,
        stop=stop,
    )
    run.failed |= {folder for folder, _, _ in walked.unreadable}
    stopped = not run.read(plan.jobs, on_progress)
    sidecars = () if stopped else _reached(plan, run.losses)
    noted, again = 0, RefreshedMetadata()
    bad: dict[Path, SidecarError] = {}
    if not stopped:
        recorder.settle()
        with catalog.read() as session:
            records = [one for one in list_files(session) if one.path not in plan.mains]
        due = due_files(
            catalog,
            records,
            changed=(_changed(plan, sidecars) | lost) - run.described,
            present=(file.path for file in walked.files if file.path not in run.losses),
        )
        again = refresh_metadata(catalog, due, sidecars=plan.beside, gone=lost, limits=setup.limits)
        checked = {one for path in run.described | again.files for one in plan.beside.get(path, ())}
        bad = run.bad | again.bad
        bad |= _check(file.path for file in sidecars if file.path not in checked)
        recorder.note_sidecars([_as_read(file) for file in sidecars], bad=bad)
        if not plan.tied:
            recorder.link_to_main(plan.mains, present={file.path for file in walked.files})
        if again.turned:
            with catalog.read() as session:
                records = list_files(session)
            stopped = not run.read(planned(records).jobs, on_progress)
    if not stopped:
        noted = note_decisions(catalog, retry=run.found_faces)
    recorder.refuse(list(run.losses))
    with catalog.read() as session:
        failures, notes = list_failures(session), list_notes(session)
    failed = run.failed | {folder for folder, _, _ in run.losses}
    failed |= bad.keys() & {file.path for file in sidecars}
    described = run.described | again.files
    return ScanSummary(
        read=run.used,
        unchanged=plan.unchanged,
        moved=len(plan.known),
        missing=plan.gone,
        left_out=plan.left_out,
        sidecars=len(sidecars),
        decisions_noted=noted,
        failed=tuple(failure for failure in failures if failure.path in failed),
        passed_over=plan.passed_over,
        notes=tuple(note for note in notes if note.path in described),
        stopped=stopped,
        seconds=time.monotonic() - began,
        unreached=run.losses.count,
        not_read=walked.unread,
        empty=_empty(present, walked),
        incomplete=tuple(sorted(run.incomplete)),
        hashed=run.hashed,
        not_read_example=walked.unread_example,
    )


def _reached(plan: Plan, losses: LostFolders) -> tuple[FoundFile, ...]:
    """New and changed sidecars that are still there, with their photographs."""
    return tuple(
        file
        for file in plan.sidecars
        if file.path not in losses
        and os.path.lexists(file.path)
        and ((main := plan.mains.get(file.path)) is None or os.path.lexists(main))
    )


def _as_read(file: FoundFile) -> FoundFile:
    """A sidecar as it is noted: one that the system does not let us read is tried again."""
    try:
        open_regular(file.path).close()
    except NotRegularFile:
        return file
    except OSError:
        return replace(file, stamp=UNREACHED)
    return file


def _changed(plan: Plan, sidecars: Sequence[FoundFile]) -> set[Path]:
    """Photographs with something new or changed beside them."""
    new = {file.path for file in sidecars}
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


def _empty(roots: Sequence[Path], walked: Walked) -> tuple[Path, ...]:
    """Folders asked for that could be read and hold no photograph."""
    refused = {root for _, root, _ in walked.unreadable}
    photos = [str(file.path) for file in walked.files if file.kind in ("photo", "raw")]
    return tuple(
        root
        for root in roots
        if root not in refused
        and not any(path.startswith(str(root).rstrip(os.sep) + os.sep) for path in photos)
    )
