"""What a scan does about rows that cannot be read: it takes them away and computes them anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Float, Integer, LargeBinary, String, delete, select, update
from sqlalchemy.orm import Session

from goodside.album.catalog.checksums import checked_tables
from goodside.album.catalog.columns import (
    Bits64,
    Chances,
    Digest,
    FilePath,
    LocalTime,
    Moment,
    PersonKey,
    Points,
    Record,
    Shares,
    Vector,
    WordList,
    YesNo,
)
from goodside.album.catalog.faces import reset_faces
from goodside.album.catalog.journal import entries
from goodside.album.catalog.models import (
    AssessmentRow,
    Base,
    FaceRow,
    FileMetadataRow,
    FileRow,
    JournalRow,
    PhotoRow,
)
from goodside.album.catalog.readable_rows import DamagedRow

_COMPUTED = {"failure", "photo_group", "group_member"}


def drop_unreadable(session: Session) -> list[DamagedRow]:
    """Take away what cannot be read of computed values, so that a scan computes it anew.

    SQLite looks at kinds, lengths and forms, so that it costs little in every scan; `repair` also
    compares checksums.

    Args:
        session: of `Catalog.write`.

    Returns:
        The rows.

    Raises:
        CatalogError: an entry of the journal cannot be read: only a repair keeps what is left.
    """
    entries(session)
    found = []
    for table in checked_tables():
        if table.name == JournalRow.__tablename__:
            continue
        key, *_ = table.primary_key
        fits = " AND ".join(f"({_form(column)})" for column in table.columns)
        query = f'SELECT "{key.name}" FROM "{table.name}" WHERE NOT COALESCE({fits}, 0)'
        keys = session.connection().exec_driver_sql(query).scalars().all()
        found += [(table, key) for key in keys if isinstance(key, int)]
    for table, row in found:
        _drop(session, table.name, row)
    return [DamagedRow(table.name, str(row), "cannot be read") for table, row in found]


def _form(column: Column[Any]) -> str:
    """An SQL condition that what can be read of a column fulfils."""
    name, kind = f'"{column.name}"', column.type
    text = f"typeof({name}) = 'text'"
    blob = f"typeof({name}) = 'blob'"
    match kind:
        case Shares() | Chances() | WordList() | Record():
            form = f"{text} AND json_valid({name})"
        case LocalTime() | Moment():
            form = f"{text} AND {name} GLOB '[0-9]*-[0-9]*-[0-9]* [0-9]*:[0-9]*:[0-9]*'"
        case PersonKey():
            form = f"{text} AND length({name}) = 12 AND {name} NOT GLOB '*[^0-9a-f]*'"
        case Digest():
            form = f"{blob} AND length({name}) = 32"
        case Points():
            form = f"{blob} AND length({name}) = 40"
        case Vector():
            form = f"{blob} AND length({name}) % 2 = 0"
        case FilePath() | LargeBinary():
            form = blob
        case Float():
            form = f"typeof({name}) IN ('real', 'integer') AND abs({name}) < 1e300"
        case String():
            form = text
        case Integer() | Bits64() | YesNo():
            form = f"typeof({name}) = 'integer'"
        case _:
            form = "1"
    return f"{name} IS NULL OR {form}" if column.nullable else form


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
