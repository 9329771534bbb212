"""Folders and errors as pages: what a newcomer is led to, and what is told of failures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.album.catalog import list_failures
from goodside.web.app import create_app
from goodside.web.site import Site
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[TestClient]:
    """At a service whose album is empty, which may choose below `pictures`."""
    (tmp_path / "pictures" / "2024").mkdir(parents=True)
    album = Album(tmp_path / "new.db")
    app = create_app(album, options=replace(OPTIONS, roots=(tmp_path / "pictures",)))
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


def test_a_newcomer_is_led_to_choose(newcomer: TestClient, tmp_path: Path) -> None:
    page = newcomer.get("/folders").text
    assert "Choose your photographs" in page
    assert f'value="{tmp_path}/pictures"' in page
    assert 'id="add"' in page


def test_without_a_root_it_is_said_how(album: Album, client: TestClient) -> None:
    page = client.get("/folders").text
    assert "goodside serve --root" in page
    assert 'id="add"' not in page


def test_suggestions_end_at_the_roots(newcomer: TestClient, tmp_path: Path) -> None:
    def asked(typed: object) -> list[str]:
        answer = newcomer.get("/folders/suggestions", params={"typed": str(typed)})
        found: list[str] = answer.json()["folders"]
        return found

    root = tmp_path / "pictures"
    assert asked("") == [str(root)]
    assert asked(f"{root}/2") == [str(root / "2024")]
    assert asked("/") == [str(root)]
    assert asked("/etc/") == []


def test_folders_are_listed(client: TestClient, scanned: Path) -> None:
    page = client.get("/folders").text
    assert f'data-path="{scanned}/photos"' in page
    assert "5 photographs" in page


def test_no_errors(client: TestClient) -> None:
    assert "No errors" in client.get("/errors").text


def test_errors_by_kind_and_tried_again(
    album: Album, client: TestClient, tmp_path: Path, site: Site
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "a&b <i>.jpg").write_bytes(b"no picture")
    (folder / "other.jpg").touch()
    album.scan([folder], workers=0)
    page = client.get("/errors").text
    assert "2 files could not be used" in page
    assert "a&amp;b &lt;i&gt;.jpg" in page
    assert "Damaged, or no photograph" in page
    assert "Copy the file again" in page

    bad = folder / "a&b <i>.jpg"
    answer = client.post("/errors/retry", json={"files": [str(bad), "/etc/passwd"]})
    assert answer.json() == {"files": 1}
    done = album.scan(workers=0)
    assert [one.path for one in done.failed] == [bad]
    assert done.passed_over == 1
    with album.opened() as catalog, catalog.read() as session:
        assert {one.path: one.attempts for one in list_failures(session)}[bad] == 1


def test_many_errors_are_cut(
    album: Album, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodside.web.gallery.errors.MOST_SHOWN", 3)
    folder = tmp_path / "bad"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.jpg").touch()
    album.scan([folder], workers=0)
    page = client.get("/errors").text
    assert page.count("data-retry=") == 3
    assert "and 2 more" in page
