"""What can be read of a damaged catalog, copied row by row into a new one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Table

from goodside.album.catalog.checksums import (
    Value,
    checked_tables,
    correct,
    decode,
    encode,
    key_of,
    row_sum,
)
from goodside.album.catalog.columns import DATABASE_ERRORS, Text
from goodside.album.catalog.damage import LOST, examine, filed_sums, misfit
from goodside.album.catalog.models import JournalRow
from goodside.album.catalog.readable_rows import DamagedRow
from goodside.album.catalog.salvage import find_entries, read_rows

_JOURNAL = JournalRow.__tablename__
_UPSIDE_DOWN = 2**62


@dataclass(slots=True)
class Rebuilt:
    """What became of the rows.

    Attributes:
        kept: by table, how many were copied.
        mended: rows with one wrong byte, which their checksum gave back.
        lost: rows that could not be read, or do not hold what was written.
        entries: of the journal, what is left of those that are not in the new catalog.
    """

    kept: dict[str, int] = field(default_factory=dict)
    mended: list[DamagedRow] = field(default_factory=list)
    lost: list[DamagedRow] = field(default_factory=list)
    entries: list[tuple[DamagedRow, dict[str, Value]]] = field(default_factory=list)


def rebuild(
    source: sqlite3.Connection, target: sqlite3.Connection, *, contents: Iterable[bytes]
) -> Rebuilt:
    """Copy every sound row; rows that depend on lost ones are left for the next scan.

    Args:
        source: of `open_raw`, in whatever state.
        target: a new catalog, empty, foreign keys off, inside a transaction.
        contents: bytes of the source's files, in which journal entries are looked for that SQLite
            does not find any more.
    """
    done = Rebuilt()
    for table in checked_tables():
        _Copy(source, target, table, done).run(contents)
    _unmeasure(target, done)
    _untie(target, done)
    return done


class _Copy:
    """One table's rows on their way."""

    def __init__(
        self, source: sqlite3.Connection, target: sqlite3.Connection, table: Table, done: Rebuilt
    ) -> None:
        self._target, self._table, self._done = target, table, done
        self._source = source
        self._sums: dict[str, int] = {}
        with suppress(*DATABASE_ERRORS):
            self._sums = filed_sums(source, table)
        self._known = {int(key) for key in self._sums if key.isdigit() and int(key) < _UPSIDE_DOWN}
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        marks = ", ".join("?" * len(table.columns))
        # By name: a column that a migration added stands last in the file, not so in the model.
        self._insert = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'
        self._here: set[str] = set()
        self._unfiled: set[int] = set()
        self._uids: set[Value] = set()

    def run(self, contents: Iterable[bytes]) -> None:
        for values in read_rows(self._source, self._table, known=self._known):
            self._take(values)
        if self._table.name == _JOURNAL:
            self._salvage(contents)
        for key in self._sums.keys() - self._here:
            if self._sums[key] not in self._unfiled:  # else only the checksum's key is damaged
                self._lose(DamagedRow(self._table.name, key, LOST), ())
        self._done.kept.setdefault(self._table.name, 0)

    def _take(self, values: Sequence[Value]) -> None:
        key = key_of(self._table, values)
        self._here.add(key)
        filed = self._sums.get(key)
        if filed is None:
            self._unfiled.add(row_sum(*values))
        why = examine(self._table, values, filed=filed)
        if why is not None and filed is not None:
            mended = _mend(self._table, values, filed=filed)
            if mended is not None and self._put(mended):
                self._done.mended.append(DamagedRow(self._table.name, key, why))
                return
        if why is None and not self._put(values):
            why = "does not go with the others"
        if why is not None:
            self._lose(DamagedRow(self._table.name, key, why), values)

    def _salvage(self, contents: Iterable[bytes]) -> None:
        found: dict[Value, tuple[Value, ...]] = {}
        for content in contents:
            for values in find_entries(content):
                if values[1] not in self._uids:
                    found.setdefault(values[1], values)
        last = max((int(key) for key in self._here if key.isdigit()), default=0)
        last = max(last, *self._known, 0)
        lost = {entry["uid"] for _, entry in self._done.entries}
        for values in sorted(found.values(), key=_place):
            if values[1] in lost:
                continue
            number = values[0]
            if not isinstance(number, int) or str(number) in self._here or number > _UPSIDE_DOWN:
                last += 1
                number = last
            self._take((number, *values[1:]))

    def _put(self, values: Sequence[Value]) -> bool:
        row = [value.decode() if isinstance(value, Text) else value for value in values]
        try:
            self._target.execute(self._insert, row)
        except (sqlite3.Error, OverflowError):
            return False
        if self._table.name == _JOURNAL:
            self._uids.add(values[1])
        kept = self._done.kept
        kept[self._table.name] = kept.get(self._table.name, 0) + 1
        return True

    def _lose(self, row: DamagedRow, values: Sequence[Value]) -> None:
        self._done.lost.append(row)
        names = [column.name for column in self._table.columns]
        left = dict(zip(names, values, strict=False))
        if self._table.name == _JOURNAL:
            self._done.entries.append((row, left))
        elif self._table.name == "photo" and values:
            bare = {"id": left["id"], "sha256": left["sha256"], "first_seen": left["first_seen"]}
            if misfit(self._table, [bare.get(name) for name in names]) is not None:
                bare["first_seen"] = Text(b"1970-01-01 00:00:00.000000")
            again = [bare.get(name) for name in names]
            if misfit(self._table, again) is None:
                self._put(again)
        elif self._table.name == "face":
            photo = left.get("photo_id")
            where = "" if not isinstance(photo, int) else f" WHERE id = {photo}"
            self._target.execute(f"UPDATE photo SET faces_by = NULL{where}")


def _place(values: Sequence[Value]) -> tuple[bool, int, bytes]:
    """In order of the entries' numbers; those without one last, by when they were written."""
    number, at = values[0], values[2]
    known = isinstance(number, int)
    return not known, number if isinstance(number, int) else 0, at if isinstance(at, bytes) else b""


def _mend(table: Table, values: Sequence[Value], *, filed: int) -> list[Value] | None:
    """The row as it was written, if one byte of it or of its checksum is wrong."""
    wrong = filed ^ row_sum(*values)
    if misfit(table, values) is None and sum(byte > 0 for byte in wrong.to_bytes(4, "big")) == 1:
        return list(values)
    fitting = []
    for encoded in correct(encode(values), wrong=wrong):
        with suppress(ValueError):
            row = decode(encoded)
            if len(row) == len(values) and misfit(table, row) is None:
                fitting.append(row)
    return fitting[0] if len(fitting) == 1 else None


def _unmeasure(target: sqlite3.Connection, done: Rebuilt) -> None:
    """Let the next scan look again at photographs of which something computed is lost."""
    for row in done.lost:
        if row.table in ("thumbnail", "assessment") and row.key.isdigit():
            target.execute(
                "UPDATE photo SET measured_by = NULL WHERE id = CAST(? AS INTEGER)", (row.key,)
            )
    target.execute(
        "DELETE FROM face WHERE photo_id IN (SELECT id FROM photo WHERE faces_by IS NULL)"
    )


def _untie(target: sqlite3.Connection, done: Rebuilt) -> None:
    """Delete rows that name lost ones, or let them name none."""
    while broken := target.execute("PRAGMA foreign_key_check").fetchall():
        for table, rowid, _, number in broken:
            keys = target.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
            column = next(key[3] for key in keys if key[0] == number)
            info = target.execute(f'PRAGMA table_info("{table}")').fetchall()
            if next(bool(row[3]) for row in info if row[1] == column):
                target.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))
                done.kept[table] -= 1
            else:
                target.execute(f'UPDATE "{table}" SET "{column}" = NULL WHERE rowid = ?', (rowid,))
