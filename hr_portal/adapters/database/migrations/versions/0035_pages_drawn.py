"""The pages of documents as pictures, and the text of PDFs."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0035"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "depictions",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("text", types.Sealed(), nullable=True),
        sa.Column("made_at", types.UTC(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_depictions_state")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_depictions_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_depictions")),
    )
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "drawn_pages",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("whole_id", big, nullable=False),
        sa.Column("small_id", big, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_drawn_pages_document_id")
        ),
        sa.ForeignKeyConstraint(["whole_id"], ["files.id"], name=op.f("fk_drawn_pages_whole_id")),
        sa.ForeignKeyConstraint(["small_id"], ["files.id"], name=op.f("fk_drawn_pages_small_id")),
        sa.PrimaryKeyConstraint("document_id", "page", name=op.f("pk_drawn_pages")),
    )
    op.create_index(op.f("ix_drawn_pages_whole_id"), "drawn_pages", ["whole_id"])
    op.create_index(op.f("ix_drawn_pages_small_id"), "drawn_pages", ["small_id"])
