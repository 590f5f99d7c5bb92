"""What HRD and reviewers say to each other about a batch."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0011e"
down_revision = "0011d"
branch_labels = None
depends_on = None

KEEP = {
    "sqlite": (
        "CREATE TRIGGER messages_keep_update BEFORE UPDATE ON messages"
        " BEGIN SELECT RAISE(ABORT, 'messages are append-only'); END",
        "CREATE TRIGGER messages_keep_delete BEFORE DELETE ON messages"
        " BEGIN SELECT RAISE(ABORT, 'messages are append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION messages_keep() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'messages are append-only'; END $$",
        "CREATE TRIGGER messages_keep BEFORE UPDATE OR DELETE ON messages"
        " FOR EACH ROW EXECUTE FUNCTION messages_keep()",
    ),
}


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("text", types.Sealed(), nullable=False),
        sa.Column("written_by", sa.String(length=32), nullable=False),
        sa.Column("written_at", types.UTC(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('hrd', 'reviewer')", name=op.f("ck_messages_side")),
        sa.CheckConstraint(
            "NOT is_internal OR side = 'reviewer'", name=op.f("ck_messages_internal")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_messages_batch_id")),
        sa.ForeignKeyConstraint(["written_by"], ["users.id"], name=op.f("fk_messages_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_batch"), "messages", ["batch_id", "id"])
    for statement in KEEP[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))
