"""A small album, scanned once a run, and the service of a copy of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.web.app import create_app
from goodside.web.options import ServeOptions
from goodside.web.site import Site

_EXAMPLES = Path(__file__).parents[2] / "examples"
_ALBUM = ("astronaut.jpg", "cat.jpg", "coffee.jpg", "dahlia.jpg", "two-dogs.jpg")
ORIGIN = "http://127.0.0.1:8765"
TOKEN = "0123456789abcdef0123456789abcdef"
OPTIONS = ServeOptions(token=TOKEN, concurrency=2, queue=8)


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `photos` and their `album.db`; tests work on copies of the database."""
    home = tmp_path_factory.mktemp("scanned")
    (home / "photos").mkdir()
    for name in _ALBUM:
        shutil.copy(_EXAMPLES / "photos" / name, home / "photos")
    Album(home / "album.db").scan([home / "photos"], workers=0)
    return home


@pytest.fixture
def album(scanned: Path, tmp_path: Path) -> Iterator[Album]:
    """The scanned album, in a catalog of the test's own."""
    shutil.copy(scanned / "album.db", tmp_path / "album.db")
    with Album(tmp_path / "album.db") as album, album.opened():
        yield album
    for sidecar in (scanned / "photos").glob("*.xmp"):  # which other tests would find
        sidecar.unlink()


@pytest.fixture
def app(album: Album) -> Iterator[FastAPI]:
    """The application of the album."""
    app = create_app(album, options=OPTIONS)
    yield app
    app.state.site.pool.close()


@pytest.fixture
def site(app: FastAPI) -> Site:
    """What its routes share."""
    found: Site = app.state.site
    return found


def follow_link(client: TestClient, site: Site) -> None:
    """Come in as a browser does: its writes carry the token of its session from now on."""
    assert client.get("/healthz", params={"token": TOKEN}).status_code == 303
    caller = site.sessions.find(client.cookies["goodside_session_8765"])
    assert caller is not None
    client.headers["X-CSRF-Token"] = caller.csrf_token


@pytest.fixture
def anonymous(app: FastAPI) -> Iterator[TestClient]:
    """Whoever has neither token nor cookie."""
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(app: FastAPI, site: Site) -> Iterator[TestClient]:
    """A browser that followed the link; its writes carry the token of its session."""
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        follow_link(client, site)
        yield client


@pytest.fixture
def program(app: FastAPI) -> Iterator[TestClient]:
    """A program, which sends the token with each request."""
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


@pytest.fixture
def read_only(album: Album) -> Iterator[TestClient]:
    """A program at a service that changes nothing."""
    app = create_app(album, options=replace(OPTIONS, read_only=True))
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client
    app.state.site.pool.close()


@pytest.fixture
def photo_id(site: Site) -> int:
    """One of its photographs: the portrait."""
    with site.album.opened() as catalog, catalog.read() as session:
        from goodside.album.catalog import list_photos

        return next(p.id for p in list_photos(session) if p.paths[0].name == "astronaut.jpg")
