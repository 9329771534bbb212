"""The catalog: one database for all folders, apart from the photographs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from goodside.album.catalog.author import AUTHOR, name_author
from goodside.album.catalog.conflicts import find_conflict
from goodside.album.catalog.database import DATABASE, CatalogLocation, Database, TableWatch, file_of
from goodside.album.catalog.decisions import Decision
from goodside.album.catalog.journal import COMMAND, Entry, append, decisions
from goodside.album.catalog.projection import Decisions
from goodside.album.catalog.readable_rows import LENIENT, NOTED, DamagedRow
from goodside.album.catalog.sqlite_database import REPAIR, SqliteDatabase, default_catalog_path
from goodside.database_url import DatabaseUrl, hide_passwords, parse_location
from goodside.errors import CatalogError, StaleDecision

_COMMAND: ContextVar[str | None] = ContextVar("command", default=None)
_PATIENCE_S = 30.0


def open_catalog(
    location: str | CatalogLocation | None = None, *, create: bool = True, by: str | None = None
) -> Catalog:
    """Open the catalog, make it if it is missing, migrate it if it is older.

    Args:
        location: the database file, or `postgresql+psycopg://HOST/DATABASE`; by default
            `default_catalog_path()`.
        create: make a missing one; its folder too. The database on a server has to be there.
        by: who decides, in the journal; by default the user of the system.

    Raises:
        CatalogError: missing and `create` is off, no goodside catalog, damaged, written by a newer
            goodside, in use by another process for too long, or its server cannot be used.
        OutputError: the file or its folder cannot be made.
    """
    return Catalog(default_catalog_path() if location is None else location, create=create, by=by)


class Catalog:
    """An open catalog; use it as a context manager.

    Functions of this package take the session that `read` or `write` yields. A process opens its
    own catalog: an open one must not cross a fork. Threads may share it, each in its own session.

    What cannot be read in it is left out of what functions give, and stands in `damaged`.

    Args:
        location: the database file, or the database on a server.
        create: make a missing one.
        patience_s: how long to wait for another process that writes.
        by: who decides, in the journal; by default the user of the system.

    Attributes:
        location: where it is; `str` of it shows no password.
        by: who decides.
        damaged: what could not be read so far.
    """

    def __init__(
        self,
        location: str | CatalogLocation,
        *,
        create: bool = True,
        patience_s: float = _PATIENCE_S,
        by: str | None = None,
    ) -> None:
        self.by = name_author(by)
        self.damaged: dict[tuple[str, str], DamagedRow] = {}
        self._database = _open_database(location, patience_s=patience_s)
        self.location = self._database.location
        self._errors: tuple[type[Exception], ...] = (SQLAlchemyError, *self._database.errors)
        try:
            with self._told():
                self._database.prepare(create=create)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file, or the connections, back; the catalog cannot be used afterwards."""
        self._database.close()

    @property
    def path(self) -> Path:
        """The file.

        Raises:
            CatalogError: it is kept by a server.
        """
        return file_of(self.location, to="name it")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the catalog, whatever others write meanwhile.

        Raises:
            CatalogError: the catalog is damaged or cannot be read.
        """
        info: dict[Any, Any] = {NOTED: self.damaged, LENIENT: True, DATABASE: self._database}
        engine = self._database.reader()
        with self._told(), Session(engine, expire_on_commit=False, info=info) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that holds the only write lock: all of it is kept at the end, or nothing.

        An exception inside undoes everything. Keep it short: decode and compute outside.

        Raises:
            CatalogError: another process wrote for too long (30 s), or the file is damaged.
        """
        info: dict[Any, Any] = {
            NOTED: self.damaged,
            COMMAND: _COMMAND.get() or uuid4().hex,
            DATABASE: self._database,
            AUTHOR: self.by,
        }
        with (
            self._told(),
            Session(self._database.writer(), expire_on_commit=False, info=info) as session,
            session.begin(),
        ):
            self._database.lock(session)
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

    def decide(
        self, decision: Decision, *, at: datetime | None = None, seen: int | None = None
    ) -> Entry:
        """Append one decision to the journal.

        Args:
            decision: any but `ForgetPerson`, which `forget` makes.
            at: when; now by default.
            seen: number of the last entry of the journal that the state had which it is decided on;
                by default it holds whatever others decided meanwhile.

        Raises:
            StaleDecision: another decided otherwise on the same thing since `seen`; nothing was
                noted.
        """
        with self.write() as session:
            if seen is not None:
                other = find_conflict(session, decision, seen=seen, by=self.by)
                if other is not None:
                    raise StaleDecision(
                        f"{other.by or 'somebody'} decided otherwise meanwhile, as entry "
                        f"{other.number}",
                        remedy="look at it again, then decide",
                    )
            return append(session, decision, at=at or datetime.now(UTC))

    def decisions(self) -> Decisions:
        """What all decisions amount to."""
        with self.read() as session:
            return decisions(session)

    def find_damage(self) -> list[DamagedRow]:
        """Read every row of every table: what is not as it was written, or does not fit."""
        with self._told():
            return self._database.find_damage()

    def check(self) -> None:
        """Read the whole file and prove that it is sound.

        Raises:
            CatalogError: it is not.
        """
        found = self.find_damage()
        if found:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            raise CatalogError(
                f"the catalog is damaged: {found[0]}{more}", path=str(self.location), remedy=REPAIR
            )

    def watch_changes(self) -> TableWatch:
        """What notices, cheaply, that somebody wrote into this catalog; close it at the end."""
        return self._database.watch_changes()

    def wipe(self) -> None:
        """Write what may hold deleted data anew, so that nothing of it is left.

        Copies made before a migration or a repair are removed. On a server its logs and backups
        are not ours to change.

        Raises:
            CatalogError: another process is reading.
        """
        with self._told():
            self._database.wipe()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say a database's complaint as an error of goodside."""
        try:
            yield
        except self._errors as error:
            if isinstance(error, IntegrityError) and "only added to" in str(error.orig):
                raise
            raise self._database.explain(error) from error


def _open_database(location: str | CatalogLocation, *, patience_s: float) -> Database:
    try:
        place = parse_location(location)
    except ValueError as error:
        raise CatalogError(str(error), path=hide_passwords(str(location))) from error
    if isinstance(place, DatabaseUrl):
        from goodside.album.catalog.postgres_database import PostgresDatabase

        return PostgresDatabase(place, patience_s=patience_s)
    return SqliteDatabase(place.absolute(), patience_s=patience_s)
