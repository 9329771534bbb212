"""Whether the service lives, is ready, and what it does: for supervisors and Prometheus."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from goodside.album.catalog import list_folders
from goodside.errors import CatalogError, GoodsideError
from goodside.web.dependencies import SiteOf
from goodside.web.site import Site

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """How the service is."""

    status: Literal["ok", "starting", "stopping", "failing"]


@router.get("/healthz", summary="Whether the process answers")
async def healthz() -> Health:
    """Answers as long as the process lives; needs no token."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Whether requests may be sent",
    responses={503: {"model": Health, "description": "Not yet, or no longer."}},
)
async def readyz(site: SiteOf) -> Response:
    """Whether the album can be read and the service is not about to end; needs no token."""
    if site.stopping.is_set():
        return JSONResponse({"status": "stopping"}, status_code=503)
    try:
        await asyncio.to_thread(_look, site)
    except GoodsideError:
        return JSONResponse({"status": "failing"}, status_code=503)
    return JSONResponse({"status": "ok"})


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(site: SiteOf) -> Response:
    """Requests by route and status, how long they took, and the queue before the engines."""
    return Response(generate_latest(site.figures.registry), media_type=CONTENT_TYPE_LATEST)


def _look(site: Site) -> None:
    if (
        not site.album.is_there()
    ):  # a database that is open can still be read after its file was deleted
        place = str(site.album.location)
        raise CatalogError("there is no catalog any more", path=place, remedy="put it back")
    with site.album.opened() as catalog, catalog.read() as session:
        list_folders(session)
