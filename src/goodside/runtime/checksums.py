"""The list `SHA256SUMS` of a folder of weights: the hash of every file beside the networks.

The format is that of `sha256sum`: `sha256sum -c SHA256SUMS` checks it too. The list holds cards and
data files; the networks' own hashes stand in their cards.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from goodside.errors import WeightsError, reason_of
from goodside.regular_file import open_regular

LIST = "SHA256SUMS"

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_REPAIR = "reinstall goodside, or copy the folder of weights again"


def sha256_of(path: Path) -> str:
    """The file's sha256, read once a process as long as the file stays what it is.

    Raises:
        OSError: it cannot be read.
    """
    return _digest(_State.of(path))


def read_checksums(folder: Path) -> dict[str, str] | None:
    """The sha256 of each listed file, by its name within the folder; None where there is no list.

    Raises:
        WeightsError: the list cannot be read or is damaged.
    """
    path = folder / LIST
    try:
        return _parsed(_State.of(path))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"the list of checksums cannot be read: {reason_of(error)}", path=path, remedy=_REPAIR
        ) from error


def write_checksums(folder: Path) -> Path:
    """List what the folder holds now, in place of an earlier list; returns the list's path.

    Raises:
        OSError: a file cannot be read, or the list cannot be written.
    """
    files = (path for path in folder.rglob("*") if _belongs(path.relative_to(folder)))
    return _write({path.relative_to(folder).as_posix(): sha256_of(path) for path in files}, folder)


def renew_checksums(*paths: Path, folder: Path, gone: Iterable[Path] = ()) -> None:
    """List these files of the folder anew, after they were written; the others stay as listed.

    Does nothing in a folder without a list.

    Args:
        paths: files that were written.
        folder: that holds them and the list.
        gone: files that were removed, and are listed no more.

    Raises:
        WeightsError: the list is damaged.
        OSError: as for `write_checksums`.
    """
    if (listed := read_checksums(folder)) is not None:
        renewed = {path.relative_to(folder).as_posix(): sha256_of(path) for path in paths}
        removed = {path.relative_to(folder).as_posix() for path in gone}
        kept = {name: digest for name, digest in listed.items() if name not in removed}
        _write(kept | renewed, folder)


def _write(listed: dict[str, str], folder: Path) -> Path:
    text = "".join(f"{listed[name]}  {name}\n" for name in sorted(listed))
    part = folder / f"{LIST}.part"
    part.write_text(text, encoding="utf-8", newline="\n")
    return part.replace(folder / LIST)


def _belongs(name: Path) -> bool:
    hidden = any(part.startswith((".", "__")) for part in name.parts)
    return name.suffix in (".json", ".npz") and not hidden


class _State(NamedTuple):
    """A file as it is now; after a change it is another one."""

    path: Path
    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> _State:
        stat = path.stat()
        return cls(path, stat.st_size, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=1024)
def _digest(file: _State) -> str:
    with open_regular(file.path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(maxsize=64)
def _parsed(file: _State) -> dict[str, str]:
    text = file.path.read_text(encoding="utf-8")
    if not text.endswith("\n"):
        raise ValueError("it is cut short")
    listed = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if (parts := _LINE.fullmatch(line)) is None:
            raise ValueError(f"line {number} is no checksum with a name")
        listed[parts[2]] = parts[1]
    return listed
