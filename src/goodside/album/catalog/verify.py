"""The proof that originals are bit for bit what they were at the first scan."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, update

from goodside.album.catalog.catalog import Catalog
from goodside.album.catalog.files import list_files, list_folders
from goodside.album.catalog.models import FileRow
from goodside.album.catalog.records import FileRecord
from goodside.images import find_photos
from goodside.regular_file import open_regular

Watch = Callable[[Sequence[FileRecord]], Iterable[FileRecord]]


@dataclass(frozen=True, slots=True)
class Verification:
    """How the originals compare with their first content, by path.

    Attributes:
        same: how many files hold what they held.
        moved: (from, to): their first content lies elsewhere now.
        changed: (path, sha256 of what it holds now): its first content is nowhere.
        missing: they are gone, and their first content lies nowhere else.
        unreadable: (path, why).
        new: photographs that were never scanned.
    """

    same: int
    moved: tuple[tuple[Path, Path], ...]
    changed: tuple[tuple[Path, str], ...]
    missing: tuple[Path, ...]
    unreadable: tuple[tuple[Path, str], ...]
    new: tuple[Path, ...]

    @property
    def sound(self) -> bool:
        """Every original is there, unchanged."""
        return not (self.changed or self.missing or self.unreadable)


def verify_originals(catalog: Catalog, *, watch: Watch = iter) -> Verification:
    """Read every file that was ever scanned and compare it with its first content.

    Args:
        catalog: open; nothing is written.
        watch: is handed the files and yields them one by one; for a progress bar.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    with catalog.read() as session:
        listed = list_files(session)
        folders = [folder for folder in list_folders(session) if folder.is_dir()]
    files = [file for file in listed if file.first_sha256 is not None]
    known = {file.path for file in listed}
    excludes = catalog.decisions().excludes
    there = (
        path
        for folder in folders
        for path in find_photos([folder], on_error=lambda _: None, exclude=excludes.get(folder, ()))
    )
    new = [path for path in dict.fromkeys(there) if path not in known]
    same, unreadable = 0, []
    astray: list[tuple[FileRecord, str | None]] = []
    elsewhere: dict[str, list[Path]] = {}
    for file in watch(files):
        try:
            found = _sha256(file.path)
        except (FileNotFoundError, NotADirectoryError):
            astray.append((file, None))
        except OSError as error:
            unreadable.append((file.path, error.strerror or str(error)))
        else:
            same += found == file.first_sha256
            if found != file.first_sha256:
                astray.append((file, found))
                elsewhere.setdefault(found, []).append(file.path)
    if astray:
        _add_new(elsewhere, new)
    moved: list[tuple[Path, Path]] = []
    changed: list[tuple[Path, str]] = []
    missing: list[Path] = []
    for file, now in astray:
        if places := elsewhere.get(file.first_sha256 or ""):
            moved.append((file.path, places.pop(0)))
        elif now is None:
            missing.append(file.path)
        else:
            changed.append((file.path, now))
    taken = {place for _, place in moved}
    return Verification(
        same=same,
        moved=tuple(moved),
        changed=tuple(changed),
        missing=tuple(missing),
        unreadable=tuple(unreadable),
        new=tuple(path for path in new if path not in taken),
    )


def accept_changes(catalog: Catalog, verification: Verification) -> None:
    """Take what changed and what is missing as intended: it is not reported again.

    Decisions on missing photographs stay in the journal.

    Args:
        catalog: open.
        verification: of `verify_originals`.
    """
    with catalog.write() as session:
        for path, now in verification.changed:
            values = {"first_sha256": bytes.fromhex(now)}
            session.execute(update(FileRow).where(FileRow.path == path).values(values))
        for path in verification.missing:
            session.execute(delete(FileRow).where(FileRow.path == path))


def _add_new(elsewhere: dict[str, list[Path]], new: list[Path]) -> None:
    """Add the contents of files that were never scanned, as far as they can be read."""
    for path in new:
        with suppress(OSError):
            elsewhere.setdefault(_sha256(path), []).append(path)


def _sha256(path: Path) -> str:
    with open_regular(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
