"""The journal as a file: JSON Lines, one entry a line, to keep apart or to carry elsewhere."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy import select

from goodside.album.catalog.catalog import Catalog
from goodside.album.catalog.decisions import Decision, read_decision
from goodside.album.catalog.forgetting import settle_forgotten
from goodside.album.catalog.journal import append, decisions, entries
from goodside.album.catalog.models import JournalRow
from goodside.errors import CatalogError, OutputError, reason_of
from goodside.os_errors import refusal
from goodside.regular_file import read_text

_MAX_BYTES = 1_000_000_000


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    uid: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    at: AwareDatetime
    kind: str
    payload: dict[str, Any]


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
        raise refusal("the journal cannot be written", error, path) from error
    return len(lines)


def import_journal(catalog: Catalog, path: Path) -> int:
    """Add the entries of an exported journal that are not here yet, after those that are.

    People it forgets are forgotten here too.

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
        added = 0
        for uid, at, decision in lines:
            if uid in known:
                continue
            append(session, decision, at=at, uid=uid)
            known.add(uid)
            added += 1
        gone = settle_forgotten(session, before=before)
    if gone:
        catalog.wipe()
    return added


def _read(path: Path) -> list[tuple[str, datetime, Decision]]:
    try:
        text = read_text(path, max_bytes=_MAX_BYTES)
    except (OSError, ValueError) as error:
        raise CatalogError(
            f"the journal cannot be read: {reason_of(error)}",
            path=path,
            remedy="give a file of goodside album journal --export",
        ) from error
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            told = _Line.model_validate(json.loads(line))
            found.append((told.uid, told.at, read_decision(told.kind, told.payload)))
        except (json.JSONDecodeError, ValidationError, CatalogError) as error:
            raise CatalogError(
                f"line {number} is no journal entry: {str(error).splitlines()[0]}",
                path=path,
                remedy="give a file of goodside album journal --export",
            ) from error
    return found
