"""Rows that can be read; one that cannot costs itself, is noted, and never ends a command."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Column, Float, Integer, LargeBinary, Select, String
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from goodside.album.catalog.columns import Unreadable
from goodside.errors import GoodsideError

Query: TypeAlias = "Select[*tuple[Any, ...]]"

NOTED = "unreadable"
"""Under what name a session keeps the rows that it could not read."""

LENIENT = "lenient"
"""Under what name a session keeps whether it goes on without an entry of the journal."""

_BATCH = 500
_OF_TYPE: tuple[tuple[type[TypeEngine[Any]], frozenset[type]], ...] = (
    (Integer, frozenset({int})),
    (Float, frozenset({float, int})),
    (String, frozenset({str})),
    (LargeBinary, frozenset({bytes})),
)


@dataclass(frozen=True, slots=True)
class DamagedRow:
    """A row that does not hold what was written.

    Attributes:
        table: its table.
        key: its primary key; several columns are joined by commas.
        why: what is wrong with it.
    """

    table: str
    key: str
    why: str

    def __str__(self) -> str:
        return f"row {self.key} of {self.table}: {self.why}"


def readable(
    session: Session,
    query: Query,
    *,
    outer: Collection[str] = (),
    same: Collection[str] = (),
    build: Callable[[Any], Any] | None = None,
) -> Iterator[Any]:
    """The rows of a query that can be read; the others are noted in the session.

    Args:
        session: of `Catalog.read` or `Catalog.write`.
        query: of columns; the first is the primary key of the first table.
        outer: tables that need not have a row.
        same: tables whose rows have the same key as those of the first table.
        build: what makes of a row what the caller wants; a row that it fails on cannot be read.
    """
    described = query.column_descriptions
    columns = [one["expr"] for one in described]
    tables = [getattr(getattr(column, "table", None), "name", "") for column in columns]
    allowed = [
        kinds_of(one["type"], optional=table in outer or not _is_needed(column))
        for one, column, table in zip(described, columns, tables, strict=True)
    ]
    good: set[tuple[type, ...]] = set()
    for row in session.execute(query, execution_options={"yield_per": _BATCH}):
        kinds = tuple(map(type, row))
        if kinds not in good:
            wrong = next((at for at, kind in enumerate(kinds) if not allowed[at](kind)), None)
            if wrong is not None:
                table = tables[wrong] or tables[0]
                key = row[0] if table in (tables[0], *same) else f"of {tables[0]} {row[0]}"
                note(session, table, key, f"{described[wrong]['name']} cannot be read")
                continue
            good.add(kinds)
        try:
            made = row if build is None else build(row)
        except (ValueError, TypeError, ArithmeticError, GoodsideError) as error:
            note(session, tables[0], row[0], f"does not fit: {str(error).splitlines()[0]}")
            continue
        yield made


def note(session: Session, table: str, key: object, why: str) -> None:
    """Note a row that cannot be read."""
    row = DamagedRow(table, str(key), why)
    session.info.setdefault(NOTED, {}).setdefault((row.table, row.key), row)


def noted(session: Session) -> list[DamagedRow]:
    """The rows that could not be read so far."""
    return list(session.info.get(NOTED, {}).values())


def kinds_of(kind: TypeEngine[Any], *, optional: bool) -> Callable[[type], bool]:
    """What says whether a value of some Python type may come out of a column."""
    if not isinstance(kind, TypeDecorator):
        for sort, types in _OF_TYPE:
            if isinstance(kind, sort):
                return (types | {type(None)} if optional else types).__contains__
    refused = {Unreadable} if optional else {Unreadable, type(None)}
    return lambda found: found not in refused


def _is_needed(column: object) -> bool:
    inner = getattr(getattr(column, "property", None), "columns", [column])[0]
    return isinstance(inner, Column) and not inner.nullable
