"""A catalog in a database on a PostgreSQL server, which several people and computers share."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from goodside.album.catalog import migrate
from goodside.album.catalog.models import AssessmentRow, Base
from goodside.album.catalog.nearest import find_nearest, has_index, put_index
from goodside.album.catalog.postgres_complaints import explain_complaint
from goodside.album.catalog.postgres_damage import find_damage
from goodside.album.catalog.postgres_triggers import drop_version_triggers, put_version_triggers
from goodside.album.catalog.postgres_watch import ServerWatch
from goodside.album.catalog.readable_rows import DamagedRow
from goodside.database_url import DatabaseUrl
from goodside.errors import CatalogError, GoodsideError, SettingsError
from goodside.types import FloatArray

_MARK = "goodside: a catalog of photographs"
_LOCK = 0x676F6F64
_OLDEST_VECTOR = (0, 7)
_NEEDED = ("psycopg", "pgvector")
_CONNECT_S = 10
_ERASED = ("journal", "face", "assignment", "file_metadata")
"""Tables in which something is deleted for good when a person is forgotten."""


class PostgresDatabase:
    """A catalog on a server; see `goodside.album.catalog.database.Database`.

    Who writes holds an advisory lock, so that the journal's numbers come in the order in which
    decisions are kept; readers wait for nobody.

    Args:
        url: of the database, which has to be there.
        patience_s: how long to wait for another process that writes.
    """

    def __init__(self, url: DatabaseUrl, *, patience_s: float) -> None:
        missing = [name for name in _NEEDED if find_spec(name) is None]
        if missing:
            raise SettingsError(
                f"a catalog on a server needs the package {missing[0]}, which is not installed",
                remedy="pip install 'goodside[postgres]'",
            )
        import psycopg

        self.location = url
        self.errors: tuple[type[Exception], ...] = (psycopg.Error,)
        self._patience_s = patience_s
        self._engine = _engine(url)
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")

    def prepare(self, *, create: bool) -> None:
        """Bring the database to this version's tables; an empty one only if asked."""
        with self._engine.connect() as connection:
            found = migrate.revision(connection)
            ours = found is not None and self._is_marked(connection)
        if ours and found == migrate.HEAD:
            return
        if not ours:
            self._check_free()
            if not create:
                raise CatalogError(
                    "there is no catalog", path=str(self.location), remedy="scan a folder first"
                )
        with self._engine.begin() as connection:
            self._take_lock(connection)
            self._make_vector(connection)
            migrate.migrate(connection, self)
            connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{_MARK}'")

    def reader(self) -> Engine:
        """Its transactions see the state at their first query."""
        return self._reader

    def writer(self) -> Engine:
        """Its transactions see what was kept before each query; `lock` lets nobody else write."""
        return self._engine

    def lock(self, session: Session) -> None:
        """Take the advisory lock of this catalog."""
        self._take_lock(session.connection())

    def before_migration(self, connection: Connection) -> None:
        """Backups of a server are its administrator's; a migration that fails changes nothing."""
        import pgvector.sqlalchemy  # noqa: F401  tells SQLAlchemy of the kind of column

        drop_version_triggers(connection)

    def after_migration(self, connection: Connection) -> None:
        """Make the counters for the tables as they are now."""
        put_version_triggers(connection)

    def explain(self, error: Exception) -> GoodsideError:
        """The server's complaint, by its code."""
        return explain_complaint(error, self.location)

    def find_damage(self) -> list[DamagedRow]:
        """Read every row; the server compares its pages with their checksums where it has some."""
        return find_damage(self)

    def list_unreadable(self, session: Session) -> list[tuple[Table, int]]:
        """None: the server takes no value of another kind."""
        return []

    def find_nearest(
        self, session: Session, features: FloatArray, n: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]] | None:
        """By the HNSW index of the photographs' features."""
        return find_nearest(session, features, n)

    def prepare_search(self, session: Session) -> None:
        """Make the index, for features as the latest photograph has them."""
        length = session.scalar(
            select(func.vector_dims(AssessmentRow.embedding))
            .where(AssessmentRow.embedding.is_not(None))
            .order_by(AssessmentRow.photo_id.desc())
            .limit(1)
        )
        if length is not None and not has_index(session.connection(), length):
            put_index(session.connection(), length)

    def wipe(self) -> None:
        """Write the tables anew that may hold what was deleted."""
        waits = f"SET lock_timeout = {int(self._patience_s * 1000)}"
        plain = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with plain.connect() as connection:
            connection.exec_driver_sql(waits)
            for name in _ERASED:
                try:
                    connection.exec_driver_sql(f"VACUUM (FULL) {name}")
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", "") != "55P03":
                        raise
                    raise CatalogError(
                        "another goodside is reading, so deleted data may still be in the database",
                        path=str(self.location),
                        remedy="end it and do this again",
                    ) from error

    def watch_changes(self) -> ServerWatch:
        """A connection of its own that asks for the counters."""
        return ServerWatch(self)

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def _take_lock(self, connection: Connection) -> None:
        wait_ms = max(1, int(self._patience_s * 1000))
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {wait_ms}")
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({_LOCK}, hashtext(current_schema()))"
        )

    def _is_marked(self, connection: Connection) -> bool:
        query = "SELECT obj_description('alembic_version'::regclass)"
        return connection.exec_driver_sql(query).scalar() == _MARK

    def _sees_public(self, connection: Connection) -> bool:
        """Whether an extension may lie where other catalogs of the database see it too."""
        query = "SELECT 'public' = ANY(current_schemas(false))"
        return connection.exec_driver_sql(query).scalar() is True

    def _check_free(self) -> None:
        """Keep away from a database of another program's.

        Raises:
            CatalogError: it has tables of the names that a catalog has, or no UTF-8.
        """
        with self._engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
            taken = there & {*Base.metadata.tables, "alembic_version"}
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if taken:
            raise CatalogError(
                "this is a database of another program",
                path=str(self.location),
                remedy="name an empty database with --catalog",
            )
        if encoding != "UTF8":
            raise CatalogError(
                f"the database's encoding is {encoding}",
                path=str(self.location),
                remedy="make one in UTF-8: createdb --encoding=UTF8 --template=template0 NAME",
            )

    def _make_vector(self, connection: Connection) -> None:
        query = text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        version = connection.execute(query).scalar()
        if version is None:
            offered = text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
            if connection.execute(offered).first() is None:
                raise CatalogError(
                    "the server has no pgvector, which keeps what photographs and faces look like",
                    path=str(self.location),
                    remedy="install pgvector 0.7 or newer on the server, then try again",
                )
            try:
                with connection.begin_nested():
                    where = "SCHEMA public" if self._sees_public(connection) else ""
                    connection.exec_driver_sql(f"CREATE EXTENSION vector {where}")
            except SQLAlchemyError as error:
                raise CatalogError(
                    "pgvector is not switched on in the database, and this user may not do it",
                    path=str(self.location),
                    remedy="let its administrator say there: CREATE EXTENSION vector",
                ) from error
            version = connection.execute(query).scalar()
        if tuple(int(part) for part in str(version).split(".")[:2]) < _OLDEST_VECTOR:
            raise CatalogError(
                f"the database has pgvector {version}; 0.7 or newer is needed",
                path=str(self.location),
                remedy="install a newer one, then let its administrator say: ALTER EXTENSION "
                "vector UPDATE",
            )


def _engine(url: DatabaseUrl) -> Engine:
    engine = create_engine(
        url.driver_text,
        pool_pre_ping=True,  # a server that was restarted meanwhile is nobody's fault
        hide_parameters=True,
        connect_args={
            "application_name": "goodside",
            "connect_timeout": _CONNECT_S,
            "keepalives_idle": 30,
        },
    )

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def prepare(
        _connection: object, _cursor: object, statement: str, values: Any, *_: object
    ) -> tuple[str, Any]:
        return statement, _without_zeros(values)

    return engine


def _without_zeros(values: Any) -> Any:
    """Texts with a zero in them, as metadata may hold, are stored without: servers take none."""
    match values:
        case str() if "\0" in values:
            return values.replace("\0", "\ufffd")
        case dict():
            return {name: _without_zeros(value) for name, value in values.items()}
        case list() | tuple():
            return type(values)(map(_without_zeros, values))
    return values
