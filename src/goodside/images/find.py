"""Files and folders, expanded to the photographs in them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from goodside.errors import ImageError, UnreadableImage
from goodside.images.sniff import PHOTO_SUFFIXES, RAW_SUFFIXES

OnError = Callable[[ImageError], None]


def find_photos(
    paths: Iterable[str | Path], *, recursive: bool = True, on_error: OnError | None = None
) -> Iterator[Path]:
    """List photographs, each once, in natural order (`IMG_2` before `IMG_10`).

    A file given by name is always listed, whatever its suffix and even if it is missing: reading
    it tells why it cannot be used. In folders, files count by their suffix; hidden files and
    folders are left out; links are followed, each folder once.

    Args:
        paths: files and folders, in the order wanted.
        recursive: also look into the folders' folders.
        on_error: called with an error for each folder that cannot be read, and the search goes
            on; without it the first such error is raised.

    Raises:
        UnreadableImage: a folder cannot be read and there is no `on_error`.
    """
    seen_files: set[str] = set()
    seen_folders: set[tuple[int, int]] = set()
    for given in paths:
        path = Path(given)
        found = _walk(path, recursive, on_error, seen_folders) if path.is_dir() else iter([path])
        for photo in found:
            real = os.path.realpath(photo)
            if real not in seen_files:
                seen_files.add(real)
                yield photo


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that reads runs of digits as numbers and ignores case."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


def _walk(
    folder: Path,
    recursive: bool,
    on_error: OnError | None,
    seen: set[tuple[int, int]],
) -> Iterator[Path]:
    try:
        found = folder.stat()
        if (found.st_dev, found.st_ino) in seen:
            return
        seen.add((found.st_dev, found.st_ino))
        with os.scandir(folder) as entries:
            visible = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        _report(folder, error, on_error)
        return
    visible.sort(key=lambda entry: (natural_key(entry.name), entry.name))
    folders = []
    for entry in visible:
        if entry.is_dir():
            folders.append(Path(entry.path))
        elif Path(entry.name).suffix.lower() in PHOTO_SUFFIXES | RAW_SUFFIXES:
            yield Path(entry.path)
    if recursive:
        for inner in folders:
            yield from _walk(inner, recursive, on_error, seen)


def _report(folder: Path, error: OSError, on_error: OnError | None) -> None:
    told = UnreadableImage(
        f"the folder cannot be read: {error.strerror}",
        path=folder,
        remedy="change its permissions, or leave it out",
    )
    if on_error is None:
        raise told from error
    on_error(told)
