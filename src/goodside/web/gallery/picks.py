"""Picks: the best photographs of the album, with the reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import BrowseQuery, FacetCount
from goodside.album.picks import Pick, PickCriteria, word_reasons
from goodside.tags import tag_key
from goodside.text import folded
from goodside.web.dependencies import SiteOf
from goodside.web.gallery.groups.group_view import shape_code
from goodside.web.gallery.render import page
from goodside.web.site import Site
from goodside.web.texts import translated

router = APIRouter(include_in_schema=False)

_MOST = 1000
_TAGS_OFFERED = 40
_USUAL = 20


@dataclass(frozen=True, slots=True)
class PickTile:
    """A pick as it is shown.

    Attributes:
        shot: which.
        shape: code of its width by height, as `shape_codes` gives it.
        reasons: why, in words.
        along: photographs that belong to it.
    """

    shot: AlbumPhoto
    shape: int
    reasons: tuple[str, ...]
    along: tuple[AlbumPhoto, ...]


@router.get("/picks", response_class=HTMLResponse)
def show_picks(
    request: Request,
    site: SiteOf,
    *,
    n: Annotated[str, Query(alias="picks", max_length=9)] = "",
    per_day: Annotated[str, Query(max_length=9)] = "",
    per_person: Annotated[str, Query(max_length=9)] = "",
    percentile: Annotated[str, Query(max_length=9)] = "",
    who: Annotated[list[str] | None, Query(max_length=50)] = None,
    what: Annotated[list[str] | None, Query(max_length=50)] = None,
) -> HTMLResponse:
    """The best photographs by what the address says; what is no number counts as not said."""
    site.index.refresh()
    everything = BrowseQuery()
    facets = site.index.facets(everything)
    names = [one.name for one in site.index.people() if one.name is not None and not one.hidden]
    people = _known(who or (), names)
    criteria = PickCriteria(
        n=_number(n, most=_MOST) or _USUAL,
        per_day=_number(per_day, most=_MOST),
        per_person=_number(per_person, most=_MOST),
        people=frozenset(people),
        tags=frozenset(tag for tag in what or () if tag),
        min_percentile=float(_number(percentile, most=100) or 0),
    )
    chosen = site.index.picks(criteria, everything)
    tiles = _tiles(site, chosen)
    return page(
        request,
        "picks.html",
        criteria=criteria,
        tiles=tiles,
        total=facets.total,
        names=names,
        people=people,
        tags=_offered(facets.tags, criteria.tags),
        query=_query(criteria),
        export=_export(criteria, tiles),
    )


def _tiles(site: Site, chosen: Sequence[Pick]) -> list[PickTile]:
    return [
        PickTile(
            shot=pick.shot,
            shape=shape_code(pick.shot),
            reasons=tuple(map(translated, word_reasons(pick.reasons))),
            along=tuple(site.index.photos(pick.kept_with)),
        )
        for pick in chosen
    ]


def _number(text: str, *, most: int) -> int | None:
    """A whole number from 1; None for anything else."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(int(text), most) or None


def _known(wanted: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names as they are written here; one that nobody has stays, and finds nothing."""
    written = {folded(name): name for name in names}
    return list(dict.fromkeys(written.get(folded(name), name) for name in wanted if name))


def _offered(tags: Sequence[FacetCount], chosen: frozenset[str]) -> list[FacetCount]:
    """Tags to choose from: the most frequent, and those that are chosen."""
    keys = {tag_key(tag) for tag in chosen}
    offered = [
        tag for place, tag in enumerate(tags) if place < _TAGS_OFFERED or tag_key(tag.value) in keys
    ]
    there = {tag_key(tag.value) for tag in offered}
    return [
        *offered,
        *(FacetCount(tag, tag, 0) for tag in sorted(chosen) if tag_key(tag) not in there),
    ]


def _query(criteria: PickCriteria) -> str:
    """The address that says the same, without `?`."""
    said: list[tuple[str, str]] = [("picks", str(criteria.n))]
    if criteria.per_day is not None:
        said.append(("per_day", str(criteria.per_day)))
    if criteria.per_person is not None:
        said.append(("per_person", str(criteria.per_person)))
    if criteria.min_percentile:
        said.append(("percentile", f"{criteria.min_percentile:.0f}"))
    said += [("who", name) for name in sorted(criteria.people)]
    said += [("what", tag) for tag in sorted(criteria.tags)]
    return urlencode(said)


def _export(criteria: PickCriteria, tiles: Sequence[PickTile]) -> str:
    """The address that exports exactly what is shown, with what belongs to it."""
    if criteria.per_person is None:
        return f"/export?{_query(criteria)}"
    ids = [one.photo.id for tile in tiles for one in (tile.shot, *tile.along)]
    return f"/export?photos={','.join(map(str, dict.fromkeys(ids)))}"
