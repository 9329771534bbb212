"""`/v1/photos`: the photographs of the album, and all that is known of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from goodside.album.browse import AlbumIndex
from goodside.web.api.album.browse_params import Browsed, RowNumber
from goodside.web.api.album.cursor import Cursor
from goodside.web.api.album.lookup import find_photo
from goodside.web.api.album.schemas import (
    FaceItem,
    PhotoDetail,
    PhotoItem,
    PhotoPage,
    detail_of,
)
from goodside.web.api.responses import UNCHANGED, refuses
from goodside.web.dependencies import ChangedSite

router = APIRouter(prefix="/v1/photos", tags=["album"])

MOST = 500


@router.get("", responses=UNCHANGED)
def list_photos(
    site: ChangedSite,
    query: Browsed,
    cursor: Annotated[str | None, Query(max_length=60, description="`next` of a page.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> PhotoPage:
    """The photographs that fit, a page at a time.

    Pages stay in step with each other while photographs are added.
    """
    selection = site.index.select(query)
    start = 0 if cursor is None else Cursor.read(cursor).start(selection, query, site.index)
    ids = selection.ids[start : start + limit].tolist()
    following = start + len(ids)
    shots = site.index.photos(ids)
    more = following < len(selection) and ids
    return PhotoPage(
        photos=[PhotoItem.of(shot, people=site.index.people_in(shot)) for shot in shots],
        total=len(selection),
        next=Cursor(ids[-1], following).write() if more else None,
    )


@router.get("/{photo_id}", responses=UNCHANGED | refuses(404))
def show_photo(
    photo_id: RowNumber,
    site: ChangedSite,
    similar: Annotated[int, Query(ge=0, le=48, description="How many that look like it.")] = 12,
) -> PhotoDetail:
    """Everything about one photograph."""
    index = site.index
    shot = find_photo(index, photo_id)
    return detail_of(
        shot,
        people=index.people_in(shot),
        faces=faces_of(index, photo_id),
        versions=index.made_from(photo_id),
        similar=index.similar(photo_id, similar) if similar else (),
    )


def faces_of(index: AlbumIndex, photo_id: int) -> list[FaceItem]:
    """The faces of a photograph, with what was decided about them."""
    names = index.names()
    return [FaceItem.of(face, names=names) for face in index.faces_in(photo_id)]
