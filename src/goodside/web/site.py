"""What the routes share: one album, its index, the engines, and how the service was started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection

from goodside.album import Album
from goodside.album.browse import AlbumIndex
from goodside.engines import Engines
from goodside.web.options import ServeOptions


@dataclass(frozen=True, slots=True)
class Site:
    """One running service.

    Attributes:
        album: whose photographs are shown.
        index: its photographs in columns, kept up to date.
        engines: what judges photographs and turns faces.
        options: how it was started.
    """

    album: Album
    index: AlbumIndex
    engines: Engines
    options: ServeOptions


def site_of(request: HTTPConnection) -> Site:
    """The site that a request came to; a FastAPI dependency."""
    return cast(Site, request.app.state.site)
