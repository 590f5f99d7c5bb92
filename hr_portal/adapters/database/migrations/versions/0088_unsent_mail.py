"""E-mails that were not sent are found without a walk over all that were."""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    unsent = sa.text("error IS NOT NULL AND sent_at IS NULL")
    op.create_index(
        op.f("ix_outbox_unsent"), "outbox", ["id"], sqlite_where=unsent, postgresql_where=unsent
    )
