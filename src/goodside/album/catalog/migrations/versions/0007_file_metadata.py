"""What people and other programs say of photographs, and the offset of their capture times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add them; the next scan fills them from the files' headers."""
    op.add_column("photo", sa.Column("taken_offset_min", sa.Integer(), nullable=True))
    op.create_table(
        "file_metadata",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("pending", sa.JSON(), nullable=True),
        sa.Column("noted", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name="fk_file_metadata_file_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", name="pk_file_metadata"),
    )
