"""What has to be done: the files that are there against those the catalog knows."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodside.album.catalog import FileRecord, FileStamp
from goodside.album.scan.analyzer import Versions
from goodside.album.scan.companions import beside_of, find_mains
from goodside.album.scan.job import Job
from goodside.album.scan.walk import UNREACHED, FoundFile, Walked
from goodside.errors import WorkerError, is_fault_of_ours

_MOST_DEATHS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a scan.

    Attributes:
        jobs: files to read.
        known: files that moved or are back, with the sha256 of their content: not read.
        sidecars: new and changed ones, and Picasa's files.
        beside: what stands beside each picture, the more telling first.
        missing: row numbers of files that are gone, and of folders that can be read again.
        mains: which file each sidecar and each raw file of a pair belongs to.
        tied: the catalog says so already.
        unchanged: how many photographs cost one `stat` and nothing else.
        passed_over: how many failed before, did not change, and are not tried again.
        gone: how many of the missing are files that are no longer there.
        left_out: how many of the missing are files that are there, but not wanted any more.
    """

    jobs: tuple[Job, ...]
    known: tuple[tuple[FoundFile, str], ...]
    sidecars: tuple[FoundFile, ...]
    beside: Mapping[Path, tuple[Path, ...]]
    missing: tuple[int, ...]
    mains: Mapping[Path, Path]
    tied: bool
    unchanged: int
    passed_over: int
    gone: int = 0
    left_out: int = 0


def make_plan(
    walked: Walked,
    records: Sequence[FileRecord],
    *,
    folders: Sequence[Path],
    versions: Versions,
    looks_for_faces: Callable[[Path], bool],
    is_mended: Callable[[str], bool] = lambda _: False,
    retry: bool = False,
) -> Plan:
    """Compare what is there with what is known.

    Args:
        walked: what is there.
        records: every file of the catalog.
        folders: what was walked; files elsewhere are left as they are.
        versions: what computes things now.
        looks_for_faces: whether faces are wanted of a file.
        is_mended: whether the reason of an earlier failure holds no longer.
        retry: try again what failed before.
    """
    mains = find_mains(walked.files)
    beside = beside_of(walked.files, mains)
    known = {record.path: record for record in records}
    stamps = {file.path: file.stamp for file in walked.files}
    origins = _origins(records, stamps)
    finished = _finished(records, versions)
    jobs, settled, companions = list[Job](), list[tuple[FoundFile, str]](), list[FoundFile]()
    unchanged = passed_over = 0
    begun: set[tuple[int, bool, bool]] = set()
    for file in walked.files:
        record = known.get(file.path)
        same = record is not None and record.stamp == file.stamp != UNREACHED
        if file.kind in ("sidecar", "picasa"):
            if record is None or not same or record.missing_since or (record.attempts and retry):
                companions.append(file)
            else:
                passed_over += record.attempts > 0
            continue
        held = record if record is not None and same else origins.get(file.stamp)
        again = retry or (held is not None and _is_tried_again(held, is_mended=is_mended))
        if held is not None and held.attempts and not again:
            passed_over += 1
            continue
        alone = file.kind != "raw" or file.path not in mains
        faces = alone and looks_for_faces(file.path)
        due = _due(held, versions, figures=alone, faces=faces)
        if held is not None and held.sha256 is not None and not any(due) and not held.attempts:
            if held is record and not held.missing_since:
                unchanged += 1
            else:
                settled.append((file, held.sha256))
            continue
        if held is not None and held.photo_id is not None and not held.attempts:
            want = (held.photo_id, *due)
            if want in begun and held is record and not held.missing_since:
                unchanged += 1  # a copy of it is on the list
                continue
            begun.add(want)
        jobs.append(
            Job(
                file.path,
                file.folder,
                file.stamp,
                sidecars=beside.get(file.path, ()),
                figures=due[0],
                faces=due[1],
                finished=finished[faces].get(file.stamp.size, frozenset()),
            )
        )
    missing = list(_missing(records, stamps, folders=folders, walked=walked))
    left_out = sum(_is_left_out(record.path, walked) for record in missing)
    return Plan(
        jobs=tuple(jobs),
        known=tuple(settled),
        sidecars=tuple(companions),
        beside=beside,
        missing=tuple(record.id for record in missing),
        mains=mains,
        tied=all(_is_tied(file, known, mains) for file in walked.files),
        unchanged=unchanged,
        passed_over=passed_over,
        gone=sum(record.role != "folder" for record in missing) - left_out,
        left_out=left_out,
    )


def _is_tried_again(record: FileRecord, *, is_mended: Callable[[str], bool]) -> bool:
    """Whether a file that failed before is read again though it did not change.

    A file at which worker processes die again and again may be what kills them: three tries.
    """
    if record.failure is not None and is_fault_of_ours(record.failure):
        return record.failure != WorkerError.__name__ or record.attempts < _MOST_DEATHS
    return is_mended(record.failure_message or "")


def _is_left_out(path: Path, walked: Walked) -> bool:
    return not walked.left_out.isdisjoint((path, *path.parents))


def _is_tied(file: FoundFile, known: Mapping[Path, FileRecord], mains: Mapping[Path, Path]) -> bool:
    record, main = known.get(file.path), known.get(mains.get(file.path, Path()))
    return record is not None and record.main_id == (main and main.id)


def _due(
    held: FileRecord | None, versions: Versions, *, figures: bool, faces: bool
) -> tuple[bool, bool]:
    """Whether figures and faces of a content have to be computed."""
    if held is None or held.photo_id is None:
        return figures, faces
    measured = (held.measured_by, held.judged_by) == (versions.figures, versions.judge)
    return figures and not measured, faces and held.faces_by != versions.faces


def _origins(
    records: Iterable[FileRecord], stamps: Mapping[Path, FileStamp]
) -> dict[FileStamp, FileRecord]:
    """By stamp, the files that are no longer where they were: a rename keeps the stamp."""
    return {
        record.stamp: record
        for record in records
        if record.photo_id and record.stamp.inode and stamps.get(record.path) != record.stamp
    }


def _finished(
    records: Iterable[FileRecord], versions: Versions
) -> dict[bool, dict[int, frozenset[str]]]:
    """Contents that need nothing more, by size in bytes: without faces and with them."""
    found: dict[bool, defaultdict[int, set[str]]] = {
        False: defaultdict(set),
        True: defaultdict(set),
    }
    for record in records:
        if record.sha256 is None:
            continue
        for faces in (False, True):
            if not any(_due(record, versions, figures=True, faces=faces)):
                found[faces][record.stamp.size].add(record.sha256)
    return {
        faces: {size: frozenset(contents) for size, contents in sizes.items()}
        for faces, sizes in found.items()
    }


def _missing(
    records: Iterable[FileRecord],
    stamps: Mapping[Path, FileStamp],
    *,
    folders: Sequence[Path],
    walked: Walked,
) -> Iterator[FileRecord]:
    """Files below the folders that were not found, though their folder could be read."""
    roots = _prefixes(folders)
    refused = _prefixes(folder for folder, _, _ in walked.unreadable)
    for record in records:
        if record.missing_since is None and record.path not in stamps:
            name = f"{record.path}{os.sep}"
            if name.startswith(roots) and not name.startswith(refused):
                yield record


def _prefixes(folders: Iterable[Path]) -> tuple[str, ...]:
    return tuple(str(folder).rstrip(os.sep) + os.sep for folder in folders)
