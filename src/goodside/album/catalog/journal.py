"""The journal: decisions in the order in which they were taken, only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from goodside.album.catalog.decisions import (
    Decision,
    Decisions,
    ReplacePhoto,
    Undo,
    fold,
    read_decision,
    standing,
)
from goodside.album.catalog.models import JournalRow
from goodside.errors import OutOfRange


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal.

    Attributes:
        number: its place in this catalog's journal, from 1; what `undo` takes.
        uid: its name in every catalog.
        at: when it was decided, UTC.
        decision: what was decided.
        undone: an effective undo names it.
    """

    number: int
    uid: str
    at: datetime
    decision: Decision
    undone: bool = False


def append(session: Session, decision: Decision, *, at: datetime, uid: str | None = None) -> Entry:
    """Add one decision.

    Args:
        session: of `Catalog.write`.
        decision: what was decided.
        at: when, aware.
        uid: its name; by default a new one.
    """
    row = JournalRow(
        uid=uid or uuid4().hex,
        at=at,
        kind=decision.kind,
        payload=decision.model_dump(mode="json", exclude={"kind"}),
    )
    session.add(row)
    session.flush()
    return Entry(row.id, row.uid, row.at, decision)


def entries(session: Session) -> list[Entry]:
    """The whole journal, oldest first.

    Raises:
        CatalogError: an entry is of a kind that this version does not know.
    """
    columns = (JournalRow.id, JournalRow.uid, JournalRow.at, JournalRow.kind, JournalRow.payload)
    rows = session.execute(select(*columns).order_by(JournalRow.id)).all()
    told = [(row.uid, read_decision(row.kind, row.payload)) for row in rows]
    counts = standing(told)
    return [
        Entry(row.id, row.uid, row.at, decision, undone=row.uid not in counts)
        for row, (_, decision) in zip(rows, told, strict=True)
    ]


def decisions(session: Session) -> Decisions:
    """What the journal amounts to."""
    return fold((entry.uid, entry.decision) for entry in entries(session))


def take_back(
    session: Session, numbers: Iterable[int] = (), *, count: int = 1, at: datetime
) -> list[Entry]:
    """Append undos; `goodside.album.catalog.undo` is what a person does.

    Args:
        session: of `Catalog.write`.
        numbers: which entries; none: the newest `count` that stand and that a person made.
        count: how many without `numbers`.
        at: now, aware.

    Returns:
        What was taken back, in the order done.

    Raises:
        OutOfRange: there is no such entry, it is undone already, or nothing is left to undo.
    """
    there = entries(session)
    if chosen := list(numbers):
        known = {entry.number: entry for entry in there}
        for number in chosen:
            if number not in known:
                raise OutOfRange(f"the journal has no entry {number}", remedy="see album journal")
            if known[number].undone:
                raise OutOfRange(f"entry {number} is undone already", remedy="see album journal")
        targets = [known[number] for number in dict.fromkeys(chosen)]
    else:
        targets = [
            entry
            for entry in reversed(there)
            if not entry.undone and not isinstance(entry.decision, Undo | ReplacePhoto)
        ][:count]
        if not targets:
            raise OutOfRange("there is nothing to undo")
    for entry in targets:
        append(session, Undo(entry=entry.uid), at=at)
    return targets


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
