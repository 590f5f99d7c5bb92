"""Names and addresses of large revisions by themselves, sealed, to be searched."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0058b"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "row_texts",
        sa.Column(
            "revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("edited", sa.Integer(), nullable=False),
        sa.Column("content", types.Sealed(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_row_texts_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "part", name=op.f("pk_row_texts")),
    )
