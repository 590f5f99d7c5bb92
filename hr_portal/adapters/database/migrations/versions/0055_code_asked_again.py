"""When a code by e-mail was last asked for, so that the next one waits its minute."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0055"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("email_steps", sa.Column("asked_at", types.UTC(timezone=True), nullable=True))
