"""A service on a real socket of the loopback, in a thread of the test's process."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

from goodside.album.album import Album
from goodside.web.options import ServeOptions
from goodside.web.security import bodies
from goodside.web.serve import Listening, serve
from goodside.web.site import Site
from tests.web.conftest import TOKEN


@dataclass(frozen=True)
class LiveService:
    """A service that answers.

    Attributes:
        origin: scheme, host and port.
        site: what it serves.
    """

    origin: str
    site: Site

    def connect(self) -> socket.socket:
        """A connection to it."""
        host, _, port = self.origin.removeprefix("http://").partition(":")
        return socket.create_connection((host, int(port)), timeout=20)

    def head(self, method: str, path: str, *headers: str) -> bytes:
        """The head of a request with the token."""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {TOKEN}"]
        return "\r\n".join([*lines, *headers, "", ""]).encode()

    def talk(self, data: bytes) -> bytes:
        """What it answers to bytes until it closes, or says nothing for two seconds."""
        with self.connect() as connection:
            connection.settimeout(2)
            connection.sendall(data)
            return self.rest(connection)

    @staticmethod
    def rest(connection: socket.socket) -> bytes:
        """All that still comes."""
        found = bytearray()
        try:
            while part := connection.recv(65_536):
                found += part
        except OSError:
            pass
        return bytes(found)

    def is_alive(self) -> bool:
        """Whether it answers others."""
        head = self.head("GET", "/healthz", "Connection: close")
        return b'{"status":"ok"}' in self.talk(head)


@contextmanager
def live_service(
    catalog: Path,
    home: Path,
    *,
    options: ServeOptions,
    headers_s: float = 15.0,
    silence_s: float = 15.0,
) -> Iterator[LiveService]:
    """Serve a copy of a catalog.

    Args:
        catalog: is copied.
        home: where to.
        options: with any port.
        headers_s, silence_s: patience with slow ones.
    """
    shutil.copy(catalog, home / "album.db")
    listening: list[Listening] = []
    started = threading.Event()

    def note(one: Listening) -> None:
        listening.append(one)
        started.set()

    patient = partial(bodies.BodyLimits, silence_s=silence_s)
    with (
        patch("goodside.web.bounded_protocol.HEADERS_S", headers_s),
        patch("goodside.web.app.BodyLimits", patient),
    ):
        album = Album(home / "album.db")
        running = threading.Thread(
            target=serve, args=(album, replace(options, port=0)), kwargs={"on_listening": note}
        )
        running.start()
        try:
            assert started.wait(60)
            yield LiveService(listening[0].origin, listening[0].site)
        finally:
            if listening:
                listening[0].end()
            running.join(40)
            assert not running.is_alive()
