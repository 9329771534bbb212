"""Brings a database to this version's tables: a new one is filled, a newer one refused.

The migrations are Alembic's, one numbered file each in `migrations/versions`, the same for every
kind of database.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect

from goodside.album.catalog.database import Database
from goodside.errors import CatalogError

HEAD = "0013"
"""The newest revision; a catalog that stands here is opened without loading Alembic."""

SCRIPTS = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str | None:
    """Where the database stands; None: it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def migrate(connection: Connection, database: Database) -> None:
    """Upgrade to the newest revision, after a copy of what was there where a file can be copied.

    All steps happen in the transaction of `connection`, which must hold the write lock.

    Args:
        connection: inside a transaction; on SQLite with foreign keys off.
        database: what it belongs to.

    Raises:
        CatalogError: the catalog is newer than this goodside.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    directory = ScriptDirectory.from_config(config)
    head, found = directory.get_current_head(), revision(connection)
    if found == head:
        return
    if found is not None:
        known = {script.revision for script in directory.walk_revisions()}
        if found not in known:
            raise CatalogError(
                f"the catalog was written by a newer goodside (revision {found}, known: {head})",
                path=str(database.location),
                remedy="upgrade goodside, or name another catalog",
            )
    config.attributes["connection"] = connection
    database.before_migration(connection)
    command.upgrade(config, "head")
    database.after_migration(connection)
