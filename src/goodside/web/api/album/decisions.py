"""`/v1/decisions`: what a person thinks of photographs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import AlbumIndex
from goodside.album.catalog import (
    Decision,
    KeepFrames,
    Rate,
    SeparatePhotos,
    SetFlag,
    SetTags,
    check_label,
)
from goodside.errors import OutOfRange
from goodside.phrase import count_phrase, phrase
from goodside.tags import each_tag_once
from goodside.text import visible
from goodside.types import SERIES_KINDS
from goodside.web.api.album.browse_params import MAX_ID
from goodside.web.api.album.decision_answer import DecisionAnswer, decide
from goodside.web.api.album.groups import find_group
from goodside.web.api.album.lookup import find_photos
from goodside.web.api.responses import refuses
from goodside.web.dependencies import FreshSite
from goodside.web.site import Site
from goodside.web.texts import translated

router = APIRouter(prefix="/v1/decisions", tags=["album"], responses=refuses(410))

PhotoIds = Annotated[
    list[Annotated[int, Field(ge=0, le=MAX_ID)]],
    Field(min_length=1, max_length=100_000, examples=[[12]]),
]
TagText = Annotated[str, Field(max_length=1000, examples=["sea"])]


class FlagPhotos(BaseModel):
    """Pick or reject photographs, or take that back."""

    photos: PhotoIds
    flag: Literal["pick", "reject"] | None = Field(examples=["pick"])


class RatePhotos(BaseModel):
    """Give photographs stars, or no rating."""

    photos: PhotoIds
    stars: Annotated[int, Field(ge=0, le=5)] | None = Field(examples=[4])


class TagPhotos(BaseModel):
    """Add tags to photographs and take tags away, anyone's."""

    photos: PhotoIds
    add: list[TagText] = Field(default_factory=list, max_length=100)
    remove: list[TagText] = Field(default_factory=list, max_length=100)


class OfGroup(BaseModel):
    """Photographs of a group."""

    photos: PhotoIds
    group: str | None = Field(
        default=None,
        max_length=60,
        examples=["burst-12"],
        description="The group; by default all series that the photographs are in.",
    )
    others: PhotoIds | None = Field(
        default=None, description="The others of the group that are meant; by default all."
    )


class BestOf(OfGroup):
    """The frames of a group that are to be kept: one, or several."""

    chosen: bool = Field(
        default=True, description="False: let goodside choose again in their groups."
    )


@router.post("/flag")
def flag(body: FlagPhotos, site: FreshSite) -> DecisionAnswer:
    """Pick or reject photographs, or let them be neither."""
    shots = find_photos(site.index, body.photos)
    photos = _count(shots)
    if body.flag is None:
        message = phrase("{photos} unmarked", photos=photos)
    elif body.flag == "pick":
        message = phrase("{photos} picked", photos=photos)
    else:
        message = phrase("{photos} rejected", photos=photos)
    return _note(site, SetFlag(photos=_contents(shots), flag=body.flag), message, shots)


@router.post("/rating")
def rating(body: RatePhotos, site: FreshSite) -> DecisionAnswer:
    """Rate photographs with 0 to 5 stars, or take their rating away."""
    shots = find_photos(site.index, body.photos)
    photos = _count(shots)
    if body.stars is None:
        message = phrase("{photos} no longer rated", photos=photos)
    else:
        message = count_phrase(
            "{photos} rated with {count} star",
            "{photos} rated with {count} stars",
            body.stars,
            photos=photos,
        )
    return _note(site, Rate(photos=_contents(shots), stars=body.stars), message, shots)


@router.post("/tags")
def tags(body: TagPhotos, site: FreshSite) -> DecisionAnswer:
    """Tag photographs; a tag that the album has already is meant in whatever spelling."""
    if not body.add and not body.remove:
        raise OutOfRange("no tag is named", remedy="name some in `add` or `remove`")
    shots = find_photos(site.index, body.photos)
    name = site.index.spelling
    add = tuple(each_tag_once(name(check_label(one)) for one in body.add).values())
    remove = tuple(each_tag_once(name(check_label(one, new=False)) for one in body.remove).values())
    said = visible(", ".join([*(f"+{one}" for one in add), *(f"-{one}" for one in remove)]))
    message = phrase("{photos} tagged {tags}", photos=_count(shots), tags=said)
    decision = SetTags(photos=_contents(shots), add=add, remove=remove)
    return _note(site, decision, message, shots)


@router.post("/best", responses=refuses(404, 409, 410))
def best(body: BestOf, site: FreshSite) -> DecisionAnswer:
    """Take frames as the best of their group, or keep several; goodside's own choice yields."""
    shots = find_photos(site.index, body.photos)
    others = _others(site.index, shots, body)
    if body.chosen:
        decision = KeepFrames(photos=_contents(shots), others=_contents(others))
        message = phrase(
            "{photos} kept of {total}", photos=_count(shots), total=len(shots) + len(others)
        )
    else:
        decision = KeepFrames(photos=(), others=_contents([*shots, *others]))
        message = phrase("goodside chooses again")
    return _note(site, decision, message, [*shots, *others])


@router.post("/separate", responses=refuses(404, 409, 410))
def separate(body: OfGroup, site: FreshSite) -> DecisionAnswer:
    """Split photographs out of their group: they do not belong with its others."""
    shots = find_photos(site.index, body.photos)
    others = _others(site.index, shots, body)
    decision = SeparatePhotos(photos=_contents(shots), others=_contents(others))
    message = phrase("{photos} split off", photos=_count(shots))
    return _note(site, decision, message, [*shots, *others])


def _others(index: AlbumIndex, shots: Sequence[AlbumPhoto], body: OfGroup) -> list[AlbumPhoto]:
    """The photographs that these are in a group with.

    Raises:
        OutOfRange: there is none.
        HTTPException: there is no such group, or not all are in it any more.
    """
    meant = {shot.photo.id for shot in shots}
    if body.group is not None:
        ids: Iterable[int] = find_group(index, body.group, holding=meant).photo_ids
        if body.others is not None:
            find_group(index, body.group, holding=body.others)
            ids = body.others
    elif body.others is not None:
        return [one for one in find_photos(index, body.others) if one.photo.id not in meant]
    else:
        ids = (
            photo_id
            for shot in shots
            for one in shot.groups
            if one.kind in SERIES_KINDS
            for photo_id in one.photo_ids
        )
    others = index.photos([one for one in dict.fromkeys(ids) if one not in meant])
    if not others:
        raise OutOfRange(
            "they are in no group with other photographs", remedy="choose frames of a group"
        )
    return others


def _note(
    site: Site, decision: Decision, message: str, shots: Sequence[AlbumPhoto]
) -> DecisionAnswer:
    return decide(
        site,
        lambda catalog: [catalog.decide(decision)],
        message=translated(message),
        photo_ids=[shot.photo.id for shot in shots],
    )


def _contents(shots: Iterable[AlbumPhoto]) -> tuple[str, ...]:
    return tuple(shot.photo.sha256 for shot in shots)


def _count(shots: Sequence[AlbumPhoto]) -> str:
    return count_phrase("{count} photograph", "{count} photographs", len(shots))
