"""The proof that originals are bit for bit what they were at the first scan."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, update

from goodside.album.catalog.catalog import Catalog
from goodside.album.catalog.files import list_files, list_folders
from goodside.album.catalog.models import File
from goodside.album.catalog.records import FileRecord
from goodside.images import find_photos

Watch = Callable[[Sequence[FileRecord]], Iterable[FileRecord]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, by path.

    Attributes:
        same: how many files hold what they held.
        moved: (from, to): gone from where they were, found with the same content elsewhere.
        changed: their content is another than at the first scan.
        missing: gone, and their content is not found below the scanned folders.
        unreadable: (path, why).
        new: photographs that were never scanned.
    """

    same: int
    moved: tuple[tuple[Path, Path], ...]
    changed: tuple[Path, ...]
    missing: tuple[Path, ...]
    unreadable: tuple[tuple[Path, str], ...]
    new: tuple[Path, ...]

    @property
    def sound(self) -> bool:
        """Every original is there, unchanged."""
        return not (self.changed or self.missing or self.unreadable)


def verify_originals(catalog: Catalog, *, watch: Watch = iter) -> Verdict:
    """Read every file that was ever scanned and compare it with its first content.

    Args:
        catalog: open; nothing is written.
        watch: is handed the files and yields them one by one; for a progress bar.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    with catalog.read() as session:
        files = [file for file in list_files(session) if file.first_sha256 is not None]
        known = {file.path for file in list_files(session)}
        folders = [folder for folder in list_folders(session) if folder.is_dir()]
    new = [path for path in find_photos(folders, on_error=lambda _: None) if path not in known]
    same, changed, gone, unreadable = 0, [], [], []
    for file in watch(files):
        try:
            found = _sha256(file.path)
        except (FileNotFoundError, NotADirectoryError):
            gone.append(file)
        except OSError as error:
            unreadable.append((file.path, error.strerror or str(error)))
        else:
            if found == file.first_sha256:
                same += 1
            else:
                changed.append(file.path)
    moved = _find(gone, new)
    return Verdict(
        same=same,
        moved=tuple((file.path, moved[file.path]) for file in gone if file.path in moved),
        changed=tuple(changed),
        missing=tuple(file.path for file in gone if file.path not in moved),
        unreadable=tuple(unreadable),
        new=tuple(path for path in new if path not in moved.values()),
    )


def accept_changes(catalog: Catalog, verdict: Verdict) -> None:
    """Take what changed and what is missing as intended: it is not told of again.

    Decisions on missing photographs stay in the journal.

    Args:
        catalog: open.
        verdict: of `verify_originals`; a changed file that can be read is accepted as it is now.
    """
    contents = {path: bytes.fromhex(_sha256(path)) for path in verdict.changed}
    with catalog.write() as session:
        for path, content in contents.items():
            session.execute(update(File).where(File.path == path).values(first_sha256=content))
        for path in verdict.missing:
            session.execute(delete(File).where(File.path == path))


def _find(gone: list[FileRecord], new: list[Path]) -> dict[Path, Path]:
    """Where files that are gone lie now; only new files of an equal size are read."""
    sizes = {file.stamp.size for file in gone}
    there: dict[str, list[Path]] = {}
    for path in new:
        try:
            if path.stat().st_size in sizes:
                there.setdefault(_sha256(path), []).append(path)
        except OSError:
            continue
    found = {}
    for file in gone:
        if places := there.get(file.first_sha256 or ""):
            found[file.path] = places.pop(0)
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
