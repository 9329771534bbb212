"""The catalog: one database file for all folders, apart from the photographs."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from goodside.album.catalog.checksums import register
from goodside.album.catalog.columns import DATABASE_ERRORS, read_text
from goodside.album.catalog.damage import find_damage
from goodside.album.catalog.decisions import Decision
from goodside.album.catalog.journal import COMMAND, Entry, append, decisions
from goodside.album.catalog.migrate import HEAD, SCRIPTS, migrate, revision
from goodside.album.catalog.projection import Decisions
from goodside.album.catalog.readable_rows import LENIENT, NOTED, DamagedRow
from goodside.errors import CatalogError, OutputError
from goodside.os_errors import explain

_APPLICATION = 0x676F6F64
REPAIR = "goodside album repair keeps all that can be read"
_COMMAND: ContextVar[str | None] = ContextVar("command", default=None)
_PATIENCE_S, _PAUSE_S = 30.0, 0.05
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
    from platformdirs import user_data_path

    return user_data_path("goodside", appauthor=False) / "catalog.db"


def open_catalog(path: str | Path | None = None, *, create: bool = True) -> Catalog:
    """Open the catalog, make it if it is missing, migrate it if it is older.

    Args:
        path: the database file; by default `default_catalog_path()`.
        create: make a missing one; its folder too.

    Raises:
        CatalogError: missing and `create` is off, no goodside catalog, damaged, written by a newer
            goodside, or in use by another process for too long.
        OutputError: the file or its folder cannot be made.
    """
    return Catalog(default_catalog_path() if path is None else Path(path), create=create)


class Catalog:
    """An open catalog; use it as a context manager.

    Functions of this package take the session that `read` or `write` yields. A process opens its
    own catalog: an open one must not cross a fork. Threads may share it, each in its own session.

    What cannot be read in it is left out of what functions give, and stands in `damaged`.

    Args:
        path: the database file.
        create: make a missing one.
        patience_s: how long to wait for another process that writes.
    """

    def __init__(self, path: Path, *, create: bool = True, patience_s: float = _PATIENCE_S) -> None:
        self.path = path.absolute()
        if not self.path.exists():
            if not create:
                raise CatalogError(
                    "there is no catalog", path=self.path, remedy="scan a folder first"
                )
            _make(self.path)
        _check_regular(self.path)
        self.damaged: dict[tuple[str, str], DamagedRow] = {}
        self._patience_s = patience_s
        if not self.path.stat().st_size:  # of others we know only after a look inside
            _make_private(self.path)
        self._engine = _engine(self._connect, foreign_keys=True)
        with self._told():
            self._prepare()
        _make_private(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back; the catalog cannot be used afterwards."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the catalog, whatever others write meanwhile.

        Raises:
            CatalogError: the file is damaged or cannot be read.
        """
        info = {NOTED: self.damaged, LENIENT: True}
        with self._told(), Session(self._engine, expire_on_commit=False, info=info) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that holds the only write lock: all of it is kept at the end, or nothing.

        An exception inside undoes everything. Keep it short: decode and compute outside.

        Raises:
            CatalogError: another process wrote for too long (30 s), or the file is damaged.
        """
        engine = self._engine.execution_options(begin="IMMEDIATE")
        info = {NOTED: self.damaged, COMMAND: _COMMAND.get() or uuid4().hex}
        with (
            self._told(),
            Session(engine, expire_on_commit=False, info=info) as session,
            session.begin(),
        ):
            session.connection()
            yield session

    @contextmanager
    def command(self) -> Iterator[None]:
        """Decisions taken inside, in however many sessions, are taken back by one `undo`.

        Those of one `write` are without this, too.
        """
        token = _COMMAND.set(_COMMAND.get() or uuid4().hex)
        try:
            yield
        finally:
            _COMMAND.reset(token)

    def decide(self, decision: Decision, *, at: datetime | None = None) -> Entry:
        """Append one decision to the journal.

        Args:
            decision: any but `ForgetPerson`, which `forget` makes.
            at: when; now by default.
        """
        with self.write() as session:
            return append(session, decision, at=at or datetime.now(UTC))

    def decisions(self) -> Decisions:
        """What all decisions amount to."""
        with self.read() as session:
            return decisions(session)

    def find_damage(self) -> list[DamagedRow]:
        """Read every row of every table: what is not as it was written, or does not fit."""
        return find_damage(self.path)

    def check(self) -> None:
        """Read the whole file and prove that it is sound.

        Raises:
            CatalogError: it is not.
        """
        found = self.find_damage()
        if found:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            raise CatalogError(
                f"the catalog is damaged: {found[0]}{more}", path=self.path, remedy=REPAIR
            )

    def wipe(self) -> None:
        """Write the file anew and empty its log, so that nothing deleted is left in them.

        Copies made before a migration or a repair are removed.

        Raises:
            CatalogError: another process is reading.
        """
        with self._told(), closing(self._connect()) as raw:
            raw.execute("VACUUM")
            busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise CatalogError(
                "another goodside is reading, so deleted data may still be in the file",
                path=self.path,
                remedy="end it and do this again",
            )
        for copy in _copies(self.path):
            copy.unlink()

    def _prepare(self) -> None:
        with self._engine.connect() as connection:
            owner = connection.exec_driver_sql("PRAGMA application_id").scalar()
            found = revision(connection)
        if found == HEAD and owner == _APPLICATION:
            return
        if owner != _APPLICATION and self._holds_tables():
            raise CatalogError(
                "this is a database of another program",
                path=self.path,
                remedy="name another file with --catalog",
            )
        with closing(self._connect()) as raw:
            _use_wal(raw, patience_s=self._patience_s)
        engine = _engine(self._connect, foreign_keys=False).execution_options(begin="IMMEDIATE")
        with engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION}")
            migrate(connection, self.path, scripts=SCRIPTS)
        engine.dispose()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=self._patience_s, isolation_level=None, check_same_thread=False
        )
        connection.text_factory = read_text
        register(connection)
        return connection

    def _holds_tables(self) -> bool:
        with self._engine.connect() as connection:
            return connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first() is not None

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say a database's complaint as an error of goodside."""
        try:
            yield
        except IntegrityError as error:
            if "only added to" in str(error.orig):
                raise
            raise CatalogError(
                f"the catalog does not agree with itself: {error.orig}",
                path=self.path,
                remedy=REPAIR,
            ) from error
        except (SQLAlchemyError, *DATABASE_ERRORS) as error:
            text = str(getattr(error, "orig", error)).splitlines()[0]
            busy = "locked" in text or "busy" in text
            remedy = next((advice for what, advice in _REMEDIES.items() if what in text), None)
            if remedy is None:
                remedy = _CHECK if _is_outside(text) else REPAIR
            raise CatalogError(
                "another goodside is writing to the catalog" if busy else f"the catalog: {text}",
                path=self.path,
                remedy="wait for it to end" if busy else remedy,
            ) from error


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
