"""What the routes share: one album, its index, the engines, and how the service was started."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from starlette.requests import HTTPConnection

from goodside.album.album import Album
from goodside.album.browse import AlbumIndex
from goodside.album.catalog import Catalog
from goodside.engines import Engines
from goodside.web.engine_pool import EnginePool
from goodside.web.observation import Figures, Log
from goodside.web.options import ServeOptions
from goodside.web.security.attempts import Attempts
from goodside.web.security.sessions import Sessions

WRITE_PATIENCE_S = 4.0
"""How long a request waits for another process that writes into the catalog."""


@dataclass(frozen=True, slots=True)
class Site:
    """One running service.

    Attributes:
        album: whose photographs are shown.
        index: its photographs in columns, kept up to date.
        engines: what judges photographs and turns faces that are sent here, within the limits of
            the service.
        options: how it was started.
        pool: the threads of the engines.
        sessions: who is let in.
        attempts: wrong passwords so far.
        log: lines about what happens.
        figures: of `/metrics`.
        stopping: set when the service is about to end.
    """

    album: Album
    index: AlbumIndex
    engines: Engines
    options: ServeOptions
    pool: EnginePool
    sessions: Sessions
    log: Log
    figures: Figures
    attempts: Attempts = field(default_factory=Attempts)
    stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def writing(self) -> Iterator[Catalog]:
        """The catalog, for a request that writes: it waits `WRITE_PATIENCE_S` for others to end.

        Raises:
            CatalogError: there is no catalog any more, or another process has written for longer.
        """
        with self.album.open_catalog(patience_s=WRITE_PATIENCE_S) as catalog:
            yield catalog


def make_site(album: Album, options: ServeOptions, *, log: Log | None = None) -> Site:
    """The site of an album.

    Raises:
        CatalogError: the catalog cannot be used.
        SettingsError: an environment variable of goodside's is wrong.
    """
    settings = album.engines.settings
    limited = settings.model_copy(
        update={
            "max_megabytes": min(settings.max_megabytes, options.max_upload_megabytes),
            "timeout_s": min(settings.timeout_s, options.timeout_s),
        }
    )
    pool = EnginePool(
        concurrency=options.concurrency, queue=options.queue, timeout_s=options.timeout_s
    )
    return Site(
        album=album,
        index=AlbumIndex(album),
        engines=Engines(limited),
        options=options,
        pool=pool,
        sessions=Sessions(options.token),
        log=log or Log(),
        figures=Figures(waiting=lambda: pool.waiting, running=lambda: pool.running),
    )


def site_of(request: HTTPConnection) -> Site:
    """The site that a request came to."""
    return cast("Site", request.app.state.site)
