"""Which entries of the journal belong together, and a checksum of every row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"


def upgrade() -> None:
    """Earlier entries stand alone; what sums the rows up is made after all migrations."""
    op.add_column("journal", sa.Column("step", sa.String(), nullable=True))
    op.add_column("journal", sa.Column("command", sa.String(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER IF EXISTS journal_stays")
        op.execute(
            "CREATE TRIGGER journal_stays "
            "BEFORE UPDATE OF id, uid, at, kind, step, command ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END"
        )
    op.create_table(
        "checksum",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "key", name="pk_checksum"),
        sqlite_with_rowid=False,
    )
