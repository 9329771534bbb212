"""Folders that people may name: those below the roots that the service was started with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from goodside.errors import OutOfRange
from goodside.text import has_hidden

_MOST_SUGGESTIONS = 20
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Roots:
    """Folders below which others may be named.

    Attributes:
        folders: as `--root` names them.
    """

    folders: tuple[Path, ...]

    def check(self, text: str, *, must_exist: bool) -> Path:
        """The folder that somebody typed.

        Links are followed before it is compared, and what lies outside is refused in the same words
        whether it is there or not.

        Args:
            text: absolute, or beginning with `~`.
            must_exist: whether it has to be there.

        Raises:
            OutOfRange: it is none, lies outside, or is not there.
        """
        if not self.folders:
            raise OutOfRange(
                "no folder may be chosen in the browser",
                remedy="start goodside serve with --root DIR, the folder that holds yours",
            )
        folder = _typed(text)
        if not self._holds(folder):
            raise OutOfRange(
                "this folder may not be used here", remedy=f"name one below {self._named()}"
            )
        if folder.exists() and not folder.is_dir():
            raise OutOfRange("this is a file", path=folder, remedy="name the folder that holds it")
        if must_exist and not folder.is_dir():
            raise OutOfRange("there is no such folder", path=folder, remedy="check how it is spelt")
        if must_exist and not os.access(folder, os.R_OK | os.X_OK):
            raise OutOfRange(
                "this folder cannot be read", path=folder, remedy="change its permissions"
            )
        return folder

    def suggest(self, text: str) -> list[Path]:
        """Folders that begin as typed, the roots themselves before anything is.

        Args:
            text: what somebody typed so far.

        Returns:
            At most 20, by name; without hidden ones, and none that leads outside.
        """
        try:
            typed = _typed(text) if text.strip() else None
        except OutOfRange:
            return []
        if typed is None or not self._holds(typed):
            return [root for root in self.folders if typed is None or root.is_relative_to(typed)]
        if text.endswith(os.sep):
            parent, start = typed, ""
        elif typed in self._real():
            return [typed, *self._below(typed, "")][:_MOST_SUGGESTIONS]
        else:
            parent, start = typed.parent, typed.name
        return self._below(parent, start)[:_MOST_SUGGESTIONS]

    def _below(self, parent: Path, start: str) -> list[Path]:
        if not self._holds(parent):
            return []
        try:
            with os.scandir(parent) as entries:
                names = [
                    entry.name
                    for entry in entries
                    if entry.name.casefold().startswith(start.casefold())
                    and not entry.name.startswith(".")
                    and not has_hidden(entry.name)
                    and entry.is_dir()
                ]
        except OSError:
            return []
        return [parent / name for name in sorted(names) if self._holds(parent / name)]

    def _holds(self, folder: Path) -> bool:
        real = Path(os.path.realpath(folder))
        return any(real.is_relative_to(root) for root in self._real())

    def _real(self) -> tuple[Path, ...]:
        return tuple(Path(os.path.realpath(root)) for root in self.folders)

    def _named(self) -> str:
        return " or ".join(map(str, self.folders))


def _typed(text: str) -> Path:
    """An absolute path in its shortest form, links in it left as they are."""
    text = text.strip()
    if not text or "\0" in text or len(text) > _LONGEST:
        raise OutOfRange("no folder is named", remedy="type its whole path")
    folder = Path(text)
    with suppress(RuntimeError):  # nobody of that name has a home
        folder = folder.expanduser()
    if not folder.is_absolute():
        raise OutOfRange(f"{text!r} is no whole path", remedy="begin with / or ~")
    return Path(os.path.normpath(folder))


def usable_roots(roots: Sequence[Path]) -> Roots:
    """The roots as absolute folders."""
    return Roots(tuple(root.absolute() for root in roots))
