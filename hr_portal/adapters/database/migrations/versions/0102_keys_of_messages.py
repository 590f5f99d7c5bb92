"""A message may bear a key of its writer's, by which a repeated request is known."""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("messages", sa.Column("idempotency_key", sa.Text()))
    op.create_index(
        "ix_messages_key", "messages", ["batch_id", "written_by", "idempotency_key"], unique=True
    )
