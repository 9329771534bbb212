"""How often each table was changed, asked of a server."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from goodside.album.catalog.database import Database
from goodside.album.catalog.models import TableVersionRow

_QUERY = select(TableVersionRow.name, TableVersionRow.value)


class ServerWatch:
    """Notices that somebody wrote into a catalog on a server; threads may share it.

    It keeps a connection of its own, and takes another where that was lost.

    Args:
        database: of a catalog of this version.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def look(self) -> Mapping[str, int]:
        """How often each table was changed so far: one question to the server.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        with self._lock:
            try:
                try:
                    return self._look()
                except SQLAlchemyError:
                    self._close()  # a server that was restarted answers the second time
                    return self._look()
            except SQLAlchemyError as error:
                self._close()
                raise self._database.explain(error) from error

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._close()

    def __del__(self) -> None:
        self._close()

    def _look(self) -> Mapping[str, int]:
        if self._connection is None:
            engine = self._database.writer()
            self._connection = engine.execution_options(isolation_level="AUTOCOMMIT").connect()
        rows = self._connection.execute(_QUERY).all()
        self._connection.commit()
        return {row.name: row.value for row in rows}

    def _close(self) -> None:
        if self._connection is not None:
            try:
                self._connection.close()
            except SQLAlchemyError:
                self._connection.invalidate()
        self._connection = None
