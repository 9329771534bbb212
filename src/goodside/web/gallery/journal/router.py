"""The journal: every decision, when it was taken, and taking any of them back."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from goodside.web.dependencies import SiteOf
from goodside.web.gallery.journal.journal_view import (
    TOPICS,
    by_day,
    is_shown,
    steps_of,
    topics_of,
    view_steps,
)
from goodside.web.gallery.pagination import Pages
from goodside.web.gallery.render import page

router = APIRouter(include_in_schema=False)

_ON_A_PAGE = 50


@router.get("/journal", response_class=HTMLResponse)
def show_journal(
    request: Request,
    site: SiteOf,
    *,
    topic: Annotated[str, Query(max_length=20)] = "",
    at: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """The decisions of one topic, or all; the newest first."""
    site.index.refresh()
    every = site.index.journal()
    by_uid = {entry.uid: entry for entry in every}
    steps = [step for step in steps_of(every) if is_shown(step, by_uid)]
    counts = Counter(topic for step in steps for topic in topics_of(step))
    wanted = topic if topic in TOPICS else ""
    chosen = [step for step in steps if not wanted or wanted in topics_of(step)]
    pages = Pages.of(len(chosen), at=at, size=_ON_A_PAGE)
    shown = view_steps(chosen[pages.first : pages.last], index=site.index, every=every)
    return page(
        request,
        "journal.html",
        days=by_day(shown),
        topic=wanted,
        counts={one: counts[one] for one in TOPICS if counts[one]},
        total=len(steps),
        pages=pages,
        query=f"topic={wanted}" if wanted else "",
        can_undo=site.index.can_undo,
        can_redo=site.index.can_redo,
    )
