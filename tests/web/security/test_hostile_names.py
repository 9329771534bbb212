"""Names of files, cameras, people and tags that mean harm, in every page and answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.album.catalog import list_faces
from goodside.web.app import create_app
from goodside.web.site import Site
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN

_EXAMPLES = Path(__file__).parents[3] / "examples"
_SCRIPT = "<script>alert(1)</script>"
_NAMES = (
    "<img src=x onerror=alert(2)>.jpg",
    '"><svg onload=alert(3)>.jpg',
    "' autofocus onfocus=alert(4) x='.jpg",
    "{{7*7}}{% raw %}.jpg",
    "a\u202egpj.exe.jpg",
    "line\nbreak\x1b[31m.jpg",
    "javascript:alert(5).jpg",
    *(("\udcff\udcfe.jpg",) if sys.platform == "linux" else ()),  # bytes that are no UTF-8
)
_PAGES = ("/", "/groups", "/people", "/picks", "/errors", "/journal", "/good-side", "/folders",
          "/export")  # fmt: skip


class _Page(HTMLParser):
    """Finds whatever could run, and notes what a page shows and links to."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.harm.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action", "formaction") and text.split(":")[0] in (
                "javascript", "data", "vbscript", "http", "https",
            ) and not text.startswith("data:image/"):  # fmt: skip
                self.harm.append(f"<{tag} {name}={value!r}>")
        if tag in ("style", "iframe", "object", "embed", "base"):
            self.harm.append(f"<{tag}>")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.harm.append("<script> within the page")
        href = given.get("href") or ""
        if tag == "a" and href.startswith("/") and not href.startswith("//"):
            self.links.add(href.partition("#")[0])


def _check(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    assert page.harm == []
    for name in ("\u202e", "\x1b"):
        assert name not in text
    assert "49{% raw" not in text
    return page


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A browser at an album whose every name means harm."""
    home = tmp_path_factory.mktemp("hostile")
    folder = home / f"photos {_SCRIPT.replace('/', '')}"
    folder.mkdir()
    for number, name in enumerate(_NAMES):
        with Image.open(_EXAMPLES / "photos" / "astronaut.jpg") as image:
            exif = Image.Exif()
            exif[0x010F] = exif[0x0110] = f'"><img src=x onerror=alert({number})>'  # the camera
            exif[0x010E] = exif[0x013B] = _SCRIPT
            exif[0x9003] = "2024:06:01 10:00:00"
            changed = image.resize((400 + 8 * number, 400))
            changed.save(folder / name, exif=exif)
    (folder / "<b>broken.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(64))
    album = Album(home / "album.db")
    album.scan([folder], workers=0)
    with album, album.opened():
        app = create_app(album, options=OPTIONS)
        with TestClient(app, base_url=ORIGIN, follow_redirects=True) as client:
            client.get("/", params={"token": TOKEN})
            site: Site = app.state.site
            caller = site.sessions.find(client.cookies["goodside_session_8765"])
            assert caller is not None
            client.headers["X-CSRF-Token"] = caller.csrf_token
            with album.opened() as catalog, catalog.read() as session:
                key = next(face.person for face in list_faces(session) if face.person)
            client.post(f"/v1/people/{key}/name", json={"name": f"Ann {_SCRIPT}"})
            photos = client.get("/v1/photos").json()["photos"]
            client.post(
                "/v1/decisions/tags", json={"photos": [photos[0]["id"]], "add": [_SCRIPT, "a&b"]}
            )
            yield client


@pytest.mark.parametrize("path", _PAGES)
def test_pages_show_them_and_run_nothing(hostile: TestClient, path: str) -> None:
    answer = hostile.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].startswith("text/html")
    _check(answer.text)


def test_whatever_the_pages_link_to_runs_nothing_either(hostile: TestClient) -> None:
    ahead, seen = list(_PAGES), set[str]()
    while ahead and len(seen) < 60:
        path = ahead.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = hostile.get(path, headers={"Accept": "text/html"})
        assert answer.status_code < 500, path
        if "attachment" in answer.headers.get("content-disposition", ""):
            continue  # a report to be saved, with styles of its own; its policy here lets none run
        if answer.headers.get("content-type", "").startswith("text/html"):
            ahead += sorted(_check(answer.text).links - seen)
    assert len(seen) > len(_PAGES)


def test_parts_of_pages_run_nothing(hostile: TestClient) -> None:
    photo = hostile.get("/v1/photos").json()["photos"][0]["id"]
    for path in ("/photographs/panel", f"/photographs/panel?photo={photo}", f"/photos/{photo}",
                 f"/photo/{photo}", "/photographs/tiles?first=0&last=9"):  # fmt: skip
        answer = hostile.get(path)
        assert answer.status_code < 500, path
        if answer.headers.get("content-type", "").startswith("text/html"):
            _check(answer.text)


def test_searching_for_harm_shows_it_harmless(hostile: TestClient) -> None:
    for words in ("</title><script>alert(1)</script>", '" onfocus=alert(1) autofocus x="'):
        for query in ({"q": words}, {"tag": words}, {"camera": words}, {"folder": "/" + words}):
            answer = hostile.get("/", params=query, headers={"Accept": "text/html"})
            assert answer.status_code < 500
            _check(answer.text)


def test_an_original_is_sent_under_a_harmless_header(hostile: TestClient) -> None:
    for photo in hostile.get("/v1/photos").json()["photos"]:
        answer = hostile.get(f"/originals/{photo['id']}")
        assert answer.status_code == 200
        header = answer.headers["content-disposition"]
        assert header.startswith("attachment; filename")
        assert header.isascii()
        assert not {"\n", "\r", "<", ">"} & set(header)


@pytest.mark.parametrize("name", ["photographs.csv", "photographs.jsonl", "report.html"])
def test_exports_hold_every_name(hostile: TestClient, name: str) -> None:
    answer = hostile.get(f"/export/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    answer.content.decode("utf-8")


def test_what_is_told_of_each_photograph_can_be_sent(hostile: TestClient) -> None:
    photos = hostile.get("/v1/photos").json()["photos"]
    assert len(photos) == len(_NAMES)
    for photo in photos:
        assert hostile.get(f"/v1/photos/{photo['id']}").json()["files"][0]["name"] == photo["name"]
        _check(hostile.get(f"/photos/{photo['id']}", headers={"Accept": "text/html"}).text)


def test_answers_of_the_api_are_data(hostile: TestClient) -> None:
    for path in ("/v1/photos", "/v1/people", "/v1/journal", "/v1/errors"):
        answer = hostile.get(path)
        if answer.status_code == 404:
            continue
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        answer.json()
