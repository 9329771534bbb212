"""Uploads and addresses that mean harm: refused, and the service goes on."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.web.app import create_app
from goodside.web.security.bodies import BodyLimits
from tests.images.bombs import bombs, png_of
from tests.images.made import png_header
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN
from tests.web.live import LiveService, live_service

_EXAMPLES = Path(__file__).parents[3] / "examples"
_CAT = (_EXAMPLES / "photos" / "cat.jpg").read_bytes()
_BINARY = {"Content-Type": "application/octet-stream"}
_BOMBS = dict(bombs())


def _is_alive(client: TestClient) -> bool:
    answer = client.post("/v1/assess", content=_CAT, headers=_BINARY)
    return answer.status_code == 200 and bool(answer.json()["width"] == 451)


@pytest.fixture(scope="module")
def live(scanned: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    """A service on a real socket, with short patience."""
    with live_service(
        scanned / "album.db",
        tmp_path_factory.mktemp("live"),
        options=replace(OPTIONS, max_upload_megabytes=2.0),
        headers_s=1.0,
        silence_s=1.0,
    ) as service:
        yield service


@pytest.mark.parametrize(
    "path",
    ["/static/../site.py", "/static/%2e%2e/site.py", "/static/..%2fsite.py",
     "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd", "/static//etc/passwd",
     "/static/%2fetc%2fpasswd", "/static/..%5csite.py", "/static/%252e%252e/site.py",
     "/static/....//site.py", "/static/js/../../app.py", "/static/\u2025/site.py",
     "/thumbnails/../../etc/passwd", "/thumbnails/%2e%2e%2f1", "/originals/..%2f..%2fetc%2fpasswd",
     "/originals/1%00.jpg", "/originals/1/../../etc/passwd", "/pictures/1%2f..%2f2",
     "/pictures/-1", "/pictures/1e1", "/pictures/99999999999999999999999",
     "/faces/%2e", "/static/.", "/static/"],
)  # fmt: skip
def test_no_address_leads_out(client: TestClient, path: str) -> None:
    answer = client.get(f"{ORIGIN}{path}")
    assert answer.status_code in (404, 422), (path, answer.status_code)
    assert b"root:" not in answer.content
    assert b"import" not in answer.content


def test_no_address_leads_out_of_a_real_socket(live: LiveService) -> None:
    paths = [
        "/static/../site.py",
        "/static/%2e%2e/%2e%2e/app.py",
        "/static/..%2f..%2fapp.py",
        "//etc/passwd",
        "/./static/../../etc/passwd",
        "http://127.0.0.1/static/../a",
    ]
    for path in paths:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
        answer = live.talk(head.encode())
        assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 421", b"HTTP/1.1 400")), (
            path,
            answer,
        )
        assert b"root:" not in answer
        assert b"def " not in answer


@pytest.mark.parametrize(
    ("route", "name"),
    [
        (route, name)
        for route in ("assess", "faces", "rotate?yaw=10")
        for name, data in _BOMBS.items()
        if route == "assess" or len(data) < 5_000_000
    ],
)
def test_bombs_are_refused_or_harmless(program: TestClient, route: str, name: str) -> None:
    answer = program.post(f"/v1/{route}", content=_BOMBS[name], headers=_BINARY)
    assert answer.status_code in (200, 413, 415, 422), (name, answer.text)


@pytest.mark.parametrize(("width", "height"), [(10_000, 1), (1, 10_000), (1, 1), (65_535, 1)])
@pytest.mark.parametrize("route", ["assess", "faces", "rotate?yaw=10"])
def test_strips_cost_nothing(program: TestClient, route: str, width: int, height: int) -> None:
    begun = time.monotonic()
    answer = program.post(f"/v1/{route}", content=png_of(width, height), headers=_BINARY)
    assert answer.status_code in (200, 422), answer.text
    if "rotate" in route:
        assert answer.json()["type"].endswith("NoFace")
    assert time.monotonic() - begun < 10


def test_a_claim_of_too_many_pixels_is_refused_before_decoding(program: TestClient) -> None:
    begun = time.monotonic()
    answer = program.post("/v1/assess", content=png_header(60_000, 60_000), headers=_BINARY)
    assert answer.status_code == 413
    assert "3600.0 megapixels" in answer.json()["detail"]
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_photograph_cut_short_is_refused_or_marked(program: TestClient, share: float) -> None:
    answer = program.post("/v1/assess", content=_CAT[: int(share * len(_CAT))], headers=_BINARY)
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert answer.json()["incomplete"] is True


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "image/jpeg", 422),
        (b"\x00", "image/jpeg", 422),
        (b"%PDF-1.7\n", "image/jpeg", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 422),
        (b"{}", "application/json", 415),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (_CAT, "text/plain", 415),
        (_CAT, "", 415),
        (_CAT, "multipart/form-data", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
        (_CAT, "multipart/form-data; boundary=" + "x" * 500, 400),
        (_CAT, "video/mp4", 415),
    ],
)
def test_wrong_types_are_refused(
    program: TestClient, content: bytes, kind: str, status: int
) -> None:
    answer = program.post("/v1/assess", content=content, headers={"Content-Type": kind})
    assert answer.status_code in {status, 422} - ({422} if status == 415 else set()), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "files",
    [
        [("file", ("a.jpg", b""))],
        [("file", ("a.jpg", _CAT)), ("file", ("b.jpg", _CAT))],
        [("file", ("a.jpg", _CAT)), ("files", ("b.jpg", _CAT))],
        [("other", ("a.jpg", _CAT))],
        [("files", (f"{n}.jpg", b"x")) for n in range(33)],
        [("file", (None, "text"))],
        [("files", (f"{n}.jpg", b"x")) for n in range(2000)],
    ],
)
def test_forms_that_do_not_fit_are_refused(program: TestClient, files: list[object]) -> None:
    answer = program.post("/v1/assess", files=files)
    assert answer.status_code in (400, 422), answer.text


def test_a_batch_keeps_hostile_names_as_data(program: TestClient) -> None:
    names = ["<script>alert(1)</script>.jpg", "../../../etc/passwd", "a\u202egpj.exe", "x" * 1000]
    answer = program.post("/v1/assess", files=[("files", (name, _CAT)) for name in names])
    assert answer.headers["content-type"] == "application/json"
    found = [one["name"] for one in answer.json()["results"]]
    assert found[1] == "passwd"
    assert len(found[3]) == 255
    assert "<script>" not in found[0] or answer.headers["x-content-type-options"] == "nosniff"


def test_a_body_that_says_it_is_too_large_is_not_read(live: LiveService) -> None:
    head = live.head("POST", "/v1/assess", "Content-Type: image/jpeg", "Content-Length: 3000000")
    answer = live.talk(head)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answer.lower()


def test_a_body_that_grows_too_large_is_ended_while_it_is_read(live: LiveService) -> None:
    sent = 0
    with live.connect() as connection:
        connection.sendall(
            live.head(
                "POST", "/v1/assess", "Content-Type: image/jpeg", "Transfer-Encoding: chunked"
            )
        )
        chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
        connection.settimeout(10)
        try:
            for _ in range(2000):  # 131 MB, were they taken
                connection.sendall(chunk)
                sent += 0x10000
        except OSError:
            pass
        answer = live.rest(connection)
    assert sent < 40_000_000  # what the system's buffers hold on top of the limit
    assert answer.startswith(b"HTTP/1.1 413") or not answer
    assert live.is_alive()


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "+5", "\u0664", "5, 6"])
def test_a_length_that_is_no_number_is_refused(live: LiveService, length: str) -> None:
    head = live.head("POST", "/v1/assess", "Content-Type: image/jpeg", f"Content-Length: {length}")
    assert live.talk(head).startswith(b"HTTP/1.1 400")
    assert live.is_alive()


def test_smuggled_requests_are_refused(live: LiveService) -> None:
    head = live.head(
        "POST", "/v1/assess", "Content-Type: image/jpeg", "Content-Length: 5",
        "Transfer-Encoding: chunked",
    )  # fmt: skip
    answer = live.talk(head + b"0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n")
    assert not answer.startswith(b"HTTP/1.1 200")
    assert live.is_alive()


def test_an_upload_that_ends_early_leaves_nothing(live: LiveService) -> None:
    for sent in (0, 1, 1000, len(_CAT) - 1):
        with live.connect() as connection:
            head = live.head(
                "POST", "/v1/assess", "Content-Type: image/jpeg", f"Content-Length: {len(_CAT)}"
            )
            connection.sendall(head + _CAT[:sent])
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert live.is_alive()
    assert b"goodside_engine_waiting 0.0" in live.talk(
        live.head("GET", "/metrics", "Connection: close")
    )


def test_headers_that_come_letter_by_letter_end(live: LiveService) -> None:
    begun = time.monotonic()
    with live.connect() as connection:
        connection.settimeout(0.2)
        ended = False
        for letter in live.head("GET", "/healthz", "X-Slow: " + "a" * 200):
            try:
                connection.sendall(bytes((letter,)))
                ended = connection.recv(1) == b""
            except TimeoutError:
                continue
            except OSError:
                ended = True
            if ended or time.monotonic() - begun > 10:
                break
    assert ended
    assert time.monotonic() - begun < 5
    assert live.is_alive()


def test_a_connection_that_says_nothing_ends(live: LiveService) -> None:
    with live.connect() as connection:
        connection.settimeout(10)
        assert connection.recv(1) == b""


def test_the_second_request_of_a_connection_may_not_be_slow_either(live: LiveService) -> None:
    with live.connect() as connection:
        connection.settimeout(10)
        connection.sendall(live.head("GET", "/healthz"))
        while b'{"status":"ok"}' not in connection.recv(65_536):
            pass
        connection.sendall(b"GET /healthz HT")
        begun = time.monotonic()
        assert connection.recv(1) == b""
        assert time.monotonic() - begun < 5


def test_a_header_without_end_is_refused(live: LiveService) -> None:
    with live.connect() as connection:
        connection.settimeout(10)
        sent = 0
        answer = b""
        try:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            while sent < 4_000_000:
                sent += connection.send(b"X-Long: " + b"a" * 4000 + b"\r\n")
        except OSError:
            pass
        with suppress(OSError):
            answer = live.rest(connection)
    assert sent < 4_000_000
    assert b"200 OK" not in answer
    assert live.is_alive()


def test_a_header_of_many_lines_is_read(live: LiveService) -> None:
    lines = [f"X-Long-{n}: {'a' * 4000}" for n in range(10)]
    answer = live.talk(live.head("GET", "/healthz", *lines, "Connection: close"))
    assert b'{"status":"ok"}' in answer


def test_two_lengths_of_one_body_are_refused(live: LiveService) -> None:
    for lines in (
        ("Content-Length: 3", "Content-Length: 30"),
        ("Content-Length: 3", "Transfer-Encoding: chunked"),
    ):
        answer = live.talk(
            live.head("POST", "/v1/assess", "Content-Type: image/jpeg", *lines) + b"abc"
        )
        assert answer.startswith(b"HTTP/1.1 400"), lines
    assert live.is_alive()


def test_a_body_that_comes_letter_by_letter_ends(live: LiveService) -> None:
    with live.connect() as connection:
        connection.sendall(
            live.head("POST", "/v1/assess", "Content-Type: image/jpeg", "Content-Length: 1000")
        )
        connection.sendall(b"\xff\xd8")
        begun = time.monotonic()
        connection.settimeout(10)
        answer = live.rest(connection)
    assert answer.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - begun < 5


def test_many_slow_ones_do_not_keep_others_out(live: LiveService) -> None:
    slow = [live.connect() for _ in range(100)]
    try:
        for connection in slow:
            connection.sendall(b"POST /v1/assess HTTP/1.1\r\nHost: 127")
        begun = time.monotonic()
        assert live.is_alive()
        assert time.monotonic() - begun < 5
    finally:
        for connection in slow:
            connection.close()


def test_a_drip_below_the_slowest_rate_ends(album: Album) -> None:
    import asyncio

    async def app(scope: object, receive: Callable[[], object], send: object) -> None:
        while (await receive()).get("more_body"):  # type: ignore[misc]
            pass

    async def drip() -> dict[str, object]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    from starlette.exceptions import HTTPException

    async def send(_: object) -> None:
        raise AssertionError("nothing is answered here")

    limits = BodyLimits(app, max_bytes=1000, silence_s=1.0, grace_s=0.3)
    scope = {"type": "http", "headers": [(b"content-type", b"image/jpeg")], "path": "/"}
    with pytest.raises(HTTPException) as caught:
        asyncio.run(limits(scope, drip, send))
    assert caught.value.status_code == 408


def test_json_has_a_limit_of_its_own(program: TestClient) -> None:
    answer = program.post(
        "/v1/decisions/rating",
        content=b" " * 4_000_001,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 413


def test_deep_json_is_refused(program: TestClient) -> None:
    answer = program.post(
        "/v1/decisions/rating",
        content=b"[" * 200_000,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in (400, 422)
    assert _is_alive(program)


def test_a_photograph_that_takes_too_long_is_given_up(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: FastAPI = create_app(album, options=replace(OPTIONS, timeout_s=0.2))

    def slow(*_: object, **__: object) -> None:
        time.sleep(1)

    monkeypatch.setattr("goodside.web.api.engines.assess._assessed", slow)
    with TestClient(app, base_url=ORIGIN, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        answer = client.post("/v1/assess", content=_CAT, headers=_BINARY)
        assert answer.status_code == 422
        assert answer.json()["type"].endswith("ImageTimeout")
        assert client.get("/healthz").status_code == 200


def test_noise_is_no_photograph(program: TestClient) -> None:
    rng = np.random.default_rng(3)
    for size in (1, 16, 4096):
        content = rng.integers(0, 256, size, dtype=np.uint8).tobytes()
        for head in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"II*\x00"):
            answer = program.post("/v1/faces", content=head + content, headers=_BINARY)
            assert answer.status_code in (413, 415, 422), (size, head, answer.text)
    assert _is_alive(program)
