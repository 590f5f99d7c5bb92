"""Versions of the table of required documents."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; version 1 is built in and has no line."""
    op.create_table(
        "requirement_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_requirement_versions_made_by")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_requirement_versions")),
    )
    op.create_table(
        "requirement_drafts",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(32), nullable=False),
        sa.Column("changed_at", types.UTC(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_requirement_drafts_one")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f("fk_requirement_drafts_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_drafts")),
    )
