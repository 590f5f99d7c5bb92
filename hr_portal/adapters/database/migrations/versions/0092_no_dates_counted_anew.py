"""Nobody counts dates of waiting batches anew any more: a holiday never moved one."""

from alembic import op

revision = "0092"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.execute("DELETE FROM jobs WHERE kind = 'calendar'")
