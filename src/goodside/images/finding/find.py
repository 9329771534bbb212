"""Files and folders, expanded to the photographs in them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from goodside.errors import ImageError, UnreadableImage
from goodside.images.decoding.sniff import PHOTO_SUFFIXES, RAW_SUFFIXES
from goodside.images.decoding.unsupported import UNREAD_SUFFIXES
from goodside.images.finding.exclusions import IGNORE_FILE, Exclusions

OnError = Callable[[ImageError], None]
OnUnread = Callable[[Path, str], None]


def find_photos(
    paths: Iterable[str | Path],
    *,
    recursive: bool = True,
    on_error: OnError | None = None,
    on_unread: OnUnread | None = None,
    exclude: Iterable[str] = (),
) -> Iterator[Path]:
    """List photographs, each once, in natural order (`IMG_2` before `IMG_10`).

    A file given by name is always listed, whatever its suffix and even if it is missing: reading
    it tells why it cannot be used. In folders, files count by their suffix; hidden files and
    folders, other programs' previews and what a `.goodsideignore` says are left out; links are
    followed, each folder once.

    Args:
        paths: files and folders, in the order wanted.
        recursive: also look into the folders' folders.
        on_error: called with an error for each folder that cannot be read, and the search goes
            on; without it the first such error is raised.
        on_unread: called with each picture or video in a folder that is of a kind that goodside
            does not read, and the kind (see `describe_unread`).
        exclude: patterns as in .gitignore of what else is left out of the folders.

    Raises:
        UnreadableImage: a folder cannot be read and there is no `on_error`.
        ValueError: a pattern has more than 1000 characters.
    """
    globs = tuple(exclude)
    seen_files: set[str] = set()
    search = _Search(recursive, on_error, on_unread)
    for given in paths:
        path = Path(given)
        inside = path.is_dir()
        found = search.through(path, Exclusions.of(path, globs)) if inside else iter([path])
        for photo in found:
            real = os.path.realpath(photo)
            if real not in seen_files:
                seen_files.add(real)
                yield photo


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that reads runs of digits as numbers and ignores case."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


def is_dir(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder or leads to one; a link to itself does not."""
    try:
        return entry.is_dir()
    except OSError:
        return False


class _Search:
    """How folders are searched, and which were."""

    def __init__(
        self, recursive: bool, on_error: OnError | None, on_unread: OnUnread | None
    ) -> None:
        self._recursive, self._on_error, self._on_unread = recursive, on_error, on_unread
        self._seen: set[tuple[int, int]] = set()

    def through(self, folder: Path, exclusions: Exclusions) -> Iterator[Path]:
        try:
            found = folder.stat()
            if (found.st_dev, found.st_ino) in self._seen:
                return
            self._seen.add((found.st_dev, found.st_ino))
            with os.scandir(folder) as listing:
                entries = list(listing)
            if any(entry.name == IGNORE_FILE for entry in entries):
                exclusions = exclusions.reading(folder)
        except OSError as error:
            _report(_unreadable(folder, error), self._on_error)
            return
        except UnreadableImage as error:
            _report(error, self._on_error)
            return
        entries.sort(key=lambda entry: (natural_key(entry.name), entry.name))
        folders = []
        for entry in entries:
            is_folder = is_dir(entry)
            if exclusions.leave_out(entry.name, is_folder=is_folder):
                continue
            if is_folder:
                folders.append(entry)
                continue
            suffix = Path(entry.name).suffix.lower()
            if suffix in PHOTO_SUFFIXES | RAW_SUFFIXES:
                yield Path(entry.path)
            elif self._on_unread is not None and (kind := UNREAD_SUFFIXES.get(suffix)) is not None:
                self._on_unread(Path(entry.path), kind)
        if self._recursive:
            for entry in folders:
                yield from self.through(Path(entry.path), exclusions.below(entry.name))


def _unreadable(folder: Path, error: OSError) -> UnreadableImage:
    unreadable = UnreadableImage(
        f"the folder cannot be read: {error.strerror}",
        path=folder,
        remedy="change its permissions, or leave it out",
    )
    unreadable.__cause__ = error
    return unreadable


def _report(error: ImageError, on_error: OnError | None) -> None:
    if on_error is None:
        raise error
    on_error(error)
