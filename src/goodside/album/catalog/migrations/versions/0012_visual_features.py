"""What reasons rest on: figures of colour, subject and horizon, and the network's attributes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_FIGURES = (
    "colourfulness", "warmth", "warmth_spread", "focus_share", "subject_x", "subject_y",
    "subject_light", "background_blur", "symmetry", "horizon_tilt_deg",
)  # fmt: skip


def upgrade() -> None:
    """Add columns; the next scan fills them, as the figures have a new version."""
    for name in _FIGURES:
        op.add_column("photo", sa.Column(name, sa.Double(), nullable=True))
    op.add_column("assessment", sa.Column("attributes", sa.JSON(), nullable=True))
