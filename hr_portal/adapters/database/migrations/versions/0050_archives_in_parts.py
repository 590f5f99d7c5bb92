"""ZIPs that arrive in parts."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "archive_uploads",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("file_name", types.Sealed(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("archive_id", sa.String(32), nullable=True),
        sa.Column("uploaded_by", sa.String(32), nullable=False),
        sa.Column("begun_at", types.UTC(timezone=True), nullable=False),
        sa.Column("touched_at", types.UTC(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'ended')", name=op.f("ck_archive_uploads_state")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (archive_id IS NOT NULL)", name=op.f("ck_archive_uploads_archive")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_archive_uploads_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["archive_id"], ["archives.id"], name=op.f("fk_archive_uploads_archive_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["users.id"], name=op.f("fk_archive_uploads_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_uploads")),
    )
    for column in ("batch_id", "touched_at"):
        op.create_index(op.f(f"ix_archive_uploads_{column}"), "archive_uploads", [column])
    op.create_table(
        "archive_parts",
        sa.Column("upload_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["archive_uploads.id"], name=op.f("fk_archive_parts_upload_id")
        ),
        sa.PrimaryKeyConstraint("upload_id", "number", name=op.f("pk_archive_parts")),
    )
