"""`/v1/groups`: bursts, near-duplicates, brackets, panoramas and scenes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, Field

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import AlbumIndex
from goodside.album.catalog import Group
from goodside.album.picks import Pick, reason_as_json, word_reasons
from goodside.web.api.album.browse_params import MAX_ID
from goodside.web.api.album.schemas import PhotoItem, RelatedPhoto, group_key
from goodside.web.api.responses import UNCHANGED, refuses
from goodside.web.dependencies import ChangedSite

router = APIRouter(prefix="/v1/groups", tags=["album"])

_KEY = re.compile(r"(?P<kind>[a-z_]{1,20})-(?P<photo>[0-9]{1,18})")
GroupKey = Annotated[str, Path(max_length=60, examples=["burst-12"])]
GroupKind = Literal["near_duplicate", "burst", "bracket", "panorama", "scene"]


class Reasons(BaseModel):
    """Why a photograph was chosen."""

    words: list[str] = Field(examples=[["the best of a burst of 3", "eyes open"]])
    details: list[dict[str, Any]] = Field(
        description="The same for programs: `kind`, which never changes, and its figures."
    )

    @classmethod
    def of(cls, pick: Pick) -> Reasons:
        """Of a pick."""
        return cls(
            words=list(word_reasons(pick.reasons)),
            details=[reason_as_json(one) for one in pick.reasons],
        )


class GroupItem(BaseModel):
    """A group in a list."""

    id: str = Field(examples=["burst-12"], description="Its kind and first photograph.")
    kind: GroupKind
    photos: list[int] = Field(description="Row numbers, in order of capture.")
    best: int | None = Field(description="The one to keep; None: all are rejected.")
    kept: list[int] = Field(description="Those that the person chose.")
    reasons: Reasons | None


class GroupPage(BaseModel):
    """Some groups."""

    groups: list[GroupItem]
    total: int
    next: int | None = Field(default=None, description="The `offset` that follows.")


class GroupDetail(GroupItem):
    """A group with its frames."""

    frames: list[PhotoItem]
    relations: list[RelatedPhoto]


@router.get("", responses=UNCHANGED)
def list_groups(
    site: ChangedSite,
    *,
    kind: Annotated[GroupKind | None, Query()] = None,
    offset: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> GroupPage:
    """Groups, or those of one kind; a photograph is in one of each kind at most."""
    found = site.index.stored_groups(kind)
    some = found[offset : offset + limit]
    more = offset + len(some) < len(found) and some
    shots = _shots(site.index, some)
    return GroupPage(
        groups=[GroupItem(**_item(site.index, group, shots)) for group in some],
        total=len(found),
        next=offset + len(some) if more else None,
    )


@router.get("/{group_id}", responses=UNCHANGED | refuses(404))
def show_group(group_id: GroupKey, site: ChangedSite) -> GroupDetail:
    """A group, by its kind and any of its photographs, with the best and what speaks for it."""
    group = find_group(site.index, group_id)
    shots = _shots(site.index, [group])
    return GroupDetail(
        **_item(site.index, group, shots),
        frames=[PhotoItem.of(one, people=site.index.people_in(one)) for one in shots.values()],
        relations=[
            RelatedPhoto(photo=one.photo_id, kind=one.kind, of=one.of_id, why=one.why)
            for one in group.relations
        ],
    )


def find_group(index: AlbumIndex, key: str, *, holding: Collection[int] = ()) -> Group:
    """The group of a key, which names its kind and any of its photographs.

    Args:
        index: up to date.
        key: as in `GroupItem.id`.
        holding: photographs that must be in it.

    Raises:
        HTTPException: 404, there is none; 409, not all of `holding` are in it any more.
    """
    match = _KEY.fullmatch(key)
    group = None
    if match is not None:
        group = index.group_of(int(match["photo"]), match["kind"])
    if group is None:
        raise HTTPException(404, f"there is no group {key[:60]!a}")
    if not set(holding) <= set(group.photo_ids):
        raise HTTPException(
            409, "not all of these photographs are in the group any more; reload the page"
        )
    return group


def _shots(index: AlbumIndex, groups: Iterable[Group]) -> dict[int, AlbumPhoto]:
    ids = (photo_id for group in groups for photo_id in group.photo_ids)
    return {shot.photo.id: shot for shot in index.photos(ids)}


def _item(index: AlbumIndex, group: Group, known: Mapping[int, AlbumPhoto]) -> dict[str, Any]:
    shots = [known[one] for one in group.photo_ids if one in known]
    best = index.ranking_of(shots).best_of(shots, kind=group.kind)
    return {
        "id": group_key(group.kind, group.photo_ids),
        "kind": group.kind,
        "photos": [shot.photo.id for shot in shots],
        "best": None if best is None else best.shot.photo.id,
        "kept": [shot.photo.id for shot in shots if shot.kept],
        "reasons": None if best is None else Reasons.of(best),
    }
