"""Two browsers, other programs and a scan at once on one catalog: nothing is lost or refused."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.album.browse import BrowseQuery
from goodside.web.app import create_app
from goodside.web.scan_jobs import ScanJobs
from tests.album.scan.made import photo
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN

_WRITERS, _EACH, _PHOTOS = 4, 12, 5
_OTHER_PROGRAM = """
import sys
from goodside.album.catalog import Rate, open_catalog
path, content, stars, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
for _ in range(count):
    with open_catalog(path, create=False) as catalog:
        catalog.decide(Rate(photos=(content,), stars=stars))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(_PHOTOS):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    return folder


@pytest.fixture
def album(tmp_path: Path, folder: Path) -> Iterator[Album]:
    with Album(tmp_path / "album.db") as album, album.opened(create=True):
        album.scan([folder], faces=False, workers=0)
        yield album


def test_eight_writers_and_a_scan_lose_no_decision(
    album: Album, folder: Path, tmp_path: Path
) -> None:
    app = create_app(album, options=replace(OPTIONS, roots=(tmp_path,)))
    site = app.state.site
    scans = app.state.scan_jobs = ScanJobs(album, on_end=site.index.invalidate, workers=0)
    ids = site.index.select(BrowseQuery()).ids
    contents = [site.index.photo(int(one)).photo.sha256 for one in ids]
    for number in range(30, 50):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    answers: Counter[int] = Counter()
    lock = threading.Lock()

    def browse(stars: int) -> None:
        with TestClient(app, base_url=ORIGIN) as client:
            client.headers["Authorization"] = f"Bearer {TOKEN}"
            for turn in range(_EACH):
                body = {"photos": [int(ids[turn % len(ids)])], "stars": stars}
                status = client.post("/v1/decisions/rating", json=body).status_code
                listed = client.get("/v1/photos", params={"sort": "stars"}).status_code
                with lock:
                    answers.update([status, listed])

    with TestClient(app, base_url=ORIGIN) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        assert client.post("/v1/album/scans", json={"faces": False}).status_code == 202
        browsers = [threading.Thread(target=browse, args=(stars,)) for stars in range(_WRITERS)]
        programs = [
            subprocess.Popen(
                [sys.executable, "-c", _OTHER_PROGRAM, str(album.path), contents[at],
                 str(at + 1), str(_EACH)],
                stderr=subprocess.PIPE, text=True,
            )
            for at in range(_WRITERS)
        ]  # fmt: skip
        for browser in browsers:
            browser.start()
        for browser in browsers:
            browser.join(120)
        ended = [(program.communicate(timeout=120)[1], program.returncode) for program in programs]
        job = scans.find(1)
        assert job is not None
        assert job.join(120)
        assert [(error, code) for error, code in ended if code] == []
        assert answers == {200: 2 * _WRITERS * _EACH}
        assert (job.status.state, job.status.failures) == ("done", ())
        journal = client.get("/v1/journal", params={"limit": 500}).json()
        assert journal["total"] == 2 * _WRITERS * _EACH
        assert Counter(one["decision"]["stars"] for one in journal["entries"]) == Counter(
            [*range(_WRITERS), *range(1, _WRITERS + 1)] * _EACH
        )
        assert client.get("/v1/photos").json()["total"] == _PHOTOS + 20
        with album.opened() as catalog:
            stars = catalog.decisions().stars
        shots = site.index.photos(ids)
        assert [shot.stars for shot in shots] == [stars.get(shot.photo.sha256) for shot in shots]
    site.pool.close()


def test_commands_of_two_threads_are_taken_back_one_by_one(album: Album, folder: Path) -> None:
    app = create_app(album, options=OPTIONS)
    with TestClient(app, base_url=ORIGIN) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        ids = [one["id"] for one in client.get("/v1/photos").json()["photos"]]
        threads = [
            threading.Thread(
                target=client.post,
                args=("/v1/decisions/flag",),
                kwargs={"json": {"photos": [one], "flag": "pick"}},
            )
            for one in ids
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        left = []
        for _ in ids:
            client.post("/v1/journal/undo", json={})
            left.append(client.get("/v1/photos", params={"flag": "pick"}).json()["total"])
        assert left == list(range(len(ids) - 1, -1, -1))
    app.state.site.pool.close()
