"""Forgetting a person: the one thing that deletes, and what undoing does to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from goodside.album.catalog.catalog import Catalog
from goodside.album.catalog.decisions import FaceRef, ForgetPerson, Undo
from goodside.album.catalog.faces import list_faces, reset_faces
from goodside.album.catalog.journal import (
    Entry,
    append,
    blank_name,
    decisions,
    entries,
    redoable,
    take_back,
)
from goodside.album.catalog.metadata import blank_names
from goodside.album.catalog.models import FaceRow, JournalRow, PhotoRow
from goodside.album.catalog.readable_rows import noted
from goodside.errors import CatalogError, OutOfRange

_SAME = 0.5


def forget(catalog: Catalog, person: str, *, at: datetime) -> int:
    """Delete everything about a person: vectors, crops, boxes, the name in the journal.

    The name also goes out of what other programs' metadata said when they were last read; a scan
    reads it again from a file that changes.

    What stays is an entry with content and box of the faces, so that they are not analysed again.
    The file is written anew, so that nothing deleted is left in it: seconds for a large catalog.

    Args:
        catalog: open.
        person: a key.
        at: now, aware.

    Returns:
        How many faces were deleted.

    Raises:
        CatalogError: another process is reading; what is deleted may still be in the file.
    """
    with catalog.write() as session:
        decided = decisions(session)
        person = decided.person(person)
        blank_names(session, filter(None, [decided.names.get(person)]))
        theirs = {face.ref for face in list_faces(session, person=person)}
        theirs |= {ref for ref, key in decided.faces.items() if key == person}
        blank_name(session, {person, *(k for k, into in decided.merged.items() if into == person)})
        ordered = tuple(sorted(theirs, key=lambda ref: (ref.photo, ref.box)))
        append(session, ForgetPerson(person=person, faces=ordered), at=at)
        count = erase(session, ordered)
    catalog.wipe()
    return count


def undo(
    catalog: Catalog,
    numbers: Iterable[int] = (),
    *,
    count: int = 1,
    at: datetime,
    anyone: bool = False,
) -> list[Entry]:
    """Take entries back; naming an undo takes that back, which is a redo.

    Taking back that a person was forgotten lets the next scan analyse the faces again; the name is
    gone for good.

    Args:
        catalog: open.
        numbers: which entries, each with those of its step; none: the newest `count` commands that
            stand and that a person gave, each with all its entries.
        count: how many commands without `numbers`.
        at: now, aware.
        anyone: also what others decided; by default what `Catalog.by` did, and what nobody's name
            stands at.

    Returns:
        What was taken back, in the order done.

    Raises:
        OutOfRange: there is no such entry, it is undone already, another decided it and `anyone` is
            off, or nothing is left to undo.
    """
    with catalog.write() as session:
        forgets = select(JournalRow.id).where(JournalRow.kind == "forget").limit(1)
        ever = session.scalar(forgets) is not None
        before = decisions(session).forgotten if ever else frozenset[FaceRef]()
        undone = take_back(session, numbers, count=count, at=at, anyone=anyone)
        touched = any(isinstance(entry.decision, ForgetPerson | Undo) for entry in undone)
        gone = settle_forgotten(session, before=before) if ever and touched else 0
    if gone:
        catalog.wipe()
    return undone


def redo(catalog: Catalog, *, count: int = 1, at: datetime, anyone: bool = False) -> list[Entry]:
    """Let what `undo` took back last hold again, the latest first.

    Only until something else is decided: then there is nothing to redo, and `undo` of an undo by
    its number still does it.

    Args:
        catalog: open.
        count: of so many undos.
        at: now, aware.
        anyone: also of others' undos, unless somebody decided something since.

    Returns:
        The undos that no longer count.

    Raises:
        OutOfRange: nothing was taken back since the last decision.
    """
    with catalog.read() as session:
        by = None if anyone else catalog.by
        numbers = redoable(entries(session), by=by)[:count]
    if not numbers:
        raise OutOfRange("there is nothing to redo")
    return undo(catalog, numbers, at=at, anyone=anyone)


def settle_forgotten(session: Session, *, before: Collection[FaceRef] = ()) -> int:
    """Make the tables agree with what the journal says is forgotten.

    Args:
        session: of `Catalog.write`.
        before: faces that were forgotten; photos of those that no longer are get analysed again.

    Returns:
        How many faces were deleted.
    """
    after = decisions(session).forgotten
    back = {bytes.fromhex(ref.photo) for ref in before if ref not in after}
    if back:
        reset_faces(
            session, session.scalars(select(PhotoRow.id).where(PhotoRow.sha256.in_(back))).all()
        )
    names = [entry.decision for entry in entries(session) if not entry.undone]
    people = {decision.person for decision in names if isinstance(decision, ForgetPerson)}
    if people:
        blank_name(session, people)
    return erase(session, after)


def erase(session: Session, refs: Collection[FaceRef]) -> int:
    """Delete the rows of faces that overlap any of these by half; how many there were."""
    if not refs:
        return 0
    there: dict[str, list[FaceRef]] = {}
    for ref in refs:
        there.setdefault(ref.photo, []).append(ref)
    faces = list_faces(session)
    if unread := [row for row in noted(session) if row.table in ("face", "photo", "assignment")]:
        raise CatalogError(
            f"faces cannot be read, so they could not be forgotten ({unread[0]})",
            remedy="goodside album repair, then again",
        )
    doomed = [
        face.id
        for face in faces
        if any(face.ref.overlap(ref) >= _SAME for ref in there.get(face.ref.photo, ()))
    ]
    for face_id in doomed:
        session.execute(delete(FaceRow).where(FaceRow.id == face_id))
    return len(doomed)
