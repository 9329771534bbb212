"""English texts that remember how they were put together, so that a page can say them otherwise.

A phrase is a `str`: terminals, JSON and reports use it as it is. Whoever shows it in another
language asks it for the message and the values it was made of (the same idea as
`zope.i18nmessageid`). `make texts` finds the messages in calls of `phrase` and `count_phrase`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

Translate = Callable[[str], str]
TranslateCount = Callable[[str, str, int], str]


class Phrase(str):
    """An English text, with the message and the values that it is made of.

    Attributes:
        message: with a name in braces for each value; the singular where it depends on a number.
        plural: the message for more than one; None: it depends on no number.
        number: what decides between both.
        values: by name; phrases among them are translated with it.
    """

    message: str
    plural: str | None
    number: int
    values: Mapping[str, object]

    def translated_by(self, gettext: Translate, ngettext: TranslateCount) -> str:
        """The text in another language.

        Args:
            gettext: a message to its translation.
            ngettext: the same of a message that depends on a number.
        """
        if self.plural is None:
            message = gettext(self.message)
        else:
            message = ngettext(self.message, self.plural, self.number)
        values = {
            name: value.translated_by(gettext, ngettext) if isinstance(value, Phrase) else value
            for name, value in self.values.items()
        }
        return message.format(**values)


def phrase(message: str, **values: object) -> Phrase:
    """A text from a message, which is written out at the call, and values for its names."""
    return _made(message, None, 0, values)


def count_phrase(singular: str, plural: str, count: int, **values: object) -> Phrase:
    """A text that depends on a number, which the messages call `{count}`."""
    return _made(singular, plural, count, {"count": count, **values})


def listed(parts: Iterable[str], separator: Literal[", ", "; ", " "] = ", ") -> str:
    """Texts one after the other; empty for none.

    Args:
        parts: names, words or, for a space, whole sentences.
        separator: what stands between them in English.
    """
    first, *others = (*parts,) or ("",)
    if not others:
        return first
    rest = listed(others, separator)
    match separator:
        case ", ":
            # Translators: words in a list; change only what stands between.
            return phrase("{first}, {others}", first=first, others=rest)
        case "; ":
            # Translators: a list of longer things; change only what stands between.
            return phrase("{first}; {others}", first=first, others=rest)
        case " ":
            # Translators: two sentences, one after the other.
            return phrase("{first} {others}", first=first, others=rest)


def _made(message: str, plural: str | None, number: int, values: Mapping[str, Any]) -> Phrase:
    english = message if plural is None or number == 1 else plural
    made = Phrase(english.format(**values))
    made.message, made.plural, made.number, made.values = message, plural, number, values
    return made
