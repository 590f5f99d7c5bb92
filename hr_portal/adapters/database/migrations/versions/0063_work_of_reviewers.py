"""What a reviewer asked for over many rows, done by a worker."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0063"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "review_works",
        sa.Column("id", big, nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("revision_id", big, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordered", types.Sealed(), nullable=True),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_en", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_at", types.UTC(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('wanted', 'done', 'failed')", name=op.f("ck_review_works_state")
        ),
        sa.CheckConstraint(
            "act IN ('verdict', 'clear', 'decide', 'forward', 'answer')",
            name=op.f("ck_review_works_act"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_review_works_asked_by")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_review_works_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_review_works_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_works")),
    )
    op.create_index(op.f("ix_review_works_batch_id"), "review_works", ["batch_id"])
    op.create_index(
        "ix_review_works_one_at_a_time", "review_works", ["batch_id"], unique=True,
        sqlite_where=sa.text("state = 'wanted'"), postgresql_where=sa.text("state = 'wanted'"),
    )  # fmt: skip
