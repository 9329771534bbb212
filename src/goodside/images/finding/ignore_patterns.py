"""Patterns as in .gitignore: which names below a folder are meant.

A pattern is compared name by name, each in time that grows with the length of the name only: a file
of patterns may come with a folder of photographs from anywhere.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass

_MAX_CHARACTERS = 1000
_SPECIAL = "*?["


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One line.

    Attributes:
        steps: what each name of a path has to match, from the first on; None: any number of names.
        takes_back: it begins with `!`.
        folders_only: it ends in `/`.
    """

    steps: tuple[re.Pattern[str] | None, ...]
    takes_back: bool
    folders_only: bool

    def fits(self, path: tuple[str, ...]) -> bool:
        steps = self.steps
        at = _passed(steps, {0})
        for name in path:
            ahead = set()
            for place in at:
                if place == len(steps):
                    continue
                step = steps[place]
                if step is None:
                    ahead.add(place)
                elif step.match(name):
                    ahead.add(place + 1)
            if not ahead:
                return False
            at = _passed(steps, ahead)
        return len(steps) in at


@dataclass(frozen=True, slots=True)
class IgnorePatterns:
    """Lines of patterns; of those that fit a path, the last one decides."""

    patterns: tuple[_Pattern, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[str]) -> IgnorePatterns:
        """Read lines as in .gitignore; empty ones and comments mean nothing.

        Raises:
            ValueError: a line has more than 1000 characters.
        """
        return cls(tuple(pattern for line in lines if (pattern := _read(line)) is not None))

    def verdict(self, path: tuple[str, ...], *, is_folder: bool) -> bool | None:
        """Whether a path is meant; None: no pattern says anything about it.

        Args:
            path: names of the folders to it, from below the patterns' own folder, and its own.
            is_folder: it is a folder.
        """
        for pattern in reversed(self.patterns):
            if (is_folder or not pattern.folders_only) and pattern.fits(path):
                return not pattern.takes_back
        return None


def _read(line: str) -> _Pattern | None:
    if len(line) > _MAX_CHARACTERS:
        raise ValueError(f"a pattern has more than {_MAX_CHARACTERS} characters")
    text = _without_end(line)
    if not text or text.startswith("#"):
        return None
    takes_back = text.startswith("!")
    text = text[takes_back:]
    folders_only = text.endswith("/")
    anchored = "/" in text.rstrip("/")
    names = [name for name in text.split("/") if name]
    if not names or text.startswith("//"):
        return None
    steps: list[re.Pattern[str] | None] = [] if anchored else [None]
    for name in names:
        if name == "**" and anchored:
            if steps[-1:] != [None]:
                steps.append(None)
        else:
            steps.append(re.compile(fnmatch.translate(_plain(name)), re.DOTALL))
    if steps[-1] is None:  # `a/**` is what is in a, and not a itself
        steps.append(re.compile(r"(?s:.+)\Z"))
    return _Pattern(tuple(steps), takes_back, folders_only)


def _without_end(line: str) -> str:
    """A line without its end and the blanks before it, unless they are escaped."""
    text = line.rstrip("\r\n")
    bare = text.rstrip(" \t")
    escapes = len(bare) - len(bare.rstrip("\\"))
    return bare + text[len(bare)] if escapes % 2 and len(text) > len(bare) else bare


def _plain(name: str) -> str:
    """A name's pattern in the words of `fnmatch`, which knows no backslash and no `[^…]`."""
    parts, at = [], 0
    while at < len(name):
        letter = name[at]
        if letter == "\\" and at + 1 < len(name):
            at += 1
            parts.append(f"[{name[at]}]" if name[at] in _SPECIAL else name[at])
        elif name.startswith("[^", at):
            parts.append("[!")
            at += 1
        else:
            parts.append(letter)
        at += 1
    return "".join(parts)


def _passed(steps: tuple[re.Pattern[str] | None, ...], places: set[int]) -> set[int]:
    """The places, and those after steps that need no name."""
    reached = set(places)
    for place in sorted(places):
        ahead = place
        while ahead < len(steps) and steps[ahead] is None:
            ahead += 1
            reached.add(ahead)
    return reached
