"""Acts are linked into chains, one a company and one of the installation."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; acts from before stay outside the chains."""
    op.create_table(
        "audit_heads",
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_audit_heads")),
    )
    op.add_column("acts", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("acts", sa.Column("link", sa.LargeBinary(), nullable=True))
    op.create_index("ix_acts_number", "acts", ["company_id", "number"])
