"""Scans in the background over HTTP: followed, paused, stopped, one at a time."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.web.app import create_app
from goodside.web.scan_jobs import ScanJobs
from tests.album.scan.made import photo
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photographs that are not known yet, and a file that is none."""
    folder = tmp_path / "new"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    (folder / "broken.jpg").write_bytes(b"no photograph")
    return folder


@pytest.fixture
def service(tmp_path: Path, folder: Path) -> Iterator[TestClient]:
    """A service of an empty album, which may scan below the folder's parent, in this process."""
    with Album(tmp_path / "album.db") as album, album.opened(create=True):
        app = create_app(album, options=replace(OPTIONS, roots=(tmp_path,)))
        site = app.state.site
        app.state.scan_jobs = ScanJobs(
            album, is_ending=site.stopping.is_set, on_end=site.index.invalidate, workers=0
        )
        with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
            client.headers["Authorization"] = f"Bearer {TOKEN}"
            yield client
        app.state.scan_jobs.close()
        site.pool.close()


def _until(client: TestClient, scan: int, wanted: Callable[[dict[str, Any]], bool]) -> Any:
    for _ in range(600):
        found = client.get(f"/v1/album/scans/{scan}").json()
        if wanted(found):
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def _events(text: str) -> list[tuple[str, Any]]:
    parts = [part.split("\n") for part in text.split("\n\n") if part.startswith("event: ")]
    return [
        (head.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for head, data in parts
    ]


def test_a_scan_is_begun_followed_and_its_photographs_appear(
    service: TestClient, folder: Path
) -> None:
    assert service.get("/v1/photos").json()["total"] == 0
    begun = service.post("/v1/album/scans", json={"folders": [str(folder)], "faces": False})
    assert begun.status_code == 202
    assert begun.headers["Location"] == "/v1/album/scans/1"

    events = _events(service.get("/v1/album/scans/1/events").text)
    assert events[-1][0] == "done"
    failures = [data for name, data in events if name == "error"]
    assert [Path(one["file"]).name for one in failures] == ["broken.jpg"]
    last = events[-1][1]
    assert (last["state"], last["summary"]["read"], last["failed"]) == ("done", 6, 1)
    assert {name for name, _ in events} <= {"progress", "error", "done"}

    assert service.get("/v1/photos").json()["total"] == 6
    listed = service.get("/v1/errors").json()
    assert (listed["total"], listed["errors"][0]["kind"]) == (1, "UnreadableImage")
    assert [one["photographs"] for one in service.get("/v1/folders").json()["folders"]] == [6]
    again = service.get("/v1/album/scans/1/events").text  # as a page does that is loaded again
    assert _events(again)[-1][1]["state"] == "done"


def test_one_scan_at_a_time_paused_resumed_and_stopped(
    service: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_third = threading.Event()
    go_on = threading.Event()
    read = Album.scan

    def slowly(self: Album, *arguments: Any, **options: Any) -> Any:
        note = options["on_progress"]

        def noted(at: Any) -> None:
            if at.done == 2 and not at_third.is_set():
                at_third.set()
                assert go_on.wait(30)
            note(at)

        return read(self, *arguments, **{**options, "on_progress": noted})

    monkeypatch.setattr(Album, "scan", slowly)
    service.post("/v1/album/scans", json={"folders": [str(folder)], "faces": False})
    assert at_third.wait(60)
    second = service.post("/v1/album/scans")
    assert second.status_code == 429
    assert "Retry-After" in second.headers
    assert service.post("/v1/album/scans/1/pause").json()["state"] == "paused"
    go_on.set()
    time.sleep(0.5)
    held = service.get("/v1/album/scans/1").json()
    assert (held["state"], held["done"]) == ("paused", 2)
    assert service.post("/v1/album/scans/1/resume").json()["state"] == "running"
    assert _until(service, 1, lambda one: one["state"] == "done")["summary"]["read"] == 6

    at_third.clear()
    go_on.clear()
    shutil.copytree(folder, folder.parent / "more")
    for number in range(20, 26):
        (folder.parent / "more" / f"{number}.jpg").write_bytes(photo(number))
    more = {"folders": [str(folder.parent / "more")], "faces": False}
    assert service.post("/v1/album/scans", json=more).status_code == 202
    assert at_third.wait(60)
    assert service.post("/v1/album/scans/2/stop").json()["state"] == "stopping"
    go_on.set()
    ended = _until(service, 2, lambda one: one["ended_at"] is not None)
    assert (ended["state"], ended["summary"]["stopped"]) == ("stopped", True)


def test_only_folders_below_a_root_are_scanned(service: TestClient, folder: Path) -> None:
    for wrong in ("/", "/etc", str(folder / ".." / ".." / ".."), str(folder / "0.jpg"), "new"):
        answer = service.post("/v1/album/scans", json={"folders": [wrong]})
        assert answer.status_code == 422, wrong
        assert answer.json()["remedy"]
    assert service.post("/v1/album/scans").status_code == 422  # nothing is known yet
    assert service.get("/v1/album/scans").json() == {"scans": []}
    assert service.get("/v1/album/scans/7").status_code == 404


def test_what_ends_a_scan_is_told(
    service: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(Album, "scan", fail)
    service.post("/v1/album/scans", json={"folders": [str(folder)]})
    ended = _until(service, 1, lambda one: one["ended_at"] is not None)
    assert (ended["state"], ended["error"]) == ("failed", "the scan failed: a fault")


def test_a_folder_is_changed_and_removed(service: TestClient, folder: Path) -> None:
    service.post("/v1/album/scans", json={"folders": [str(folder)], "faces": False})
    _until(service, 1, lambda one: one["state"] == "done")
    changed = service.put("/v1/folders/1", json={"excludes": ["0.jpg"], "faces": False}).json()
    assert len(changed["entries"]) == 2
    (item,) = service.get("/v1/folders").json()["folders"]
    assert (item["excludes"], item["faces"]) == (["0.jpg"], False)
    service.post("/v1/journal/undo", json={})
    (item,) = service.get("/v1/folders").json()["folders"]
    assert (item["excludes"], item["faces"]) == ([], True)
    assert service.put("/v1/folders/1", json={}).status_code == 422
    assert service.delete("/v1/folders/1").json()["message"].startswith("new removed; ")
    assert service.get("/v1/photos").json()["total"] == 0
    assert service.delete("/v1/folders/1").status_code == 404
