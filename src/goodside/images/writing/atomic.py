"""Files that appear under their name whole or not at all, and replace no original."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from goodside.errors import OutputError
from goodside.images.writing.originals import check_output
from goodside.os_errors import explain, refusal

_HAS_FOLDER_HANDLES = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextmanager
def atomic_write(
    path: str | Path,
    *,
    overwrite: bool,
    mode: int | None = None,
    below: Path | None = None,
    replaces_sidecar: bool = False,
) -> Iterator[IO[bytes]]:
    """Open a neighbour file to write to; it takes the name `path` when the block ends well.

    All writing of goodside's goes through here. A link under that name is replaced, not followed,
    and photographs, videos, sidecars and databases of others are replaced by nothing, see
    `check_output`. A file that is replaced hands its permissions on.

    Args:
        path: the file; its folder must exist, unless `below` is given.
        overwrite: replace a file that is there.
        mode: permissions of the file; by default those of the file before, else the usual ones.
        below: a folder that the file must lie in: folders between it and the file are made where
            they are missing, and none of them may be a link.
        replaces_sidecar: the file is an XMP sidecar, so that another may be replaced.

    Raises:
        OutputError: the file exists and `overwrite` is off, it would replace what it must not, its
            place is not below `below`, or the system refuses.
    """
    path = Path(path)
    try:
        with _opened(path.parent, below=below) as folder:
            check_output(path, overwrite=overwrite, replaces_sidecar=replaces_sidecar)
            draft = f".goodside-{secrets.token_hex(8)}.part"
            try:
                kept = _mode(path) if mode is None else mode
                with folder.create(draft, mode=kept) as stream:
                    yield stream
                    stream.flush()
                    os.fsync(stream.fileno())
                if overwrite:
                    check_output(path, overwrite=True, replaces_sidecar=replaces_sidecar)
                    folder.replace(draft, path.name)
                else:
                    folder.name(draft, path.name)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    folder.remove(draft)
    except FileExistsError as error:
        raise OutputError(
            "the file exists", path=path, remedy="name another file, or ask to overwrite it"
        ) from error
    except FileNotFoundError as error:
        raise OutputError(
            "it cannot be written: its folder does not exist",
            path=path,
            remedy=f"make the folder {path.parent}",
        ) from error
    except OSError as error:
        raise refusal("it cannot be written", error, path) from error


def make_folder(folder: Path, *, remedy: str = "or name another place") -> None:
    """Make a folder with its parents, if it is missing.

    Args:
        folder: which.
        remedy: what else to do where that fails.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        explained = explain(error, folder)
        raise OutputError(
            f"the folder cannot be made: {explained.reason}",
            path=folder,
            remedy=f"{explained.remedy}; {remedy}",
        ) from error


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder that stays the same one, whatever its name means meanwhile.

    Attributes:
        path: its name.
        handle: an open descriptor; None where the system has no such thing.
    """

    path: Path
    handle: int | None

    def create(self, name: str, *, mode: int | None) -> IO[bytes]:
        """A new file with these permissions, or the usual ones."""

        def opener(_path: str, _flags: int) -> int:
            usual = 0o666 if mode is None else 0o600
            file = os.open(self._at(name), _CREATE, usual, dir_fd=self.handle)
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(file, mode)
            return file

        return open(self.path / name, "wb", opener=opener)

    def replace(self, old: str, new: str) -> None:
        os.replace(self._at(old), self._at(new), src_dir_fd=self.handle, dst_dir_fd=self.handle)

    def name(self, old: str, new: str) -> None:
        """Rename, but fail where a file appeared meanwhile.

        Raises:
            FileExistsError: one did.
        """
        try:
            os.link(self._at(old), self._at(new), src_dir_fd=self.handle, dst_dir_fd=self.handle)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if os.path.lexists(self.path / new):
                raise FileExistsError from None
            self.replace(old, new)

    def remove(self, name: str) -> None:
        os.unlink(self._at(name), dir_fd=self.handle)

    def _at(self, name: str) -> str:
        return name if self.handle is not None else str(self.path / name)


@contextmanager
def _opened(folder: Path, *, below: Path | None) -> Iterator[_Folder]:
    """The folder, with those between it and `below` made and none of them a link."""
    steps = () if below is None else _steps(folder, below=below)
    at = folder if below is None else below
    handle = _open(at) if _HAS_FOLDER_HANDLES else None
    try:
        for step in steps:
            at = at / step
            with contextlib.suppress(FileExistsError):
                os.mkdir(at if handle is None else step, dir_fd=handle)
            if stat.S_ISLNK(at.lstat().st_mode):
                raise OutputError(
                    f"a link stands in the way, so it may not lie in {below}",
                    path=at,
                    remedy="put a folder in the link's place",
                )
            if handle is not None:
                upper, handle = handle, _open(step, within=handle)
                os.close(upper)
        yield _Folder(folder, handle)
    finally:
        if handle is not None:
            os.close(handle)


def _open(folder: str | Path, *, within: int | None = None) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | (0 if within is None else os.O_NOFOLLOW)
    return os.open(folder, flags, dir_fd=within)


def _steps(folder: Path, *, below: Path) -> tuple[str, ...]:
    """Names of the folders from `below` to `folder`.

    Raises:
        OutputError: it is not below.
    """
    try:
        steps = folder.relative_to(below).parts
    except ValueError:
        steps = ("..",)
    if ".." in steps:
        raise OutputError(f"it does not lie in {below}", path=folder, remedy="check the path")
    return steps


def _mode(path: Path) -> int | None:
    """Permissions of the file that is replaced, if one is."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return None
    return stat.S_IMODE(mode) & 0o777 if stat.S_ISREG(mode) else None
