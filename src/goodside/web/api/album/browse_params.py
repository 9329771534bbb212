"""What a request browses for, by the names that addresses of the gallery have."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Path, Query

from goodside.album.browse import BrowseQuery, BrowseSort
from goodside.web.url_query import folder_of

MAX_ID = 2**63 - 1
RowNumber = Annotated[int, Path(ge=0, le=MAX_ID)]
Word = Annotated[str, Query(max_length=200)]


def browsed(
    *,
    q: Annotated[str | None, Query(max_length=500, description="Words of names and texts.")] = None,
    tag: Annotated[list[Word] | None, Query(description="All of which it carries.")] = None,
    person: Annotated[list[Word] | None, Query(description="Keys of who is in it.")] = None,
    folder: Annotated[str | None, Query(description="Below which a file of it lies.")] = None,
    since: Annotated[date | None, Query(description="First day of capture.")] = None,
    until: Annotated[date | None, Query(description="Last day of capture.")] = None,
    camera: Annotated[str | None, Query(max_length=200, description="Part of its name.")] = None,
    flag: Annotated[Literal["pick", "reject", "none"] | None, Query()] = None,
    stars: Annotated[int | None, Query(ge=0, le=5, description="So many or more.")] = None,
    score: Annotated[float | None, Query(ge=1, le=10, description="So much or more.")] = None,
    technical: Annotated[
        float | None, Query(ge=1, le=10, description="Technical quality: so much or more.")
    ] = None,
    sort: Annotated[BrowseSort, Query()] = "taken",
    order: Annotated[Literal["asc", "desc"] | None, Query()] = None,
) -> BrowseQuery:
    """A dependency: the query of an address, checked."""
    return BrowseQuery(
        text=q or None,
        tags=tuple(filter(None, tag or ())),
        people=tuple(filter(None, person or ())),
        folder=folder_of(folder) if folder else None,
        since=since,
        until=until,
        camera=camera or None,
        flag=flag,
        min_stars=stars,
        min_score=score,
        min_technical=technical,
        sort=sort,
        descending=None if order is None else order == "desc",
    )


Browsed = Annotated[BrowseQuery, Depends(browsed)]
