"""What people and other programs say of photographs: kept by file, read by photo."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import String, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from goodside.album.catalog.models import FileMetadataRow, FileRow
from goodside.album.catalog.readable_rows import readable
from goodside.album.catalog.records import (
    Description,
    FileStatement,
    NoteRecord,
    Statement,
)
from goodside.album.catalog.upsert import insert_into
from goodside.text import folded

_FILE = frozenset({"file"})  # whose rows have the key of those of `file_metadata`
_DESCRIBED = (
    FileMetadataRow.file_id, FileMetadataRow.title, FileMetadataRow.description,
    FileMetadataRow.label, FileMetadataRow.keywords, FileMetadataRow.people,
    FileMetadataRow.notes, FileMetadataRow.pending,
)  # fmt: skip

_STATEMENT: TypeAdapter[Statement] = TypeAdapter(Statement)


def put_description(
    session: Session,
    file_id: int,
    description: Description,
    *,
    statement: Statement | None,
) -> None:
    """Store what a file and its sidecars say, in place of what they said before.

    Args:
        session: of `Catalog.write`.
        file_id: of a photograph's file.
        description: what can be found.
        statement: what may become decisions; None: take nothing, and nothing back either.
    """
    row = session.get(FileMetadataRow, file_id)
    noted = None if row is None else row.noted
    waits = statement is not None and not (statement.is_silent and noted is None)
    pending = asdict(statement) if waits and statement is not None else None
    values = {
        "title": description.title,
        "description": description.description,
        "label": description.label,
        "keywords": list(description.keywords),
        "people": list(description.people),
        "notes": list(description.notes),
        "pending": pending,
    }
    new = insert_into(session, FileMetadataRow).values(file_id=file_id, noted=None, **values)
    session.execute(
        new.on_conflict_do_update(index_elements=[FileMetadataRow.file_id], set_=values)
    )
    session.expire_all()


def list_statements(session: Session) -> list[FileStatement]:
    """What waits for being turned into decisions, by path; of files that are there."""
    row = FileMetadataRow
    query = (
        select(row.file_id, FileRow.photo_id, row.pending, row.noted)
        .join(FileRow, FileRow.id == FileMetadataRow.file_id)
        .where(FileMetadataRow.pending.is_not(None), FileRow.photo_id.is_not(None))
        .where(FileRow.missing_since.is_(None))
        .order_by(FileRow.path)
    )
    return [
        FileStatement(
            file_id,
            photo_id,
            now=_read(pending) or Statement(),
            before=_read(noted),
            tried=bool((pending or {}).get("tried")),
        )
        for file_id, photo_id, pending, noted in readable(session, query, same=_FILE)
        if photo_id is not None
    ]


def list_earlier_statements(session: Session) -> dict[int, list[Statement]]:
    """By photo, what its files said when they were last looked at."""
    query = (
        select(FileMetadataRow.file_id, FileRow.photo_id, FileMetadataRow.noted)
        .join(FileRow, FileRow.id == FileMetadataRow.file_id)
        .where(FileMetadataRow.noted.is_not(None))
    )
    found: dict[int, list[Statement]] = {}
    for _, photo_id, noted in readable(session, query, same=_FILE):
        if photo_id is not None and (said := _read(noted)) is not None:
            found.setdefault(photo_id, []).append(said)
    return found


def note_statement_seen(
    session: Session, file_id: int, *, said: Statement, left: Statement | None
) -> None:
    """Note that a statement was looked at.

    Args:
        session: of `Catalog.write`.
        file_id: whose.
        said: what it said.
        left: what could not be used yet, such as names of faces that are not found; None: nothing.
    """
    pending = None if left is None else {**asdict(left), "tried": True}
    values = {"noted": asdict(said), "pending": pending}
    session.execute(
        update(FileMetadataRow).where(FileMetadataRow.file_id == file_id).values(**values)
    )


def list_descriptions(
    session: Session, *, photo_ids: Collection[int] | None = None, telling: bool = False
) -> dict[int, Description]:
    """By photo, what the files that hold it say.

    Args:
        session: of `Catalog.read`.
        photo_ids: of these photos only, a few hundred at most.
        telling: leave out, quickly, photos whose files say nothing.
    """
    query = (
        select(*_DESCRIBED, FileRow.photo_id, FileRow.path, FileRow.main_id)
        .join(FileRow, FileRow.id == FileMetadataRow.file_id)
        .where(FileRow.missing_since.is_(None))
    )
    if photo_ids is not None:
        query = query.where(FileRow.photo_id.in_(photo_ids))
    if telling:
        row = FileMetadataRow
        texts = (row.title, row.description, row.label, row.pending)
        lists = (cast(words, String) for words in (row.keywords, row.people, row.notes))
        query = query.where(
            or_(*(text.is_not(None) for text in texts), *(words != "[]" for words in lists))
        )
    rows: dict[int, list[Any]] = {}
    for row in readable(session, query, same=_FILE):
        if row.photo_id is not None and row.main_id is None:
            rows.setdefault(row.photo_id, []).append(row)
    for theirs in rows.values():
        theirs.sort(key=lambda row: os.fsencode(row.path))
    return {photo_id: _joined(theirs) for photo_id, theirs in rows.items()}


def list_notes(session: Session) -> list[NoteRecord]:
    """What was left out of photographs' metadata, and why, by path."""
    query = (
        select(FileMetadataRow.file_id, FileRow.path, FileMetadataRow.notes)
        .join(FileRow, FileRow.id == FileMetadataRow.file_id)
        .where(FileRow.missing_since.is_(None), FileRow.main_id.is_(None))
        .order_by(FileRow.path)
    )
    found = readable(session, query, same=_FILE)
    return [NoteRecord(path, note) for _, path, notes in found for note in notes]


def described_files(session: Session) -> set[int]:
    """Row numbers of the files whose metadata were read."""
    return set(session.scalars(select(FileMetadataRow.file_id)))


def blank_names(session: Session, names: Iterable[str]) -> None:
    """Take names of people out of what files say, however they are written.

    What cannot be read is deleted: the next scan reads those files again.
    """
    gone = {folded(name) for name in names}
    every = select(*_DESCRIBED, FileMetadataRow.noted)
    sound = {row.file_id for row in readable(session, every)}
    session.execute(delete(FileMetadataRow).where(FileMetadataRow.file_id.not_in(sound)))
    for row in session.scalars(select(FileMetadataRow)):
        if any(folded(name) in gone for name in row.people):
            row.people = [name for name in row.people if folded(name) not in gone]
        row.pending, row.noted = _without(row.pending, gone), _without(row.noted, gone)
    session.flush()


def _without(said: dict[str, Any] | None, gone: set[str]) -> dict[str, Any] | None:
    if said is None:
        return None
    left = dict(said)
    left["regions"] = [one for one in said["regions"] if folded(one["name"]) not in gone]
    if (decided := said.get("decided")) is not None:
        faces = [one for one in decided["faces"] if folded(one["name"]) not in gone]
        left["decided"] = {**decided, "faces": faces}
    return left if left != said else said


def _read(stored: Mapping[str, Any] | None) -> Statement | None:
    """A stored statement; one that does not fit counts as never looked at."""
    if stored is None:
        return None
    try:
        return _STATEMENT.validate_python(stored)
    except ValidationError:
        return None


def _waiting_names(row: FileMetadataRow) -> list[str]:
    """Names in regions that mean no face of the catalog so far."""
    waiting = _read(row.pending)
    if waiting is None:
        return []
    ours = () if waiting.decided is None else waiting.decided.faces
    return [region.name for region in (*waiting.regions, *ours)]


def _joined(rows: Iterable[FileMetadataRow]) -> Description:
    rows = list(rows)
    return Description(
        title=next((row.title for row in rows if row.title), None),
        description=next((row.description for row in rows if row.description), None),
        label=next((row.label for row in rows if row.label), None),
        keywords=tuple(dict.fromkeys(word for row in rows for word in row.keywords)),
        people=tuple(
            dict.fromkeys(name for row in rows for name in (*row.people, *_waiting_names(row)))
        ),
        notes=tuple(dict.fromkeys(note for row in rows for note in row.notes)),
    )
