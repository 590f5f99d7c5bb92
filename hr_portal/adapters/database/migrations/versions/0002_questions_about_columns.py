"""Questions about columns: a file may wait for an answer, and layouts are remembered."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import checks, types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OLD = "state IN ('received', 'reading', 'checked', 'unreadable')"
NEW = "state IN ('received', 'reading', 'asking', 'checked', 'unreadable')"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "column_layouts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("content", types.Sealed(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", types.UTC(timezone=True), nullable=False),
        sa.Column("used_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_column_layouts_company_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_column_layouts_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_layouts")),
        sa.UniqueConstraint(
            "company_id", "fingerprint", name=op.f("uq_column_layouts_company_id_fingerprint")
        ),
    )
    op.add_column("revisions", sa.Column("question", types.Sealed(), nullable=True))
    op.add_column("revisions", sa.Column("answer", sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "revisions", sa.Column("known_layout_at", types.UTC(timezone=True), nullable=True)
    )
    checks.change("revisions", "state", OLD, NEW)
