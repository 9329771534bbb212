"""What strangers and other programs of the same computer may try: cookies, bodies, failures."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from goodside.album.album import Album
from goodside.web.app import create_app
from goodside.web.event_streams import EndStreamsOnShutdown
from goodside.web.security.passwords import hash_password
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password("correct horse battery")


@pytest.fixture
def public(album: Album, password_hash: str) -> Iterator[TestClient]:
    """A stranger at a service with a password."""
    app = create_app(album, options=replace(OPTIONS, password_hash=password_hash))
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        yield client
    app.state.site.pool.close()


def test_two_services_of_one_computer_leave_each_others_sessions_alone(
    app: FastAPI, album: Album
) -> None:
    other = create_app(album, options=OPTIONS)
    with (
        TestClient(app, base_url="http://127.0.0.1:8765", follow_redirects=False) as first,
        TestClient(other, base_url="http://127.0.0.1:8766", follow_redirects=False) as second,
    ):
        second.cookies = first.cookies  # a browser sends them to every port of a host
        for browser in (first, second):
            assert browser.get("/healthz", params={"token": TOKEN}).status_code == 303
        assert first.get("/metrics").status_code == second.get("/metrics").status_code == 200
        caller = app.state.site.sessions.find(first.cookies["goodside_session_8765"])
        assert first.post("/logout", headers={"X-CSRF-Token": caller.csrf_token}).status_code == 204
        assert first.get("/metrics").status_code == 401
        assert second.get("/metrics").status_code == 200
    other.state.site.pool.close()


@pytest.mark.parametrize("order", ["{wrong}; {right}", "{right}; {wrong}", "a; {wrong};;{right}"])
def test_a_cookie_set_by_another_program_shuts_nobody_out(client: TestClient, order: str) -> None:
    name = "goodside_session_8765"
    right = f"{name}={client.cookies[name]}"
    client.cookies.clear()
    cookies = order.format(wrong=f"{name}=of-another-program", right=right)
    assert client.get("/metrics", headers={"Cookie": cookies}).status_code == 200
    wrong = "; ".join(f"{name}=of-another-program" for _ in range(200))
    assert client.get("/metrics", headers={"Cookie": wrong}).status_code == 401


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
)
def test_a_strangers_body_is_small(public: TestClient, kind: str) -> None:
    headers = {"Content-Type": kind}
    assert public.post("/login", content=b"a=b&" * 5000, headers=headers).status_code == 413
    unsaid = iter([b"a=b&" * 1000] * 50)
    assert public.post("/login", content=unsaid, headers=headers).status_code == 413
    right = "password=correct+horse+battery&next=/people"
    assert public.post("/login", content=right, headers=_FORM).status_code == 303


def test_a_failure_that_nobody_foresaw_is_a_page_with_the_headers(
    client: TestClient, app: FastAPI
) -> None:
    @app.get("/fails")
    def fail() -> None:
        raise RuntimeError("<script>alert(1)</script> /home/ann/secret")

    answer = client.get("/fails", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
    assert "<script>" not in answer.text
    assert "secret" not in answer.text


def test_streams_of_events_are_bounded() -> None:
    asyncio.run(_follow_too_many())


async def _follow_too_many() -> None:
    ended = asyncio.Event()

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await ended.wait()
        await Response("streamed")(scope, receive, send)

    app = EndStreamsOnShutdown(stream, is_stopping=lambda: False, most=2)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        address = "/v1/album/scans/1/events"
        followed = [asyncio.create_task(browser.get(address)) for _ in range(2)]
        await asyncio.sleep(0)
        while app._open < 2:
            await asyncio.sleep(0.01)
        refused = await browser.get(address)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        ended.set()
        assert [(await one).text for one in followed] == ["streamed"] * 2
        assert (await browser.get("/v1/photos")).text == "streamed"
        assert (await browser.get(address)).text == "streamed"
