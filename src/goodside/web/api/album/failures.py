"""`/v1/errors`: what could not be used when it was last tried, and trying it again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from goodside.album.catalog import list_cut_short, list_failures, list_notes
from goodside.text import visible
from goodside.web.api.album.browse_params import MAX_ID
from goodside.web.api.album.scans import FailureItem, NewScan, ScanItem, Scans, begin_scan
from goodside.web.api.responses import UNCHANGED, refuses
from goodside.web.dependencies import ChangedSite, SiteOf

router = APIRouter(prefix="/v1/errors", tags=["album"])


class NoteItem(BaseModel):
    """A photograph of which a part is missing, or whose metadata were not all used."""

    file: str
    note: str


class ErrorPage(BaseModel):
    """What could not be used."""

    errors: list[FailureItem]
    total: int
    next: int | None = None
    notes: list[NoteItem]


@router.get("", responses=UNCHANGED)
def list_errors(
    site: ChangedSite,
    *,
    offset: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> ErrorPage:
    """Files and folders that could not be used, by path; what is missing of others, and why."""
    with site.album.opened() as catalog, catalog.read() as session:
        failures = list_failures(session)
        notes = [*list_cut_short(session), *list_notes(session)]
    some = failures[offset : offset + limit]
    more = offset + len(some) < len(failures) and some
    return ErrorPage(
        errors=[FailureItem.of(one) for one in some],
        total=len(failures),
        next=offset + len(some) if more else None,
        notes=[
            NoteItem(file=visible(str(one.path)), note=visible(one.message))
            for one in notes[:limit]
        ],
    )


@router.post("/retry", status_code=202, responses=refuses(429))
def retry_errors(site: SiteOf, scans: Scans, response: Response) -> ScanItem:
    """Scan all known folders and try again what failed before; Location says where to follow it."""
    return begin_scan(site, scans, response, NewScan(retry=True))
