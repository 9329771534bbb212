"""Who decided, and what a catalog on a server has: vectors of pgvector's, triggers of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_VECTORS = (
    ("assessment", "embedding"), ("face", "embedding"), ("face", "frontal_embedding"),
    ("face", "fused_embedding"),
)  # fmt: skip
_PICTURES = (("thumbnail", "jpeg"), ("face", "crop"))
"""Compressed already."""


def upgrade() -> None:
    """Add a column to the journal; on a server, settle what SQLite leaves open."""
    op.add_column("journal", sa.Column("by", sa.String(), nullable=True))
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("DROP TRIGGER IF EXISTS journal_stays")
        op.execute(
            "CREATE TRIGGER journal_stays "
            'BEFORE UPDATE OF id, uid, at, kind, step, command, "by" ON journal '
            "BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END"
        )
        return
    _widen_integers(connection)
    for table, column in _VECTORS:  # no catalog on a server is older: there is nothing to convert
        op.execute(f"ALTER TABLE {table} ALTER {column} TYPE halfvec USING NULL::halfvec")
    for table, column in _PICTURES:
        op.execute(f"ALTER TABLE {table} ALTER {column} SET STORAGE EXTERNAL")
    op.execute(
        "CREATE FUNCTION journal_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is only added to' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER journal_keeps BEFORE DELETE ON journal "
        "FOR EACH ROW EXECUTE FUNCTION journal_is_only_added_to()"
    )
    op.execute(
        "CREATE TRIGGER journal_stays "
        'BEFORE UPDATE OF id, uid, at, kind, step, command, "by" ON journal '
        "FOR EACH ROW EXECUTE FUNCTION journal_is_only_added_to()"
    )


def _widen_integers(connection: sa.Connection) -> None:
    """SQLite's integers have 64 bits: there and here numbers of rows may pass 2^31."""
    found = connection.execute(
        sa.text(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND data_type = 'integer'"
        )
    ).all()
    ours = set(_tables())
    for table, column in found:
        if table in ours:
            op.alter_column(table, column, type_=sa.BigInteger())
    sequences = connection.execute(
        sa.text(
            "SELECT pg_get_serial_sequence(quote_ident(table_name), 'id') "
            "FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND column_name = 'id'"
        )
    ).scalars()
    for sequence in sequences.all():
        if sequence is not None:
            op.execute(f"ALTER SEQUENCE {sequence} AS bigint")


def _tables() -> tuple[str, ...]:
    from goodside.album.catalog.models import Base

    return tuple(Base.metadata.tables)
