"""Data keys of companies are changed in steps."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_STALE = (
    "UPDATE corrections SET verdict = NULL, reason = '', decided_by = NULL, decided_at = NULL,"
    " seconded_by = NULL, seconded_at = NULL, override_document_id = NULL"
    " WHERE verdict IS NOT NULL"
    " AND revision_id = NEW.revision_id AND row_number IN (SELECT r.number FROM rows r"
    " WHERE r.revision_id = NEW.revision_id AND r.block = NEW.block)"
    " AND NOT EXISTS (SELECT 1 FROM revisions v JOIN decisions d"
    " ON d.batch_id = v.batch_id AND d.revision_number = v.number"
    " WHERE v.id = corrections.revision_id)"
)
"""As 0011 has it."""
BLOCKS = {
    "sqlite": (
        "DROP TRIGGER row_blocks_stale",
        "CREATE TRIGGER row_blocks_stale AFTER UPDATE OF content ON row_blocks"
        f" WHEN (OLD.resealed = NEW.resealed) BEGIN {_STALE}; END",
    ),
    "postgresql": (
        "DROP TRIGGER row_blocks_stale ON row_blocks",
        "CREATE TRIGGER row_blocks_stale AFTER UPDATE OF content ON row_blocks FOR EACH ROW"
        " WHEN (OLD.resealed = NEW.resealed) EXECUTE FUNCTION row_blocks_stale()",
    ),
}
"""Rows sealed by another key are the same rows; the verdicts on them stand."""


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column(
        "row_blocks", sa.Column("resealed", sa.Integer(), nullable=False, server_default="0")
    )
    for statement in BLOCKS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
    time = types.UTC(timezone=True)
    op.create_table(
        "key_rotations",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("begun_at", time, nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.Column("resealed", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("ended_at", time, nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_key_rotations_company_id")
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_key_rotations")),
    )
