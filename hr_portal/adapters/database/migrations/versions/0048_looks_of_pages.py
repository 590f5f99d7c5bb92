"""How well a drawn page can be read, in figures."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; pages drawn before have no figures."""
    op.add_column("drawn_pages", sa.Column("looks", sa.JSON(), nullable=True))
