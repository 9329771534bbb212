"""Health, figures, request ids, logs and the queue before the engines."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.errors import ImageTimeout, ServiceBusy
from goodside.web.app import create_app
from goodside.web.engine_pool import EnginePool
from goodside.web.observation import Log
from goodside.web.site import Site
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN
from tests.web.live import live_service

_CAT = Path(__file__).parents[3] / "examples" / "photos" / "cat.jpg"


def test_health_needs_no_token(anonymous: TestClient) -> None:
    assert anonymous.get("/healthz").json() == {"status": "ok"}
    assert anonymous.get("/readyz").json() == {"status": "ok"}
    assert anonymous.get("/metrics").status_code == 401


def test_a_service_that_ends_is_not_ready(anonymous: TestClient, site: Site) -> None:
    site.stopping.set()
    answer = anonymous.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "stopping"}
    assert anonymous.get("/healthz").status_code == 200


def test_figures_count_by_route_and_never_by_id(program: TestClient, photo_id: int) -> None:
    program.get(f"/thumbnails/{photo_id}")
    program.get("/thumbnails/123456789")
    program.get("/nowhere/at/all")
    text = program.get("/metrics").text
    assert (
        'goodside_requests_total{method="GET",route="/thumbnails/{photo_id}",status="200"} 1.0'
        in text
    )
    assert 'route="/thumbnails/{photo_id}",status="404"} 1.0' in text
    assert 'route="other",status="404"} 1.0' in text
    assert "123456789" not in text
    assert "goodside_engine_waiting 0.0" in text


@pytest.mark.parametrize("given", ["abc-123", "A" * 64])
def test_a_request_id_goes_through(anonymous: TestClient, given: str) -> None:
    answer = anonymous.get("/healthz", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["a b", "A" * 65, 'x"}', ""])
def test_a_request_id_that_would_spoil_the_log_is_replaced(
    anonymous: TestClient, given: str
) -> None:
    answer = anonymous.get("/healthz", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32


def test_the_log_holds_a_line_a_request_and_no_token(album: Album) -> None:
    stream = StringIO()
    app = create_app(album, options=OPTIONS, log=Log("json", stream=stream))
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        client.get("/?token=" + TOKEN, headers={"X-Request-ID": "one"})
        client.get("/nowhere%0A%1b[31m?secret=1", headers={"X-Request-ID": "two"})
    app.state.site.pool.close()
    text = stream.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [one["request_id"] for one in lines] == ["one", "two"]
    assert [one["status"] for one in lines] == [303, 404]
    assert lines[1]["path"] == "/nowhere\n\x1b[31m"
    assert TOKEN not in text
    assert "secret" not in text
    assert "\x1b" not in text


def test_what_nobody_foresaw_is_a_problem_and_in_the_log(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = StringIO()
    app = create_app(album, options=OPTIONS, log=Log("json", stream=stream))

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret of the inside")

    monkeypatch.setattr("goodside.web.pictures.read_thumbnails", fail)
    with TestClient(app, base_url=ORIGIN, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        answer = client.get("/thumbnails/1")
    app.state.site.pool.close()
    assert answer.status_code == 500
    assert "secret" not in answer.text
    line = json.loads(stream.getvalue())
    assert line["level"] == "error"
    assert line["request_id"] == answer.json()["request_id"]
    assert "ZeroDivisionError: secret of the inside" in line["traceback"]


def test_too_many_are_told_when_to_come_again(album: Album) -> None:
    app = create_app(album, options=replace(OPTIONS, concurrency=1, queue=1))
    site: Site = app.state.site
    hold, busy = threading.Event(), threading.Event()

    def work() -> None:
        busy.set()
        hold.wait(30)

    async def fill() -> None:
        async with site.pool.admitted() as first, site.pool.admitted() as second:
            await asyncio.gather(site.pool.run(first, work), site.pool.run(second, work))

    filling = threading.Thread(target=lambda: asyncio.run(fill()))
    filling.start()
    assert busy.wait(10)
    with TestClient(app, base_url=ORIGIN, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        refused = client.post(
            "/v1/assess", content=_CAT.read_bytes(), headers={"Content-Type": "image/jpeg"}
        )
        hold.set()
        filling.join(10)
        taken = client.post(
            "/v1/assess", content=_CAT.read_bytes(), headers={"Content-Type": "image/jpeg"}
        )
    site.pool.close()
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["type"] == "urn:goodside:error:ServiceBusy"
    assert taken.status_code == 200


def test_a_place_is_kept_until_the_thread_is_free() -> None:
    pool = EnginePool(concurrency=1, queue=0, timeout_s=0.1)
    hold = threading.Event()

    async def overdue() -> None:
        async with pool.admitted() as admission:
            await pool.run(admission, lambda: hold.wait(10))

    async def enter() -> None:
        async with pool.admitted():
            pass

    with pytest.raises(ImageTimeout, match=r"0\.1 s"):
        asyncio.run(overdue())
    with pytest.raises(ServiceBusy):
        asyncio.run(enter())
    hold.set()
    until = time.monotonic() + 5
    while pool.running or pool.waiting:
        assert time.monotonic() < until
        time.sleep(0.01)
    asyncio.run(enter())
    pool.close()


def test_as_many_work_at_once_as_there_are_threads() -> None:
    pool = EnginePool(concurrency=3, queue=10, timeout_s=10)
    together = threading.Barrier(3)

    async def one() -> int:
        async with pool.admitted() as admission:
            return await pool.run(admission, lambda: together.wait(5))

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(one() for _ in range(3)))

    assert sorted(asyncio.run(all_of_them())) == [0, 1, 2]
    pool.close()


def test_what_has_begun_is_finished_before_it_ends(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def slow(*_: object, **__: object) -> dict[str, str]:
        begun.set()
        time.sleep(1.5)
        return {"said": "finished"}

    monkeypatch.setattr("goodside.web.api.engines.assess._assessed", slow)
    answers: list[bytes] = []
    with live_service(scanned / "album.db", tmp_path, options=OPTIONS) as service:
        head = service.head("POST", "/v1/assess", "Content-Type: image/jpeg", "Content-Length: 3")

        def ask() -> None:
            with service.connect() as connection:
                connection.sendall(head + b"abc")
                connection.settimeout(20)
                answers.append(service.rest(connection))

        asking = threading.Thread(target=ask)
        asking.start()
        assert begun.wait(30)
    asking.join(20)
    assert answers[0].startswith(b"HTTP/1.1 200")
    assert answers[0].endswith(b'{"said":"finished"}')


def test_a_stream_of_events_does_not_keep_it_from_ending(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = threading.Event()

    def scan(*_: object, **options: object) -> None:
        stop = options["stop"]
        assert callable(stop)
        while not stop():
            time.sleep(0.05)
        going_on.set()
        raise ServiceBusy("stopped")

    monkeypatch.setattr(Album, "scan", scan)
    with live_service(scanned / "album.db", tmp_path, options=OPTIONS) as service:
        body = b"{}"
        head = service.head(
            "POST", "/v1/album/scans", "Content-Type: application/json",
            f"Content-Length: {len(body)}", "Connection: close",
        )  # fmt: skip
        assert service.talk(head + body).startswith(b"HTTP/1.1 202")
        connection = service.connect()
        connection.sendall(service.head("GET", "/v1/album/scans/1/events"))
        assert b"event: progress" in connection.recv(65_536) + connection.recv(65_536)
        begun = time.monotonic()
    assert time.monotonic() - begun < 15  # far less than what is waited for requests
    assert going_on.is_set()
    connection.close()
