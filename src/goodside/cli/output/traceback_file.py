"""The traceback of an error that nobody foresaw, kept where its user finds it."""

from __future__ import annotations

import os
import platform
import shlex
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from goodside.version import __version__

_KEPT = 20


def save_traceback(error: BaseException, *, arguments: Sequence[str]) -> Path | None:
    """Write the traceback to a file that only its user can read.

    It goes into the user's state folder (on Linux `~/.local/state/goodside`), which keeps the
    newest twenty, or, where that cannot be written, into the folder of temporary files.

    Args:
        error: what happened.
        arguments: of the command; they may hold names of files.

    Returns:
        The file; None where none can be written.
    """
    text = "\n".join(
        (
            f"goodside {__version__}, Python {platform.python_version()}, {platform.platform()}",
            shlex.join(("goodside", *arguments)),
            "".join(traceback.format_exception(error)),
        )
    )
    data = text.encode("utf-8", errors="backslashreplace")
    for write in (_write_to_state, _write_to_temporary):
        try:
            return write(data)
        except OSError:
            continue
    return None


def _write_to_state(data: bytes) -> Path:
    from platformdirs import user_state_path

    folder = user_state_path("goodside", appauthor=False)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"traceback-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.txt"
    _write(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), data)
    for old in sorted(folder.glob("traceback-*.txt"))[:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


def _write_to_temporary(data: bytes) -> Path:
    file, name = tempfile.mkstemp(prefix="goodside-traceback-", suffix=".txt")
    _write(file, data)
    return Path(name)


def _write(file: int, data: bytes) -> None:
    with os.fdopen(file, "wb") as stream:
        stream.write(data)
