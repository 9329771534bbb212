"""The journal as a file: JSON Lines, one entry a line, to keep apart or to carry elsewhere."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
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
from goodside.errors import CatalogError, reason_of
from goodside.images import atomic_write, check_output
from goodside.json_text import parse_json
from goodside.regular_file import read_regular

_MAX_BYTES = 256_000_000
_YEARS = range(1970, 2200)  # outside of these nobody decided; dates near their ends overflow
_COMMAND = rf"^({IMPORTED})?[0-9a-f]{{1,64}}$"
_REMEDY = "give a file of goodside album journal --export"


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    uid: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    at: AwareDatetime
    kind: str
    payload: dict[str, Any]
    step: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{1,64}$")] | None = None
    command: Annotated[str, StringConstraints(pattern=_COMMAND)] | None = None
    by: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None


def export_journal(catalog: Catalog, path: Path, *, overwrite: bool = False) -> int:
    """Write the whole journal, undone entries too.

    Args:
        catalog: open.
        path: the file; it appears whole or not at all, readable by its owner only.
        overwrite: replace a file that is there.

    Returns:
        How many entries.

    Raises:
        OutputError: the file exists and `overwrite` is off, it is an original, or it cannot be
            written.
    """
    check_output(path, overwrite=overwrite)
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
                    **({"by": entry.by} if entry.by else {}),
                }
            )
            for entry in entries(session)
        ]
    with atomic_write(path, overwrite=overwrite, mode=0o600) as stream:
        stream.write("".join(f"{line}\n" for line in lines).encode("ascii"))
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
                by=line.by or "",
            )
            known.add(line.uid)
            added += 1
        gone = settle_forgotten(session, before=before)
    if gone:
        catalog.wipe()
    return added


def _read(path: Path) -> list[tuple[_Line, Decision]]:
    try:
        data = read_regular(path, max_bytes=_MAX_BYTES)
    except OSError as error:
        raise CatalogError(
            f"the journal cannot be read: {reason_of(error)}", path=path, remedy=_REMEDY
        ) from error
    found = []
    data = data.removeprefix(BOM_UTF8)
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            try:
                found.append(_entry(line, number=number))
            except UnicodeDecodeError as error:
                raise CatalogError(
                    f"the journal cannot be read: line {number} is not in UTF-8",
                    path=path,
                    remedy=_REMEDY,
                ) from error
            except (ValueError, CatalogError) as error:
                raise CatalogError(
                    f"line {number} is no journal entry: {_why(error)}", path=path, remedy=_REMEDY
                ) from error
    return found


def _entry(line: bytes, *, number: int) -> tuple[_Line, Decision]:
    """One line.

    Raises:
        ValueError: it is no UTF-8, no JSON, past the limits, or of another form.
        CatalogError: its decision is of no known kind or does not fit.
    """
    entry = _Line.model_validate(parse_json(line.decode(), first_line=number))
    if entry.at.year not in _YEARS:
        raise ValueError(f"its time is of the year {entry.at.year}")
    return entry, read_decision(entry.kind, entry.payload)


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg'].lower()}"
    if isinstance(error, CatalogError):
        return error.message
    return re.sub(r"^line \d+[,:] ", "", str(error))
