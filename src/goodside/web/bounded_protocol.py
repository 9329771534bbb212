"""Connections that say nothing, or begin a request and never end its header, are closed."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_S = 15.0
"""How long a connection may take to say what it wants, in seconds."""

MOST_HEADER_BYTES: Final = 65_536
"""How much it may say before that."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with limits on a request's header: its time, and its size.

    uvicorn limits the time between two requests of a connection only, and httptools no size.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._headers_due: asyncio.TimerHandle | None = None
        self._is_in_header = False
        self._header_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        """Take what came; a whole header ends the wait, and what follows an answer begins one."""
        super().data_received(data)
        if self._is_answering():
            self._stop_expecting()
        elif self._headers_due is None:
            self._expect_headers()
        if self._is_in_header:
            self._header_bytes += len(data)
            if self._header_bytes > MOST_HEADER_BYTES and not self.transport.is_closing():
                self.send_400_response("The header is too large.")

    def on_message_begin(self) -> None:
        """Count from here."""
        super().on_message_begin()
        self._is_in_header, self._header_bytes = True, 0

    def on_headers_complete(self) -> None:
        """Count no more."""
        self._is_in_header = False
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Go on to the next request of the connection, if there is one already."""
        super().on_response_complete()
        if not self.transport.is_closing() and not self._is_answering():
            self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_expecting()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect_headers(self) -> None:
        self._stop_expecting()
        self._headers_due = self.loop.call_later(HEADERS_S, self._give_up)

    def _stop_expecting(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _give_up(self) -> None:
        self._headers_due = None
        if not self._is_answering() and not self.transport.is_closing():
            self.transport.close()
