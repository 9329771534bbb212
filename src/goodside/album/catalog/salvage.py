"""Rows read by whatever way is left when SQLite cannot walk through a table any more."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Table

from goodside.album.catalog.checksums import Value
from goodside.album.catalog.columns import DATABASE_ERRORS, Text
from goodside.album.catalog.models import JournalRow

_PROBES = 2_000_000
_COLUMNS = len(JournalRow.__table__.columns)
"""Of the journal now; earlier versions had five, then seven."""

_HEADER = re.compile(rb"[\x06-\x0e]\x00\x4d\x41[\x0d-\x7f]", re.DOTALL)
"""Sizes in the header of a journal row: NULL (its number), 32 letters, 26 letters, a word."""


def read_rows(
    connection: sqlite3.Connection, table: Table, *, known: Collection[int] = ()
) -> Iterator[tuple[Value, ...]]:
    """Every row of a table that SQLite can still reach: from both ends, then one by one.

    Args:
        connection: of `open_raw`.
        table: which.
        known: numbers of rows that there should be.
    """
    try:
        info = connection.execute(f'PRAGMA table_info("{table.name}")').fetchall()
    except DATABASE_ERRORS:
        return
    there = {bytes(row[1]) for row in info}
    columns = ", ".join(
        f'"{column.name}"' if column.name.encode() in there else "NULL" for column in table.columns
    )
    query = f'SELECT rowid, {columns} FROM "{table.name}" NOT INDEXED'
    seen: set[int] = set()
    whole = False
    for order in ("", " ORDER BY rowid DESC"):
        try:
            for number, *values in connection.execute(query + order):
                if number not in seen:
                    seen.add(number)
                    yield tuple(values)
            whole = True
        except DATABASE_ERRORS:
            continue
        break
    missing = set(known) - seen
    if not whole:
        missing.update(range(1, min(max({*seen, *known}, default=0), _PROBES) + 1))
    for number in sorted(missing - seen):
        try:
            row = connection.execute(f"{query} WHERE rowid = ?", (number,)).fetchone()
        except DATABASE_ERRORS:
            continue
        if row is not None:
            yield tuple(row[1:])


def find_entries(content: bytes) -> Iterator[tuple[Value, ...]]:
    """Rows of the journal found by what they look like in the bytes of a file.

    It needs neither the file's header nor its tables; what was deleted is overwritten with zeros
    (`secure_delete`), so that nothing forgotten comes back.

    Args:
        content: of a catalog, or of its log.

    Yields:
        Values as the table has them, the number None where it cannot be made out; text as `Text`.
    """
    size = int.from_bytes(content[16:18], "big")
    page_size = size if size >= 512 and size & (size - 1) == 0 else 4096
    for match in _HEADER.finditer(content):
        row = _read_row(content, match.start(), page_size=page_size)
        if row is not None:
            yield row


def _read_row(content: bytes, start: int, *, page_size: int) -> tuple[Value, ...] | None:
    """The row whose record begins here, if one does."""
    end = start + content[start]
    sizes = []
    at = start + 1
    while at < end:
        kind, at = _varint(content, at)
        if kind != 0 and (kind < 13 or kind % 2 == 0):
            return None  # neither NULL nor text
        sizes.append(None if kind == 0 else (kind - 13) // 2)
    if at != end or not 5 <= len(sizes) <= _COLUMNS:
        return None
    total = content[start] + sum(size or 0 for size in sizes)
    record = _gather(content, start, total, page_size=page_size)
    if record is None:
        return None
    values: list[Value] = [_number(content, start, total)]
    at = content[start] + (sizes[0] or 0)
    for size in sizes[1:]:
        values.append(None if size is None else Text(record[at : at + size]))
        at += size or 0
    return (*values, *[None] * (_COLUMNS - len(values))) if _looks_right(values) else None


def _gather(content: bytes, start: int, total: int, *, page_size: int) -> bytes | None:
    """A record of `total` bytes: what lies here, and what SQLite put on pages of its own."""
    most = page_size - 35
    if total <= most:
        return content[start : start + total]
    least = (page_size - 12) * 32 // 255 - 23
    here = least + (total - least) % (page_size - 4)
    here = here if here <= most else least
    record = bytearray(content[start : start + here])
    page = int.from_bytes(content[start + here : start + here + 4], "big")
    while len(record) < total:
        at = (page - 1) * page_size
        if page < 2 or at + page_size > len(content):
            return None
        page = int.from_bytes(content[at : at + 4], "big")
        record += content[at + 4 : at + page_size]
    return bytes(record[:total])


def _number(content: bytes, start: int, total: int) -> int | None:
    """The row's number, which stands between the record's length and the record."""
    length = _as_varint(total)
    for size in range(1, 10):
        at = start - size
        if at >= len(length) and content[at - len(length) : at] == length:
            number, end = _varint(content, at)
            if end == start:
                return number
    return None


def _looks_right(values: list[Value]) -> bool:
    """Whether uid and moment are such; the rest is examined as in every row."""
    uid, at = values[1], values[2]
    if not isinstance(uid, Text) or not isinstance(at, Text):
        return False
    try:
        datetime.fromisoformat(at.decode())
    except ValueError:
        return False
    return re.fullmatch(rb"[0-9a-f]{32}", uid) is not None


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """SQLite's variable-length number, and where it ends."""
    value = 0
    for byte in content[at : at + 8]:
        value = value << 7 | byte & 0x7F
        at += 1
        if byte < 0x80:
            return value, at
    return value << 8 | (content[at] if at < len(content) else 0), at + 1


def _as_varint(value: int) -> bytes:
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(value & 0x7F | 0x80)
    return bytes(reversed(parts))
