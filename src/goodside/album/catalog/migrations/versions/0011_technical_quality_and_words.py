"""Technical quality apart from beauty, and words that photographs are searched by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add columns; they are filled when a photograph is judged again, as by other weights."""
    op.add_column("assessment", sa.Column("technical", sa.Double(), nullable=True))
    op.add_column("assessment", sa.Column("words", sa.JSON(), nullable=True))
