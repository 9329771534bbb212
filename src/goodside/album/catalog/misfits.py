"""Rows of a SQLite file whose values are not of their columns' kinds: SQLite itself takes any."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Float, Integer, LargeBinary, String, Table
from sqlalchemy.orm import Session

from goodside.album.catalog.checksums import checked_tables
from goodside.album.catalog.columns import (
    Bits64,
    Chances,
    Digest,
    Embedding,
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
from goodside.album.catalog.models import JournalRow


def find_misfits(session: Session) -> list[tuple[Table, int]]:
    """Rows of computed values that cannot be read, by table and row number.

    SQLite looks at kinds, lengths and forms, so that it costs little in every scan.
    """
    found = []
    for table in checked_tables():
        if table.name == JournalRow.__tablename__:
            continue
        key, *_ = table.primary_key
        fits = " AND ".join(f"({_form(column)})" for column in table.columns)
        query = f'SELECT "{key.name}" FROM "{table.name}" WHERE NOT COALESCE({fits}, 0)'
        keys = session.connection().exec_driver_sql(query).scalars().all()
        found += [(table, key) for key in keys if isinstance(key, int)]
    return found


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
        case Vector() | Embedding():
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
