"""A file that a reviewer sent with what a worker shall do: an agency's large answer."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0070"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("review_works", sa.Column("sent", types.Sealed(), nullable=True))
