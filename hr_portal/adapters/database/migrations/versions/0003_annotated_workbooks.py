"""Annotated workbooks that a worker has made; revisions that were recognised by their mark."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column(
        "revisions",
        sa.Column("recognised", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "annotations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=True),
        sa.Column("created_at", types.UTC(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('wanted', 'ready', 'failed')", name=op.f("ck_annotations_state")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_annotations_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations")),
        sa.UniqueConstraint(
            "revision_id", "version", name=op.f("uq_annotations_revision_id_version")
        ),
    )
