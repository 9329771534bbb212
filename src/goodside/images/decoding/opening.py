"""A photograph's bytes, opened within the limits on them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from goodside.errors import UnreadableImage
from goodside.images.photo import Limits
from goodside.os_errors import explain
from goodside.regular_file import NotRegularFile, open_regular

COPY_AGAIN: Final = "copy the file again from its source, or leave it out"


@contextmanager
def opened(source: str | Path | bytes, *, limits: Limits, path: str | None) -> Iterator[BinaryIO]:
    """Open a photograph's bytes.

    Raises:
        UnreadableImage: missing, no permission, no regular file, empty.
        ImageTooLarge: past the limit on bytes.
    """
    if isinstance(source, bytes):
        _check_size(len(source), limits=limits, path=path)
        yield BytesIO(source)
        return
    try:
        stream = open_regular(source, max_bytes=limits.max_megabytes * 1e6)
    except NotRegularFile as error:
        is_folder = error.errno == errno.EISDIR
        raise UnreadableImage(
            "it is a folder" if is_folder else str(error.strerror),
            path=path,
            remedy="name a file, or list the folder with find_photos"
            if is_folder
            else "save it to a file first",
        ) from error
    except PermissionError as error:
        raise UnreadableImage(
            "no permission to read it", path=path, remedy="change the file's permissions"
        ) from error
    except OSError as error:
        if error.errno == errno.EFBIG:
            limits.check_bytes(Path(source).stat().st_size, path=path)
        explained = explain(error, source)
        missing = isinstance(error, FileNotFoundError)
        reason = explained.reason if missing else f"it cannot be opened: {explained.reason}"
        raise UnreadableImage(reason, path=path, remedy=explained.remedy) from error
    except ValueError as error:
        raise UnreadableImage(
            f"it cannot be opened: {error}", path=path, remedy="check the path"
        ) from error
    with stream:
        _check_size(os.fstat(stream.fileno()).st_size, limits=limits, path=path)
        yield stream


def _check_size(size_bytes: int, *, limits: Limits, path: str | None) -> None:
    if size_bytes == 0:
        raise UnreadableImage("the file is empty", path=path, remedy=COPY_AGAIN)
    limits.check_bytes(size_bytes, path=path)
