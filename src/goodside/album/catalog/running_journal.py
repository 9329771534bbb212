"""A journal that was read once and is carried on: only what was added is read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from goodside.album.catalog.decisions import ForgetPerson, Undo
from goodside.album.catalog.journal import Entry, entries_after
from goodside.album.catalog.projection import Decisions, Projection, effective_uids


class RunningJournal:
    """The entries of a catalog's journal, and what they amount to.

    Use it in one thread at a time.

    Attributes:
        decisions: what all entries amount to.
    """

    def __init__(self) -> None:
        self.decisions = Decisions()
        self._entries: list[Entry] = []
        self._effective: set[str] = set()
        self._projection = Projection()

    @property
    def entries(self) -> Sequence[Entry]:
        """All of them, oldest first, with whether they are undone."""
        return [
            replace(entry, undone=True) if entry.uid not in self._effective else entry
            for entry in self._entries
        ]

    def update(self, session: Session) -> bool:
        """Take what was added; whether anything was.

        Forgetting a person takes names out of earlier entries: then all are read again.

        Args:
            session: of `Catalog.read`.
        """
        last = self._entries[-1].number if self._entries else 0
        new = entries_after(session, last)
        if not new:
            return False
        undone = any(isinstance(entry.decision, Undo) for entry in new)
        forgets = any(
            isinstance(entry.decision, ForgetPerson)
            for entry in (*new, *(self._entries if undone else ()))
        )
        if last and forgets:
            new = entries_after(session, 0)
            self._entries = []
        self._entries += new
        if undone or len(self._entries) == len(new):
            self._fold()
        else:
            for entry in new:
                self._effective.add(entry.uid)
                self._projection.add(entry.decision)
        self.decisions = self._projection.state()
        return True

    def _fold(self) -> None:
        listed = [(entry.uid, entry.decision) for entry in self._entries]
        self._effective = effective_uids(listed)
        self._projection = Projection()
        for uid, decision in listed:
            if uid in self._effective and not isinstance(decision, Undo):
                self._projection.add(decision)
