"""Photographs that were cut short, and what else was found wrong with a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    """Add two columns, unknown for photographs measured before."""
    op.add_column("photo", sa.Column("incomplete", sa.Boolean(), nullable=True))
    op.add_column("photo", sa.Column("notes", sa.String(), nullable=True))
