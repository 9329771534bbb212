"""What tells originals from copies, what near-duplicates are to each other, quality of faces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"


def upgrade() -> None:
    """Add columns; the next scan fills them, as the figures have a new version."""
    op.add_column("photo", sa.Column("program", sa.String(), nullable=True))
    op.add_column("photo", sa.Column("spectrum", sa.LargeBinary(), nullable=True))
    op.add_column("group_member", sa.Column("relation", sa.String(), nullable=True))
    op.add_column("group_member", sa.Column("of_position", sa.Integer(), nullable=True))
    op.add_column("group_member", sa.Column("why", sa.String(), nullable=True))
    op.add_column("face", sa.Column("quality", sa.Double(), nullable=True))
