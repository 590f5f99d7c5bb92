"""Why a document that a correction asks for is not there, in HRD's words."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "explanations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("words", types.Sealed(), nullable=False),
        sa.Column("given_by", sa.String(32), nullable=False),
        sa.Column("given_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_explanations_batch_id")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name=op.f("fk_explanations_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanations")),
    )
    op.create_index(op.f("ix_explanations_batch_id"), "explanations", ["batch_id"])
    op.create_table(
        "explained",
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("kpj_index", sa.LargeBinary(16), nullable=False),
        sa.Column("explanation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_explained_batch_id")),
        sa.ForeignKeyConstraint(
            ["explanation_id"], ["explanations.id"], name=op.f("fk_explained_explanation_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "kind", "kpj_index", name=op.f("pk_explained")),
    )
    op.create_index(op.f("ix_explained_explanation_id"), "explained", ["explanation_id"])
