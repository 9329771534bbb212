"""Streams of events, which would keep the service from ending."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from goodside.web.problems import problem_response

MOST_STREAMS = 100
"""Streams of events that are open at once."""


class EndStreamsOnShutdown:
    """Ends streams of events when the service does, which they would otherwise keep up.

    Of streams, which last, only so many are open at once; more are told to come again.

    Args:
        app: what answers.
        is_stopping: whether the service ends.
        most: open at once.
    """

    _LOOK_EVERY_S = 0.25
    _RETRY_AFTER_S = 5

    def __init__(
        self, app: ASGIApp, *, is_stopping: Callable[[], bool], most: int = MOST_STREAMS
    ) -> None:
        self._app, self._is_stopping, self._most = app, is_stopping, most
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; where a stream is asked for, until the service ends."""
        if scope["type"] != "http" or not scope["path"].endswith("/events"):
            await self._app(scope, receive, send)
            return
        if self._open >= self._most:
            refused = problem_response(
                429,
                "too many streams of events are open",
                connection=HTTPConnection(scope),
                remedy="close a page that follows a scan, and come again",
                headers={"Retry-After": str(self._RETRY_AFTER_S)},
            )
            await refused(scope, receive, send)
            return
        waiting: asyncio.Future[Message] | None = None

        async def receive_or_end() -> Message:
            nonlocal waiting
            while not self._is_stopping():
                waiting = waiting or asyncio.ensure_future(receive())
                done, _ = await asyncio.wait({waiting}, timeout=self._LOOK_EVERY_S)
                if done:
                    message, waiting = waiting.result(), None
                    return message
            return {"type": "http.disconnect"}

        self._open += 1
        try:
            await self._app(scope, receive_or_end, send)
        finally:
            self._open -= 1
            if waiting is not None:
                waiting.cancel()
