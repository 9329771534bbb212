"""What the gallery says, in the language of whoever reads it: gettext's catalogs.

English is the source: it stands in the templates, which also hold what scripts say. A language is a
folder `locale/LANGUAGE/LC_MESSAGES` with a compiled `goodside.mo`; which one a request is answered
in follows from its `Accept-Language`.
"""

from __future__ import annotations

import gettext as catalogs
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from goodside.phrase import Phrase
from goodside.tags import tag_phrase
from goodside.web.error_texts import CONTEXT, ErrorTexts

SOURCE_LANGUAGE = "en"
LOCALE_DIR = Path(__file__).parent / "locale"
_DOMAIN = "goodside"
_MOST_LANGUAGES = 8  # of a request's header


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language.

    Attributes:
        language: its BCP 47 tag, for the page's `lang`.
        translations: gettext's catalog; English needs none.
        errors: what errors say in it; English needs nothing.
    """

    language: str = SOURCE_LANGUAGE
    translations: catalogs.NullTranslations = field(default_factory=catalogs.NullTranslations)
    errors: ErrorTexts = field(default_factory=lambda: ErrorTexts({}))

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, for the page's `dir`."""
        right_to_left = {"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
        return "rtl" if self.language.split("-")[0] in right_to_left else "ltr"


ENGLISH = Texts()
_current: ContextVar[Texts] = ContextVar("texts", default=ENGLISH)


class Languages:
    """The languages that there are catalogs of.

    Args:
        directory: holds `LANGUAGE/LC_MESSAGES/goodside.mo`.
    """

    def __init__(self, directory: Path = LOCALE_DIR) -> None:
        self._known = {SOURCE_LANGUAGE: ENGLISH}
        for file in sorted(directory.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo")):
            tag = file.parent.parent.name.replace("_", "-")
            with file.open("rb") as stream:
                known = catalogs.GNUTranslations(stream)
            self._known[tag] = Texts(tag, known, ErrorTexts(_error_messages(known)))

    def __iter__(self) -> Iterator[Texts]:
        return iter(self._known.values())

    def best(self, wanted: Sequence[str]) -> Texts:
        """The first language asked for that there is, also without its region; else English."""
        by_tag = {tag.lower(): texts for tag, texts in self._known.items()}
        for tag in wanted:
            for asked in (tag.lower(), tag.lower().split("-")[0]):
                if asked in by_tag:
                    return by_tag[asked]
        return ENGLISH


def wanted_languages(header: str) -> list[str]:
    """The tags of an `Accept-Language`, the most wanted first (RFC 9110, 12.5.4)."""
    found: list[tuple[float, str]] = []
    for part in header.split(",")[:_MOST_LANGUAGES]:
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag and weight > 0:
            found.append((weight, tag.strip()))
    return [tag for _, tag in sorted(found, key=lambda one: -one[0])]


class LanguageMiddleware:
    """Chooses the language of each request; see `texts_in_use`.

    Args:
        app: what answers.
        languages: those that there are.
    """

    def __init__(self, app: ASGIApp, languages: Languages) -> None:
        self._app, self._languages = app, languages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        header = Headers(scope=scope).get("accept-language", "")
        token = _current.set(self._languages.best(wanted_languages(header)))
        try:
            await self._app(scope, receive, send)
        finally:
            _current.reset(token)


def texts_in_use() -> Texts:
    """The texts of the request that is being answered; English outside of any."""
    return _current.get()


def gettext(message: str) -> str:
    """A message in the language of the request that is being answered."""
    return _current.get().translations.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The same of a message that depends on a number."""
    return _current.get().translations.ngettext(singular, plural, n)


def translated(text: str) -> str:
    """What the library said, in the language of the request: of a phrase; others stay."""
    if not isinstance(text, Phrase):
        return text
    known = _current.get().translations
    return text.translated_by(known.gettext, known.ngettext)


def translated_tag(tag: str) -> str:
    """What a tag is called in the language of the request, where a network gives it."""
    return translated(tag_phrase(tag))


def translated_error(text: str) -> str:
    """What an error says, its message or its remedy, in the language of the request."""
    return _current.get().errors.translate(text)


def translated_failure(text: str) -> str:
    """The same of a failure as the catalog keeps it, with its remedy in brackets at the end."""
    return _current.get().errors.translate_failure(text)


def _error_messages(known: catalogs.GNUTranslations) -> dict[str, str]:
    """The catalog's messages of errors, which gettext looks up one by one but does not list."""
    every: dict[Any, str] = vars(known)["_catalog"]
    start = f"{CONTEXT}\x04"  # as gettext's files part a context from its message
    return {
        message.removeprefix(start): translation
        for message, translation in every.items()
        if isinstance(message, str) and message.startswith(start)
    }
