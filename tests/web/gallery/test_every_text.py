"""A language that is no language proves that every visible text of every view is in the catalog.

What the library itself words is among it: reasons of picks, entries of the journal, failures with
the values in them, tags and attributes of the network, evidence, answers to decisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.album.catalog import list_failures
from goodside.tags import tag_phrase
from goodside.text import visible
from goodside.web.app import create_app
from goodside.web.texts import Languages
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN
from tests.web.gallery.pseudo_language import TAG, write_pseudo_catalog

_SAID = ("aria-label", "aria-roledescription", "aria-description", "title", "placeholder", "alt")
_SILENT = {"script", "style", "code", "kbd", "template"}
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_WORD = re.compile(r"[^\W\d_]{2,}")
# The same in every language: our name, formats, units, names of models, what is searched for.
_SAME = """
    goodside CSV JSON Lines Parquet IMG JPG jpg jpeg xmp XMP RAW png exports raw kB MB GB mm ISO EV
    px sRGB JPEG MP fps lite mesh aesthetics rotation int zz
""".split()


class _Texts(HTMLParser):
    """Collects what a person reads or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.found += [known[name] or "" for name in _SAID if known.get(name)]
        if "texts" in (known.get("class") or "").split() or "scan" in (known.get("class") or ""):
            self.found += [value or "" for name, value in attrs if name.startswith("data-")]
        if tag not in _VOID:
            foreign = "lang" in known and tag != "html"
            data = tag in _SILENT or known.get("translate") == "no" or foreign
            self._open.append((tag, data))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(silent for _, silent in self._open):
            self.found.append(data)


def _without_brackets(text: str) -> str:
    before = None
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return text


@pytest.fixture
def reader(album: Album, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Somebody who reads the pseudo-language."""
    write_pseudo_catalog(tmp_path / "locale")
    monkeypatch.setattr("goodside.web.app.Languages", lambda: Languages(tmp_path / "locale"))
    app = create_app(album, options=OPTIONS)
    with TestClient(app, base_url=ORIGIN) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        client.headers["Accept-Language"] = TAG
        yield client
    app.state.site.pool.close()


def _data(client: TestClient) -> set[str]:
    """Words that the album holds: names, tags, people, cameras, folders."""
    index = client.app.state.site.index  # type: ignore[attr-defined]
    words: set[str] = {*_SAME, "tmp"}
    for shot in index.photos(range(1, 100)):
        facts, judged = shot.photo.facts, shot.photo.judged
        texts = [*map(str, shot.photo.paths), *(visible(one.name) for one in shot.photo.paths)]
        texts += [*shot.tags, *shot.people, *shot.keywords]
        texts += [facts.camera or "", facts.lens or "", facts.notes or "", shot.photo.sha256]
        texts += [] if judged is None else [judged.model]
        texts = [text for text in texts if tag_phrase(text) is text]  # none of the network's
        words |= {word for text in texts for word in _WORD.findall(text)}
    album = client.app.state.site.album  # type: ignore[attr-defined]
    with album.opened() as catalog, catalog.read() as session:
        failed = [str(one.path) for one in list_failures(session)]
    words |= {word for path in failed for word in _WORD.findall(path)}
    words |= {
        word for person in index.people() for word in _WORD.findall(person.label + person.key)
    }
    return words


VIEWS = (
    "/", "/?q=cat&sort=score&stars=0&flag=none", "/?q=zz", "/groups", "/people", "/people/might-be",
    "/people/evidence", "/picks", "/picks?n=2", "/errors", "/journal", "/good-side", "/folders",
    "/export", "/export?ids=1", "/export?q=zz", "/photos/1", "/photos/1/facts", "/good-side/1",
)  # fmt: skip


@pytest.mark.parametrize("address", VIEWS)
def test_every_text_is_in_the_catalog(reader: TestClient, address: str) -> None:
    check_view(reader, address)


def check_view(reader: TestClient, address: str) -> list[str]:
    """Look for English in a view; its texts."""
    answer = reader.get(address, headers={"Accept": "text/html"})
    parser = _Texts()
    parser.feed(answer.text)
    assert any("⟦" in text for text in parser.found), "nothing of it is translated"
    assert untranslated(reader, parser.found) == set()
    if "<html" in answer.text:
        assert f'<html lang="{TAG}"' in answer.text
    return parser.found


def untranslated(reader: TestClient, texts: Iterable[str]) -> set[str]:
    """Those texts of a service that hold words outside the brackets of the pseudo-language."""
    same = _data(reader)
    return {
        " ".join(text.split())
        for text in texts
        if any(word not in same for word in _WORD.findall(_without_brackets(text)))
    }


def test_decisions_stand_in_the_journal_and_on_pages(reader: TestClient) -> None:
    reader.post("/v1/decisions/flag", json={"photos": [1], "flag": "pick"})
    reader.post("/v1/decisions/rating", json={"photos": [1], "stars": 4})
    for address in ("/journal", "/photos/1", "/picks?n=3"):
        check_view(reader, address)
