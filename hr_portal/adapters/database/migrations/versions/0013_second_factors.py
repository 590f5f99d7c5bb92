"""Second factors, recovery codes, and passwords that have to be changed."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", big, nullable=False),
        sa.Column("created_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", big, nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", types.UTC(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])
    op.add_column(
        "users",
        sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
