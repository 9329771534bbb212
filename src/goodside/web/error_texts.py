"""What errors say, in the language of whoever reads it.

Errors are raised, kept in the catalog and printed in English, with their values in place. A page
that shows one finds the message that it was made from among those of the language's catalog, takes
the values out, and says it in that language. `make texts` finds the messages where errors are
raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

CONTEXT = "error"
"""Of the messages in gettext's catalogs, so that no other text is taken for one of them."""

_FIELD = re.compile(r"\{(\w+)\}")
_MOST_LETTERS = 2000  # of a text that is looked for; longer ones stay as they are
_DEEPEST = 4
_BETWEEN = (": ", "; ")
"""What stands between two messages of one error: what failed, and why."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A message with values in it.

    Attributes:
        start: what it begins with, up to the first value.
        regex: matches the whole text.
        letters: how many letters are not of values.
        translation: the message in the other language.
    """

    start: str
    regex: re.Pattern[str]
    letters: int
    translation: str


class ErrorTexts:
    """The messages of errors in one language.

    Args:
        translations: by message, as `make texts` found them.
    """

    def __init__(self, translations: Mapping[str, str]) -> None:
        self._whole = {said: other for said, other in translations.items() if other}
        self._patterns = sorted(_patterns(self._whole.items()), key=lambda one: -one.letters)
        self.translate = lru_cache(maxsize=4096)(self._translate)

    def translate_failure(self, text: str) -> str:
        """An error's message with its remedy in brackets after it, in this language."""
        end = len(text) - 1
        while self._whole and text.endswith(")") and (end := text.rfind(" (", 0, end)) > 0:
            remedy = text[end + 2 : -1]
            said = self.translate(remedy)
            if said != remedy:
                return f"{self.translate(text[:end])} ({said})"
        return self.translate(text)

    def _translate(self, text: str, depth: int = 0) -> str:
        """A text in this language; one that no message makes, as a file's name, as it is."""
        if text in self._whole and not _FIELD.search(text):
            return self._whole[text]
        if len(text) > _MOST_LETTERS or depth == _DEEPEST:
            return text
        for one in self._patterns:
            if not text.startswith(one.start):
                continue
            found = one.regex.fullmatch(text)
            if found is not None:
                values = {
                    name: self._translate(value, depth + 1)
                    for name, value in found.groupdict().items()
                }
                return _filled(one.translation, values)
        for between in _BETWEEN:
            first, _, rest = text.partition(between)
            if rest and (said := self._whole.get(first)) is not None:
                return f"{said}{between}{self._translate(rest, depth + 1)}"
        return text


def _filled(translation: str, values: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), translation)


def _patterns(translations: Iterable[tuple[str, str]]) -> Iterable[_Pattern]:
    for message, translation in translations:
        parts = _FIELD.split(message)  # text, name, text, name, …, text
        letters = sum(char.isalpha() for char in "".join(parts[::2]))
        if len(parts) == 1 or not letters:
            continue
        seen: set[str] = set()
        regex = ""
        for place, part in enumerate(parts):
            if place % 2 == 0:
                regex += re.escape(part)
            elif part in seen:
                regex += f"(?P={part})"
            else:
                regex += f"(?P<{part}>.+?)"
                seen.add(part)
        yield _Pattern(parts[0], re.compile(regex, re.DOTALL), letters, translation)
