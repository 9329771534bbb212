"""Brings a database to this version's tables: a new one is filled, a newer one refused.

The migrations are Alembic's, one numbered file each in `migrations/versions`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from goodside.album.catalog.checksums import drop_triggers, put_triggers
from goodside.album.catalog.table_versions import drop_version_triggers, put_version_triggers
from goodside.errors import CatalogError

HEAD = "0012"
"""The newest revision; a catalog that stands here is opened without loading Alembic."""

SCRIPTS = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str | None:
    """Where the database stands; None: it is empty."""
    tables = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
    )
    if tables.first() is None:
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def migrate(connection: Connection, path: Path, *, scripts: Path) -> None:
    """Upgrade to the newest revision, after a copy of what was there.

    The copy lies beside the catalog as `NAME.before-REVISION`. All steps happen in the transaction
    of `connection`, which must hold the write lock and have foreign keys off.

    Args:
        connection: inside `BEGIN IMMEDIATE`.
        path: the database.
        scripts: folder of the migrations.

    Raises:
        CatalogError: the catalog is newer than this goodside.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    directory = ScriptDirectory.from_config(config)
    head, found = directory.get_current_head(), revision(connection)
    if found == head:
        return
    if found is not None:
        known = {script.revision for script in directory.walk_revisions()}
        if found not in known:
            raise CatalogError(
                f"the catalog was written by a newer goodside (revision {found}, known: {head})",
                path=path,
                remedy="upgrade goodside, or name another catalog",
            )
        back_up(path, path.with_name(f"{path.name}.before-{head}"))
    config.attributes["connection"] = connection
    drop_triggers(connection)
    drop_version_triggers(connection)
    command.upgrade(config, "head")
    put_triggers(connection)
    put_version_triggers(connection)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise CatalogError(f"migrating to {head} would leave {broken} dangling", path=path)


def back_up(path: Path, target: Path) -> None:
    """Copy a database, readable by its owner only, while others may be reading it."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
