"""Any large act on a draft is looked for and done by a worker, not replacing alone.

What an earlier version is looking for at this moment is dropped: it changed nothing, and is asked
for again in a minute.
"""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0067"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "long_acts",
        sa.Column("id", big, nullable=False),
        sa.Column("revision_id", big, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("asked", types.Sealed(), nullable=False),
        sa.Column("offer", types.Sealed(), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_en", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_at", types.UTC(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('wanted', 'ready', 'applying', 'done', 'failed')",
            name=op.f("ck_long_acts_state"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_long_acts_asked_by")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_long_acts_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_acts")),
    )
    op.create_index(op.f("ix_long_acts_revision_id"), "long_acts", ["revision_id"])
    op.execute("DELETE FROM jobs WHERE kind = 'replace'")
    op.drop_table("replacements")
