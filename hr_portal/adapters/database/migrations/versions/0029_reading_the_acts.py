"""Acts are looked up by who did them and when; incidents with their clock."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; an index leaves the triggers of `acts` alone."""
    time = types.UTC(timezone=True)
    op.create_index("ix_acts_actor", "acts", ["actor_id", "id"])
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("known_at", time, nullable=False),
        sa.Column("since", time, nullable=False),
        sa.Column("until", time, nullable=False),
        sa.Column("companies", sa.JSON(), nullable=False),
        sa.Column("batches", sa.JSON(), nullable=False),
        sa.Column("only_touched", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", time, nullable=False),
        sa.Column("told_at", time, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_incidents_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
