"""Until when a bearer token may fetch files of many identifiers."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("tokens", sa.Column("exports_until", types.UTC(timezone=True), nullable=True))
