"""Which file is whose: the mapping sheet of a batch."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "mapping_sheets",
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("content", types.Sealed(), nullable=False),
        sa.Column("taken_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_mapping_sheets_batch_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_mapping_sheets")),
    )
