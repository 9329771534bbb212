"""Files opened for reading without trusting their names: a pipe or a device never blocks us.

Whoever reads a file that a person or another program put somewhere opens it here. A folder, pipe,
socket or device that stands under the name, or at the end of a link, is an error at once.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import TextIO

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a pipe without a writer opens at once
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class NotRegularFile(OSError):
    """A folder, pipe, socket or device; `strerror` says which."""


def open_regular(path: str | Path, *, max_bytes: float | None = None) -> io.BufferedReader:
    """Open a regular file for reading.

    Args:
        path: the file; links are followed.
        max_bytes: a larger file is refused.

    Raises:
        NotRegularFile: it is something else.
        OSError: it is missing, may not be read, or is too large (`errno.EFBIG`).
        ValueError: the name holds a null byte.
    """
    _check(Path(path).stat(), path=path, max_bytes=max_bytes)  # opening a device may move it
    handle = os.open(path, _FLAGS)
    try:
        _check(os.fstat(handle), path=path, max_bytes=max_bytes)  # what was opened in fact
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: str | Path, *, max_bytes: int) -> bytes:
    """Read a regular file whole.

    Args:
        path: the file; links are followed.
        max_bytes: a larger file is refused, whatever size the system says it has.

    Raises:
        NotRegularFile: it is something else.
        OSError: it is missing, cannot be read, or is too large (`errno.EFBIG`).
        ValueError: the name holds a null byte.
    """
    with open_regular(path, max_bytes=max_bytes) as stream:
        data = stream.read(max_bytes + 1) or b""
    if len(data) > max_bytes:
        raise _too_large(path, max_bytes=max_bytes)
    return data


def read_text(path: str | Path, *, max_bytes: int, encoding: str = "utf-8") -> str:
    """Read a regular file as text, its line ends as they are.

    Args:
        path: the file; links are followed.
        max_bytes: a larger file is refused.
        encoding: of the text.

    Raises:
        OSError: as `read_regular`.
        UnicodeDecodeError: it is no text of this encoding.
    """
    return read_regular(path, max_bytes=max_bytes).decode(encoding)


def open_text(path: str | Path, *, max_bytes: int, encoding: str = "utf-8") -> TextIO:
    """Open a regular file as text, its line ends as they are; for tables.

    Args:
        path: the file; links are followed.
        max_bytes: a larger file is refused.
        encoding: of the text.

    Raises:
        OSError: as `open_regular`.
    """
    return io.TextIOWrapper(open_regular(path, max_bytes=max_bytes), encoding=encoding, newline="")


def _check(found: os.stat_result, *, path: str | Path, max_bytes: float | None) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise NotRegularFile(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise NotRegularFile(errno.EINVAL, "it is a pipe or a device, no file", str(path))
    if max_bytes is not None and found.st_size > max_bytes:
        raise _too_large(path, max_bytes=max_bytes)


def _too_large(path: str | Path, *, max_bytes: float) -> OSError:
    return OSError(errno.EFBIG, f"it has more than {max_bytes / 1e6:g} MB", str(path))
