"""What figures count of days gone by; decisions keep when they had been submitted."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0060"
down_revision = "0058b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("decisions", sa.Column("submitted_at", types.UTC(timezone=True), nullable=True))
    op.create_index("ix_decisions_decided", "decisions", ["decided_at"])
    op.create_table(
        "counted_days",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("is_kept", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_counted_days")),
    )
    op.create_table(
        "figure_days",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("company_id", sa.String(32), nullable=True),
        sa.Column("branch_id", sa.String(32), nullable=True),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.CheckConstraint(
            "(company_id IS NULL) <> (branch_id IS NULL)", name=op.f("ck_figure_days_whose")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_figure_days_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_figure_days_branch_id_branches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_days")),
    )
    op.create_index("ix_figure_days_company", "figure_days", ["company_id", "day"])
    op.create_index("ix_figure_days_branch", "figure_days", ["branch_id", "day"])
