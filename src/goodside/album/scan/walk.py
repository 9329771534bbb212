"""Folders walked to the files that concern an album: one `stat` a file, each folder once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from goodside.album.catalog import FileStamp
from goodside.errors import UnreadableImage
from goodside.images.find import natural_key
from goodside.images.picasa import PICASA_NAMES
from goodside.images.sniff import PHOTO_SUFFIXES, RAW_SUFFIXES

Kind = Literal["photo", "raw", "sidecar", "picasa"]

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(PHOTO_SUFFIXES, "photo"),
    **dict.fromkeys(RAW_SUFFIXES, "raw"),
    ".xmp": "sidecar",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is there.

    Attributes:
        path: absolute.
        folder: the folder asked for, below which it lies.
        kind: told by the suffix.
        stamp: of the file itself; of the link where that leads nowhere.
    """

    path: Path
    folder: Path
    kind: Kind
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk found.

    Attributes:
        files: in natural order, folder by folder.
        unreadable: folders that could not be listed (with the folder asked for), and why.
    """

    files: tuple[Found, ...]
    unreadable: tuple[tuple[Path, Path, UnreadableImage], ...]


def walk(folders: Sequence[Path]) -> Walked:
    """List the photographs, raw files and sidecars below folders.

    Hidden files and folders are left out, but for Picasa's `.picasa.ini`. Links are followed; a
    folder that is reached twice counts where it was reached first, and without a link if it can
    be. A link to a file is a file of its own, with the same content.

    Args:
        folders: absolute, in the order wanted.

    Raises:
        UnreadableImage: one of `folders` is missing or is none.
    """
    for folder in folders:
        if not folder.is_dir():
            raise UnreadableImage(
                "there is no such folder", path=folder, remedy="name folders of photographs"
            )
    trip = _Trip()
    files = [found for folder in folders for found in trip.through(folder)]
    return Walked(tuple(files), tuple(trip.unreadable))


class _Trip:
    """Which folders were seen so far."""

    def __init__(self) -> None:
        self.unreadable: list[tuple[Path, Path, UnreadableImage]] = []
        self._seen: set[tuple[int, int]] = set()

    def through(self, root: Path) -> Iterator[Found]:
        real, linked = [root], list[Path]()
        while real or linked:
            folder = real.pop() if real else linked.pop(0)
            try:
                entries = self._entries(folder)
                inner = [entry for entry in entries if _is_dir(entry)]
                files = [_found(entry, root) for entry in entries if _kind(entry.name)]
            except OSError as error:
                self._refuse(folder, root, error)
                continue
            yield from (file for file in files if file is not None)
            linked += [folder / entry.name for entry in inner if entry.is_symlink()]
            real += [folder / entry.name for entry in reversed(inner) if not entry.is_symlink()]

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """What stands in a folder, in natural order; nothing where it was seen before."""
        found = folder.stat()
        if (found.st_dev, found.st_ino) in self._seen:
            return []
        with os.scandir(folder) as listing:
            entries = [entry for entry in listing if not _is_hidden(entry.name)]
        self._seen.add((found.st_dev, found.st_ino))
        return sorted(entries, key=lambda entry: (natural_key(entry.name), entry.name))

    def _refuse(self, folder: Path, root: Path, error: OSError) -> None:
        told = UnreadableImage(
            f"the folder cannot be read: {error.strerror}",
            path=folder,
            remedy="change its permissions, or leave it out",
        )
        self.unreadable.append((folder, root, told))


def _kind(name: str) -> Kind | None:
    if name.lower() in PICASA_NAMES:
        return "picasa"
    return _KINDS.get(name[max(name.rfind("."), 0) :].lower())


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and name.lower() not in PICASA_NAMES


def _found(entry: os.DirEntry[str], root: Path) -> Found | None:
    kind = _kind(entry.name)
    if kind is None or _is_dir(entry):
        return None
    try:
        stat = entry.stat()
    except OSError:  # a link that leads nowhere: reading it will say so
        if not entry.is_symlink():
            raise
        stat = entry.stat(follow_symlinks=False)
    stamp = FileStamp(stat.st_size, stat.st_mtime_ns, stat.st_ino)
    return Found(Path(entry.path), root, kind, stamp)


def _is_dir(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False
