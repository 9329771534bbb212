"""What the system means when it refuses something, and what to do about it."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path

from goodside.errors import OutputError


@dataclass(frozen=True, slots=True)
class OsErrorExplanation:
    """A refusal of the system.

    Attributes:
        reason: what is wrong, in a few words.
        remedy: what to do.
    """

    reason: str
    remedy: str


_PERMISSION = OsErrorExplanation("no permission", "change the permissions, or name another place")
_FULL = OsErrorExplanation("the disk is full", "free some space, or name a place on another disk")
_FILES = OsErrorExplanation(
    "too many files are open at a time", "raise the limit, as with `ulimit -n 1024`"
)
_MEMORY = OsErrorExplanation(
    "there is too little memory", "close other programs, or use fewer --workers"
)
_DISK = OsErrorExplanation(
    "the disk reports an error", "check the disk and its cable, and copy what can still be read"
)
_GONE = OsErrorExplanation("the disk is gone", "plug it in again, and repeat the command")
_BY_NAME = {
    "EACCES": _PERMISSION,
    "EPERM": _PERMISSION,
    "EROFS": OsErrorExplanation(
        "the disk is mounted read-only", "name a place on another disk, or mount it for writing"
    ),
    "ENOSPC": _FULL,
    "EDQUOT": OsErrorExplanation("your share of the disk is used up", _FULL.remedy),
    "EFBIG": OsErrorExplanation("the file would be too large for the disk", _FULL.remedy),
    "EMFILE": _FILES,
    "ENFILE": OsErrorExplanation(_FILES.reason, "close other programs"),
    "ENOMEM": _MEMORY,
    "EAGAIN": OsErrorExplanation("the system starts no more processes", _MEMORY.remedy),
    "EIO": _DISK,
    "ENODEV": _GONE,
    "ENXIO": _GONE,
    "ESTALE": _GONE,
    "EHOSTDOWN": _GONE,
    "ETIMEDOUT": _GONE,
    "EBADF": OsErrorExplanation("it is closed", "open it, or send it to /dev/null"),
    "ENOENT": OsErrorExplanation("no such file or folder", "check the path"),
    "ENOTDIR": OsErrorExplanation("a file stands where a folder is named", "check the path"),
    "EISDIR": OsErrorExplanation("it is a folder", "name a file"),
    "EEXIST": OsErrorExplanation("the file exists", "name another file, or ask to overwrite it"),
    "ELOOP": OsErrorExplanation("the link leads to itself", "remove the link"),
    "ENAMETOOLONG": OsErrorExplanation("the name is too long", "name it shorter"),
    "EBUSY": OsErrorExplanation("another program uses it", "wait, or close that program"),
    "ETXTBSY": OsErrorExplanation("another program uses it", "wait, or close that program"),
}


def explain(error: OSError, path: str | Path | None = None) -> OsErrorExplanation:
    """Why the system refused, in our words.

    Args:
        error: of the system.
        path: what it concerns; by default what the error names. A link that leads nowhere is named
            with what it names.
    """
    path = error.filename if path is None else path
    if error.errno == errno.ENOENT and isinstance(path, str | Path):
        link = _dangling(Path(path))
        if link is not None:
            return link
    known = _BY_NAME.get(errno.errorcode.get(error.errno or 0, ""))
    return known or OsErrorExplanation(error.strerror or str(error), "check the path and the disk")


def refusal(what: str, error: OSError, path: str | Path) -> OutputError:
    """The error of something that could not be written: `what` and why, and what to do.

    Args:
        what: as `the folder cannot be made`.
        error: of the system.
        path: what could not be written.
    """
    explained = explain(error, path)
    return OutputError(f"{what}: {explained.reason}", path=path, remedy=explained.remedy)


def _dangling(path: Path) -> OsErrorExplanation | None:
    """What to say of a link that leads nowhere, be it the file or a folder above it."""
    for one in (path, *path.parents):
        try:
            target = one.readlink()
        except OSError:
            continue
        if not one.exists():
            return OsErrorExplanation(
                f"no such file: the link leads to {target}, which is not there",
                "plug in the disk that holds it, or remove the link",
            )
    return None
