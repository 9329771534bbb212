"""One photograph: the page, and what the viewer shows beside it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from goodside.web.dependencies import SiteOf
from goodside.web.gallery.pagination import not_found
from goodside.web.gallery.photo.heat_map import HeatMap, explain_photo
from goodside.web.gallery.photo.photo_view import (
    PhotoView,
    find_similar_photos,
    neighbours,
    view_photo,
)
from goodside.web.gallery.render import page
from goodside.web.site import Site

router = APIRouter(prefix="/photos", include_in_schema=False)

_SIMILAR = 12


@router.get("/{photo_id}", response_class=HTMLResponse)
def show_photo(request: Request, photo_id: int, site: SiteOf) -> HTMLResponse:
    """All that is known of a photograph."""
    view = _view(site, photo_id)
    if view is None:
        return not_found(request)
    before, after = neighbours(site.index, photo_id)
    return page(request, "photo/photo.html", view=view, before=before, after=after)


@router.get("/{photo_id}/facts", response_class=HTMLResponse)
def show_facts(request: Request, photo_id: int, site: SiteOf) -> HTMLResponse:
    """The same in short, as a part of the viewer."""
    view = _view(site, photo_id)
    if view is None:
        return HTMLResponse("", status_code=404)
    return page(request, "photo/facts.html", view=view)


@router.get("/{photo_id}/similar", response_class=HTMLResponse)
def show_similar(request: Request, photo_id: int, site: SiteOf) -> HTMLResponse:
    """What looks most like it, as a part of its page that comes when it is found."""
    site.index.refresh()
    if not site.index.photos([photo_id]):
        return HTMLResponse("", status_code=404)
    found = find_similar_photos(site.index, photo_id, _SIMILAR)
    return page(request, "photo/similar.html", similar=found)


@router.get("/{photo_id}/explanation", response_class=HTMLResponse)
async def show_explanation(request: Request, photo_id: int, site: SiteOf) -> HTMLResponse:
    """What the network looked at, in words and attributes, with the address of the heat map.

    Raises:
        ImageError: the photograph cannot be read any more.
        ServiceBusy: too much is asked at once.
    """
    heat_map = await _heat_map(site, photo_id)
    if heat_map is None:
        return HTMLResponse("", status_code=404)
    return page(request, "photo/explanation.html", heat_map=heat_map, photo_id=photo_id)


@router.get("/{photo_id}/heat_map", response_class=Response)
async def give_heat_map(photo_id: int, site: SiteOf) -> Response:
    """The photograph in gray, orange where a part lifts the score and blue where one lowers it.

    Raises:
        ImageError: the photograph cannot be read any more.
        ServiceBusy: too much is asked at once.
    """
    heat_map = await _heat_map(site, photo_id)
    if heat_map is None:
        return Response(status_code=404)
    headers = {"Cache-Control": "private, max-age=600"}
    return Response(heat_map.jpeg, media_type="image/jpeg", headers=headers)


async def _heat_map(site: Site, photo_id: int) -> HeatMap | None:
    try:
        photo = site.index.photo(photo_id).photo
    except KeyError:
        return None
    async with site.pool.admitted() as admission:
        return await site.pool.run(admission, lambda: explain_photo(photo, engines=site.engines))


def _view(site: Site, photo_id: int) -> PhotoView | None:
    site.index.refresh()
    try:
        return view_photo(site.index, photo_id)
    except KeyError:
        return None
