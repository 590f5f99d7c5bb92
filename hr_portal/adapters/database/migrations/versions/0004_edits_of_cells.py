"""Cells changed in the portal: acts, their cells, and which of them the findings speak of."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    for name in ("edited", "rechecked"):
        op.add_column(
            "revisions", sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        )
    op.create_table(
        "edit_acts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", types.UTC(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.Column("undone_at", types.UTC(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('cell', 'paste', 'suggestion', 'replace')", name=op.f("ck_edit_acts_kind")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_edit_acts_made_by")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_edit_acts_revision_id")
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["users.id"], name=op.f("fk_edit_acts_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit_acts")),
    )
    op.create_index(op.f("ix_edit_acts_revision_id"), "edit_acts", ["revision_id"])
    op.create_table(
        "edits",
        sa.Column("id", BIG, nullable=False),
        sa.Column("act_id", BIG, nullable=False),
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("column_index", sa.Integer(), nullable=False),
        sa.Column("change", types.Sealed(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["edit_acts.id"], name=op.f("fk_edits_act_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_edits_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edits")),
    )
    op.create_index(op.f("ix_edits_act_id"), "edits", ["act_id"])
    op.create_index("ix_edits_cell", "edits", ["revision_id", "row_number", "column_index"])
