"""The bytes of a sidecar: of a regular file only, and no more of them than a sidecar may have."""

from __future__ import annotations

from pathlib import Path

from goodside.errors import SidecarError, reason_of
from goodside.images.xmp.tree import MAX_BYTES
from goodside.regular_file import NotRegularFile, open_regular


def read_sidecar_bytes(path: Path) -> bytes:
    """Read a sidecar; one byte more than the limit tells the parser that it is too large.

    Raises:
        SidecarError: it is missing, no regular file (a pipe is never waited for), or cannot be
            read.
    """
    try:
        with open_regular(path) as stream:
            return stream.read(MAX_BYTES + 1) or b""
    except NotRegularFile as error:
        raise SidecarError(reason_of(error), path=path, remedy="move it out of the way") from error
    except FileNotFoundError as error:
        raise SidecarError("no such file", path=path, remedy="check the path") from error
    except OSError as error:
        raise SidecarError(
            f"it cannot be read: {error.strerror or error}",
            path=path,
            remedy="change its permissions",
        ) from error
