"""Decisions taken on a state that is no longer so: what two people say of the same thing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from goodside.album.catalog.decisions import (
    Decision,
    ExcludeFiles,
    ForgetPerson,
    HidePerson,
    KeepFrames,
    MergePeople,
    NamePerson,
    NotPerson,
    Rate,
    RejectFaces,
    SetFlag,
    SetFolder,
    SetTags,
    SplitPerson,
    Undo,
    read_decision,
)
from goodside.album.catalog.journal import Entry, entries_after
from goodside.album.catalog.models import JournalRow
from goodside.tags import tag_key

_GONE = "forgotten"


def find_conflict(session: Session, decision: Decision, *, seen: int, by: str) -> Entry | None:
    """What another decided otherwise, on something that this decision is about too.

    Tags that are added or taken away, and what says the same, add up and are no conflict.

    Args:
        session: of `Catalog.write`.
        decision: that is about to be appended.
        seen: number of the last entry that its person knew; 0: none.
        by: who decides.

    Returns:
        The latest such entry; None: there is none.
    """
    meant = _claims(decision)
    for entry in reversed(entries_after(session, seen)):
        if entry.by != by and _contradict(meant, _of_entry(session, entry)):
            return entry
    return None


def _contradict(one: Mapping[Hashable, object], other: Mapping[Hashable, object]) -> bool:
    return any(one[what] != other[what] for what in one.keys() & other.keys())


def _of_entry(session: Session, entry: Entry) -> Mapping[Hashable, object]:
    """What an entry says; of an undo, that what it takes back is no longer said."""
    decision: Decision = entry.decision
    undone = False
    while isinstance(decision, Undo):
        query = select(JournalRow.kind, JournalRow.payload).where(JournalRow.uid == decision.entry)
        row = session.execute(query).first()
        if row is None:
            return {}
        decision, undone = read_decision(row.kind, row.payload), True
    said = _claims(decision)
    return dict.fromkeys(said, (_GONE, entry.uid)) if undone else said


_CLAIMS: Mapping[type, Callable[[Any], Mapping[Hashable, object]]] = {
    SetFlag: lambda one: _each("flag", one.photos, one.flag),
    Rate: lambda one: _each("stars", one.photos, one.stars),
    SetTags: lambda one: {
        ("tag", photo, tag_key(tag)): there
        for photo in one.photos
        for tags, there in ((one.add, True), (one.remove, False))
        for tag in tags
    },
    KeepFrames: lambda one: _each("kept", one.others, False) | _each("kept", one.photos, True),
    NamePerson: lambda one: {
        **({} if one.name is None else {("name", one.person): one.name}),
        **_each("face", one.faces, one.person),
    },
    MergePeople: lambda one: {("merged", one.person): one.into},
    SplitPerson: lambda one: _each("face", one.faces, one.into),
    NotPerson: lambda one: _each("face", one.faces, ("not", one.person)),
    RejectFaces: lambda one: _each("face", one.faces, "rejected"),
    HidePerson: lambda one: {("hidden", one.person): one.hidden},
    ForgetPerson: lambda one: {
        **{(what, one.person): _GONE for what in ("name", "merged", "hidden")},
        **_each("face", one.faces, _GONE),
    },
    SetFolder: lambda one: {("folder", one.path): one.faces},
    ExcludeFiles: lambda one: {("exclude", one.path): one.globs},
}
"""What each kind of decision says of what."""


def _claims(decision: Decision) -> Mapping[Hashable, object]:
    says = _CLAIMS.get(type(decision))
    return {} if says is None else says(decision)


def _each(what: str, subjects: Sequence[Hashable], value: object) -> dict[Hashable, object]:
    return {(what, subject): value for subject in subjects}
