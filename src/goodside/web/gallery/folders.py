"""The folders of the album: which are scanned, what is left out, faces or not, and the scan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from goodside.album.browse import BrowseQuery
from goodside.album.catalog import folder_ids, list_failures
from goodside.text import visible
from goodside.web.dependencies import SiteOf
from goodside.web.gallery.render import page
from goodside.web.roots import usable_roots
from goodside.web.site import Site
from goodside.web.url_query import query_string

router = APIRouter(prefix="/folders", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class AlbumFolder:
    """A folder that is scanned.

    Attributes:
        id: row number.
        path: absolute.
        photographs: below it.
        excludes: patterns of what is left out of it.
        faces: whether faces are looked for.
        is_there: at the moment.
        failures: files below it that could not be used.
        address: of its photographs.
    """

    id: int
    path: Path
    photographs: int
    excludes: tuple[str, ...]
    faces: bool
    is_there: bool
    failures: int
    address: str


class FolderSuggestions(BaseModel):
    """Folders that begin as typed."""

    folders: list[str]


@router.get("", response_class=HTMLResponse)
def show_folders(request: Request, site: SiteOf) -> HTMLResponse:
    """The folders; for a newcomer, how to choose the first."""
    site.index.refresh()
    folders = read_folders(site)
    return page(
        request,
        "folders.html",
        folders=folders,
        roots=[str(root) for root in usable_roots(site.options.roots).folders],
        welcome=not folders,
    )


@router.get("/suggestions")
def suggest_folders(
    site: SiteOf, typed: Annotated[str, Query(max_length=4096)] = ""
) -> FolderSuggestions:
    """Folders below the roots that begin as typed; none beyond."""
    found = usable_roots(site.options.roots).suggest(typed)
    return FolderSuggestions(folders=[visible(str(folder)) for folder in found])


def read_folders(site: Site) -> list[AlbumFolder]:
    """The folders that are scanned, in the order in which they were added.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    with site.album.opened(create=True) as catalog:
        decided = catalog.decisions()
        with catalog.read() as session:
            known, failures = folder_ids(session), list_failures(session)
    counts = {one.value: one.count for one in site.index.facets(BrowseQuery()).folders}
    return [
        AlbumFolder(
            id=number,
            path=folder,
            photographs=counts.get(str(folder), 0),
            excludes=decided.excludes.get(folder, ()),
            faces=decided.looks_for_faces(folder / "any"),
            is_there=folder.is_dir(),
            failures=sum(failure.path.is_relative_to(folder) for failure in failures),
            address=query_string(BrowseQuery(folder=folder)),
        )
        for number, folder in known.items()
    ]
