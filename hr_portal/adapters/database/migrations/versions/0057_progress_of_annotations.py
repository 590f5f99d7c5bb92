"""How far a worker is with a large workbook of notes."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column(
        "annotations", sa.Column("progress", sa.Integer(), nullable=False, server_default="0")
    )
