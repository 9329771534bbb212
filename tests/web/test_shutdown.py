"""What the service gives back when it ends."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient

from goodside.album.catalog import ChangeWatch
from goodside.web.site import Site


def test_the_index_is_closed_when_the_service_ends(app: FastAPI, site: Site) -> None:
    with TestClient(app):
        site.index.refresh()
        watch = site.index._watch
        assert isinstance(watch, ChangeWatch)
        assert watch._connection is not None
    assert watch._connection is None
