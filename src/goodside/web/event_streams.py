"""Streams of events, which would keep the service from ending."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class EndStreamsOnShutdown:
    """Ends streams of events when the service does, which they would otherwise keep up.

    Args:
        app: what answers.
        is_stopping: whether the service ends.
    """

    _LOOK_EVERY_S = 0.25

    def __init__(self, app: ASGIApp, *, is_stopping: Callable[[], bool]) -> None:
        self._app, self._is_stopping = app, is_stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; where a stream is asked for, until the service ends."""
        if scope["type"] != "http" or not scope["path"].endswith("/events"):
            await self._app(scope, receive, send)
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

        try:
            await self._app(scope, receive_or_end, send)
        finally:
            if waiting is not None:
                waiting.cancel()
