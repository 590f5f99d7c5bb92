"""Codes by e-mail as the weaker second step."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0047b"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "email_steps",
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", types.UTC(timezone=True), nullable=True),
        sa.Column("turned_on_at", types.UTC(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_email_steps_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_email_steps")),
    )
