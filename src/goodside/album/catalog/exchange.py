"""The journal as a file: JSON Lines, one entry a line, to keep apart or to carry elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy import select

from goodside.album.catalog.catalog import Catalog
from goodside.album.catalog.decisions import Decision, read_decision
from goodside.album.catalog.forgetting import settle_forgotten
from goodside.album.catalog.journal import IMPORTED, append, decisions, entries
from goodside.album.catalog.models import JournalRow
from goodside.errors import CatalogError, OutputError


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    uid: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    at: AwareDatetime
    kind: str
    payload: dict[str, Any]
    step: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    command: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None


def export_journal(catalog: Catalog, path: Path, *, overwrite: bool = False) -> int:
    """Write the whole journal, undone entries too.

    Args:
        catalog: open.
        path: the file; it appears whole or not at all, readable by its owner only.
        overwrite: replace a file that is there.

    Returns:
        How many entries.

    Raises:
        OutputError: the file exists, or cannot be written.
    """
    if path.exists() and not overwrite:
        raise OutputError("the file exists", path=path, remedy="another name, or --overwrite")
    with catalog.read() as session:
        lines = [
            json.dumps(
                {
                    "uid": entry.uid,
                    "at": entry.at.isoformat(),
                    "kind": entry.decision.kind,
                    "payload": entry.decision.model_dump(mode="json", exclude={"kind"}),
                    "step": entry.step,
                    "command": entry.command,
                }
            )
            for entry in entries(session)
        ]
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(f"the journal cannot be written: {error.strerror}", path=path) from error
    return len(lines)


def import_journal(catalog: Catalog, path: Path) -> int:
    """Add the entries of an exported journal that are not here yet, after those that are.

    People it forgets are forgotten here too. One `undo` takes back all that was added, except in
    an empty journal: that is a journal brought back, and each of its commands is undone by itself.

    Args:
        catalog: open.
        path: a file of `export_journal`.

    Returns:
        How many entries were added; nothing is, if any line is wrong.

    Raises:
        CatalogError: the file cannot be read, or a line is no journal entry.
    """
    lines = _read(path)
    with catalog.write() as session:
        before = decisions(session).forgotten
        known = set(session.scalars(select(JournalRow.uid)))
        command = f"{IMPORTED}{uuid4().hex}" if known else None
        added = 0
        for line, decision in lines:
            if line.uid in known:
                continue
            append(
                session,
                decision,
                at=line.at,
                uid=line.uid,
                step=line.step,
                command=command or line.command or line.uid,
            )
            known.add(line.uid)
            added += 1
        gone = settle_forgotten(session, before=before)
    if gone:
        catalog.wipe()
    return added


def _read(path: Path) -> list[tuple[_Line, Decision]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError("the journal cannot be read", path=path) from error
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            told = _Line.model_validate(json.loads(line))
            found.append((told, read_decision(told.kind, told.payload)))
        except (json.JSONDecodeError, ValidationError, CatalogError) as error:
            raise CatalogError(
                f"line {number} is no journal entry: {str(error).splitlines()[0]}",
                path=path,
                remedy="give a file of goodside album journal --export",
            ) from error
    return found
