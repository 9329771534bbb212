"""Token, cookie, password, hosts, origins and the token of every write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.errors import SettingsError
from goodside.web.app import create_app
from goodside.web.security.attempts import Attempts
from goodside.web.security.hosts import AllowedHosts, is_foreign
from goodside.web.security.passwords import check_hash, hash_password, is_password
from goodside.web.security.sessions import Sessions
from goodside.web.site import Site
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN

_PASSWORD = "correct horse battery"
_READS = ["/", "/v1/photos", "/thumbnails/1", "/pictures/1", "/originals/1", "/faces/1",
          "/metrics", "/v1/openapi.json", "/nowhere"]  # fmt: skip
_WRITES = [
    ("POST", "/v1/decisions/rating"),
    ("POST", "/v1/journal/undo"),
    ("POST", "/v1/assess"),
    ("POST", "/v1/album/scans"),
    ("PUT", "/v1/folders"),
    ("DELETE", "/v1/folders"),
]


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(_PASSWORD)


@pytest.fixture
def public(album: Album, password_hash: str) -> Iterator[TestClient]:
    """A stranger at a service with a password, known as photos.example."""
    options = replace(OPTIONS, names=("photos.example",), password_hash=password_hash)
    app = create_app(album, options=options)
    with TestClient(app, base_url="https://photos.example", follow_redirects=False) as client:
        yield client
    app.state.site.pool.close()


@pytest.mark.parametrize("path", _READS)
def test_nobody_reads_without_the_token(anonymous: TestClient, path: str) -> None:
    answer = anonymous.get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path"), _WRITES)
def test_nobody_writes_without_the_token(anonymous: TestClient, method: str, path: str) -> None:
    assert anonymous.request(method, path, json={}).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer wrong", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN,
     "Bearer", "Bearer ", f"bearer {TOKEN.upper()}"],
)  # fmt: skip
def test_a_wrong_token_is_refused(anonymous: TestClient, header: str) -> None:
    answer = anonymous.get("/metrics", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_wrong_token_is_refused_in_spite_of_a_cookie(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 401


def test_the_link_gives_a_cookie_and_leaves_the_address(anonymous: TestClient) -> None:
    answer = anonymous.get("/people", params={"sort": "name", "token": TOKEN, "q": "a b"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/people?sort=name&q=a+b"
    cookie = SimpleCookie(answer.headers["set-cookie"])["goodside_session_8765"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert cookie["path"] == "/"
    assert TOKEN not in answer.headers["set-cookie"]
    assert anonymous.get("/metrics").status_code == 200


def test_a_cookie_of_an_encrypted_connection_stays_on_it(public: TestClient) -> None:
    answer = public.get("/", params={"token": TOKEN})
    assert SimpleCookie(answer.headers["set-cookie"])["goodside_session_443"]["secure"]


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "0", TOKEN.upper()])
def test_a_wrong_link_gives_none(anonymous: TestClient, token: str) -> None:
    answer = anonymous.get("/", params={"token": token})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "///evil.example"])
def test_the_link_leads_nowhere_else(anonymous: TestClient, path: str) -> None:
    answer = anonymous.get(f"{ORIGIN}{path}?token={TOKEN}")
    assert re.match(r"/(?![/\\])", answer.headers["location"])


def test_a_person_without_the_link_reads_what_to_do(anonymous: TestClient) -> None:
    answer = anonymous.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert "Open the link" in answer.text
    assert anonymous.get("/static/standalone.css").status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example",
     "127.0.0.1@evil.example", "192.168.1.5", "10.0.0.1:8765", "[::2]", "", "127.0.0.1:99999999",
     "127.0.0.1 evil.example", "0x7f000001", "127.1"],
)  # fmt: skip
def test_a_name_that_is_not_ours_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/metrics", headers={"Host": host})
    assert answer.status_code == 421
    assert "set-cookie" not in answer.headers
    linked = client.get("/", params={"token": TOKEN}, headers={"Host": host})
    assert linked.status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765"])
def test_names_of_this_computer_are_ours(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "names", "asked", "allowed"),
    [
        ("0.0.0.0", (), "192.168.1.5:8765", True),
        ("0.0.0.0", (), "photos.example", False),
        ("0.0.0.0", ("Photos.Example",), "photos.example.", True),
        ("127.0.0.1", ("photos.example",), "photos.example:443", True),
        ("127.0.0.1", ("photos.example",), "192.168.1.5", False),
        ("192.168.1.5", (), "192.168.1.5", True),
        ("::", (), "[fe80::1]:8765", True),
    ],
)
def test_names_by_how_it_listens(
    host: str, names: tuple[str, ...], asked: str, allowed: bool
) -> None:
    assert AllowedHosts.of(host, names).allows(asked) is allowed


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://127.0.0.1:9999", "null", "file://", "http://localhost:8765",
     "http://127.0.0.1:8765.evil.example", "chrome-extension://abc", "http://[", ""],
)  # fmt: skip
def test_a_page_of_another_site_is_refused(client: TestClient, origin: str) -> None:
    for method, path in (("GET", "/metrics"), ("POST", "/v1/journal/undo"), ("POST", "/logout")):
        answer = client.request(method, path, headers={"Origin": origin})
        assert answer.status_code == 403, (method, path)


def test_our_own_page_is_not(client: TestClient) -> None:
    assert client.post("/logout", headers={"Origin": ORIGIN}).status_code == 204


@pytest.mark.parametrize(
    ("origin", "host", "foreign"),
    [
        ("https://photos.example", "photos.example", False),
        ("https://photos.example", "photos.example:443", False),
        ("http://photos.example:80", "photos.example:80", False),
        ("https://photos.example:8443", "photos.example", True),
        ("ftp://photos.example", "photos.example", True),
        ("HTTPS://Photos.Example", "photos.example", False),
        ("http://photos.example:x", "photos.example", True),
    ],
)
def test_origins(origin: str, host: str, foreign: bool) -> None:
    assert is_foreign(origin, host) is foreign


@pytest.mark.parametrize("site_header", ["cross-site", "same-site"])
def test_what_the_browser_says_of_the_sender_counts(client: TestClient, site_header: str) -> None:
    fetched = client.get("/metrics", headers={"Sec-Fetch-Site": site_header})
    framed = client.get(
        "/metrics",
        headers={"Sec-Fetch-Site": site_header, "Sec-Fetch-Mode": "navigate",
                 "Sec-Fetch-Dest": "iframe"},
    )  # fmt: skip
    followed = client.get(
        "/metrics",
        headers={"Sec-Fetch-Site": site_header, "Sec-Fetch-Mode": "navigate",
                 "Sec-Fetch-Dest": "document"},
    )  # fmt: skip
    posted = client.post(
        "/logout",
        headers={"Sec-Fetch-Site": site_header, "Sec-Fetch-Mode": "navigate",
                 "Sec-Fetch-Dest": "document"},
    )  # fmt: skip
    statuses = [one.status_code for one in (fetched, framed, followed, posted)]
    assert statuses == [403, 403, 200, 403]


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN])
def test_a_write_without_its_sessions_token_is_refused(
    client: TestClient, token: str | None
) -> None:
    del client.headers["X-CSRF-Token"]
    headers = {} if token is None else {"X-CSRF-Token": token}
    for method, path in _WRITES:
        answer = client.request(method, path, json={}, headers=headers)
        assert answer.status_code == 403, path
        assert "session" in answer.json()["detail"]


def test_a_form_of_another_session_is_refused(client: TestClient, site: Site) -> None:
    other = site.sessions.find(site.sessions.open())
    assert other is not None
    answer = client.post("/logout", headers={"X-CSRF-Token": other.csrf_token})
    assert answer.status_code == 403


def test_a_replayed_form_is_refused(client: TestClient) -> None:
    kept = {
        "Cookie": f"goodside_session_8765={client.cookies['goodside_session_8765']}",
        "X-CSRF-Token": client.headers["X-CSRF-Token"],
    }
    assert client.post("/logout").status_code == 204
    client.cookies.clear()
    del client.headers["X-CSRF-Token"]
    assert client.post("/logout", headers=kept).status_code == 401
    assert client.get("/metrics", headers={"Cookie": kept["Cookie"]}).status_code == 401


def test_sessions_end_after_a_week_and_are_bounded() -> None:
    now = 0.0
    sessions = Sessions(clock=lambda: now)
    first = sessions.open()
    assert sessions.find(first) is not None
    now = 7 * 86_400 + 1
    assert sessions.find(first) is None
    opened = [sessions.open() for _ in range(1001)]
    assert sessions.find(opened[0]) is None
    assert sessions.find(opened[1]) is not None


def test_read_only_changes_nothing(read_only: TestClient, photo_id: int) -> None:
    for method, path in _WRITES:
        if path != "/v1/assess":
            answer = read_only.request(method, path, json={})
            assert answer.status_code == 403, path
            assert "changes nothing" in answer.json()["detail"]
    assert read_only.get(f"/thumbnails/{photo_id}").status_code == 200
    assert read_only.post("/v1/assess", content=b"").status_code == 415


def test_a_stranger_is_asked_for_the_password(public: TestClient) -> None:
    answer = public.get("/people", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fpeople"
    page = public.get(answer.headers["location"])
    assert 'name="next" value="/people"' in page.text
    assert public.get("/v1/photos").status_code == 401


def test_the_right_password_lets_in(public: TestClient) -> None:
    answer = public.post("/login", data={"password": _PASSWORD, "next": "/people?sort=name"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/people?sort=name"
    assert public.get("/metrics").status_code == 200


def test_a_wrong_password_does_not_and_the_sixth_waits(public: TestClient) -> None:
    for _ in range(5):
        answer = public.post("/login", data={"password": "wrong"})
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
    for password in ("wrong", _PASSWORD):
        answer = public.post("/login", data={"password": password})
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert "set-cookie" not in answer.headers


def test_attempts_are_counted_by_address_and_in_all() -> None:
    now = 0.0
    attempts = Attempts(each=2, all_=3, window_s=60, clock=lambda: now)
    attempts.note_failure("a")
    assert attempts.wait_s("a") == 0
    now = 10.0
    attempts.note_failure("a")
    assert attempts.wait_s("a") == 50
    assert attempts.wait_s("b") == 0
    attempts.note_failure("c")
    assert attempts.wait_s("b") == 50
    attempts.note_success("a")
    assert attempts.wait_s("b") == 0
    now = 100.0
    assert attempts.wait_s("c") == 0


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/%0d%0aX: y",
     "%2f%2fevil.example", "javascript:alert(1)", "/a\tb"],
)  # fmt: skip
def test_the_password_leads_nowhere_else(public: TestClient, wanted: str) -> None:
    answer = public.post("/login", data={"password": _PASSWORD, "next": wanted})
    assert answer.headers["location"] == "/"


def test_the_page_of_the_password_escapes_what_is_wanted(public: TestClient) -> None:
    answer = public.get("/login", params={"next": '/"><script>alert(1)</script>'})
    assert "<script>" not in answer.text


def test_there_is_no_password_where_nobody_else_comes(anonymous: TestClient) -> None:
    assert anonymous.post("/login", data={"password": ""}).status_code == 404
    assert anonymous.get("/login").headers["location"] == "/"


def test_hashes_of_passwords() -> None:
    first, second = hash_password(_PASSWORD), hash_password(_PASSWORD)
    assert first != second
    assert _PASSWORD not in first
    assert is_password(_PASSWORD, first)
    assert not is_password(_PASSWORD + " ", first)
    assert not is_password("", first)
    assert check_hash(first) == first


@pytest.mark.parametrize(
    "text",
    ["", "secret", "scrypt$1$8$1$AAAA$AAAA", "bcrypt$32768$8$1$" + "A" * 24 + "$" + "A" * 44,
     "scrypt$1073741824$8$1$" + "A" * 24 + "$" + "A" * 44,
     "scrypt$32768$8$1$" + "A" * 24 + "$!" + "A" * 43],
)  # fmt: skip
def test_what_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="no hash of a password"):
        check_hash(text)


def test_a_short_password_is_refused() -> None:
    with pytest.raises(SettingsError, match="9 letters"):
        hash_password("123456789")


def test_every_answer_carries_the_headers(
    anonymous: TestClient, client: TestClient, app: FastAPI
) -> None:
    for answer in (
        anonymous.get("/nowhere"),
        anonymous.get("/healthz"),
        anonymous.get("/healthz", headers={"Host": "evil.example"}),
        client.get("/nowhere"),
        client.get("/static/standalone.css"),
        client.post("/v1/assess", content=b"x"),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


def test_what_may_be_kept(client: TestClient, photo_id: int) -> None:
    kept = {
        path: client.get(path).headers["cache-control"]
        for path in ("/static/standalone.css", "/people", f"/thumbnails/{photo_id}", "/metrics",
                     f"/originals/{photo_id}")
    }  # fmt: skip
    assert list(kept.values()) == [
        "private, no-cache",
        "private, no-cache",
        "private, max-age=600",
        "private, no-store",
        "private, no-store",
    ]


def test_websockets_are_refused(client: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/v1/anything"):
        pass


def test_a_person_reads_a_page_where_something_is_not_there(client: TestClient) -> None:
    page = client.get("/<script>alert(1)</script>", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>" not in page.text
    assert 'href="/"' in page.text
    missing = client.get("/pictures/999999", headers={"Accept": "text/html"})
    assert "there is no photograph 999999" in missing.text
    program = client.get("/v1/photos/999999", headers={"Accept": "text/html"})
    assert program.headers["content-type"] == "application/problem+json"
