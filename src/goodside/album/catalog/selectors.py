"""Files and folders that a person names, as photographs of the catalog."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from goodside.album.catalog.files import content_of
from goodside.album.catalog.models import FileRow, PhotoRow
from goodside.album.catalog.readable_rows import readable
from goodside.errors import CatalogError


@dataclass(frozen=True, slots=True)
class SelectedPhotos:
    """Photographs that are meant.

    Attributes:
        contents: sha256 of each, hexadecimal, once, in the order in which they were named.
        folders: every folder that was named, with how many photographs are below it.
        files: the files that were named or lie below the folders.
    """

    contents: tuple[str, ...]
    folders: Mapping[Path, int] = field(default_factory=dict)
    files: frozenset[Path] = frozenset()


def select_photos(session: Session, paths: Iterable[Path]) -> SelectedPhotos:
    """The photographs that files and folders mean; of a folder, all of the album below it.

    Args:
        session: of `Catalog.read`.
        paths: need not be there any more; a link leads to what it names.

    Raises:
        CatalogError: a file is not in the catalog, or no photograph below a folder is.
    """
    contents: dict[str, None] = {}
    folders: dict[Path, int] = {}
    files: set[Path] = set()
    there: list[tuple[Path, str]] | None = None
    for given in paths:
        path = given.absolute()
        if not path.is_dir():
            try:
                contents[content_of(session, path)] = None
                files |= {path, Path(os.path.realpath(path))}
                continue
            except CatalogError as error:
                missing = error
        else:
            missing = CatalogError(
                "no photograph of the catalog is below the folder",
                path=path,
                remedy="scan it first",
            )
        there = _list_contents(session) if there is None else there
        below = _below(there, path) or _below(there, Path(os.path.realpath(path)))
        if not below:
            raise missing
        found = dict.fromkeys(content for _, content in below)
        contents |= found
        folders[given] = len(found)
        files |= {file for file, _ in below}
    return SelectedPhotos(tuple(contents), folders, frozenset(files))


def _below(there: Sequence[tuple[Path, str]], folder: Path) -> list[tuple[Path, str]]:
    folder = Path(os.path.normpath(folder))
    return [(file, content) for file, content in there if file.is_relative_to(folder)]


def _list_contents(session: Session) -> list[tuple[Path, str]]:
    """Every photograph that is there, by path, with its content; a raw file has its picture's."""
    query = (
        select(FileRow.id, FileRow.path, FileRow.main_id, PhotoRow.sha256)
        .join(PhotoRow, PhotoRow.id == FileRow.photo_id)
        .where(FileRow.role == "photo", FileRow.missing_since.is_(None))
        .order_by(FileRow.path)
    )
    rows = list(readable(session, query))
    content = {id_: sha256.hex() for id_, _, _, sha256 in rows}
    return [(path, content.get(main_id, content[id_])) for id_, path, main_id, _ in rows]
