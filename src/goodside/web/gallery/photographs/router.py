"""All photographs: the page, and what its scripts ask for."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import AlbumIndex, BrowseQuery, Selection
from goodside.errors import OutOfRange
from goodside.web.dependencies import SiteOf
from goodside.web.gallery.photographs.filter_panel import Panel, make_panel
from goodside.web.gallery.photographs.initial_tiles import InitialTiles, make_initial_tiles
from goodside.web.gallery.photographs.layout import (
    choose_sections,
    find_landmarks,
    pack_layout,
    shape_codes,
)
from goodside.web.gallery.photographs.tile import describe_tiles
from goodside.web.gallery.render import page
from goodside.web.site import Site
from goodside.web.url_query import parse_query, query_string

router = APIRouter(include_in_schema=False)

FIRST_PHOTOS = 80
"""Photographs that stand in the page as it is sent."""
MOST_TILES = 400
"""Records that are given at once."""
_KEPT = "private, no-cache"


@router.get("/", response_class=HTMLResponse)
def show_photographs(request: Request, site: SiteOf) -> Response:
    """The page, with the first photographs in it; from an empty album to where folders are."""
    index = _fresh(site)
    if not len(index.select(BrowseQuery())):
        return RedirectResponse("/folders", status_code=303)
    query = parse_query(request.query_params)
    selection = index.select(query)
    opening = _opening(index, selection, query)
    return page(
        request,
        "photographs/photographs.html",
        panel=_panel(index, query),
        opening=opening,
        selection=selection,
        query_text=query_string(query),
        panel_open=request.cookies.get("goodside_panel") != "closed",
    )


@router.get("/photographs/panel")
def show_panel(request: Request, site: SiteOf) -> HTMLResponse:
    """Heading and filters of a query, for the page to put in place of those it has."""
    index = _fresh(site)
    query = parse_query(request.query_params)
    panel = _panel(index, query)
    return page(request, "photographs/filter_panel.html", panel=panel, panel_open=True)


@router.get("/photographs/layout")
def give_layout(request: Request, site: SiteOf) -> Response:
    """Every photograph of a query in order; see `layout`."""
    index = _fresh(site)
    query = parse_query(request.query_params)
    tag = _etag(index.version, query_string(query))
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": _KEPT})
    selection = index.select(query)
    packed = pack_layout(
        selection,
        version=index.version,
        sections=choose_sections(selection, sort=query.sort),
        landmarks=find_landmarks(selection, sort=query.sort, photos=index.photos),
    )
    return Response(
        packed,
        media_type="application/octet-stream",
        headers={"ETag": tag, "Cache-Control": _KEPT},
    )


@router.get("/photographs/tiles")
def give_tiles(
    site: SiteOf,
    ids: Annotated[str, Query(pattern=r"^\d{1,15}(,\d{1,15})*$", max_length=16 * MOST_TILES)],
) -> JSONResponse:
    """What is shown of a few photographs, in the order of the question; see `tile`.

    Raises:
        OutOfRange: of more than `MOST_TILES`.
    """
    wanted = [int(one) for one in ids.split(",")]
    if len(wanted) > MOST_TILES:
        raise OutOfRange(f"{len(wanted)} photographs at once", remedy=f"at most {MOST_TILES}")
    return JSONResponse(
        describe_tiles(_fresh(site).photos(wanted)), headers={"Cache-Control": "no-store"}
    )


@router.get("/photographs/bursts")
def give_bursts(site: SiteOf) -> JSONResponse:
    """The row numbers of each burst's photographs, in order of capture."""
    groups = _fresh(site).groups("burst")
    return JSONResponse(
        [[shot.photo.id for shot in group.shots] for group in groups],
        headers={"Cache-Control": "no-store"},
    )


def _fresh(site: Site) -> AlbumIndex:
    site.index.refresh()
    return site.index


def _panel(index: AlbumIndex, query: BrowseQuery) -> Panel:
    people = {one.key: one for one in index.people()}
    return make_panel(query, index.facets(query), people=people)


def _opening(index: AlbumIndex, selection: Selection, query: BrowseQuery) -> InitialTiles:
    first = Selection(
        selection.ids[:FIRST_PHOTOS],
        selection.ratios[:FIRST_PHOTOS],
        selection.days[:FIRST_PHOTOS],
    )
    there: dict[int, AlbumPhoto] = {
        shot.photo.id: shot for shot in index.photos(map(int, first.ids))
    }
    return make_initial_tiles(
        first,
        shapes=shape_codes(first.ratios),
        shots=there,
        sections=choose_sections(selection, sort=query.sort),
    )


def _etag(version: str, address: str) -> str:
    return f'"{hashlib.sha256(f"{version} {address}".encode()).hexdigest()[:24]}"'
