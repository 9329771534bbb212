"""The journal: decisions in the order in which they were taken, only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from goodside.album.catalog.author import AUTHOR
from goodside.album.catalog.decisions import (
    Decision,
    ReplacePhoto,
    Undo,
    read_decision,
)
from goodside.album.catalog.models import JournalRow
from goodside.album.catalog.projection import Decisions, effective_uids, fold
from goodside.album.catalog.readable_rows import LENIENT, noted, readable
from goodside.errors import CatalogError, OutOfRange

COMMAND = "command"
"""Under what name a session keeps the command whose decisions it writes."""

IMPORTED = "import-"
"""How the commands begin that brought entries of another journal."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal.

    Attributes:
        number: its place in this catalog's journal, from 1; what `undo` takes.
        uid: its name in every catalog.
        at: when it was decided, UTC.
        decision: what was decided.
        undone: an effective undo names it.
        step: what the entries share that only make sense together: `undo NUMBER` takes all of them.
        command: what the entries of one command share: `undo` without a number takes all of them.
        by: who decided; empty where it was not noted.
    """

    number: int
    uid: str
    at: datetime
    decision: Decision
    undone: bool = False
    step: str = ""
    command: str = ""
    by: str = ""


def append(
    session: Session,
    decision: Decision,
    *,
    at: datetime,
    uid: str | None = None,
    step: str | None = None,
    command: str | None = None,
    by: str | None = None,
) -> Entry:
    """Add one decision.

    Args:
        session: of `Catalog.write`.
        decision: what was decided.
        at: when, aware.
        uid: its name; by default a new one.
        step: of the entries that it only makes sense with; by default it stands alone.
        command: of the entries that `undo` takes back with it; by default all of this session.
        by: who decided; by default whom the catalog was opened by. Empty: it is not known.
    """
    uid = uid or uuid4().hex
    row = JournalRow(
        uid=uid,
        at=at,
        kind=decision.kind,
        payload=decision.model_dump(mode="json", exclude={"kind"}),
        step=step or uid,
        command=command or session.info.setdefault(COMMAND, uuid4().hex),
        by=(session.info.get(AUTHOR) if by is None else by) or None,
    )
    session.add(row)
    session.flush()
    return _entry(row, decision)


def entries(session: Session) -> list[Entry]:
    """The whole journal, oldest first.

    A session of `Catalog.read` goes on without an entry that cannot be read and notes it.

    Raises:
        CatalogError: an entry cannot be read, and what follows from the journal is to be written.
    """
    query = select(*JournalRow.__table__.columns).order_by(JournalRow.id)
    found = list(readable(session, query, build=lambda row: (row, _decision(row))))
    lost = [row.key for row in noted(session) if row.table == JournalRow.__tablename__]
    if lost and not session.info.get(LENIENT):
        raise CatalogError(
            f"entry {', '.join(lost)} of the journal cannot be read",
            remedy="goodside album repair keeps all others",
        )
    effective = effective_uids([(row.uid, decision) for row, decision in found])
    return [_entry(row, decision, undone=row.uid not in effective) for row, decision in found]


def _entry(row: Row[Any] | JournalRow, decision: Decision, *, undone: bool = False) -> Entry:
    return Entry(
        row.id,
        row.uid,
        row.at,
        decision,
        undone=undone,
        step=row.step or row.uid,
        command=row.command or row.uid,
        by=row.by or "",
    )


def _decision(row: Row[Any]) -> Decision:
    return read_decision(row.kind, row.payload)


def entries_after(session: Session, number: int) -> list[Entry]:
    """Entries that were added since, oldest first; whether they are undone is not looked at.

    Args:
        session: of `Catalog.read`.
        number: of the last entry that is known; 0: none is.
    """
    query = select(*JournalRow.__table__.columns).where(JournalRow.id > number)
    return [
        _entry(row, decision)
        for row, decision in readable(
            session, query.order_by(JournalRow.id), build=lambda row: (row, _decision(row))
        )
    ]


def decisions(session: Session) -> Decisions:
    """What the journal amounts to."""
    return fold((entry.uid, entry.decision) for entry in entries(session))


def take_back(
    session: Session,
    numbers: Iterable[int] = (),
    *,
    count: int = 1,
    at: datetime,
    anyone: bool = False,
) -> list[Entry]:
    """Append undos; `goodside.album.catalog.undo` is what a person does.

    Args:
        session: of `Catalog.write`.
        numbers: which entries, each with those of its step; none: the newest `count` commands that
            stand and that a person gave, each with all its entries.
        count: how many commands without `numbers`.
        at: now, aware.
        anyone: also what others decided; by default one's own, and what nobody's name stands at.

    Returns:
        What was taken back, in the order done.

    Raises:
        OutOfRange: there is no such entry, it is undone already, another decided it and `anyone` is
            off, or nothing is left to undo.
    """
    there = entries(session)
    chosen = list(numbers)
    by = None if anyone else session.info.get(AUTHOR)
    taken: list[Entry] = []
    for part in _steps(there, chosen, by=by) if chosen else _newest_commands(there, count, by=by):
        group = uuid4().hex
        for entry in part:
            append(session, Undo(entry=entry.uid), at=at, step=group, command=group)
        taken += [entry for entry in part if not entry.undone]
    return taken


def _steps(there: Sequence[Entry], numbers: Iterable[int], *, by: str | None) -> list[list[Entry]]:
    """What stands of the steps of these entries, the newest of each first."""
    known = {entry.number: entry for entry in there}
    for number in numbers:
        if number not in known:
            raise OutOfRange(f"the journal has no entry {number}", remedy="see album journal")
        if known[number].undone:
            raise OutOfRange(f"entry {number} is undone already", remedy="see album journal")
        if not is_of(known[number], by):
            raise OutOfRange(
                f"entry {number} is a decision of {known[number].by}",
                remedy="album undo --anyone takes back those of others",
            )
    steps = dict.fromkeys(known[number].step for number in numbers)
    return [[e for e in reversed(there) if e.step == step and not e.undone] for step in steps]


def _newest_commands(there: Sequence[Entry], count: int, *, by: str | None) -> list[list[Entry]]:
    """What stands of the newest commands, the newest first.

    Undos are no commands of this kind, nor is what a scan notes of edited files; an import is one
    whatever it brought.
    """
    commands: dict[str, list[Entry]] = {}
    for entry in reversed([entry for entry in there if is_of(entry, by)]):
        # Of an import all: what one of its undos takes back must not return when that undo goes.
        if not entry.undone or entry.command.startswith(IMPORTED):
            commands.setdefault(entry.command, []).append(entry)
    found = [part for part in commands.values() if any(map(_is_given, part))][:count]
    if not found:
        others = sorted({entry.by for entry in there if not entry.undone and not is_of(entry, by)})
        raise OutOfRange(
            "there is nothing to undo" if not others else "there is nothing of yours to undo",
            remedy=f"album undo --anyone takes back those of {', '.join(others)}"
            if others
            else None,
        )
    return found


def is_of(entry: Entry, by: str | None) -> bool:
    """Whether an entry counts as somebody's own: theirs, or nobody's name stands at it.

    Args:
        entry: of the journal.
        by: who; None: anybody's count.
    """
    return by is None or entry.by in ("", by)


def undoable(there: Sequence[Entry], *, by: str | None = None) -> bool:
    """Whether `undo` finds something that a person decided and that stands.

    Args:
        there: the journal.
        by: only what this person decided.
    """
    return any(_is_given(entry) for entry in there if is_of(entry, by))


def redoable(there: Sequence[Entry], *, by: str | None = None) -> list[int]:
    """Numbers of undos that a redo takes back, one of each, the latest first.

    They stand, take back what is no redo itself, and nothing was decided since.

    Args:
        there: the journal.
        by: only of this person's undos and decisions.
    """
    by_uid = {entry.uid: entry.decision for entry in there}
    found: dict[str, int] = {}
    for entry in reversed([entry for entry in there if is_of(entry, by)]):
        decision, depth = entry.decision, 0
        while isinstance(decision, Undo) and decision.entry in by_uid:
            decision, depth = by_uid[decision.entry], depth + 1
        if depth == 0 and not isinstance(decision, Undo | ReplacePhoto):
            break
        if depth % 2 and not entry.undone:
            found.setdefault(entry.step, entry.number)
    return list(found.values())


def _is_given(entry: Entry) -> bool:
    imported = entry.command.startswith(IMPORTED)
    return not entry.undone and (imported or not isinstance(entry.decision, Undo | ReplacePhoto))


def blank_name(session: Session, people: Collection[str]) -> None:
    """Take these people's names out of earlier entries: the one change the journal allows.

    Args:
        session: of `Catalog.write`.
        people: keys.
    """
    for row in session.scalars(select(JournalRow).where(JournalRow.kind == "name")):
        if row.payload["person"] in people:
            row.payload = {**row.payload, "name": None}
    session.flush()
