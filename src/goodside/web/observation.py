"""What is known of each request afterwards: an id, a line of the log, and figures."""

from __future__ import annotations

import json
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, Any, Literal
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from goodside.json_text import dump_json
from goodside.web.problems import problem_response

REQUEST_ID = "X-Request-ID"
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

LogFormat = Literal["text", "json"]


class Log:
    """Lines on standard error; paths of the service stand in them, never a query or a token.

    Args:
        form: `json` is an object a line for every request; `text` tells a person of failures.
        stream: where to; by default standard error.
    """

    def __init__(self, form: LogFormat = "text", *, stream: IO[str] | None = None) -> None:
        self._form, self._stream = form, stream
        self._lock = threading.Lock()

    def write(self, event: str, *, level: str = "info", **facts: Any) -> None:
        """One line."""
        if self._form == "text" and level == "info":
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        if self._form == "json":
            line = dump_json({"at": at, "level": level, "event": event, **facts})
        else:
            said = ", ".join(f"{name} {json.dumps(value)}" for name, value in facts.items())
            line = f"goodside: {event}: {said}"
        with self._lock:
            print(line, file=self._stream or sys.stderr, flush=True)


class Figures:
    """What `/metrics` shows; a registry of its own, so that two services do not mix.

    Args:
        waiting: requests to the engines that wait.
        running: those that are worked on.
    """

    def __init__(self, *, waiting: Callable[[], int], running: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "goodside_requests_total",
            "Requests by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "goodside_request_seconds",
            "Time from a request to the end of its answer.",
            ("route", "method"),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        for name, help_, count in (
            ("goodside_engine_waiting", "Requests that wait for the engines.", waiting),
            ("goodside_engine_running", "Requests that the engines work on.", running),
        ):
            Gauge(name, help_, registry=self.registry).set_function(count)

    def note(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests.labels(route, method, str(status)).inc()
        self.seconds.labels(route, method).observe(seconds)


class Observation:
    """Gives each request an id and notes how it ended; an unexpected exception becomes a 500.

    Args:
        app: what answers.
        log: where the lines go.
        figures: what is counted.
    """

    def __init__(self, app: ASGIApp, *, log: Log, figures: Figures) -> None:
        self._app, self._log, self._figures = app, log, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _GIVEN_ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        begun, status = time.perf_counter(), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        failure = None
        try:
            await self._app(scope, receive, send_noted)
        except Exception as error:
            failure = "".join(traceback.format_exception(error))
            if status == 0:
                answer = problem_response(
                    500,
                    "an error that was not foreseen",
                    connection=HTTPConnection(scope),
                    remedy="the service's log names it under this request's id",
                )
                await answer(scope, receive, send_noted)
        seconds = time.perf_counter() - begun
        self._note(scope, status=status, seconds=seconds, failure=failure)

    def _note(self, scope: Scope, *, status: int, seconds: float, failure: str | None) -> None:
        route = getattr(scope.get("route"), "path", None) or "other"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._figures.note(route=route, method=method, status=status, seconds=seconds)
        facts: dict[str, Any] = {
            "request_id": scope["state"]["request_id"],
            "method": method,
            "path": scope["path"][:300],
            "status": status,
            "ms": round(1000 * seconds, 1),
            "client": (scope.get("client") or ("",))[0],
        }
        if failure is not None:
            facts["traceback"] = failure
        self._log.write("request", level="error" if status >= 500 or failure else "info", **facts)
