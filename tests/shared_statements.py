"""Catalogs of one process share what SQLAlchemy made of their statements.

Each catalog has an engine with a cache of its own, so that a test which opens one would compile
every statement again: much of what short tests of the album and of the service take.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from goodside.album.catalog import catalog

_COMPILED: LRUCache[Any, Any] = LRUCache(5000)


@cache  # once a process
def share_statements() -> None:
    """Let all engines that catalogs make from now on look into one cache.

    The keys of the cache hold the dialect, which is SQLite's and the same for all.
    """

    def make(*arguments: Any, **options: Any) -> Engine:
        engine = sqlalchemy.create_engine(*arguments, **options)
        engine.update_execution_options(compiled_cache=_COMPILED)
        return engine

    setattr(SQLiteDialect_pysqlite, "__hash__", lambda self: hash(type(self)))  # noqa: B010
    setattr(  # noqa: B010
        SQLiteDialect_pysqlite, "__eq__", lambda self, other: type(self) is type(other)
    )
    setattr(catalog, "create_engine", make)  # noqa: B010
