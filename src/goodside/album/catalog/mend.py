"""What a scan does about rows that cannot be read: it takes them away and computes them anew."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from goodside.album.catalog.faces import list_faces, reset_faces
from goodside.album.catalog.files import list_files
from goodside.album.catalog.journal import entries
from goodside.album.catalog.metadata import list_descriptions, list_statements
from goodside.album.catalog.models import (
    Base,
    FaceRow,
    File,
    FileMetadata,
    Judgement,
    Photo,
)
from goodside.album.catalog.photos import list_groups, list_photos
from goodside.album.catalog.reading import DamagedRow, noted

_COMPUTED = {"failure", "photo_group", "group_member"}


def drop_unreadable(session: Session) -> list[DamagedRow]:
    """Take away what cannot be read of computed values, so that a scan computes it anew.

    Args:
        session: of `Catalog.write`.

    Returns:
        The rows.

    Raises:
        CatalogError: an entry of the journal cannot be read: only a repair keeps what is left.
    """
    entries(session)
    list_files(session)
    list_photos(session, gone=True)
    list_faces(session)
    list_groups(session)
    list_statements(session)
    list_descriptions(session)
    found = [row for row in noted(session) if row.key.lstrip("-").isdigit()]
    for row in found:
        _drop(session, row.table, int(row.key))
    return found


def _drop(session: Session, table: str, key: int) -> None:
    if table in ("assessment", "thumbnail"):
        session.execute(delete(Judgement).where(Judgement.photo_id == key))
        session.execute(update(Photo).where(Photo.id == key).values(measured_by=None))
    elif table in ("face", "assignment"):
        photo = session.scalar(select(FaceRow.photo_id).where(FaceRow.id == key))
        session.execute(delete(FaceRow).where(FaceRow.id == key))
        if isinstance(photo, int):
            reset_faces(session, [photo])
    elif table == "file_metadata":
        session.execute(delete(FileMetadata).where(FileMetadata.file_id == key))
    elif table == "photo":
        session.execute(delete(Photo).where(Photo.id == key))  # its files are read again
    elif table == "file":
        session.execute(delete(File).where(File.id == key))  # a scan finds it as a new one
    elif table in _COMPUTED:
        (column,) = list(Base.metadata.tables[table].primary_key)[:1]
        session.execute(delete(Base.metadata.tables[table]).where(column == key))
