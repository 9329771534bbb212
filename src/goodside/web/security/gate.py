"""Who and what comes in: Host, Origin, token or cookie, and the token of every write."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from goodside.web.problems import problem_response
from goodside.web.security.hosts import AllowedHosts, is_foreign
from goodside.web.security.sessions import (
    CSRF_HEADER,
    Caller,
    Sessions,
    cookie_name,
    cookie_values,
    is_csrf_token,
)
from goodside.web.standalone_pages import refusal_page, wants_page

LOGIN, LOGOUT = "/login", "/logout"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OPEN = frozenset({"/healthz", "/readyz", LOGIN, "/favicon.ico"})
_OPEN_BELOW = "/static/"
_HARMLESS = frozenset({"/v1/assess", "/v1/faces", "/v1/rotate", "/v1/good-side", LOGIN, LOGOUT})
"""What computes and keeps nothing, so that it goes with `--read-only`."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a gate lets through.

    Attributes:
        hosts: the names that are ours.
        read_only: nothing is changed.
        asks_password: whoever has no token is asked for the password.
    """

    hosts: AllowedHosts
    read_only: bool = False
    asks_password: bool = False


class Gate:
    """Lets requests through to the application, or answers why not.

    Args:
        app: what answers them; finds the `Caller` in the request's state.
        policy: what is let through.
        sessions: who may come in.
    """

    def __init__(self, app: ASGIApp, *, policy: Policy, sessions: Sessions) -> None:
        self._app, self._policy, self._sessions = app, policy, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or refuse."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        refused = self._refusal(scope) if scope["type"] == "http" else None
        await (refused or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        connection, headers = HTTPConnection(scope), Headers(scope=scope)
        refused = self._foreign(connection, headers)
        if refused is not None:
            return refused
        path, safe = scope["path"], scope["method"] in _SAFE
        link = self._token_link(connection) if safe else None
        if link is not None:
            return link
        caller = self._caller(connection, headers)
        state = scope.setdefault("state", {})
        state["caller"] = caller
        state["csrf_token"] = "" if caller is None else caller.csrf_token  # for the pages' writes
        is_open = path in _OPEN or path.startswith(_OPEN_BELOW)
        if caller is None:
            return None if is_open else self._unknown(connection)
        return None if safe or path == LOGIN else self._unwanted_write(connection, caller)

    def _unwanted_write(self, connection: HTTPConnection, caller: Caller) -> Response | None:
        headers, path = connection.headers, connection.scope["path"]
        if caller.session is not None and not is_csrf_token(headers.get(CSRF_HEADER, ""), caller):
            return problem_response(
                403,
                "the form is not of this session",
                connection=connection,
                remedy="load the page again",
            )
        if self._policy.read_only and path not in _HARMLESS:
            return problem_response(
                403,
                "this service changes nothing",
                connection=connection,
                remedy="start goodside serve without --read-only",
            )
        return None

    def _foreign(self, connection: HTTPConnection, headers: Headers) -> Response | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self._policy.hosts.allows(hosts[0]):
            return problem_response(
                421,
                "this is not the service of the host that was asked for",
                connection=connection,
                remedy="open the link as it was printed, or name the host with --name",
            )
        from_afar = headers.get("sec-fetch-site", "none") in ("cross-site", "same-site")
        follows_link = (
            headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest", "document") == "document"
            and connection.scope["method"] in _SAFE
            and not origins
        )
        foreign = any(is_foreign(origin, hosts[0]) for origin in origins)
        if foreign or len(origins) > 1 or (from_afar and not follows_link):
            return problem_response(
                403, "a page of another site sent this request", connection=connection
            )
        return None

    def _token_link(self, connection: HTTPConnection) -> Response | None:
        """From the link that was printed: a cookie takes the token's place in the address."""
        query = parse_qsl(connection.scope["query_string"].decode("latin-1"))
        if not any(name == "token" for name, _ in query):
            return None
        if not any(name == "token" and self._sessions.is_token(value) for name, value in query):
            return self._unknown(connection)
        left = urlencode([(name, value) for name, value in query if name != "token"])
        path = "/" + quote(connection.scope["path"].lstrip("/\\"))
        response = RedirectResponse(f"{path}?{left}" if left else path, status_code=303)
        set_cookie(response, self._sessions.open(), connection)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _caller(self, connection: HTTPConnection, headers: Headers) -> Caller | None:
        given = headers.get("authorization")
        if given is not None:
            scheme, _, token = given.partition(" ")
            if scheme.lower() == "bearer" and self._sessions.is_token(token.strip()):
                return Caller(None, "")
            return None  # a wrong token is refused, whatever the cookie
        known = map(self._sessions.find, cookie_values(connection))
        return next((caller for caller in known if caller is not None), None)

    def _unknown(self, connection: HTTPConnection) -> Response:
        if wants_page(connection):
            if self._policy.asks_password:
                wanted = quote(connection.scope["path"])
                return RedirectResponse(f"{LOGIN}?{urlencode({'next': wanted})}", status_code=303)
            return refusal_page()
        return problem_response(
            401,
            "a token is needed",
            connection=connection,
            remedy="send `Authorization: Bearer TOKEN`; goodside serve prints it in its link",
            headers={"WWW-Authenticate": 'Bearer realm="goodside"'},
        )


def set_cookie(response: Response, session: str, connection: HTTPConnection) -> None:
    """Give a browser its session."""
    response.set_cookie(
        cookie_name(connection),
        session,
        path="/",
        httponly=True,
        samesite="strict",
        secure=connection.url.scheme == "https",
    )
