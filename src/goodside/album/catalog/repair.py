"""A damaged catalog made usable: every decision kept, the damaged file kept beside it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from goodside.album.catalog.catalog import Catalog, open_catalog
from goodside.album.catalog.checksums import register
from goodside.album.catalog.columns import DATABASE_ERRORS, Text
from goodside.album.catalog.damage import find_damage, open_raw
from goodside.album.catalog.database import CatalogLocation, file_of
from goodside.album.catalog.migrate import HEAD
from goodside.album.catalog.models import JournalRow
from goodside.album.catalog.readable_rows import DamagedRow
from goodside.album.catalog.rebuild import Rebuilt, rebuild
from goodside.errors import CatalogError, OutputError

_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair did.

    Attributes:
        damage: what was wrong; nothing: the catalog is as it was.
        aside: the damaged file, as it was; None: nothing was done.
        entries: how many entries of the journal were kept.
        mended: rows of which one byte was wrong, and which are as they were written again.
        lost: rows that are not in the catalog any more.
        lost_entries: those of them that are decisions.
        entries_file: what is left of those, as JSON Lines; None: no decision is lost.
    """

    damage: tuple[DamagedRow, ...]
    aside: Path | None = None
    entries: int = 0
    mended: tuple[DamagedRow, ...] = ()
    lost: tuple[DamagedRow, ...] = ()
    lost_entries: tuple[DamagedRow, ...] = ()
    entries_file: Path | None = None


def repair_catalog(location: CatalogLocation, *, now: datetime) -> Repaired:
    """Rebuild a damaged catalog from what can be read of it; a sound one stays as it is.

    Rows that are lost are computed anew by the next scan. Decisions that cannot be read are kept
    aside, in a file of their own. The new file takes the old one's place at once and as a whole.

    Args:
        location: of the catalog.
        now: names the files kept aside.

    Raises:
        CatalogError: there is no catalog, it is kept by a server, it is in use, it was written by a
            newer goodside, or nothing in the file is of a goodside catalog: it stays as it is.
        OutputError: the new file cannot be written; the catalog stays as it is.
    """
    path = file_of(location, to="repair it").absolute()
    if not path.is_file():
        raise CatalogError("there is no catalog", path=path, remedy="scan a folder first")
    damage = _damage(path)
    if not damage:
        return Repaired(())
    try:
        with _locked(path), TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            new, done = _rebuild(path, Path(folder))
            aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}")
            _keep_aside(path, aside)
            entries_file = _keep_entries(done, aside.with_name(f"{aside.name}.jsonl"))
            for end in _BESIDE:
                path.with_name(path.name + end).unlink(missing_ok=True)
            new.replace(path)
            _sync(path.parent)
    except OSError as error:
        raise OutputError(
            f"the catalog cannot be rebuilt: {error.strerror}",
            path=path,
            remedy="make room on the disc, or write access to the folder",
        ) from error
    return Repaired(
        damage=tuple(damage),
        aside=aside,
        entries=done.kept.get(JournalRow.__tablename__, 0),
        mended=tuple(done.mended),
        lost=tuple(done.lost),
        lost_entries=tuple(row for row, _ in done.entries),
        entries_file=entries_file,
    )


def _damage(path: Path) -> list[DamagedRow]:
    """What is wrong with the catalog, also where it cannot be opened at all."""
    try:
        open_catalog(path, create=False).close()
    except CatalogError as error:
        if error.remedy is not None and "wait" in error.remedy:
            raise
        return [DamagedRow("the file", "", error.message)]
    return find_damage(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other writers out, as far as a damaged file lets us.

    Raises:
        CatalogError: another process writes.
    """
    with closing(sqlite3.connect(path, timeout=5.0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except DATABASE_ERRORS as error:
            if "locked" in str(error) or "busy" in str(error):
                raise CatalogError(
                    "another goodside is writing to the catalog",
                    path=path,
                    remedy="wait for it to end",
                ) from error
        yield


def _rebuild(path: Path, folder: Path) -> tuple[Path, Rebuilt]:
    """A new catalog in `folder` with what can be read of a copy of the old one."""
    copy, new = folder / "old.db", folder / "new.db"
    for end in ("", "-wal", "-journal"):
        source = path.with_name(path.name + end)
        if source.is_file():
            shutil.copyfile(source, folder / f"old.db{end}")
    contents = [each.read_bytes() for each in sorted(folder.glob("old.db*"))]
    with suppress(CatalogError):
        open_catalog(copy, create=False).close()  # brings an older one to this version
    open_catalog(new).close()
    with closing(open_raw(copy)) as source_db, closing(sqlite3.connect(new)) as target:
        target.isolation_level = None
        register(target)
        _refuse_others(source_db, path)
        target.execute("PRAGMA journal_mode = DELETE")
        target.execute("BEGIN")
        done = rebuild(source_db, target, contents=contents)
        target.execute("COMMIT")
        target.execute("PRAGMA journal_mode = WAL")
    if not any(done.kept.values()):
        raise CatalogError(
            "nothing in this file is of a goodside catalog",
            path=path,
            remedy="name another file with --catalog, or scan into a new one",
        )
    with Catalog(new, create=False) as made:
        made.check()
    return new, done


def _refuse_others(source: sqlite3.Connection, path: Path) -> None:
    """Leave catalogs of newer versions alone.

    Raises:
        CatalogError: it is one, rather than a damaged one of this version.
    """
    try:
        found = source.execute("SELECT version_num FROM alembic_version").fetchone()
        columns = {bytes(row[1]) for row in source.execute("PRAGMA table_info(journal)")}
    except DATABASE_ERRORS:
        return
    version = found[0].decode("utf-8", "replace") if found and isinstance(found[0], Text) else HEAD
    known = {column.name.encode() for column in JournalRow.__table__.columns}
    if version.isdigit() and version > HEAD and columns - known:
        raise CatalogError(
            f"the catalog was written by a newer goodside (revision {version}, known: {HEAD})",
            path=path,
            remedy="upgrade goodside",
        )


def _keep_aside(path: Path, aside: Path) -> None:
    """Copy the damaged files, readable by their owner only."""
    for end in ("", "-wal", "-journal"):
        source = path.with_name(path.name + end)
        if source.is_file() and (source == path or source.stat().st_size):
            with source.open("rb") as content:
                _write_private(aside.with_name(aside.name + end), content)


def _keep_entries(done: Rebuilt, target: Path) -> Path | None:
    """Write what is left of decisions that could not be kept."""
    if not done.entries:
        return None
    lines = [
        json.dumps({"number": row.key, "why": row.why, **{k: _shown(v) for k, v in left.items()}})
        for row, left in done.entries
    ]
    _write_private(target, BytesIO("".join(f"{line}\n" for line in lines).encode()))
    return target


def _shown(value: object) -> object:
    r"""A stored value in JSON; bytes that are no text keep their values as `\xNN`."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def _write_private(target: Path, content: IO[bytes]) -> None:
    """A new file that only its owner can read, on the disc when this returns."""
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as written:
        shutil.copyfileobj(content, written)
        written.flush()
        os.fsync(written.fileno())


def _sync(folder: Path) -> None:
    """Make a rename outlive a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
