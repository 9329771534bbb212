"""Adding a row, or what happens if it is there: in the words of each kind of database."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

NewRow: TypeAlias = "sqlite.Insert | postgresql.Insert"


def insert_into(session: Session, table: Any) -> NewRow:
    """An insertion that may say `on_conflict_do_nothing` and `on_conflict_do_update`.

    Args:
        session: in which it is executed.
        table: a model, or its table.
    """
    return _of(session.get_bind().dialect.name, table)


def put_row(session: Session, table: Table) -> NewRow:
    """Add a row, or set all of it where it is; made once, as scans write one a photograph."""
    key = (session.get_bind().dialect.name, table.name)
    if key not in _PUTS:
        new = _of(key[0], table)
        keys = {column.name for column in table.primary_key}
        values = {name: column for name, column in new.excluded.items() if name not in keys}
        _PUTS[key] = new.on_conflict_do_update(index_elements=sorted(keys), set_=values)
    return _PUTS[key]


_PUTS: dict[tuple[str, str], NewRow] = {}


def _of(dialect: str, table: Any) -> NewRow:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
