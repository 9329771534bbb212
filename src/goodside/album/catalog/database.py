"""What keeps a catalog: a file of SQLite's, or a database on a PostgreSQL server.

All else in this package is written once for both. What differs stands behind `Database`, and a
session knows which one it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Table
from sqlalchemy.orm import Session

from goodside.album.catalog.readable_rows import DamagedRow
from goodside.database_url import DatabaseUrl
from goodside.errors import CatalogError, GoodsideError
from goodside.types import FloatArray

CatalogLocation: TypeAlias = Path | DatabaseUrl
"""A file, or a database on a server."""

DATABASE = "database"
"""Under what name a session keeps the `Database` that it belongs to."""


class TableWatch(Protocol):
    """Notices that somebody wrote into a catalog; threads may share it."""

    def look(self) -> Mapping[str, int]:
        """How often each table was changed so far.

        Raises:
            CatalogError: the catalog cannot be read.
        """

    def close(self) -> None:
        """Give its connection back."""


class Database(Protocol):
    """What keeps a catalog."""

    @property
    def location(self) -> CatalogLocation:
        """Where it is; `str` of it shows no password."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What its driver raises by itself, besides SQLAlchemy's errors."""

    def prepare(self, *, create: bool) -> None:
        """Make the catalog if it is missing, migrate it if it is older.

        Raises:
            CatalogError: there is none and `create` is off, or it cannot be used.
            OutputError: it cannot be made.
        """

    def reader(self) -> Engine:
        """For sessions that see one state."""

    def writer(self) -> Engine:
        """For sessions that write."""

    def lock(self, session: Session) -> None:
        """Wait for the only write lock; it is held until the transaction ends."""

    def before_migration(self, connection: Connection) -> None:
        """Take away what would hinder a change of the tables; keep a copy where that is done."""

    def after_migration(self, connection: Connection) -> None:
        """Make what belongs to the tables as they are now."""

    def explain(self, error: Exception) -> GoodsideError:
        """A database's complaint as an error of goodside's."""

    def find_damage(self) -> list[DamagedRow]:
        """Read every row of every table: what is not as it was written, or does not fit."""

    def list_unreadable(self, session: Session) -> list[tuple[Table, int]]:
        """Rows, by table and row number, of computed values that cannot be read: found quickly."""

    def find_nearest(
        self, session: Session, features: FloatArray, n: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]] | None:
        """The `n` photographs whose features have the highest cosine, the highest first.

        Args:
            session: of `Catalog.read`.
            features: (D,) float32, unit length.
            n: how many.

        Returns:
            (n,) row numbers and (n,) cosines by an index; None: there is none, so that all have to
            be compared.
        """

    def prepare_search(self, session: Session) -> None:
        """Make what `find_nearest` needs, where it is not there yet; of many photographs slow."""

    def wipe(self) -> None:
        """Write the tables anew, so that nothing deleted is left in them.

        Raises:
            CatalogError: another process is reading.
        """

    def watch_changes(self) -> TableWatch:
        """What notices that somebody wrote."""

    def close(self) -> None:
        """Give all connections back."""


def database_of(session: Session) -> Database:
    """What keeps the catalog of a session of `Catalog.read` or `Catalog.write`."""
    return cast("Database", session.info[DATABASE])


def prepare_search(session: Session) -> None:
    """Make what finding likeness quickly needs, at the end of a scan.

    Args:
        session: of `Catalog.write`.
    """
    database_of(session).prepare_search(session)


def nearest_photos(
    session: Session, features: FloatArray, n: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]] | None:
    """`Database.find_nearest` of the catalog that a session of `Catalog.read` belongs to."""
    return database_of(session).find_nearest(session, features, n)


def file_of(location: CatalogLocation, *, to: str) -> Path:
    """The file of a catalog that is one.

    Args:
        location: of any catalog.
        to: what needs the file, as in `repair it`.

    Raises:
        CatalogError: it is kept by a server.
    """
    if isinstance(location, Path):
        return location
    raise CatalogError(
        f"a catalog on a server is no file, so goodside cannot {to}",
        path=str(location),
        remedy="use PostgreSQL's own tools: pg_dump and pg_restore, pg_amcheck",
    )
