"""Who may come in: whoever holds the token, and the browsers that showed it or the password."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import HTTPConnection

_COOKIE = "goodside_session"

CSRF_HEADER = "X-CSRF-Token"
"""Name of the header that every write of a browser carries."""

_LIFETIME_S = 7 * 86_400.0
_MOST = 1000
_MOST_COOKIES = 10


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request.

    Attributes:
        session: what its cookie holds; None: it came with the token in its header.
        csrf_token: what its writes must carry; empty where it came with the token, which no
            browser sends by itself.
    """

    session: str | None
    csrf_token: str


class Sessions:
    """The open sessions of a running service; they end with it.

    Args:
        token: what lets a person or program in; by default a random one.
        clock: monotonic, in seconds.
    """

    def __init__(
        self, token: str | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.token = token or secrets.token_urlsafe(32)
        self._secret = secrets.token_bytes(32)
        self._opened: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()
        self._clock = clock

    def is_token(self, text: str) -> bool:
        """Whether a text is the token; takes as long for every wrong one."""
        return hmac.compare_digest(_digest(text), _digest(self.token))

    def open(self) -> str:
        """Begin a session; what its cookie holds. Past a thousand the oldest ends."""
        session = secrets.token_urlsafe(32)
        with self._lock:
            self._opened[_digest(session)] = self._clock()
            while len(self._opened) > _MOST:
                self._opened.popitem(last=False)
        return session

    def find(self, session: str) -> Caller | None:
        """Whose session it is; None: of nobody, or it is over."""
        digest = _digest(session)
        with self._lock:
            opened = self._opened.get(digest)
            if opened is None:
                return None
            if self._clock() - opened > _LIFETIME_S:
                del self._opened[digest]
                return None
        return Caller(session, hmac.new(self._secret, digest, hashlib.sha256).hexdigest())

    def close(self, session: str) -> None:
        """End a session; its cookie and its forms are worth nothing from now on."""
        with self._lock:
            self._opened.pop(_digest(session), None)


def cookie_name(connection: HTTPConnection) -> str:
    """Name of the cookie: with the port that is listened on.

    Browsers send a host's cookies to all of its ports, so that two services on one computer would
    end each other's sessions if theirs had one name.
    """
    server = connection.scope.get("server")
    port = server[1] if server else None
    return f"{_COOKIE}_{port}" if port else _COOKIE


def cookie_values(connection: HTTPConnection) -> list[str]:
    """What the cookie holds; several where another program of this host set one of our name."""
    name = cookie_name(connection)
    pairs = [
        one.strip().partition("=")
        for header in connection.headers.getlist("cookie")
        for one in header.split(";")
    ]
    return [value.strip() for key, _, value in pairs if key == name][:_MOST_COOKIES]


def csrf_token(request: HTTPConnection) -> str:
    """What the page must send back with each write; for `<meta name="csrf-token">`."""
    caller = request.scope.get("state", {}).get("caller")
    return caller.csrf_token if isinstance(caller, Caller) else ""


def is_csrf_token(given: str, caller: Caller) -> bool:
    """Whether a write carries the token of its own session."""
    return hmac.compare_digest(_digest(given), _digest(caller.csrf_token))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
