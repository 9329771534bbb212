"""A catalog in one SQLite file: made, opened, migrated, locked, written anew."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from glob import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_data_path
from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from goodside.album.catalog import migrate
from goodside.album.catalog.checksums import drop_triggers, put_triggers, register
from goodside.album.catalog.columns import DATABASE_ERRORS, read_text
from goodside.album.catalog.damage import find_damage
from goodside.album.catalog.misfits import find_misfits
from goodside.album.catalog.readable_rows import DamagedRow
from goodside.album.catalog.table_versions import (
    ChangeWatch,
    drop_version_triggers,
    put_version_triggers,
)
from goodside.errors import CatalogError, GoodsideError, OutputError
from goodside.os_errors import explain
from goodside.types import FloatArray

_APPLICATION = 0x676F6F64
REPAIR = "goodside album repair keeps all that can be read"
_PAUSE_S = 0.05
_CHECK = "check the file, or name another catalog"
_REMEDIES = {
    "readonly": "its disk or its file is read-only: mount the disk for writing, change the file's "
    "permissions, or name another catalog",
    "is full": "free some space on its disk, or name a catalog on another one",
    "disk I/O": "check its disk, and copy the file while it can be read",
    "unable to open": "check its folder's permissions, and the limit on open files (`ulimit -n`)",
}
"""What to do, by words of SQLite's."""


def default_catalog_path() -> Path:
    """`catalog.db` in the folder where the system keeps a person's application data."""
    return user_data_path("goodside", appauthor=False) / "catalog.db"


class SqliteDatabase:
    """A catalog in one file; see `goodside.album.catalog.database.Database`.

    Args:
        path: the file, absolute.
        patience_s: how long to wait for another process that writes.
    """

    errors: tuple[type[Exception], ...] = DATABASE_ERRORS

    def __init__(self, path: Path, *, patience_s: float) -> None:
        self.location = path
        self._patience_s = patience_s
        self._engine = _engine(self._connect, foreign_keys=True)

    def prepare(self, *, create: bool) -> None:
        """Make the file if it is missing, and bring it to this version's tables."""
        path = self.location
        if not path.exists():
            if not create:
                raise CatalogError("there is no catalog", path=path, remedy="scan a folder first")
            _make(path)
        _check_regular(path)
        if not path.stat().st_size:  # of others we know only after a look inside
            _make_private(path)
        self._migrate()
        _make_private(path)

    def reader(self) -> Engine:
        """SQLite gives a transaction one state anyway."""
        return self._engine

    def writer(self) -> Engine:
        """Its transactions take the write lock as they begin."""
        return self._engine.execution_options(begin="IMMEDIATE")

    def lock(self, session: Session) -> None:
        """Begin: that takes the lock."""
        session.connection()

    def before_migration(self, connection: Connection) -> None:
        """Copy the file, readable by its owner only, while others may be reading it."""
        if migrate.revision(connection) is not None:
            path = self.location
            back_up(path, path.with_name(f"{path.name}.before-{migrate.HEAD}"))
        drop_triggers(connection)
        drop_version_triggers(connection)

    def after_migration(self, connection: Connection) -> None:
        """Make checksums and counters for the tables as they are now."""
        put_triggers(connection)
        put_version_triggers(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise CatalogError(
                f"migrating to {migrate.HEAD} would leave {broken} dangling", path=self.location
            )

    def explain(self, error: Exception) -> GoodsideError:
        """SQLite's complaint, by its words."""
        path = self.location
        if isinstance(error, IntegrityError):
            return CatalogError(
                f"the catalog does not agree with itself: {error.orig}", path=path, remedy=REPAIR
            )
        text = str(getattr(error, "orig", error)).splitlines()[0]
        if "locked" in text or "busy" in text:
            return CatalogError(
                "another goodside is writing to the catalog",
                path=path,
                remedy="wait for it to end",
            )
        remedy = next((advice for what, advice in _REMEDIES.items() if what in text), None)
        if remedy is None:
            remedy = _CHECK if _is_outside(text) else REPAIR
        return CatalogError(f"the catalog: {text}", path=path, remedy=remedy)

    def find_damage(self) -> list[DamagedRow]:
        """Compare every row with its checksum, and let SQLite look at the file."""
        return find_damage(self.location)

    def list_unreadable(self, session: Session) -> list[tuple[Table, int]]:
        """Look at kinds, lengths and forms."""
        return find_misfits(session)

    def find_nearest(
        self, session: Session, features: FloatArray, n: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]] | None:
        """There is no index: all are compared, exactly."""
        return None

    def prepare_search(self, session: Session) -> None:
        """There is nothing to make."""

    def wipe(self) -> None:
        """Write the file anew, empty its log, and remove its copies."""
        with closing(self._connect()) as raw:
            raw.execute("VACUUM")
            busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise CatalogError(
                "another goodside is reading, so deleted data may still be in the file",
                path=self.location,
                remedy="end it and do this again",
            )
        for copy in _copies(self.location):
            copy.unlink()

    def watch_changes(self) -> ChangeWatch:
        """A connection of its own that SQLite tells of the commits of all others."""
        return ChangeWatch(self.location)

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()

    def _migrate(self) -> None:
        with self._engine.connect() as connection:
            owner = connection.exec_driver_sql("PRAGMA application_id").scalar()
            found = migrate.revision(connection)
        if found == migrate.HEAD and owner == _APPLICATION:
            return
        if owner != _APPLICATION and self._holds_tables():
            raise CatalogError(
                "this is a database of another program",
                path=self.location,
                remedy="name another file with --catalog",
            )
        with closing(self._connect()) as raw:
            _use_wal(raw, patience_s=self._patience_s)
        engine = _engine(self._connect, foreign_keys=False).execution_options(begin="IMMEDIATE")
        with engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION}")
            migrate.migrate(connection, self)
        engine.dispose()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.location, timeout=self._patience_s, isolation_level=None, check_same_thread=False
        )
        connection.text_factory = read_text
        register(connection)
        return connection

    def _holds_tables(self) -> bool:
        with self._engine.connect() as connection:
            return connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first() is not None


def back_up(path: Path, target: Path) -> None:
    """Copy a database, readable by its owner only, while others may be reading it."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _is_outside(complaint: str) -> bool:
    """Whether it is not the file's content that is wrong."""
    return any(word in complaint for word in ("unable to open", "readonly", "full", "disk I/O"))


def _copies(path: Path) -> list[Path]:
    """What was copied of a catalog before it was migrated or repaired."""
    return [
        copy
        for kind in ("before", "damaged")
        for copy in path.parent.glob(f"{escape(path.name)}.{kind}-*")
    ]


def _make_private(path: Path) -> None:
    """Let only its owner read a catalog and what lies beside it, as far as we may say so."""
    beside = [path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")]
    wanted = [(each, 0o600) for each in (path, *beside, *_copies(path))]
    if path == default_catalog_path().absolute():
        wanted.append((path.parent, 0o700))
    for each, mode in wanted:
        with suppress(OSError):
            if each.stat().st_mode & 0o077:
                each.chmod(mode)


def _check_regular(path: Path) -> None:
    """Keep SQLite from pipes and devices, of which it would say that the disk is broken.

    The file is looked at, never opened: closing it would drop the locks that another catalog of
    this process holds on it.
    """
    if not path.is_file() and not path.is_dir():
        raise CatalogError(
            "it is a pipe or a device, no file",
            path=path,
            remedy="name another file with --catalog",
        )


def _use_wal(connection: sqlite3.Connection, *, patience_s: float) -> None:
    """Let readers go on beside a writer.

    SQLite does not wait here by itself: it refuses at once while another process opens the catalog
    for the first time, too.
    """
    until = time.monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= until:
                raise
        else:
            return
        time.sleep(_PAUSE_S)


def _make(path: Path) -> None:
    """An empty file that only its owner reads: it will hold faces."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    except OSError as error:
        explained = explain(error, path)
        raise OutputError(
            f"the catalog cannot be made: {explained.reason}",
            path=path,
            remedy=f"{explained.remedy}; --catalog or GOODSIDE_CATALOG names another file",
        ) from error


def _engine(connect: Callable[[], sqlite3.Connection], *, foreign_keys: bool) -> Engine:
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in (
            "synchronous = FULL",
            "secure_delete = ON",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        how = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {how}")

    return engine
