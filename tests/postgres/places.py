"""Where a test's catalogs lie: in files, or each in a database of a server of the tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from goodside.album.catalog import Catalog, CatalogLocation, open_catalog
from goodside.database_url import DatabaseUrl, with_database
from tests.postgres.server import find_programs, running_server

_TEMPLATE = "goodside_template"


class Places:
    """A server, and the databases of one test on it.

    Args:
        server: URL of any of its databases.
    """

    def __init__(self, server: DatabaseUrl) -> None:
        self.server = server
        self._there: dict[str, DatabaseUrl] = {}

    def make_template(self) -> None:
        """An empty catalog, from which others are copied, as making one is slow."""
        self._say(f"CREATE DATABASE {_TEMPLATE}")
        open_catalog(with_database(self.server, _TEMPLATE)).close()

    def url(self, path: Path, *, filled: bool = False) -> DatabaseUrl:
        """The database that stands for a file, made where it is not there.

        Args:
            path: any name.
            filled: with an empty catalog in it, whatever was there.
        """
        name = f"t{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:20]}"
        if name in self._there and not filled:
            return self._there[name]
        if name in self._there:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")
        self._say(f"CREATE DATABASE {name}" + (f" TEMPLATE {_TEMPLATE}" if filled else ""))
        self._there[name] = with_database(self.server, name)
        return self._there[name]

    def files_of(self, url: DatabaseUrl) -> list[Path]:
        """The files of a database, once the server has written all of it."""
        import psycopg

        with psycopg.connect(url.secret_text.replace("+psycopg", ""), autocommit=True) as session:
            session.execute("CHECKPOINT")
            (folder,) = session.execute(
                "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database "
                "WHERE datname = current_database()"
            ).fetchall()[0]
        return sorted(Path(folder).iterdir())

    def clear(self) -> None:
        """Drop the test's databases."""
        for name in self._there:
            self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._there.clear()

    def _say(self, sql: str) -> None:
        import psycopg

        plain = self.server.secret_text.replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(sql)  # type: ignore[arg-type, unused-ignore]


_current: list[Places] = []


@contextmanager
def on_server(places: Places) -> Iterator[None]:
    """Let `place` give databases of a server meanwhile."""
    _current.append(places)
    try:
        yield
    finally:
        _current.pop()
        places.clear()


def place(path: Path) -> CatalogLocation:
    """Where the catalog is that a test calls by this file's name."""
    return _current[-1].url(path) if _current else path


def fresh_on_server(path: Path) -> Catalog | None:
    """An empty catalog on the server; None where this test's catalogs are files."""
    if not _current:
        return None
    return open_catalog(_current[-1].url(path, filled=True), create=False)


def stored_bytes(catalog: Catalog) -> bytes:
    """All that is on disk of a catalog: its file and what lies beside it, or its database."""
    if isinstance(catalog.location, Path):
        path = catalog.location
        files = sorted(path.parent.glob(f"{path.name}*"))
    else:
        files = _current[-1].files_of(catalog.location)
    return b"".join(file.read_bytes() for file in files)


def start(stack: ExitStack, **settings: Any) -> Places:
    """A server that runs until the stack ends.

    Raises:
        NoServer: there is none to start.
    """
    places = Places(stack.enter_context(running_server(find_programs(), **settings)))
    places.make_template()
    return places
