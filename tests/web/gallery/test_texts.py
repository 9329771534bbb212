"""Languages: which one a request is answered in, and that all templates are read for texts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from goodside.web.texts import (
    ENGLISH,
    LanguageMiddleware,
    Languages,
    gettext,
    ngettext,
    texts_in_use,
    wanted_languages,
)
from tests.web.gallery.pseudo_language import TAG, extract, write_pseudo_catalog


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("", []),
        ("de", ["de"]),
        ("de-CH, de;q=0.9, en;q=0.8", ["de-CH", "de", "en"]),
        ("en;q=0.2, fr;q=0.7", ["fr", "en"]),
        ("fr;q=0, en", ["en"]),
        ("fr;q=x, en", ["en"]),
        (", ,", []),
        (",".join(f"x{number}" for number in range(1000)), [f"x{number}" for number in range(8)]),
    ],
)
def test_wanted_languages(header: str, tags: list[str]) -> None:
    assert wanted_languages(header) == tags


def test_the_first_that_there_is(tmp_path: Path) -> None:
    write_pseudo_catalog(tmp_path)
    languages = Languages(tmp_path)
    assert [one.language for one in languages] == ["en", TAG]
    assert languages.best(["fr", "xx-YY", "en"]).language == TAG
    assert languages.best(["en-GB", "xx"]) is ENGLISH
    assert languages.best(["fr"]) is ENGLISH
    assert languages.best([]) is ENGLISH


def test_english_needs_no_catalog() -> None:
    assert texts_in_use() is ENGLISH
    assert gettext("Photographs") == "Photographs"
    assert ngettext("one", "many", 1) == "one"
    assert ngettext("one", "many", 2) == "many"


def test_a_request_is_answered_in_its_language(tmp_path: Path) -> None:
    write_pseudo_catalog(tmp_path)
    seen: list[tuple[str, str]] = []

    async def app(scope: object, receive: object, send: object) -> None:
        seen.append((texts_in_use().language, gettext("Errors")))

    middleware = LanguageMiddleware(app, Languages(tmp_path))
    for header in (b"xx", b"en"):
        scope = {"type": "http", "headers": [(b"accept-language", header)]}
        asyncio.run(middleware(scope, None, None))  # type: ignore[arg-type]
    assert seen == [(TAG, "⟦Errors⟧"), ("en", "Errors")]
    assert texts_in_use() is ENGLISH


def test_every_template_is_read() -> None:
    messages = extract()
    for known in ("Errors", "Choose your photographs", "Photographs", "Skip to the content"):
        assert known in messages
    assert any(isinstance(message, tuple) for message in messages)
    assert len(messages) > 100
