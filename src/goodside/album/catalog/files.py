"""Folders and files: what lies where, what is gone, what moved, what could not be used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from goodside.album.catalog.decisions import ReplacePhoto
from goodside.album.catalog.journal import append
from goodside.album.catalog.models import AssessmentRow, FailureRow, FileRow, FolderRow, PhotoRow
from goodside.album.catalog.readable_rows import readable
from goodside.album.catalog.records import FailureRecord, FileRecord, FileStamp
from goodside.album.catalog.upsert import insert_into
from goodside.errors import CatalogError, GoodsideError

_ALIKE_BITS = 10
"""Of 64: perceptual hashes of one picture, edited, differ by no more."""


def add_folder(session: Session, path: Path, *, at: datetime) -> int:
    """Remember a folder to scan; its row number, the same every time.

    Args:
        session: of `Catalog.write`.
        path: absolute.
        at: now.
    """
    session.execute(
        insert_into(session, FolderRow).values(path=path, added_at=at).on_conflict_do_nothing()
    )
    return session.scalars(select(FolderRow.id).where(FolderRow.path == path)).one()


def list_folders(session: Session) -> list[Path]:
    """The folders that were scanned, in the order in which they were added."""
    return list(folder_ids(session).values())


def folder_ids(session: Session) -> dict[int, Path]:
    """The same by row number."""
    query = select(FolderRow.id, FolderRow.path).order_by(FolderRow.id)
    return dict(readable(session, query))


def remove_folder(session: Session, path: Path) -> int:
    """Forget that a folder is scanned, and where its files lie; contents and decisions stay.

    Args:
        session: of `Catalog.write`.
        path: absolute.

    Returns:
        How many of its files were there.

    Raises:
        CatalogError: the folder is not in the catalog.
    """
    folder_id = session.scalars(select(FolderRow.id).where(FolderRow.path == path)).first()
    if folder_id is None:
        raise CatalogError(
            "the folder is not in the catalog", path=path, remedy="see goodside album folders"
        )
    there = select(func.count()).where(
        FileRow.folder_id == folder_id, FileRow.role == "photo", FileRow.missing_since.is_(None)
    )
    count = session.scalars(there).one()
    session.execute(delete(FolderRow).where(FolderRow.id == folder_id))
    return count


def list_files(session: Session, *, folder_id: int | None = None) -> list[FileRecord]:
    """All files, or those of one folder, by path."""
    query = (
        select(
            FileRow.id, FileRow.path, FileRow.role, FileRow.main_id, FileRow.photo_id,
            PhotoRow.sha256, FileRow.first_sha256, FileRow.size, FileRow.mtime_ns, FileRow.inode,
            FileRow.missing_since, FailureRow.attempts, FailureRow.kind, FailureRow.message,
            PhotoRow.measured_by, AssessmentRow.model, PhotoRow.faces_by,
        )
        .outerjoin(PhotoRow, PhotoRow.id == FileRow.photo_id)
        .outerjoin(AssessmentRow, AssessmentRow.photo_id == FileRow.photo_id)
        .outerjoin(FailureRow, FailureRow.file_id == FileRow.id)
        .order_by(FileRow.path)
    )  # fmt: skip
    if folder_id is not None:
        query = query.where(FileRow.folder_id == folder_id)
    return [
        FileRecord(
            id=row.id,
            path=row.path,
            role=row.role,
            main_id=row.main_id,
            photo_id=row.photo_id,
            sha256=row.sha256 and row.sha256.hex(),
            first_sha256=row.first_sha256 and row.first_sha256.hex(),
            stamp=FileStamp(row.size, row.mtime_ns, row.inode),
            missing_since=row.missing_since,
            attempts=row.attempts or 0,
            failure_message=row.message,
            measured_by=row.measured_by,
            judged_by=row.model,
            faces_by=row.faces_by,
            failure=row.kind,
        )
        for row in readable(session, query, outer={"photo", "assessment", "failure"})
    ]


def put_file(
    session: Session,
    path: Path,
    *,
    folder_id: int,
    stamp: FileStamp,
    sha256: str | None,
    at: datetime,
    role: str = "photo",
) -> int:
    """Record a file as it is now: new, changed, moved here from a path that is gone, or back.

    A file that is gone and held the same content is taken for this one under its old name, so it
    keeps its row and its `first_sha256`: call `mark_missing` before, `follow_edited_photos` after
    all.

    Args:
        session: of `Catalog.write`.
        path: absolute.
        folder_id: of `add_folder`.
        stamp: taken before the content was read.
        sha256: of the content, 64 hexadecimal digits; None for a sidecar or where it cannot be
            read.
        at: now.
        role: `photo`, `sidecar`, or `folder` for one that cannot be read.

    Returns:
        The file's row number. An earlier failure is cleared if `sha256` is given.
    """
    digest = None if sha256 is None else bytes.fromhex(sha256)
    photo_id = None if digest is None else _photo_id(session, digest, at=at)
    row = session.scalars(select(FileRow).where(FileRow.path == path)).first()
    if row is None and photo_id is not None:
        gone = select(FileRow).where(
            FileRow.photo_id == photo_id, FileRow.missing_since.is_not(None)
        )
        row = session.scalars(gone.order_by(FileRow.missing_since.desc(), FileRow.path)).first()
    if row is None:
        row = FileRow(path=path, first_sha256=digest)
        session.add(row)
    before, had = row.photo_id, row.first_sha256
    row.path, row.folder_id, row.role = path, folder_id, role
    row.size, row.mtime_ns, row.inode = stamp.size, stamp.mtime_ns, stamp.inode
    row.missing_since = None
    row.first_sha256 = had if had is not None else digest
    if before is not None and photo_id is not None and before != photo_id:
        row.before_id = row.before_id or before
    if photo_id is not None:
        row.photo_id = photo_id
    session.flush()
    if digest is not None:
        session.execute(delete(FailureRow).where(FailureRow.file_id == row.id))
    return row.id


def note_sidecars(session: Session, mains: Mapping[Path, Path], *, at: datetime) -> None:
    """Take sidecars as they are now for known: we wrote them, so they say nothing new.

    Those outside the scanned folder of their photograph are left out.

    Args:
        session: of `Catalog.write`.
        mains: the photograph's path by the sidecar's, both absolute.
        at: now.
    """
    for path, main in mains.items():
        query = (
            select(FileRow.id, FileRow.folder_id, FolderRow.path)
            .join(FolderRow)
            .where(FileRow.path == main)
        )
        row = session.execute(query).first()
        if row is None or not path.is_relative_to(row.path):
            continue
        found = path.stat()
        stamp = FileStamp(found.st_size, found.st_mtime_ns, found.st_ino)
        noted = put_file(
            session,
            path,
            folder_id=row.folder_id,
            stamp=stamp,
            sha256=None,
            at=at,
            role="sidecar",
        )
        link_to_main(session, noted, main_id=row.id)


def follow_edited_photos(session: Session, *, at: datetime) -> None:
    """Let decisions on an edited photo hold for what it became: call at the end of a scan.

    A file counts as edited, rather than exchanged for another picture, where no file holds its old
    content any more and old and new were taken at the same moment or look alike.

    Args:
        session: of `Catalog.write`.
        at: now.
    """
    held = set(session.scalars(select(FileRow.photo_id).where(FileRow.missing_since.is_(None))))
    for file in session.scalars(
        select(FileRow).where(FileRow.before_id.is_not(None)).order_by(FileRow.id)
    ):
        old, new = session.get(PhotoRow, file.before_id), session.get(PhotoRow, file.photo_id)
        if old and new and old.id not in held and _same_picture(old, new):
            append(session, ReplacePhoto(old=old.sha256.hex(), new=new.sha256.hex()), at=at)
        file.before_id = None
    session.flush()


def mark_missing(session: Session, file_ids: Iterable[int], *, at: datetime) -> None:
    """Note that files were not found; those noted before keep their moment."""
    for file_id in file_ids:
        session.execute(
            update(FileRow)
            .where(FileRow.id == file_id, FileRow.missing_since.is_(None))
            .values(missing_since=at)
        )


def link_to_main(session: Session, file_id: int, *, main_id: int | None) -> None:
    """Say to which file a sidecar or the raw file of a pair belongs; None: to none."""
    session.execute(update(FileRow).where(FileRow.id == file_id).values(main_id=main_id))


def put_failure(session: Session, file_id: int, error: GoodsideError, *, at: datetime) -> None:
    """Note that a file could not be used, once more."""
    message = error.message if error.remedy is None else f"{error.message} ({error.remedy})"
    values = {"kind": error.kind, "message": message, "at": at}
    session.execute(
        insert_into(session, FailureRow)
        .values(file_id=file_id, attempts=1, **values)
        .on_conflict_do_update(
            index_elements=[FailureRow.file_id],
            set_={**values, "attempts": FailureRow.attempts + 1},
        )
    )


def clear_failure(session: Session, file_id: int) -> None:
    """Note that a file could be used after all."""
    session.execute(delete(FailureRow).where(FailureRow.file_id == file_id))


def list_failures(session: Session) -> list[FailureRecord]:
    """Files that are there and could not be used, by path."""
    query = (
        select(
            FailureRow.file_id,
            FileRow.path,
            FailureRow.kind,
            FailureRow.message,
            FailureRow.attempts,
            FailureRow.at,
        )
        .join(FileRow, FileRow.id == FailureRow.file_id)
        .where(FileRow.missing_since.is_(None))
        .order_by(FileRow.path)
    )
    return [FailureRecord(*values) for _, *values in readable(session, query)]


def content_of(session: Session, path: Path) -> str:
    """The sha256 of what a file held at the last scan, as decisions name photos.

    Args:
        session: of `Catalog.read`.
        path: absolute; a link leads to what it names.

    Raises:
        CatalogError: the file is not in the catalog, or could not be read.
    """
    held = select(PhotoRow.id, PhotoRow.sha256).join(FileRow, FileRow.photo_id == PhotoRow.id)
    for name in (path, Path(os.path.realpath(path))):
        for _, found in readable(session, held.where(FileRow.path == name)):
            return str(found.hex())
    raise CatalogError(
        "the photograph is not in the catalog", path=path, remedy="scan its folder first"
    )


def _photo_id(session: Session, digest: bytes, *, at: datetime) -> int:
    """The row of a content; made if it is new."""
    values = {"sha256": digest, "first_seen": at}
    new = insert_into(session, PhotoRow).values(**values).on_conflict_do_nothing()
    made = session.scalars(new.returning(PhotoRow.id)).first()
    if made is not None:
        return made
    return session.scalars(select(PhotoRow.id).where(PhotoRow.sha256 == digest)).one()


def _same_picture(old: PhotoRow, new: PhotoRow) -> bool:
    if old.taken_at is not None and new.taken_at is not None:
        return old.taken_at == new.taken_at
    if old.phash is None or new.phash is None:
        return False
    return (old.phash ^ new.phash).bit_count() <= _ALIKE_BITS
