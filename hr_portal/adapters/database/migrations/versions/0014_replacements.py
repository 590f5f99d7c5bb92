"""Finding and replacing over a large draft, looked for and done by a worker."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "replacements",
        sa.Column("id", big, nullable=False),
        sa.Column("revision_id", big, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("search", types.Sealed(), nullable=False),
        sa.Column("offer", types.Sealed(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_en", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_at", types.UTC(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('wanted', 'ready', 'applying', 'done', 'failed')",
            name=op.f("ck_replacements_state"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_replacements_asked_by")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_replacements_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replacements")),
    )
    op.create_index(op.f("ix_replacements_revision_id"), "replacements", ["revision_id"])
