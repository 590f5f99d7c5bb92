"""Who accepted which edition of the terms."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "acceptances",
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("accepted_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_acceptances_user_id")),
        sa.PrimaryKeyConstraint("user_id", "edition", name=op.f("pk_acceptances")),
    )
