"""What open batch a new file seems to mend, until somebody has said so."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("revisions", sa.Column("resembles", sa.JSON(), nullable=True))
