"""The application: security around it, the gallery's pages and `/v1` in it."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from goodside.album import Album
from goodside.album.browse import AlbumIndex
from goodside.version import __version__
from goodside.web.options import ServeOptions
from goodside.web.site import Site

ROUTERS: tuple[APIRouter, ...] = (
    # each room's router, a line each, in the order of the navigation
)
_STATIC = Path(__file__).parent / "static"


def create_app(album: Album, *, options: ServeOptions) -> FastAPI:
    """The service of an album.

    Args:
        album: whose photographs are shown; its engines judge and turn.
        options: what a person chose.

    Raises:
        CatalogError: the catalog cannot be used.
    """
    app = FastAPI(
        title="goodside", version=__version__, openapi_url="/v1/openapi.json", docs_url=None
    )
    app.state.site = Site(album, AlbumIndex(album), album.engines, options)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    return app
