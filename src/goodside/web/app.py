"""The application: security around it, the gallery's pages and `/v1` in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from goodside.album.album import Album
from goodside.version import __version__
from goodside.web import pictures
from goodside.web.api import health
from goodside.web.api.album import router as album_api
from goodside.web.api.album.scans import scan_jobs_of
from goodside.web.api.engines import assess, faces, rotate
from goodside.web.api.openapi import document
from goodside.web.event_streams import EndStreamsOnShutdown
from goodside.web.gallery import errors, folders, keys, picks
from goodside.web.gallery.export import router as export
from goodside.web.gallery.good_side import router as good_side
from goodside.web.gallery.groups import router as groups
from goodside.web.gallery.journal import router as journal
from goodside.web.gallery.people import router as people
from goodside.web.gallery.photo import router as photo
from goodside.web.gallery.photographs import router as photographs
from goodside.web.observation import Log, Observation
from goodside.web.options import ServeOptions
from goodside.web.problems import add_problem_handlers
from goodside.web.scan_jobs import ScanOrder
from goodside.web.security import login
from goodside.web.security.bodies import BodyLimits
from goodside.web.security.gate import Gate, Policy
from goodside.web.security.headers import SecurityHeaders
from goodside.web.security.hosts import AllowedHosts
from goodside.web.site import Site, make_site
from goodside.web.texts import LanguageMiddleware, Languages

ROUTERS: tuple[APIRouter, ...] = (
    # each room's router, a line each, in the order of the navigation
    login.router,
    pictures.router,
    photographs.router,
    photo.router,
    keys.router,
    groups.router,
    people.router,
    picks.router,
    errors.router,
    journal.router,
    good_side.router,
    folders.router,
    export.router,
    assess.router,
    faces.router,
    rotate.router,
    album_api.router,
    health.router,
)
_STATIC = Path(__file__).parent / "static"


def create_app(album: Album, *, options: ServeOptions, log: Log | None = None) -> FastAPI:
    """The service of an album.

    Args:
        album: whose photographs are shown; its engines judge and turn.
        options: what a person chose.
        log: where lines about requests go; by default failures to standard error.

    Raises:
        CatalogError: the catalog cannot be used.
        SettingsError: an environment variable of goodside's is wrong.
    """
    app = FastAPI(
        title="goodside",
        version=__version__,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    site: Site = make_site(album, options, log=log)
    app.state.site = site
    add_problem_handlers(app)
    document(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    # The last one added is the first that a request comes to.
    app.add_middleware(EndStreamsOnShutdown, is_stopping=site.stopping.is_set)
    app.add_middleware(BodyLimits, max_bytes=int(options.max_upload_megabytes * 1e6))
    app.add_middleware(
        Gate,
        policy=Policy(
            AllowedHosts.of(options.host, options.names),
            read_only=options.read_only,
            asks_password=options.password_hash is not None,
        ),
        sessions=site.sessions,
    )
    app.add_middleware(Observation, log=site.log, figures=site.figures)
    app.add_middleware(LanguageMiddleware, languages=Languages())
    app.add_middleware(SecurityHeaders)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Scan the folders that were named while pages are open; at the end, finish what has begun."""
    site: Site = app.state.site
    scans = scan_jobs_of(app.state, site)
    if site.options.folders:
        scans.begin(ScanOrder(folders=site.options.folders))
    yield
    site.stopping.set()
    await asyncio.to_thread(scans.close)
    await asyncio.to_thread(site.pool.close)
    await asyncio.to_thread(site.index.close)
