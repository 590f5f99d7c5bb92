"""When a notice began its way, and what became of it."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0011c"
down_revision = "0011b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("outbox", sa.Column("started_at", types.UTC(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("error", sa.Text(), nullable=True))
    op.create_index(op.f("ix_outbox_kind_subject"), "outbox", ["kind", "subject"])
