"""How many rows a batch has stands with it, in the index that the queue is read from."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("batches", sa.Column("size", sa.Integer(), nullable=True))
    batches = sa.table(
        "batches", *(sa.column(one) for one in ("id", "revision_number", "state", "size"))
    )
    revisions = sa.table(
        "revisions",
        *(sa.column(one) for one in ("batch_id", "number", "rows_total", "rows_empty")),
    )
    rows = sa.select(revisions.c.rows_total - revisions.c.rows_empty).where(
        revisions.c.batch_id == batches.c.id, revisions.c.number == batches.c.revision_number
    )
    op.execute(
        sa.update(batches)
        .where(batches.c.state.not_in(("draft", "cancelled")))
        .values(size=rows.scalar_subquery())
    )
    op.drop_index("ix_batches_queue", "batches")
    op.create_index(
        op.f("ix_batches_queue"),
        "batches",
        [
            "branch_id", "state", "submitted_at", "id", "due_at", "reviewer_id", "is_warned",
            "size", "corrected", "searched",
        ],
    )  # fmt: skip
