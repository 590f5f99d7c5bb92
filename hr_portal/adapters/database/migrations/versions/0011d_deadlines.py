"""When the most pressing clock of a batch runs out, and the holidays that an admin corrects."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0011d"
down_revision = "0011c"
branch_labels = None
depends_on = None

TARGET = dt.timedelta(hours=72)
UTC = types.UTC(timezone=True)


def upgrade() -> None:
    """Bring the schema forward; what waits already gets the target of the service."""
    op.add_column("batches", sa.Column("due_at", UTC, nullable=True))
    op.create_index(op.f("ix_batches_due"), "batches", ["branch_id", "state", "due_at"])
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    batches = sa.table(
        "batches", sa.column("id"), sa.column("submitted_at", UTC), sa.column("due_at", UTC)
    )
    bind = op.get_bind()
    submitted = sa.select(batches.c.id, batches.c.submitted_at).where(
        batches.c.submitted_at.is_not(None)
    )
    for one, at in bind.execute(submitted).all():
        bind.execute(sa.update(batches).where(batches.c.id == one).values(due_at=at + TARGET))
