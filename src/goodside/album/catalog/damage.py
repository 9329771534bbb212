"""Whether the catalog holds what was written into it: every row of every table."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from goodside.album.catalog.checksums import Value, checked_tables, key_of, row_sum
from goodside.album.catalog.columns import DATABASE_ERRORS, Text, Unreadable, read_text
from goodside.album.catalog.decisions import read_decision
from goodside.album.catalog.models import JournalRow
from goodside.album.catalog.readable_rows import DamagedRow, kinds_of
from goodside.errors import CatalogError

CHANGED = "is not what was written"
LOST = "is gone"
_FILE = "the file"
_MOST = 100


def find_damage(path: Path) -> list[DamagedRow]:
    """Read the whole file and compare it with its checksums; nothing is written.

    Args:
        path: a catalog of this version.

    Returns:
        What is wrong: with the file as such first, then by table.
    """
    found: list[DamagedRow] = []
    with closing(open_raw(path)) as connection:
        try:
            connection.execute("BEGIN")
            found += _of_file(connection)
        except DATABASE_ERRORS as error:
            found.append(DamagedRow(_FILE, "", str(error)))
        for table in checked_tables():
            try:
                found += _of_table(connection, table)
            except DATABASE_ERRORS as error:
                found.append(DamagedRow(table.name, "", str(error)))
    return found


def open_raw(path: Path) -> sqlite3.Connection:
    """A connection that gives every value as it is stored; text as `Text`."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.text_factory = Text
    return connection


def filed_sums(connection: sqlite3.Connection, table: Table) -> dict[str, int]:
    """By key, the checksums of a table's rows.

    Raises:
        sqlite3.Error: they cannot be read.
    """
    query = "SELECT key, value FROM checksum WHERE name = ?"
    found = connection.execute(query, (table.name,))
    return {
        read_text(key): value
        for key, value in found
        if type(value) is int and isinstance(key, Text)
    }


def examine(table: Table, values: Sequence[Value], *, filed: int | None) -> str | None:
    """What is wrong with a row as it is stored; None if nothing is.

    Args:
        table: whose row it is.
        values: of all its columns; text as `Text`.
        filed: the checksum that was written with it; None: there is none.
    """
    why = misfit(table, values)
    if why is None and filed is not None and filed != row_sum(*values):
        why = CHANGED
    return why


def misfit(table: Table, values: Sequence[Value]) -> str | None:
    """Which value of a row is not of its column's kind; None if all are."""
    read: dict[str, Any] = {}
    for (name, process, fits), stored in zip(_columns(table), values, strict=True):
        value: Any = read_text(stored) if isinstance(stored, Text) else stored
        if process is not None and not isinstance(value, Unreadable):
            value = process(value)
        if not fits(type(value)):
            return f"{name} cannot be read"
        read[name] = value
    if table.name == JournalRow.__tablename__:
        try:
            read_decision(read["kind"], read["payload"])
        except CatalogError as error:
            return error.message
    return None


@cache
def _columns(
    table: Table,
) -> tuple[tuple[str, Callable[[Any], Any] | None, Callable[[type], bool]], ...]:
    dialect = sqlite.dialect()

    def reader(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
        return kind.dialect_impl(dialect).result_processor(dialect, None)

    return tuple(
        (column.name, reader(column.type), kinds_of(column.type, optional=bool(column.nullable)))
        for column in table.columns
    )


def _of_file(connection: sqlite3.Connection) -> Iterator[DamagedRow]:
    for (finding,) in connection.execute(f"PRAGMA integrity_check({_MOST})"):
        if finding != b"ok":
            yield DamagedRow(_FILE, "", read_text(finding) or "damaged")
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield DamagedRow(
            read_text(table), str(row), f"names a row of {read_text(parent)} that is gone"
        )


def _of_table(connection: sqlite3.Connection, table: Table) -> Iterator[DamagedRow]:
    filed: Mapping[str, int] = filed_sums(connection, table)
    lost = set(filed)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    for values in connection.execute(f'SELECT {names} FROM "{table.name}" NOT INDEXED'):
        key = key_of(table, values)
        lost.discard(key)
        why = examine(table, values, filed=filed.get(key))
        if why is None and key not in filed:
            why = "has no checksum"
        if why is not None:
            yield DamagedRow(table.name, key, why)
    for key in sorted(lost):
        yield DamagedRow(table.name, key, LOST)
