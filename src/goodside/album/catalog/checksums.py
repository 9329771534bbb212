"""A checksum of every row: what tells a flipped bit from what was written.

Triggers write it with each row, so no writer has to think of it; `goodside album verify` compares.
It finds damage, not malice. Because CRC-32 is linear, one wrong byte can also be found and mended.
"""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, String, Table, cast, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from goodside.album.catalog.columns import Text
from goodside.album.catalog.models import Base, ChecksumRow, TableVersionRow

_FUNCTION = "goodside_sum"
_EVENTS = ("INSERT", "UPDATE", "DELETE")

Value = int | float | str | bytes | None


def row_sum(*values: Value) -> int:
    """CRC-32 of what a row holds, 0 to 2^32 - 1."""
    return zlib.crc32(encode(values))


def encode(values: Iterable[Value]) -> bytes:
    """A row as bytes: kind, length and content of every value."""
    parts = []
    for value in values:
        match value:
            case None:
                parts.append(b"0")
            case int():
                parts.append(b"i" + value.to_bytes(8, "big", signed=True))
            case float():
                parts.append(b"f" + struct.pack(">d", value))
            case str() | Text():
                text = value.encode() if isinstance(value, str) else value
                parts.append(b"t" + len(text).to_bytes(4, "big") + text)
            case _:
                parts.append(b"b" + len(value).to_bytes(4, "big") + value)
    return b"".join(parts)


def checked_tables() -> list[Table]:
    """The tables whose rows have a checksum, a table before those that name its rows."""
    own = {ChecksumRow.__tablename__, TableVersionRow.__tablename__}
    return [table for table in Base.metadata.sorted_tables if table.name not in own]


def key_of(table: Table, values: Sequence[Value]) -> str:
    """How the checksum of a row is filed.

    Args:
        table: whose row it is.
        values: of all its columns.
    """
    named = zip(table.columns, values, strict=True)
    return ",".join(str(value) for column, value in named if column.primary_key)


class _Sound(FunctionElement[bool]):
    """A comparison with a checksum; unknown where a database keeps checksums of its own."""

    inherit_cache = True
    name = "sound"
    type = Boolean()


@compiles(_Sound)
def _compared(element: _Sound, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_Sound, "postgresql")
def _not_known(*_: Any, **options: Any) -> str:  # noqa: ARG001
    return "NULL"


def is_sound(model: type[Base]) -> ColumnElement[bool]:
    """Whether a row in a query is what was written; None where no checksum is filed."""
    table = Base.metadata.tables[model.__tablename__]
    (key,) = table.primary_key
    filed = select(ChecksumRow.value).where(
        ChecksumRow.name == table.name, ChecksumRow.key == cast(key, String)
    )
    return _Sound(func.goodside_sum(*table.columns) == filed.scalar_subquery())


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the function that the triggers call; without it, it cannot write."""
    connection.create_function(_FUNCTION, -1, row_sum, deterministic=True)


def drop_triggers(connection: Connection) -> None:
    """Take the triggers away, as before a migration."""
    for name in connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'checksum%'"
    ).scalars():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def put_triggers(connection: Connection) -> None:
    """Make the triggers for the tables as they are now, and the checksums of all their rows."""
    connection.exec_driver_sql("DELETE FROM checksum")
    for table in checked_tables():
        for event in _EVENTS:
            connection.exec_driver_sql(_trigger(table, event))
        connection.exec_driver_sql(
            f"INSERT INTO checksum (name, key, value) SELECT '{table.name}', "
            f'{_key(table)}, {_sum(table)} FROM "{table.name}"'
        )


def correct(encoded: bytes, *, wrong: int) -> Iterator[bytes]:
    """What a row may have been if one byte of it is wrong: usually one answer, or none.

    Args:
        encoded: the row as it is now; its checksum is not the one filed.
        wrong: the checksum filed XOR that of `encoded`.
    """
    bits = wrong
    for place in range(len(encoded) - 1, -1, -1):
        byte = _OF_BYTE.get(bits)
        if byte is not None:
            changed = bytearray(encoded)
            changed[place] ^= byte
            yield bytes(changed)
        bits = _one_byte_back(bits)


def decode(encoded: bytes) -> list[Value]:
    """The values of a row; text comes as `Text`.

    Raises:
        ValueError: it is no row.
    """
    values: list[Value] = []
    at = 0
    while at < len(encoded):
        kind, at = encoded[at : at + 1], at + 1
        if kind == b"0":
            values.append(None)
            continue
        if kind in (b"i", b"f"):
            raw, at = encoded[at : at + 8], at + 8
            values.append(
                int.from_bytes(raw, "big", signed=True)
                if kind == b"i"
                else struct.unpack(">d", raw)[0]
            )
            continue
        length = int.from_bytes(encoded[at : at + 4], "big")
        raw, at = encoded[at + 4 : at + 4 + length], at + 4 + length
        if kind not in (b"t", b"b") or len(raw) != length:
            raise ValueError("no row")
        values.append(Text(raw) if kind == b"t" else raw)
    return values


def _trigger(table: Table, event: str) -> str:
    """No `OR REPLACE`: inside an upsert SQLite goes by the policy of that."""
    key = _key(table, "NEW." if event == "INSERT" else "OLD.")
    steps = [f"DELETE FROM checksum WHERE name = '{table.name}' AND key = {key};"]
    if event != "DELETE":
        steps.append(
            "INSERT INTO checksum (name, key, value) VALUES "
            f"('{table.name}', {_key(table, 'NEW.')}, {_sum(table, 'NEW.')});"
        )
    head = f'CREATE TRIGGER "checksum_{table.name}_{event}" AFTER {event} ON "{table.name}"'
    return f"{head} BEGIN {' '.join(steps)} END"


def _key(table: Table, row: str = "") -> str:
    parts = [f'CAST({row}"{column.name}" AS TEXT)' for column in table.primary_key]
    return " || ',' || ".join(parts)


def _sum(table: Table, row: str = "") -> str:
    columns = ", ".join(f'{row}"{column.name}"' for column in table.columns)
    return f"{_FUNCTION}({columns})"


_POLYNOMIAL = 0xEDB88320


def _one_byte_back(bits: int) -> int:
    """The difference of checksums one byte earlier: CRC's step for a zero byte, undone."""
    for _ in range(8):
        bits = (bits ^ _POLYNOMIAL) << 1 | 1 if bits >> 31 else bits << 1
    return bits


_OF_BYTE = {zlib.crc32(bytes([byte])) ^ zlib.crc32(b"\0"): byte for byte in range(1, 256)}
"""By difference of the checksums, the difference of the last byte."""
