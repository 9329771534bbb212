"""`/v1/people`: who is in the album, and what a person says about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from goodside.album.catalog import Catalog, Entry
from goodside.album.catalog import forget as forget_faces
from goodside.album.people import (
    Person,
    confirm_faces,
    hide_person,
    mark_not_person,
    merge_people,
    name_person,
    reject_faces,
    split_person,
)
from goodside.phrase import count_phrase, phrase
from goodside.text import visible
from goodside.web.api.album.browse_params import MAX_ID
from goodside.web.api.album.decision_answer import DecisionAnswer, decide
from goodside.web.api.album.lookup import find_faces, find_person
from goodside.web.api.album.schemas import FaceItem, PersonLink
from goodside.web.api.responses import UNCHANGED, refuses
from goodside.web.dependencies import ChangedSite, FreshSite
from goodside.web.site import Site
from goodside.web.texts import translated

router = APIRouter(prefix="/v1", tags=["album"])

Key = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", examples=["02209d26ab64"])]
FaceIds = Annotated[
    list[Annotated[int, Field(ge=0, le=MAX_ID)]], Field(max_length=10_000, examples=[[3, 4]])
]
Named = Annotated[str, Field(min_length=1, max_length=200, examples=["Ann"])]


class PersonItem(PersonLink):
    """Somebody in a list."""

    known: bool = Field(description="A decision says who it is; otherwise only clustering does.")
    hidden: bool
    faces: int
    photos: int
    best: int | None = Field(description="The face that shows them best.")
    crop: str | None


class PeoplePage(BaseModel):
    """People: those with a name first, then by number of faces."""

    people: list[PersonItem]
    total: int
    next: int | None = Field(default=None, description="The `offset` that follows.")


class Suggestion(PersonLink):
    """Who somebody might be."""

    distance: float = Field(
        description="0 (the same) to 2: one minus the cosine between the two people's mean faces."
    )


class PersonDetail(PersonItem):
    """Somebody, with faces from the surest on and who it might be."""

    found_faces: list[FaceItem]
    suggestions: list[Suggestion] = Field(description="The nearest first.")


class NewName(BaseModel):
    """What somebody is called from now on."""

    name: Named


class MergeInto(BaseModel):
    """The person whom somebody turns out to be."""

    into: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$", examples=["02209d26ab64"])]


class SomeFaces(BaseModel):
    """Faces by number."""

    faces: Annotated[FaceIds, Field(min_length=1)]


class ConfirmedFaces(BaseModel):
    """Faces that are confirmed as somebody's."""

    faces: FaceIds = Field(default_factory=list, description="None: all that they have now.")


class SplitFaces(SomeFaces):
    """Faces that are together somebody else."""

    name: Named | None = None


class Hiding(BaseModel):
    """Whether somebody is left out of what is shown of people."""

    hidden: bool = True


@router.get("/people", responses=UNCHANGED)
def list_people(
    site: ChangedSite,
    *,
    hidden: Annotated[bool, Query(description="Also those who are hidden.")] = False,
    single: Annotated[bool, Query(description="Also unknown people with one face.")] = True,
    offset: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PeoplePage:
    """Who is in the album."""
    shown = [
        one
        for one in site.index.people()
        if (hidden or not one.hidden) and (single or one.known or len(one.faces) > 1)
    ]
    some = shown[offset : offset + limit]
    more = offset + len(some) < len(shown) and some
    return PeoplePage(
        people=[PersonItem(**_item(one)) for one in some],
        total=len(shown),
        next=offset + len(some) if more else None,
    )


@router.get("/people/{key}", responses=UNCHANGED | refuses(404))
def show_person(
    key: Key,
    site: ChangedSite,
    *,
    limit: Annotated[int, Query(ge=1, le=5000, description="Faces at most.")] = 500,
    suggestions: Annotated[int, Query(ge=0, le=20)] = 5,
) -> PersonDetail:
    """Somebody: their faces, the surest first, and who it might be."""
    person = find_person(site.index, key)
    names = site.index.names()
    return PersonDetail(
        **_item(person),
        found_faces=[FaceItem.of(face, names=names) for face in person.faces[:limit]],
        suggestions=[
            Suggestion(key=other.key, name=other.name, distance=round(distance, 4))
            for other, distance in site.index.nearest_people(person.key, suggestions)
        ],
    )


@router.post("/people/{key}/name", responses=refuses(404, 410))
def name(key: Key, body: NewName, site: FreshSite) -> DecisionAnswer:
    """Call somebody by a name; the faces they have now stay theirs."""
    person = find_person(site.index, key)
    return _say(
        site,
        lambda catalog: [name_person(catalog, person, body.name)],
        phrase("named {name}", name=visible(body.name)),
    )


@router.post("/people/{key}/merge", responses=refuses(404, 410))
def merge(key: Key, body: MergeInto, site: FreshSite) -> DecisionAnswer:
    """Two people are the same person."""
    person, into = find_person(site.index, key), find_person(site.index, body.into)
    return _say(
        site,
        lambda catalog: [merge_people(catalog, person, into)],
        phrase("{who} is {into}", who=_label(person), into=_label(into)),
    )


@router.post("/people/{key}/split", responses=refuses(404, 410))
def split(key: Key, body: SplitFaces, site: FreshSite) -> DecisionAnswer:
    """These faces of somebody are together somebody else."""
    person, faces = find_person(site.index, key), find_faces(site.index, body.faces)
    return _say(
        site,
        lambda catalog: split_person(catalog, person, faces, name=body.name)[1],
        phrase("{faces} taken from {who}", faces=_faces(len(faces)), who=_label(person)),
    )


@router.post("/people/{key}/not", responses=refuses(404, 410))
def not_person(key: Key, body: SomeFaces, site: FreshSite) -> DecisionAnswer:
    """These faces are not this person, whoever else they are."""
    person, faces = find_person(site.index, key), find_faces(site.index, body.faces)
    return _say(
        site,
        lambda catalog: mark_not_person(catalog, person, faces),
        phrase("not {who}: {faces}", who=_label(person), faces=_faces(len(faces))),
    )


@router.post("/people/{key}/confirm", responses=refuses(404, 410))
def confirm(key: Key, body: ConfirmedFaces, site: FreshSite) -> DecisionAnswer:
    """These faces, or all that they have now, stay theirs."""
    person, faces = find_person(site.index, key), find_faces(site.index, body.faces)
    count = len(faces or person.faces)
    return _say(
        site,
        lambda catalog: [confirm_faces(catalog, person, faces)],
        phrase("{faces} confirmed as {who}", faces=_faces(count), who=_label(person)),
    )


@router.post("/people/{key}/hide", responses=refuses(404))
def hide(key: Key, body: Hiding, site: FreshSite) -> DecisionAnswer:
    """Leave somebody out of what is shown of people, or show them again."""
    person = find_person(site.index, key)
    if body.hidden:
        message = phrase("{who} hidden", who=_label(person))
    else:
        message = phrase("{who} shown again", who=_label(person))
    return _say(
        site,
        lambda catalog: hide_person(catalog, person, hidden=body.hidden),
        message,
    )


@router.post("/people/{key}/forget", responses=refuses(404))
def forget(key: Key, site: FreshSite) -> DecisionAnswer:
    """Delete everything computed about somebody's face, and the name, for good.

    Taking the entry back lets the next scan analyse the faces again; the name is gone.
    """
    person = find_person(site.index, key)

    def say(catalog: Catalog) -> list[Entry]:
        forget_faces(catalog, person.key, at=datetime.now(UTC))
        return []

    return _say(site, say, phrase("{faces} forgotten", faces=_faces(len(person.faces))))


@router.post("/faces/reject", responses=refuses(410))
def reject(body: SomeFaces, site: FreshSite) -> DecisionAnswer:
    """These are of no interest, strangers or mistakes: they stay left out."""
    faces = find_faces(site.index, body.faces)
    return _say(
        site,
        lambda catalog: [reject_faces(catalog, faces)],
        phrase("{faces} left out", faces=_faces(len(faces))),
    )


def _say(site: Site, say: Callable[[Catalog], list[Entry]], message: str) -> DecisionAnswer:
    return decide(site, say, message=translated(message))


def _label(person: Person) -> str:
    """What somebody is called, safe to show."""
    return visible(person.label)


def _item(person: Person) -> dict[str, object]:
    best = person.faces[0].id if person.faces else None
    return {
        "key": person.key,
        "name": person.name,
        "known": person.known,
        "hidden": person.hidden,
        "faces": len(person.faces),
        "photos": len({face.photo_id for face in person.faces}),
        "best": best,
        "crop": None if best is None else f"/faces/{best}",
    }


def _faces(count: int) -> str:
    return count_phrase("{count} face", "{count} faces", count)
