"""How often each table was changed, so that others notice it cheaply."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table; what counts is made after all migrations."""
    op.create_table(
        "table_version",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_table_version"),
        sqlite_with_rowid=False,
    )
