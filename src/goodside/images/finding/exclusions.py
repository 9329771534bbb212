"""What is left out of folders of photographs: hidden files, previews, a person's wish."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from goodside.errors import UnreadableImage, reason_of
from goodside.images.finding.ignore_patterns import IgnorePatterns
from goodside.regular_file import read_regular

IGNORE_FILE = ".goodsideignore"
"""Patterns as in .gitignore for the folder it stands in and those below."""

_MAX_BYTES = 100_000
_SYSTEM_FOLDERS = frozenset(  # of Linux, Synology and QNAP, whose names have one spelling
    ("@eaDir", "#recycle", "#snapshot", "@Recycle", "@Recently-Snapshot", "lost+found")
)
_FOLDERS_ANY_CASE = frozenset(  # of Windows and macOS, and of programs that run there
    (
        "$recycle.bin",
        "recycler",
        "recycled",
        "system volume information",
        "__macosx",
        "captureone",
    )
)
_PREVIEW_SUFFIXES = (".lrdata", ".lrcat-data")
_LIBRARY_SUFFIXES = (".photoslibrary", ".photolibrary", ".migratedphotolibrary", ".aplibrary")
_ORIGINALS = frozenset(("originals", "masters"))
_CACHE_HOMES = (".cocatalog",)


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What is left out of one folder.

    Attributes:
        home: the folder's name.
        path: names from below the folder asked for to this one.
        given: patterns that a person gave for the folder asked for, for those above it or below,
            each with how deep that stands (above: the names from there to the folder asked for);
            the deepest decides, and they go before those in files.
        read: of each .goodsideignore above or here, how deep it stands, and its patterns.
    """

    home: str
    path: tuple[str, ...] = ()
    given: tuple[tuple[int | tuple[str, ...], IgnorePatterns], ...] = ()
    read: tuple[tuple[int, IgnorePatterns], ...] = ()

    @classmethod
    def of(
        cls,
        folder: Path,
        globs: Iterable[str] = (),
        *,
        above: Mapping[Path, Iterable[str]] | None = None,
    ) -> Exclusions:
        """Those of a folder that a person asks for.

        Args:
            folder: whatever its own name is, it is not left out.
            globs: patterns as in .gitignore.
            above: patterns of folders; those of folders above this one hold for what is in it.

        Raises:
            ValueError: a pattern has more than 1000 characters.
        """
        higher = [one for one in reversed(folder.parents) if above and one in above]
        given: list[tuple[int | tuple[str, ...], IgnorePatterns]] = [
            (folder.relative_to(one).parts, IgnorePatterns.of(above[one]))
            for one in higher
            if above
        ]
        return cls(folder.name, given=(*given, (0, IgnorePatterns.of(globs))))

    def excluding(self, globs: Iterable[str]) -> Exclusions:
        """The same with patterns that a person gave for this very folder."""
        patterns = IgnorePatterns.of(globs)
        return replace(self, given=(*self.given, (len(self.path), patterns)))

    def below(self, name: str) -> Exclusions:
        """Those of a folder in this one."""
        return replace(self, home=name, path=(*self.path, name))

    def reading(self, folder: Path) -> Exclusions:
        """The same with the patterns of the folder's own .goodsideignore.

        Raises:
            UnreadableImage: the file cannot be read or holds no patterns.
        """
        path = folder / IGNORE_FILE
        try:
            data = read_regular(path, max_bytes=_MAX_BYTES)
            lines = os.fsdecode(data.removeprefix(b"\xef\xbb\xbf")).split("\n")
            patterns = IgnorePatterns.of(lines)
        except (OSError, ValueError) as error:
            raise UnreadableImage(
                f"its {IGNORE_FILE} cannot be read: {reason_of(error)}",
                path=folder,
                remedy="mend the file or remove it; until then the folder is left as it was",
            ) from error
        return replace(self, read=(*self.read, (len(self.path), patterns)))

    def leave_out(self, name: str, *, is_folder: bool) -> bool:
        """Whether a file or folder in this one is left out.

        Hidden ones always are. Other programs' previews and the system's waste-paper baskets are
        unless a pattern that begins with `!` says otherwise.
        """
        if name.startswith("."):
            return True
        path = (*self.path, name)
        said = None
        for place, patterns in (*reversed(self.given), *reversed(self.read)):
            if said is not None:
                break
            seen = path[place:] if isinstance(place, int) else (*place, *path)
            said = patterns.verdict(seen, is_folder=is_folder)
        return is_folder and _is_derived(name, home=self.home) if said is None else said


def _is_derived(name: str, *, home: str) -> bool:
    """Whether a folder holds what a system or a program made of photographs, or threw away."""
    lower, above = name.casefold(), home.casefold()
    if above.endswith(_LIBRARY_SUFFIXES):
        return lower not in _ORIGINALS
    if above.endswith(_CACHE_HOMES) and lower == "cache":
        return True
    return (
        name in _SYSTEM_FOLDERS or lower in _FOLDERS_ANY_CASE or lower.endswith(_PREVIEW_SUFFIXES)
    )
