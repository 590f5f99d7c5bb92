"""Letters tell how far they are, and the hash of the workbook that holds their table."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward by plain columns."""
    op.add_column("letters", sa.Column("table_sha256", sa.String(64), nullable=True))
    op.add_column(
        "letters", sa.Column("progress", sa.Integer(), nullable=False, server_default="0")
    )
