"""How often each table was changed: what others wrote is noticed without reading it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection

from goodside.album.catalog.checksums import checked_tables
from goodside.album.catalog.columns import DATABASE_ERRORS
from goodside.errors import CatalogError

_EVENTS = ("INSERT", "UPDATE", "DELETE")
_PREFIX = "version_"


def drop_version_triggers(connection: Connection) -> None:
    """Take the triggers away, as before a migration."""
    for name in connection.exec_driver_sql(
        f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{_PREFIX}%'"
    ).scalars():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def put_version_triggers(connection: Connection) -> None:
    """Make the triggers that count, for the tables as they are now."""
    for table in checked_tables():
        connection.exec_driver_sql(
            f"INSERT OR IGNORE INTO table_version (name, value) VALUES ('{table.name}', 0)"
        )
        for event in _EVENTS:
            connection.exec_driver_sql(
                f'CREATE TRIGGER "{_PREFIX}{table.name}_{event}" AFTER {event} ON "{table.name}" '
                "BEGIN UPDATE table_version SET value = value + 1 "
                f"WHERE name = '{table.name}'; END"
            )


class ChangeWatch:
    """Notices that somebody wrote into a catalog; threads may share it.

    It keeps a connection of its own: what SQLite tells a connection are the commits of all others,
    those of this process too.

    Args:
        path: a catalog of this version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._seen: tuple[int, int] | None = None
        self._versions: Mapping[str, int] = {}

    def look(self) -> Mapping[str, int]:
        """How often each table was changed so far; some microseconds where nothing was.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        with self._lock:
            try:
                return self._look()
            except (OSError, *DATABASE_ERRORS) as error:
                self._close()
                raise CatalogError(
                    f"the catalog: {error}", path=self._path, remedy="check the file"
                ) from error

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._close()

    def __del__(self) -> None:
        self._close()

    def _look(self) -> Mapping[str, int]:
        inode = self._path.stat().st_ino  # a repair puts another file in its place
        if self._connection is None or (self._seen is not None and self._seen[0] != inode):
            self._close()
            self._connection = sqlite3.connect(
                f"{self._path.as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=30
            )
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if self._seen != (inode, version):
            rows = self._connection.execute("SELECT name, value FROM table_version").fetchall()
            self._versions = {**dict(rows), "file itself": inode}
            self._seen = (inode, version)
        return self._versions

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._seen = None, None
