"""Indexes that hold all the queue asks for, so that it reads no batch that it doesn't show."""

from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.drop_index("ix_batches_queue", "batches")
    op.create_index(
        op.f("ix_batches_queue"),
        "batches",
        [
            "branch_id", "state", "submitted_at", "id", "due_at", "reviewer_id", "company_id",
            "number",
        ],
    )  # fmt: skip
    op.create_index(
        op.f("ix_batches_decided"), "batches", ["branch_id", "state", "decided_at", "id"]
    )
    op.create_index(op.f("ix_batches_held"), "batches", ["reviewer_id", "state"])
    op.create_index(op.f("ix_letters_words"), "letters", ["batch_id", "number"])
