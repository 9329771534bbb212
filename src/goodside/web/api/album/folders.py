"""`/v1/folders`: which folders are scanned, what is left out, where faces are looked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from goodside.album.browse import BrowseQuery
from goodside.album.catalog import Catalog, folder_ids
from goodside.album.catalog import remove_folder as forget_folder
from goodside.album.grouping import group_again
from goodside.album.scan import exclude_files, switch_faces
from goodside.errors import OutOfRange
from goodside.phrase import count_phrase, listed, phrase
from goodside.text import visible
from goodside.web.api.album.browse_params import RowNumber
from goodside.web.api.album.decision_answer import DecisionAnswer, answer, decide
from goodside.web.api.responses import UNCHANGED, refuses
from goodside.web.dependencies import ChangedSite, FreshSite
from goodside.web.site import Site
from goodside.web.texts import translated
from goodside.web.url_query import folder_text

router = APIRouter(prefix="/v1/folders", tags=["album"])

Glob = Annotated[str, Field(min_length=1, max_length=1000, examples=["*.png"])]


class FolderItem(BaseModel):
    """A folder that is scanned."""

    id: int
    path: str = Field(examples=["/home/ann/photos"])
    folder: str = Field(description="As the `folder` of `/v1/photos` takes it.")
    photographs: int = Field(description="Below it.")
    excludes: list[str] = Field(description="Patterns of what is left out, as in .gitignore.")
    faces: bool = Field(description="Whether faces are looked for in it.")
    is_there: bool


class FolderList(BaseModel):
    """The folders that are scanned."""

    folders: list[FolderItem]


class FolderChange(BaseModel):
    """What is changed of a folder; what is not said stays."""

    excludes: list[Glob] | None = Field(
        default=None,
        max_length=1000,
        description="All patterns of what is left out, in place of those before.",
    )
    faces: bool | None = Field(
        default=None, description="Look for faces; false also deletes those found there."
    )


@router.get("", responses=UNCHANGED)
def list_folders(site: ChangedSite) -> FolderList:
    """The folders, in the order in which they were added."""
    with site.album.opened() as catalog:
        decided = catalog.decisions()
        with catalog.read() as session:
            known = folder_ids(session)
    counts = {one.value: one.count for one in site.index.facets(BrowseQuery()).folders}
    return FolderList(
        folders=[
            FolderItem(
                id=number,
                path=visible(str(folder)),
                folder=folder_text(folder),
                photographs=counts.get(str(folder), 0),
                excludes=[visible(glob) for glob in decided.excludes.get(folder, ())],
                faces=decided.looks_for_faces(folder / "any"),
                is_there=folder.is_dir(),
            )
            for number, folder in known.items()
        ]
    )


@router.put("/{folder_id}", responses=refuses(404))
def change_folder(folder_id: RowNumber, body: FolderChange, site: FreshSite) -> DecisionAnswer:
    """Change what is left out of a folder from the next scan on, or whether it has faces."""
    if body.excludes is None and body.faces is None:
        raise OutOfRange("nothing is said", remedy="give `excludes` or `faces`")
    folder = _find(site, folder_id)
    said: list[str] = []

    def say(catalog: Catalog) -> tuple[()]:
        if body.excludes is not None:
            before = catalog.decisions().excludes.get(folder, ())
            gone = [glob for glob in before if glob not in body.excludes]
            exclude_files(catalog, folder, body.excludes, include=gone)
            said.append(
                count_phrase(
                    "{count} pattern left out of {folder}",
                    "{count} patterns left out of {folder}",
                    len(body.excludes),
                    folder=visible(folder.name),
                )
            )
        if body.faces is not None:
            switch_faces(catalog, folder, on=body.faces)
            where = visible(folder.name)
            if body.faces:
                said.append(phrase("faces on in {folder}", folder=where))
            else:
                said.append(phrase("faces off in {folder}", folder=where))
        return ()

    before = len(site.index.journal())
    made = decide(site, say, message="")
    entries = site.index.journal()[before:]
    return (
        answer(site, entries, message=translated(listed(said)), photo_ids=()) if entries else made
    )


@router.delete("/{folder_id}", responses=refuses(404))
def remove_folder(folder_id: RowNumber, site: FreshSite) -> DecisionAnswer:
    """Scan a folder no more: its photographs leave the album, and decisions about them stay.

    This is no entry of the journal; scanning the folder again brings them back.
    """
    folder = _find(site, folder_id)
    with site.writing() as catalog:
        with catalog.write() as session:
            count = forget_folder(session, folder)
        group_again(catalog)
    site.index.refresh()
    message = count_phrase(
        "{folder} removed; {count} photograph left",
        "{folder} removed; {count} photographs left",
        count,
        folder=visible(folder.name),
    )
    return DecisionAnswer(entry=None, message=translated(message))


def _find(site: Site, folder_id: int) -> Path:
    with site.album.opened() as catalog, catalog.read() as session:
        folder = folder_ids(session).get(folder_id)
    if folder is None:
        raise HTTPException(404, f"there is no folder {folder_id}")
    return folder
