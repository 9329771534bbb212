"""What a scan does about rows that cannot be read: it takes them away and computes them anew."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from goodside.album.catalog.database import database_of
from goodside.album.catalog.faces import reset_faces
from goodside.album.catalog.journal import entries
from goodside.album.catalog.models import (
    AssessmentRow,
    Base,
    FaceRow,
    FileMetadataRow,
    FileRow,
    PhotoRow,
)
from goodside.album.catalog.readable_rows import DamagedRow

_COMPUTED = {"failure", "photo_group", "group_member"}


def drop_unreadable(session: Session) -> list[DamagedRow]:
    """Take away what cannot be read of computed values, so that a scan computes it anew.

    It costs little in every scan; `repair` also compares checksums. A server keeps values of
    other kinds out by itself.

    Args:
        session: of `Catalog.write`.

    Returns:
        The rows.

    Raises:
        CatalogError: an entry of the journal cannot be read: only a repair keeps what is left.
    """
    entries(session)
    found = database_of(session).list_unreadable(session)
    for table, row in found:
        _drop(session, table.name, row)
    return [DamagedRow(table.name, str(row), "cannot be read") for table, row in found]


def _drop(session: Session, table: str, key: int) -> None:
    if table in ("assessment", "thumbnail"):
        session.execute(delete(AssessmentRow).where(AssessmentRow.photo_id == key))
        session.execute(update(PhotoRow).where(PhotoRow.id == key).values(measured_by=None))
    elif table in ("face", "assignment"):
        photo = session.scalar(select(FaceRow.photo_id).where(FaceRow.id == key))
        session.execute(delete(FaceRow).where(FaceRow.id == key))
        if isinstance(photo, int):
            reset_faces(session, [photo])
    elif table == "file_metadata":
        session.execute(delete(FileMetadataRow).where(FileMetadataRow.file_id == key))
    elif table == "photo":
        session.execute(delete(PhotoRow).where(PhotoRow.id == key))  # its files are read again
    elif table == "file":
        session.execute(delete(FileRow).where(FileRow.id == key))  # a scan finds it as a new one
    elif table in _COMPUTED:
        (column,) = list(Base.metadata.tables[table].primary_key)[:1]
        session.execute(delete(Base.metadata.tables[table]).where(column == key))
