"""A catalog that another process keeps locked, or whose file is gone: an answer, and soon."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from starlette.testclient import TestClient

from goodside.web import site as site_module
from goodside.web.site import WRITE_PATIENCE_S, Site


@pytest.fixture
def lock(site: Site) -> Iterator[sqlite3.Connection]:
    """Another connection that writes, and does not end."""
    with closing(sqlite3.connect(site.album.path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/decisions/rating", {"photos": ["PHOTO"], "stars": 3}),
        ("PUT", "/v1/folders/1", {"excludes": ["*.png"]}),
        ("DELETE", "/v1/folders/1", None),
        ("POST", "/errors/retry", {"files": ["a.jpg"]}),
    ],
)
@pytest.mark.usefixtures("lock")
def test_a_write_to_a_locked_catalog_is_refused_soon(
    client: TestClient,
    photo_id: int,
    monkeypatch: pytest.MonkeyPatch,
    *,
    method: str,
    path: str,
    body: dict[str, Any] | None,
) -> None:
    monkeypatch.setattr(site_module, "WRITE_PATIENCE_S", 0.3)
    if body is not None and "photos" in body:
        body = {**body, "photos": [photo_id]}
    began = time.monotonic()
    answer = client.request(method, path, json=body)
    assert time.monotonic() - began < 15  # the catalog's own patience is twice that
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) >= 1
    problem = answer.json()
    assert problem["detail"] == "another goodside is writing to the catalog"
    assert problem["remedy"] == "wait for it to end"


def test_it_is_taken_once_the_other_has_ended(
    client: TestClient, photo_id: int, lock: sqlite3.Connection
) -> None:
    assert 1 <= WRITE_PATIENCE_S <= 5
    assert client.get("/v1/photos").status_code == 200  # reading goes on
    body = {"photos": [photo_id], "stars": 4}
    began = time.monotonic()
    assert client.post("/v1/decisions/rating", json=body).status_code == 503
    assert time.monotonic() - began < WRITE_PATIENCE_S + 15
    lock.execute("ROLLBACK")
    assert client.post("/v1/decisions/rating", json=body).status_code == 200
    assert client.get(f"/v1/photos/{photo_id}").json()["stars"] == 4


def test_a_service_whose_catalog_was_deleted_is_not_ready(
    client: TestClient, anonymous: TestClient, photo_id: int, site: Site
) -> None:
    assert anonymous.get("/readyz").status_code == 200
    kept = site.album.path.rename(site.album.path.with_name("kept.db"))
    answer = anonymous.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing"})
    assert anonymous.get("/healthz").status_code == 200
    body = {"photos": [photo_id], "stars": 4}
    assert client.post("/v1/decisions/rating", json=body).status_code == 503
    assert not site.album.path.exists()
    kept.rename(site.album.path)
    assert anonymous.get("/readyz").status_code == 200
