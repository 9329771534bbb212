"""Folders that went away, with the disc that held them: before a scan, or in the middle of it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from goodside.album.catalog import FileRecord
from goodside.album.scan.job import Finding
from goodside.album.scan.walk import Refused, Walked
from goodside.errors import UnreadableImage

_OURS = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOMEM))
"""Errors of this process, which say nothing about a folder."""


def split_absent(
    roots: Sequence[Path], records: Sequence[FileRecord], *, known: Sequence[Path]
) -> tuple[list[Path], list[Refused]]:
    """The folders that can be scanned, and those that were scanned before and are not there now.

    A folder that is not there and was never scanned is among the former: looking into it says so.

    Args:
        roots: absolute, what is to be scanned.
        records: every file of the catalog.
        known: every folder of the catalog.
    """
    gone = [root for root in roots if not root.is_dir()]
    if not gone:
        return list(roots), []
    held = {folder for record in records for folder in record.path.parents}.union(known)
    absent = [root for root in gone if root in held]
    return [root for root in roots if root not in absent], [
        (root, root, _absent(root, "there is no such folder now")) for root in absent
    ]


def find_emptied(
    walked: Walked, records: Sequence[FileRecord], *, roots: Sequence[Path]
) -> list[Refused]:
    """Folders in which nothing at all is left, as where a disc is mounted: no file of it is gone.

    A folder is emptied in earnest if files of it were found elsewhere.

    Args:
        walked: what is there.
        records: every file of the catalog.
        roots: absolute, what was walked.
    """
    found = [file.path for file in walked.files]
    elsewhere = {file.stamp for file in walked.files}
    refused = {folder for folder, _, _ in walked.unreadable}
    emptied = []
    for root in roots:
        if root in refused or any(path.is_relative_to(root) for path in found):
            continue
        lost = [
            record
            for record in records
            if record.missing_since is None
            and record.role != "folder"
            and record.path.is_relative_to(root)
        ]
        if lost and not _is_there(root) and elsewhere.isdisjoint(one.stamp for one in lost):
            reason = f"it is empty, and {_files(len(lost))} lay in it"
            emptied.append((root, root, _absent(root, reason)))
    return emptied


class LostFolders:
    """Folders that went away while their photographs were read: each is one error, not thousands.

    Their photographs stay as they were and are read by the next scan.
    """

    def __init__(self) -> None:
        self._counts: dict[Path, int] = {}
        self._roots: dict[Path, Path] = {}

    def take(self, finding: Finding) -> bool:
        """Whether a file was not read because a folder above it went away."""
        if not finding.unreached:
            return False
        root, path = finding.job.folder, finding.job.path
        above = [folder for folder in path.parents if folder.is_relative_to(root)][::-1]
        lost = next((folder for folder in above if folder in self._counts), None)
        lost = lost or next((folder for folder in above if not _is_there(folder)), None)
        if lost is None:
            return False
        self._counts[lost] = self._counts.get(lost, 0) + 1
        self._roots[lost] = root
        return True

    def __contains__(self, path: Path) -> bool:
        return not self._counts.keys().isdisjoint(path.parents)

    @property
    def count(self) -> int:
        """How many photographs were not read."""
        return sum(self._counts.values())

    def __iter__(self) -> Iterator[Refused]:
        counts: Mapping[Path, int] = self._counts
        for folder, count in counts.items():
            were = "was" if count == 1 else "were"
            reason = f"it went away during the scan; {_files(count)} in it {were} not read"
            yield folder, self._roots[folder], _absent(folder, reason)


def _is_there(folder: Path) -> bool:
    """Whether anything can be seen in a folder."""
    try:
        with os.scandir(folder) as listing:
            return next(listing, None) is not None
    except OSError as error:
        return error.errno in _OURS


def _absent(folder: Path, reason: str) -> UnreadableImage:
    return UnreadableImage(
        reason,
        path=folder,
        remedy="plug its disc in and scan again; if it is gone for good: "
        "goodside album folders --remove DIR",
    )


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
