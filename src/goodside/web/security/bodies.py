"""How large a request may be, and how slowly it may come: refused while it is read."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from goodside.web.problems import problem_response

_JSON_BYTES = 4_000_000
_STRANGERS_BYTES = 16_000
_SILENCE_S = 15.0
_GRACE_S = 20.0
_SLOWEST_BYTES_A_SECOND = 20_000.0
_CLOSE = {"Connection": "close"}


class BodyLimits:
    """Ends requests that are too large or too slow.

    A body may pause for 15 s, and has 20 s and then 20 kB a second.

    Args:
        app: what answers.
        max_bytes: of pictures, alone or in a form; other bodies have at most 4 MB, and those of
            whoever is not let in yet, such as the password, 16 kB.
        silence_s: the longest pause.
        grace_s: time that any body has.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_bytes: int,
        silence_s: float = _SILENCE_S,
        grace_s: float = _GRACE_S,
    ) -> None:
        self._app, self._max_bytes = app, max_bytes
        self._silence_s, self._grace_s = silence_s, grace_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = self._most(scope, headers.get("content-type", ""))
        told = headers.get("content-length", "0")
        if not told.isascii() or not told.isdigit():
            refused = problem_response(
                400,
                "the length of the body is no number",
                connection=HTTPConnection(scope),
                headers=_CLOSE,
            )
            await refused(scope, receive, send)
        elif int(told) > most:
            refused = problem_response(
                413, _too_large(most), connection=HTTPConnection(scope), headers=_CLOSE
            )
            await refused(scope, receive, send)
        else:
            await self._app(scope, self._watched(receive, most=most), send)

    def _most(self, scope: Scope, content_type: str) -> int:
        if scope.get("state", {}).get("caller") is None:
            return min(_STRANGERS_BYTES, self._max_bytes)
        kind = content_type.partition(";")[0].strip().lower()
        uploads = kind.startswith("image/") or kind in (
            "multipart/form-data", "application/octet-stream",
        )  # fmt: skip
        return self._max_bytes if uploads else min(_JSON_BYTES, self._max_bytes)

    def _watched(self, receive: Receive, *, most: int) -> Receive:
        loop = asyncio.get_running_loop()
        begun: float | None = None
        read, complete = 0, False

        async def receive_watched() -> Message:
            nonlocal begun, read, complete
            if complete:  # what may still come is that the other side has gone
                return await receive()
            begun = loop.time() if begun is None else begun
            until = begun + self._grace_s + read / _SLOWEST_BYTES_A_SECOND
            try:
                message = await asyncio.wait_for(
                    receive(), min(self._silence_s, max(until - loop.time(), 0.001))
                )
            except TimeoutError:
                raise HTTPException(408, "the body came too slowly", headers=_CLOSE) from None
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                complete = not message.get("more_body", False)
                if read > most:
                    raise HTTPException(413, _too_large(most), headers=_CLOSE)
            return message

        return receive_watched


def _too_large(most: int) -> str:
    return f"a request of this kind has at most {most / 1e6:g} MB"
