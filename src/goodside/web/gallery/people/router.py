"""People: who is in the album, named, merged, taken apart; and who somebody might be."""

from __future__ import annotations

import threading
from typing import Annotated, Literal, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from goodside.album.catalog import FaceRecord
from goodside.album.people import Person
from goodside.album.people.evidence import THRESHOLD
from goodside.rotation.evaluation.likeness import METHODS
from goodside.text import folded
from goodside.web.dependencies import SiteOf
from goodside.web.gallery.pagination import Pages, not_found
from goodside.web.gallery.people.evidence_job import EvidenceJob
from goodside.web.gallery.people.likely_people import (
    list_answers,
    list_questions,
    list_unnamed_matches,
)
from goodside.web.gallery.people.person_view import bin_poses, card_of, sort_by_pose
from goodside.web.gallery.render import page

router = APIRouter(include_in_schema=False)

_ON_A_PAGE = 96
_FACES_ON_A_PAGE = 240
_QUESTIONS = 40
_MAY_BE = 6

Key = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$")]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
Which = Literal["known", "single", "hidden"]
_making = threading.Lock()


def evidence_job(request: Request) -> EvidenceJob:
    """The computation of the service, made once; a FastAPI dependency."""
    state = request.app.state
    with _making:
        if not hasattr(state, "evidence_job"):
            state.evidence_job = EvidenceJob()
    return cast("EvidenceJob", state.evidence_job)


Job = Annotated[EvidenceJob, Depends(evidence_job)]


@router.get("/people", response_class=HTMLResponse)
def list_people(
    request: Request,
    site: SiteOf,
    job: Job,
    *,
    show: Which = "known",
    q: Annotated[str, Query(max_length=200)] = "",
    at: PageNumber = 1,
) -> HTMLResponse:
    """The people: known or often seen, seen once, or hidden; those with a name first."""
    site.index.refresh()
    everybody = site.index.people()
    by_kind: dict[Which, list[Person]] = {"known": [], "single": [], "hidden": []}
    for one in everybody:
        by_kind[_kind(one)].append(one)
    wanted = folded(q)
    shown = [one for one in by_kind[show] if wanted in folded(one.name or one.key)]
    pages = Pages.of(len(shown), at=at, size=_ON_A_PAGE)
    asked = {key: value for key, value in (("show", show), ("q", q)) if value not in ("", "known")}
    return page(
        request,
        "people/people.html",
        show=show,
        q=q,
        counts={kind: len(people) for kind, people in by_kind.items()},
        unnamed=sum(one.name is None for one in by_kind["known"]),
        cards=[card_of(one) for one in shown[pages.first : pages.last]],
        names=_names(everybody),
        questions=len(site.index.likely_matches()),
        pages=pages,
        query=urlencode(asked),
        anybody=bool(everybody),
        job=job,
        methods=METHODS,
        threshold=THRESHOLD,
    )


@router.get("/people/might-be", response_class=HTMLResponse)
def ask_who(request: Request, site: SiteOf) -> HTMLResponse:
    """Questions, one after the other, of who somebody might be."""
    site.index.refresh()
    questions, total = list_questions(site.index, most=_QUESTIONS)
    return page(
        request,
        "people/likely_people.html",
        questions=questions,
        total=total,
        names=_names(site.index.people()),
    )


@router.get("/people/evidence", response_class=HTMLResponse)
def show_evidence(request: Request, job: Job) -> HTMLResponse:
    """Whether rotation helps to know the confirmed people, or how far that is."""
    is_part = request.headers.get("HX-Request") == "true"
    template = "people/evidence.html" if is_part else "people/evidence_page.html"
    answer = page(request, template, job=job, methods=METHODS, threshold=THRESHOLD)
    answer.headers["Vary"] = "HX-Request"
    return answer


@router.post("/people/evidence", response_class=HTMLResponse)
def start_evidence(request: Request, site: SiteOf, job: Job) -> HTMLResponse:
    """Compute it; nothing is written."""
    job.start(site.album.evidence)
    return show_evidence(request, job)


@router.get("/people/{key}", response_class=HTMLResponse)
def show_person(
    request: Request,
    site: SiteOf,
    key: Key,
    *,
    sort: Literal["pose", "likeness"] = "pose",
    at: PageNumber = 1,
) -> Response:
    """Somebody's faces, by pose or by likeness, and who it might be."""
    site.index.refresh()
    person = site.index.person(key)
    if person is None:
        return not_found(request)
    if person.key != key:
        return RedirectResponse(f"/people/{person.key}", status_code=307)
    faces: list[FaceRecord] = sort_by_pose(person.faces) if sort == "pose" else list(person.faces)
    pages = Pages.of(len(faces), at=at, size=_FACES_ON_A_PAGE)
    shown = faces[pages.first : pages.last]
    photos = {one.photo.id: one for one in site.index.photos({face.photo_id for face in shown})}
    return page(
        request,
        "people/person.html",
        card=card_of(person),
        person=person,
        faces=[(face, photos.get(face.photo_id)) for face in shown],
        bins=bin_poses(person.faces),
        sort=sort,
        pages=pages,
        query=urlencode({"sort": sort} if sort != "pose" else {}),
        confirmed=sum(face.confirmed for face in person.faces),
        answers=list_answers(site.index, key),
        may_be=list_unnamed_matches(site.index, key, most=_MAY_BE),
        names=_names(site.index.people()),
    )


def _kind(person: Person) -> Which:
    if person.hidden:
        return "hidden"
    return "known" if person.known or len(person.faces) > 1 else "single"


def _names(people: list[Person]) -> list[tuple[str, str]]:
    """Names with the keys that they belong to, to choose from."""
    return [(one.name, one.key) for one in people if one.name is not None]
