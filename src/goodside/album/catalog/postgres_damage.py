"""Whether what a server keeps of a catalog can be read: every row of every table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from goodside.album.catalog.checksums import checked_tables
from goodside.album.catalog.database import Database
from goodside.album.catalog.decisions import read_decision
from goodside.album.catalog.models import JournalRow
from goodside.album.catalog.readable_rows import LENIENT, DamagedRow, noted, readable


def find_damage(database: Database) -> list[DamagedRow]:
    """Read the whole catalog; nothing is written.

    The server compares what it reads with the checksums of its pages, where it was set up to have
    some (`initdb --data-checksums`).
    """
    found: list[DamagedRow] = []
    errors: tuple[type[Exception], ...] = (SQLAlchemyError, *database.errors)
    for table in checked_tables():
        with Session(database.reader(), info={LENIENT: True}) as session:
            build = _decision if table.name == JournalRow.__tablename__ else None
            try:
                for _ in readable(session, select(*table.columns), build=build):
                    pass
            except errors as error:
                found.append(DamagedRow(table.name, "", database.explain(error).message))
            found += noted(session)
    return found


def _decision(row: Row[Any]) -> object:
    return read_decision(row.kind, row.payload)
