"""`/v1/picks`: the best photographs of the album, with the reasons."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from goodside.album.picks import Pick, PickCriteria
from goodside.web.api.album.browse_params import Browsed
from goodside.web.api.album.groups import Reasons
from goodside.web.api.album.schemas import PhotoItem
from goodside.web.api.responses import UNCHANGED
from goodside.web.dependencies import ChangedSite

router = APIRouter(prefix="/v1/picks", tags=["album"])


class PickItem(BaseModel):
    """A photograph that was chosen."""

    photo: PhotoItem
    worth: float = Field(description="Points of the 1-10 scale, what the person said included.")
    parts: dict[str, float] = Field(
        description="Of the worth: aesthetic, sharpness, eyes, facing, exposure, stars, technical."
    )
    reasons: Reasons
    along: list[int] = Field(description="The other photographs of its bracket or panorama.")


class Picks(BaseModel):
    """The best photographs, the best first."""

    picks: list[PickItem]


@router.get("", responses=UNCHANGED)
def list_picks(
    site: ChangedSite,
    query: Browsed,
    *,
    n: Annotated[int, Query(ge=1, le=1000, description="How many at most.")] = 20,
    per_day: Annotated[int | None, Query(ge=1, le=1000)] = None,
    per_person: Annotated[
        int | None, Query(ge=1, le=1000, description="With the same person in it.")
    ] = None,
    min_percentile: Annotated[float, Query(ge=0, le=100)] = 0.0,
) -> Picks:
    """The best of what fits; of a series only the best frame."""
    criteria = PickCriteria(
        n=n, per_day=per_day, per_person=per_person, min_percentile=min_percentile
    )
    chosen = site.index.picks(criteria, query)
    return Picks(
        picks=[
            PickItem(
                photo=PhotoItem.of(pick.shot, people=site.index.people_in(pick.shot)),
                worth=round(pick.worth.total, 3),
                parts=_parts(pick),
                reasons=Reasons.of(pick),
                along=list(pick.kept_with),
            )
            for pick in chosen
        ]
    )


def _parts(pick: Pick) -> dict[str, float]:
    names = ("aesthetic", "sharpness", "eyes", "facing", "exposure", "stars", "technical")
    return {name: round(getattr(pick.worth, name), 3) for name in names}
