"""An album with bursts and people, of which some files have hostile names, and its service."""

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
from goodside.web.site import Site
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN, follow_link
from tests.web.gallery.made_people import HOSTILE, make_bursts, make_portraits


@pytest.fixture(scope="session")
def scanned_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `photos` and their `album.db`; tests work on copies of the database."""
    home = tmp_path_factory.mktemp("people")
    make_bursts(home / "photos")
    make_portraits(home / "photos" / "portraits")
    (home / "photos" / "couple-2.jpg").rename(home / "photos" / HOSTILE)
    Album(home / "album.db").scan([home / "photos"], workers=0)
    return home


@pytest.fixture
def people_app(scanned_people: Path, tmp_path: Path) -> Iterator[FastAPI]:
    """The application of a copy of that album."""
    shutil.copy(scanned_people / "album.db", tmp_path / "people.db")
    with Album(tmp_path / "people.db") as album, album.opened():
        app = create_app(album, options=OPTIONS)
        yield app
        app.state.site.pool.close()


@pytest.fixture
def people_site(people_app: FastAPI) -> Site:
    """What its routes share."""
    found: Site = people_app.state.site
    return found


@pytest.fixture
def people_client(people_app: FastAPI, people_site: Site) -> Iterator[TestClient]:
    """A browser in that album; its writes carry the token of its session."""
    with TestClient(people_app, base_url=ORIGIN, follow_redirects=False) as client:
        follow_link(client, people_site)
        yield client


@pytest.fixture
def reader(scanned_people: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A program at a service over that album that changes nothing."""
    shutil.copy(scanned_people / "album.db", tmp_path / "read.db")
    with Album(tmp_path / "read.db") as album, album.opened():
        app = create_app(album, options=replace(OPTIONS, read_only=True))
        with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
            client.headers["Authorization"] = f"Bearer {TOKEN}"
            yield client
        app.state.site.pool.close()
