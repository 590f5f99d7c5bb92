"""Archives of documents, what the names of documents told, and the hash they came with."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'done', 'refused', 'stopped')"


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("documents", sa.Column("source_sha256", sa.String(64), nullable=True))
    op.create_index("ix_documents_source", "documents", ["batch_id", "source_sha256"])
    op.create_table(
        "clues",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("path", types.Sealed(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_clues_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_clues")),
    )
    op.create_table(
        "archives",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("file_name", types.Sealed(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.Column("refused", types.Sealed(), nullable=True),
        sa.Column("uploaded_by", sa.String(32), nullable=False),
        sa.Column("uploaded_at", types.UTC(timezone=True), nullable=False),
        sa.Column("ended_at", types.UTC(timezone=True), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_archives_state")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_archives_batch_id")),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["users.id"], name=op.f("fk_archives_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archives")),
    )
    op.create_index(op.f("ix_archives_batch_id"), "archives", ["batch_id"])
