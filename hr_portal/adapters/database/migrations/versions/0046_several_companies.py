"""One person in several companies: where they worked last, and offers that wait for an answer."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("memberships", sa.Column("chosen_at", types.UTC(timezone=True), nullable=True))
    op.create_table(
        "membership_offers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("offered_by", sa.String(32), nullable=False),
        sa.Column("offered_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_membership_offers_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_membership_offers_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["users.id"], name=op.f("fk_membership_offers_offered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_offers")),
        sa.UniqueConstraint(
            "company_id", "user_id", name=op.f("uq_membership_offers_company_id_user_id")
        ),
    )
    op.create_index("ix_membership_offers_user_id", "membership_offers", ["user_id"])
