"""The bytes of a sidecar: of a regular file only, and no more of them than a sidecar may have."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from goodside.errors import SidecarError
from goodside.images.xmp.tree import MAX_BYTES


def read_sidecar_bytes(path: Path) -> bytes:
    """Read a sidecar; one byte more than the limit tells the parser that it is too large.

    Raises:
        SidecarError: it is missing, no regular file (a pipe is never waited for), or cannot be
            read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as stream:  # noqa: PTH123
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SidecarError(
                    "it is no regular file", path=path, remedy="move it out of the way"
                )
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise SidecarError("no such file", path=path, remedy="check the path") from error
    except OSError as error:
        raise SidecarError(
            f"it cannot be read: {error.strerror or error}",
            path=path,
            remedy="change its permissions",
        ) from error
