"""Notices of a whole decision, made ahead by a worker."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    time = types.UTC(timezone=True)
    op.create_table(
        "notice_bundles",
        sa.Column("id", BIG, nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("decided_at", time, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.CheckConstraint(
            "state IN ('wanted', 'ready', 'failed')", name=op.f("ck_notice_bundles_state")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_notice_bundles_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_bundles")),
        sa.UniqueConstraint(
            "batch_id", "decided_at", name=op.f("uq_notice_bundles_batch_id_decided_at")
        ),
    )
    op.create_table(
        "notice_pieces",
        sa.Column("id", BIG, nullable=False),
        sa.Column("bundle_id", BIG, nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("file_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["bundle_id"], ["notice_bundles.id"], name=op.f("fk_notice_pieces_bundle_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_notice_pieces_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_pieces")),
        sa.UniqueConstraint(
            "bundle_id", "last_row", name=op.f("uq_notice_pieces_bundle_id_last_row")
        ),
    )
