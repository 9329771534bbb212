"""The good side, live: a portrait that a slider turns, and which side of it is judged better."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import BrowseQuery
from goodside.album.catalog import FaceRecord
from goodside.album.good_side.good_side import GoodSide
from goodside.web.dependencies import SiteOf
from goodside.web.gallery.good_side.portrait_cache import STEP_DEG, PortraitCache, ViewFigures
from goodside.web.gallery.render import page
from goodside.web.site import Site, site_of
from goodside.web.texts import gettext

router = APIRouter(prefix="/good-side", include_in_schema=False)

_SUITABLE_DEG = 35.0  # farther aside, a face can be turned, and is no portrait to begin with
_LARGE_PX = 80.0
_MOST_SHOWN = 60
_SURE, _LIKELY, _DOUBTFUL = 0.95, 0.8, 0.5

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class AlbumFace:
    """A face with the photograph that it is in."""

    shot: AlbumPhoto
    face: FaceRecord


class ViewAnswer(BaseModel):
    """What is known of one view, and how far to trust it."""

    yaw_deg: int
    score: float
    measured_yaw_deg: float | None
    identity: float | None
    confidence: float | None
    trust: str
    trusted: bool


class SideFinding(BaseModel):
    """Which side is judged better, in sentences; `best_yaw_deg` is the view to recommend."""

    side: str | None
    headline: str
    sentences: list[str]
    best_yaw_deg: float | None


def _portraits(request: Request) -> PortraitCache:
    """The portraits of the service, kept as long as it runs."""
    site = site_of(request)
    state = request.app.state
    if not hasattr(state, "portraits"):
        state.portraits = PortraitCache(site.engines, limits=site.album.engines.limits)
    kept: PortraitCache = state.portraits
    return kept


def _face(
    request: Request,
    photo_id: Annotated[int, Path(ge=0)],
    face_id: Annotated[int, Path(ge=0)],
) -> AlbumFace:
    shot = _shot(site_of(request), photo_id)
    for face in shot.faces:
        if face.id == face_id:
            return AlbumFace(shot, face)
    raise HTTPException(404, gettext("The album knows no such face of this photograph."))


Portraits = Annotated[PortraitCache, Depends(_portraits)]
Chosen = Annotated[AlbumFace, Depends(_face)]
Yaw = Annotated[int, Path(ge=-90, le=90, multiple_of=STEP_DEG)]


@router.get("", response_class=HTMLResponse)
def choose_portrait(request: Request, site: SiteOf) -> Response:
    """The album's faces that can be turned well, one a photograph, the largest first."""
    site.index.refresh()
    asked = request.query_params.get("photo", "")
    if asked.isdecimal():
        return RedirectResponse(f"/good-side/{int(asked)}", status_code=303)
    query = site.index.select(BrowseQuery()).ids
    found = sorted(
        (best for shot in site.index.photos(query) if (best := _best(shot.faces)) is not None),
        key=lambda face: -face.box.height,
    )
    shots = {shot.photo.id: shot for shot in site.index.photos(f.photo_id for f in found)}
    seen: dict[str, AlbumFace] = {}
    for face in found:
        key = f"{face.person or face.id}"
        seen.setdefault(key, AlbumFace(shots[face.photo_id], face))
    first = list(seen.values())
    chosen = {one.face.id for one in first}
    rest = [AlbumFace(shots[f.photo_id], f) for f in found if f.id not in chosen]
    return page(request, "good_side/choice.html", faces=[*first, *rest][:_MOST_SHOWN], shot=None)


@router.get("/{photo_id}", response_class=HTMLResponse)
def choose_face(request: Request, site: SiteOf, photo_id: Annotated[int, Path(ge=0)]) -> Response:
    """The only face of a photograph at once; of several, one has to be chosen."""
    shot = _shot(site, photo_id)
    if len(shot.faces) == 1:
        return RedirectResponse(f"/good-side/{photo_id}/{shot.faces[0].id}", status_code=303)
    faces = sorted((AlbumFace(shot, one) for one in shot.faces), key=lambda one: one.face.box.left)
    return page(request, "good_side/choice.html", faces=faces, shot=shot)


@router.get("/{photo_id}/{face_id}", response_class=HTMLResponse)
def show_portrait(request: Request, chosen: Chosen, portraits: Portraits) -> HTMLResponse:
    """The slider; the views follow."""
    angles = portraits.angles_deg()
    own = chosen.face.pose.yaw_deg
    return page(
        request,
        "good_side/good_side.html",
        shot=chosen.shot,
        face=chosen.face,
        angles=angles,
        step=STEP_DEG,
        own=round(own),
        start=min(angles, key=lambda yaw: abs(yaw - own)),
        limits=portraits.limits_in_words(),
        others=[one for one in chosen.shot.faces if one.id != chosen.face.id],
    )


@router.get("/{photo_id}/{face_id}/views/{yaw_deg}.jpg", response_class=Response)
async def show_view(
    site: SiteOf, chosen: Chosen, portraits: Portraits, yaw_deg: Yaw, *, download: bool = False
) -> Response:
    """A view as a file, with the mark of synthetic media; made unless that was done already."""
    view = await _made(site, lambda: portraits.view(chosen.shot, chosen.face, yaw_deg))
    headers = {"Cache-Control": "private, max-age=600"}
    if download:
        stem = PurePath(chosen.shot.name).stem
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in stem)
        headers["Content-Disposition"] = f'attachment; filename="{plain}-yaw{yaw_deg:+04d}.jpg"'
    return Response(view.jpeg, media_type="image/jpeg", headers=headers)


@router.get("/{photo_id}/{face_id}/views/{yaw_deg}")
async def tell_view(site: SiteOf, chosen: Chosen, portraits: Portraits, yaw_deg: Yaw) -> ViewAnswer:
    """Judge and measure a view."""
    view = await _made(site, lambda: portraits.figures(chosen.shot, chosen.face, yaw_deg))
    return ViewAnswer(
        yaw_deg=yaw_deg,
        score=round(view.score, 2),
        measured_yaw_deg=view.measured_yaw_deg,
        identity=view.identity,
        confidence=view.confidence,
        trust=_trust(view),
        trusted=view.refused is None and (view.confidence is None or view.confidence >= _LIKELY),
    )


@router.get("/{photo_id}/{face_id}/finding")
async def tell_side(site: SiteOf, chosen: Chosen, portraits: Portraits) -> SideFinding:
    """Which side of the face is judged better; takes as long as a dozen views."""
    found = await _made(site, lambda: portraits.good_side(chosen.shot, chosen.face))
    return SideFinding(
        side=found.side,
        headline=_headline(found),
        sentences=_sentences(found),
        best_yaw_deg=found.recommended_yaw_deg,
    )


async def _made(site: Site, make: Callable[[], Result]) -> Result:
    async with site.pool.admitted() as admission:
        return await site.pool.run(admission, make)


def _shot(site: Site, photo_id: int) -> AlbumPhoto:
    try:
        return site.index.photo(photo_id)
    except KeyError:
        raise HTTPException(404, gettext("The album knows no such photograph.")) from None


def _best(faces: Iterable[FaceRecord]) -> FaceRecord | None:
    """The largest face that is large enough and looks nearly at the camera."""
    fit = [
        face
        for face in faces
        if face.box.height >= _LARGE_PX and abs(face.pose.yaw_deg) <= _SUITABLE_DEG
    ]
    return max(fit, key=lambda face: face.box.height, default=None)


def _trust(view: ViewFigures) -> str:
    """How far a view can be trusted, in words."""
    if view.measured_yaw_deg is None:
        return gettext("No face is found in this view: do not use it.")
    if view.refused is not None:
        return gettext("This is no longer like the person: do not use it.")
    if view.confidence is None:
        return gettext("How like the person it is was not measured for these weights.")
    words = (
        (_SURE, gettext("Very surely still the person.")),
        (_LIKELY, gettext("Most likely still taken for the person.")),
        (_DOUBTFUL, gettext("Doubtful: others may not know the person.")),
        (0.0, gettext("Hardly the person any more.")),
    )
    return next(said for least, said in words if view.confidence >= least)


def _headline(found: GoodSide) -> str:
    if found.side == "left":
        return gettext("The good side: the person's own left")
    if found.side == "right":
        return gettext("The good side: the person's own right")
    return gettext("No clear difference between the sides")


def _sentences(found: GoodSide) -> list[str]:
    values = {
        "difference": f"{abs(found.difference):.2f}",
        "error": f"{2 * found.error:.2f}",
        "percentile": f"{found.percentile:.0f}",
    }
    if found.side is None:
        said = gettext(
            "One side is ahead by %(difference)s points, give or take %(error)s: too little, or "
            "too unsteady over the angles and the mirror image, to call it the better one."
        )
    elif found.side == "right":
        said = gettext(
            "The right cheek, on the left of the picture, is judged better by %(difference)s "
            "points, give or take %(error)s: more than in %(percentile)s of 100 invented faces. "
            "It shows when the face looks toward the picture's right."
        )
    else:
        said = gettext(
            "The left cheek, on the right of the picture, is judged better by %(difference)s "
            "points, give or take %(error)s: more than in %(percentile)s of 100 invented faces. "
            "It shows when the face looks toward the picture's left."
        )
    caveat = gettext(
        "The views are synthetic and were judged by a network; nobody saw them. The answer holds "
        "for this photograph's light and expression, not for the person. In a mirrored selfie, "
        "left and right are swapped."
    )
    return [said % values, caveat]
