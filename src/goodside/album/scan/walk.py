"""Folders walked to the files that concern an album: one `stat` a file, each folder once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from goodside.album.catalog import FileStamp
from goodside.errors import UnreadableImage
from goodside.images.decoding.sniff import PHOTO_SUFFIXES, RAW_SUFFIXES
from goodside.images.decoding.unsupported import UNREAD_SUFFIXES
from goodside.images.finding.exclusions import IGNORE_FILE, Exclusions
from goodside.images.finding.find import is_dir, natural_key
from goodside.images.sidecars.picasa import PICASA_NAMES

Kind = Literal["photo", "raw", "sidecar", "picasa"]

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(PHOTO_SUFFIXES, "photo"),
    **dict.fromkeys(RAW_SUFFIXES, "raw"),
    ".xmp": "sidecar",
}

UNREACHED = FileStamp(0, 0, 0)
"""The stamp of a file that the system does not let us look at: every scan tries it again."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that is there.

    Attributes:
        path: absolute.
        folder: the folder asked for, below which it lies.
        kind: by the suffix.
        stamp: of the file itself; of the link where that leads nowhere; `UNREACHED` where the
            system does not tell it.
    """

    path: Path
    folder: Path
    kind: Kind
    stamp: FileStamp


Refused = tuple[Path, Path, UnreadableImage]
"""A folder that cannot be read, the folder asked for, and why."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk found.

    Attributes:
        files: in natural order, folder by folder.
        unreadable: folders that could not be listed (with the folder asked for), and why.
        left_out: files and folders that are there and not wanted; hidden ones are not listed.
        unread: by kind, how many pictures and videos there are that goodside does not read.
        unread_example: by kind, the first of them.
    """

    files: tuple[FoundFile, ...]
    unreadable: tuple[Refused, ...] = ()
    left_out: frozenset[Path] = frozenset()
    unread: Mapping[str, int] = field(default_factory=dict)
    unread_example: Mapping[str, Path] = field(default_factory=dict)


def walk(
    folders: Sequence[Path], *, excludes: Mapping[Path, Sequence[str]] | None = None
) -> Walked:
    """List the photographs, raw files and sidecars below folders.

    Hidden files and folders (but for Picasa's `.picasa.ini`), other programs' previews and what a
    `.goodsideignore` says are left out. Links are followed; a folder that is reached twice counts
    where it was reached first, and without a link if it can be. A link to a file is a file of its
    own, with the same content.

    Args:
        folders: absolute, in the order wanted.
        excludes: by folder, patterns as in .gitignore of what else is left out below it.

    Raises:
        UnreadableImage: one of `folders` is missing or is none.
    """
    for folder in folders:
        if not folder.is_dir():
            raise UnreadableImage(
                "there is no such folder", path=folder, remedy="name folders of photographs"
            )
    globs = excludes or {}
    trip = _Walk(globs)
    files = [
        found
        for folder in folders
        for found in trip.through(folder, Exclusions.of(folder, globs.get(folder, ()), above=globs))
    ]
    return Walked(
        tuple(files),
        tuple(trip.unreadable),
        frozenset(trip.left_out),
        dict(trip.unread),
        trip.unread_example,
    )


class _Walk:
    """Which folders were seen so far, and what was passed by."""

    def __init__(self, globs: Mapping[Path, Sequence[str]]) -> None:
        self._globs = globs
        self.unreadable: list[Refused] = []
        self.left_out: list[Path] = []
        self.unread: Counter[str] = Counter()
        self.unread_example: dict[str, Path] = {}
        self._seen: set[tuple[int, int]] = set()

    def through(self, root: Path, exclusions: Exclusions) -> Iterator[FoundFile]:
        real, linked = [(root, exclusions)], list[tuple[Path, Exclusions]]()
        while real or linked:
            folder, rules = real.pop() if real else linked.pop(0)
            try:
                entries, rules = self._entries(folder, rules)
            except (OSError, UnreadableImage) as error:
                self.unreadable.append((folder, root, _refusal(folder, error)))
                continue
            inner = [entry for entry in entries if is_dir(entry)]
            folders = {entry.name for entry in inner}
            for entry in entries:
                if entry.name not in folders and (found := self._found(entry, root)) is not None:
                    yield found
            ahead = [
                (folder / entry.name, entry, self._below(folder, rules, entry.name))
                for entry in inner
            ]
            linked += [(path, below) for path, entry, below in ahead if entry.is_symlink()]
            real += [(path, below) for path, entry, below in ahead[::-1] if not entry.is_symlink()]

    def _below(self, folder: Path, rules: Exclusions, name: str) -> Exclusions:
        """The rules of a folder in this one, with what a person left out of that very folder."""
        below, globs = rules.below(name), self._globs.get(folder / name)
        return below.excluding(globs) if globs else below

    def _entries(
        self, folder: Path, rules: Exclusions
    ) -> tuple[list[os.DirEntry[str]], Exclusions]:
        """What stands in a folder, in natural order; nothing where it was seen before."""
        found = folder.stat()
        if (found.st_dev, found.st_ino) in self._seen:
            return [], rules
        with os.scandir(folder) as listing:
            there = list(listing)
        if any(entry.name == IGNORE_FILE for entry in there):
            rules = rules.reading(folder)
        self._seen.add((found.st_dev, found.st_ino))
        entries = []
        for entry in there:
            is_picasa = entry.name.lower() in PICASA_NAMES
            if is_picasa or not rules.leave_out(entry.name, is_folder=is_dir(entry)):
                entries.append(entry)
            elif not entry.name.startswith("."):
                self.left_out.append(folder / entry.name)
        return sorted(entries, key=lambda entry: (natural_key(entry.name), entry.name)), rules

    def _found(self, entry: os.DirEntry[str], root: Path) -> FoundFile | None:
        kind = _kind(entry.name)
        if kind is None:
            suffix = entry.name[max(entry.name.rfind("."), 0) :].lower()
            if (unread := UNREAD_SUFFIXES.get(suffix)) is not None:
                self.unread[unread] += 1
                self.unread_example.setdefault(unread, Path(entry.path))
            return None
        stamp = _stamp(entry)
        return None if stamp is None else FoundFile(Path(entry.path), root, kind, stamp)


def _kind(name: str) -> Kind | None:
    if name.lower() in PICASA_NAMES:
        return "picasa"
    return _KINDS.get(name[max(name.rfind("."), 0) :].lower())


def _stamp(entry: os.DirEntry[str]) -> FileStamp | None:
    """A file's stamp; of a link that leads nowhere its own; None where the file went away."""
    try:
        try:
            stat = entry.stat()
        except OSError:
            if not entry.is_symlink():
                raise
            stat = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError:  # reading it will say why
        return UNREACHED
    return FileStamp(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def _refusal(folder: Path, error: OSError | UnreadableImage) -> UnreadableImage:
    if isinstance(error, UnreadableImage):
        return error
    return UnreadableImage(
        f"the folder cannot be read: {error.strerror}",
        path=folder,
        remedy="change its permissions, or leave it out",
    )
