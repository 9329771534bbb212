"""How often each table was changed, counted by a server: a step for each statement."""

from __future__ import annotations

from sqlalchemy import Connection

from goodside.album.catalog.checksums import checked_tables

_PREFIX = "version_"
_EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
_COUNT = """
CREATE OR REPLACE FUNCTION goodside_count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed) THEN
        UPDATE table_version SET value = value + 1 WHERE name = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$
"""


def drop_version_triggers(connection: Connection) -> None:
    """Take the triggers away, as before a migration."""
    found = connection.exec_driver_sql(
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal "
        f"AND starts_with(tgname, '{_PREFIX}')"
    )
    for name, table in found.all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}" ON "{table}"')


def put_version_triggers(connection: Connection) -> None:
    """Make the triggers that count, for the tables as they are now."""
    connection.exec_driver_sql(_COUNT)
    for table in checked_tables():
        connection.exec_driver_sql(
            f"INSERT INTO table_version (name, value) VALUES ('{table.name}', 0) "
            "ON CONFLICT DO NOTHING"
        )
        for event, rows in _EVENTS.items():
            connection.exec_driver_sql(
                f'CREATE TRIGGER "{_PREFIX}{table.name}_{event}" AFTER {event} ON "{table.name}" '
                f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT "
                "EXECUTE FUNCTION goodside_count_change()"
            )
