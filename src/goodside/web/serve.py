"""Listening: the one place in goodside that opens a socket."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

import uvicorn

from goodside.album.album import Album
from goodside.errors import SettingsError
from goodside.os_errors import explain
from goodside.web.app import create_app
from goodside.web.bounded_protocol import BoundedProtocol
from goodside.web.observation import Log
from goodside.web.options import ServeOptions
from goodside.web.site import Site

_GRACE_S = 30
_KEEP_ALIVE_S = 15
_MOST_CONNECTIONS = 1000
_BACKLOG = 512


@dataclass(frozen=True, slots=True)
class Listening:
    """A service that answers from now on.

    Attributes:
        origin: scheme, host and port, as a browser on this computer asks for it.
        link: the same with the token that lets in.
        site: what it serves.
        end: tells it to end, from any thread; what has begun is finished first.
    """

    origin: str
    link: str
    site: Site
    end: Callable[[], None]


def serve(
    album: Album,
    options: ServeOptions,
    *,
    log: Log | None = None,
    on_listening: Callable[[Listening], None] = lambda _: None,
) -> None:
    """Serve an album until the process is told to end; what has begun is finished first.

    Args:
        album: whose photographs are shown.
        options: what a person chose.
        log: where lines about requests go.
        on_listening: called when a browser may come.

    Raises:
        SettingsError: the address cannot be listened on; a password is missing where others reach
            the service; an environment variable of goodside's is wrong.
        CatalogError: the catalog cannot be used.
    """
    if options.is_public and options.password_hash is None:
        raise SettingsError(
            "a service that others reach needs a password",
            remedy="make its hash with `goodside serve --hash-password`, and name the file with "
            "--password-file",
        )
    listener = _listen(options)
    with listener, album:
        with album.opened(create=not options.read_only):
            pass  # so that threads find it open
        app = create_app(album, options=options, log=log)
        site: Site = app.state.site
        server = _Server(
            uvicorn.Config(
                app,
                http=BoundedProtocol,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(options.names),  # a proxy on this computer tells who asks
                forwarded_allow_ips="127.0.0.1,::1",
                timeout_keep_alive=_KEEP_ALIVE_S,
                timeout_graceful_shutdown=_GRACE_S,
                limit_concurrency=_MOST_CONNECTIONS,
                backlog=_BACKLOG,
            ),
            site=site,
            on_started=lambda: on_listening(_listening(listener, options, site, end=server.end)),
        )
        with _logged(site.log):
            asyncio.run(server.serve(sockets=[listener]))


class _LogHandler(logging.Handler):
    """Takes what uvicorn complains of into the log of the service.

    Args:
        log: of the service.
    """

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        level = "error" if record.levelno >= logging.ERROR else "info"
        self._log.write("connection", level=level, message=record.getMessage()[:1000])


class _Server(uvicorn.Server):
    """uvicorn's server, which tells the site that it is about to end, and ends without a signal.

    Args:
        config: uvicorn's.
        site: what is served.
        on_started: called when connections are taken.
    """

    def __init__(
        self, config: uvicorn.Config, *, site: Site, on_started: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._site, self._on_started = site, on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup(sockets)
        if self.started:
            self._on_started()

    def end(self) -> None:
        """Begin to end."""
        self._site.stopping.set()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; a second signal ends at once."""
        self._site.stopping.set()
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGINT and SIGTERM, and take them for what they are: the usual way to end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def _logged(log: Log) -> Iterator[None]:
    """Let uvicorn's complaints go into the log, and nowhere else."""
    logger, handler = logging.getLogger("uvicorn"), _LogHandler(log)
    propagates, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates


def _listen(options: ServeOptions) -> socket.socket:
    """A socket on the address that was asked for, and on no other."""
    found: list[tuple[int, tuple[object, ...]]] = []
    with suppress(OSError, UnicodeError):
        found = [
            (family, address)
            for family, _, _, _, address in socket.getaddrinfo(
                options.host, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )
        ]
    if not found:
        raise SettingsError(
            f"{options.host!r} is no address of this computer",
            remedy="listen on 127.0.0.1, or on 0.0.0.0 for all addresses",
        )
    family, address = found[0]
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = explain(error).reason if isinstance(error, OSError) else str(error)
        raise SettingsError(
            f"{options.host} cannot be listened on at port {options.port}: {reason}",
            remedy="name another port with --port; 0 takes any free one",
        ) from error
    listener.setblocking(False)
    return listener


def _listening(
    listener: socket.socket, options: ServeOptions, site: Site, *, end: Callable[[], None]
) -> Listening:
    port = listener.getsockname()[1]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(options.host, options.host)
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    origin = f"http://{host}:{port}"
    return Listening(origin, f"{origin}/?token={site.sessions.token}", site, end)
