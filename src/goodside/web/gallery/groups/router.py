"""Groups: bursts, near-duplicates, brackets, panoramas and scenes, and their frames compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import AlbumIndex
from goodside.album.catalog import Group
from goodside.album.picks import Pick, word_reasons
from goodside.web.dependencies import SiteOf
from goodside.web.gallery.groups.group_view import (
    GroupView,
    count_kinds,
    find_group,
    group_address,
    is_decided,
    view_group,
)
from goodside.web.gallery.pagination import Pages, not_found
from goodside.web.gallery.render import page
from goodside.web.site import Site
from goodside.web.texts import translated

router = APIRouter(include_in_schema=False)

_ON_A_PAGE = 24
_FRAMES_SHOWN = 8
_FETCHED_AHEAD = 6


@router.get("/groups", response_class=HTMLResponse)
def list_groups(
    request: Request,
    site: SiteOf,
    kind: Annotated[str, Query(max_length=20)] = "",
    left: Annotated[str, Query(max_length=3)] = "",
    at: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """The groups of one kind; with `left` only those in which nothing was chosen yet."""
    site.index.refresh()
    everything = site.index.stored_groups()
    kinds = count_kinds(everything)
    if kind not in kinds:
        kind = next(iter(kinds), "")
    of_kind = [group for group in everything if group.kind == kind]
    decided = decided_photos(site)
    undecided = [group for group in of_kind if decided.isdisjoint(group.photo_ids)]
    shown = undecided if left else of_kind
    pages = Pages.of(len(shown), at=at, size=_ON_A_PAGE)
    return page(
        request,
        "groups/groups.html",
        kinds=kinds,
        kind=kind,
        left=bool(left),
        undecided=len(undecided),
        decided=len(of_kind) - len(undecided),
        groups=[_row(site.index, group) for group in shown[pages.first : pages.last]],
        pages=pages,
        first_left=group_address(undecided[0]) if undecided else None,
        query=urlencode([("kind", kind)] + ([("left", "1")] if left else [])),
    )


@router.get("/groups/{address}", response_class=HTMLResponse)
def show_group(
    request: Request,
    site: SiteOf,
    address: str,
    left: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """One group, its frames side by side."""
    site.index.refresh()
    view = _view(site.index, address)
    if view is None:
        return not_found(request)
    if view.address != address:
        return RedirectResponse(f"/groups/{view.address}", status_code=307)
    others = site.index.stored_groups(view.kind)
    if left:
        decided = decided_photos(site)
        others = [
            group
            for group in others
            if group_address(group) == view.address or decided.isdisjoint(group.photo_ids)
        ]
    addresses = [group_address(group) for group in others]
    place = addresses.index(view.address) if view.address in addresses else -1
    following = others[place + 1] if place + 1 < len(others) else None
    return page(
        request,
        "groups/group.html",
        group=view,
        reasons=_words(view.best),
        place=place + 1,
        total=len(addresses),
        left=bool(left),
        previous_address=addresses[place - 1] if place > 0 else None,
        next_address=None if following is None else group_address(following),
        next_photos=[] if following is None else following.photo_ids[:_FETCHED_AHEAD],
    )


@router.get("/groups/{address}/verdicts", response_class=HTMLResponse)
def show_verdicts(request: Request, site: SiteOf, address: str) -> Response:
    """What is said of a group's frames, to be put in place of what was said before."""
    site.index.refresh()
    view = _view(site.index, address)
    if view is None:
        return not_found(request)
    answer = page(request, "groups/verdicts.html", group=view, reasons=_words(view.best))
    answer.headers["X-Frames"] = ",".join(str(frame.shot.photo.id) for frame in view.frames)
    return answer


def decided_photos(site: Site) -> set[int]:
    """Row numbers of photographs that the person picked, rejected, or chose of a group."""
    with site.album.opened() as catalog:
        decisions = catalog.decisions()
    return set(site.index.ids_of({*decisions.kept, *decisions.flags}).values())


def _view(index: AlbumIndex, address: str) -> GroupView | None:
    group = find_group(index, address)
    if group is None:
        return None
    names = {key: name for key, name in index.names().items() if name is not None}
    shots = index.photos(group.photo_ids)
    return view_group(group, shots, ranking=index.ranking_of(shots), names=names)


@dataclass(frozen=True, slots=True)
class GroupInList:
    """A group in the list.

    Attributes:
        address: as in `/groups/ADDRESS`.
        photo_ids: row numbers of its photographs, in order of capture.
        chosen: the one to keep; None: all are rejected.
        others: the first of the others.
        unseen: how many more there are.
        reasons: what speaks for the chosen one, in words.
        decided: the person has chosen, or rejected, in it.
    """

    address: str
    photo_ids: tuple[int, ...]
    chosen: AlbumPhoto | None
    others: tuple[AlbumPhoto, ...]
    unseen: int
    reasons: tuple[str, ...]
    decided: bool


def _row(index: AlbumIndex, group: Group) -> GroupInList:
    shots = index.photos(group.photo_ids)
    best = index.ranking_of(shots).best_of(shots, kind=group.kind)
    others = [shot for shot in shots if best is None or shot is not best.shot]
    return GroupInList(
        address=group_address(group),
        photo_ids=group.photo_ids,
        chosen=None if best is None else best.shot,
        others=tuple(others[:_FRAMES_SHOWN]),
        unseen=max(0, len(others) - _FRAMES_SHOWN),
        reasons=_words(best),
        decided=is_decided(shots),
    )


def _words(best: Pick | None) -> tuple[str, ...]:
    """What speaks for the chosen one, in the reader's language."""
    return () if best is None else tuple(map(translated, word_reasons(best.reasons)))
