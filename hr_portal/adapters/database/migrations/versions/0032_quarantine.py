"""Documents wait, sealed, while the virus scanner is silent."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0032"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "held_documents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("path", types.Sealed(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("refused", types.Sealed(), nullable=True),
        sa.Column("uploaded_by", sa.String(32), nullable=False),
        sa.Column("uploaded_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_held_documents_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["users.id"], name=op.f("fk_held_documents_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_documents")),
    )
    op.create_index(op.f("ix_held_documents_batch_id"), "held_documents", ["batch_id"])
