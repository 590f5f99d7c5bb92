"""Legal holds, purges, and files that have gone; what was said may be blotted, never reworded."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0028"
down_revision = "0025"
branch_labels = None
depends_on = None

_KEPT = "id, batch_id, row_number, side, is_internal, written_by, written_at"
MESSAGES = {
    "sqlite": (
        "DROP TRIGGER messages_keep_update",
        f"CREATE TRIGGER messages_keep_update BEFORE UPDATE OF {_KEPT} ON messages"
        " BEGIN SELECT RAISE(ABORT, 'messages are append-only'); END",
    ),
    "postgresql": (
        "DROP TRIGGER messages_keep ON messages",
        "CREATE TRIGGER messages_keep BEFORE DELETE ON messages"
        " FOR EACH ROW EXECUTE FUNCTION messages_keep()",
        f"CREATE TRIGGER messages_keep_update BEFORE UPDATE OF {_KEPT} ON messages"
        " FOR EACH ROW EXECUTE FUNCTION messages_keep()",
    ),
}
"""The sealed text alone may be replaced: a purge and a new data key have to. Whoever owns the
database can't put words of their own there, which wouldn't open at this place."""


def upgrade() -> None:
    """Bring the schema forward."""
    time = types.UTC(timezone=True)
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("files", sa.Column("purged_at", time, nullable=True))
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=True),
        sa.Column("company_id", sa.String(32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(32), nullable=False),
        sa.Column("placed_at", time, nullable=False),
        sa.Column("lifted_by", sa.String(32), nullable=True),
        sa.Column("lifted_at", time, nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(batch_id IS NULL) <> (company_id IS NULL)", name=op.f("ck_legal_holds_one_place")
        ),
        sa.CheckConstraint(
            "(lifted_by IS NULL) = (lifted_at IS NULL)", name=op.f("ck_legal_holds_lifted")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_legal_holds_batch_id")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_legal_holds_company_id")
        ),
        sa.ForeignKeyConstraint(["placed_by"], ["users.id"], name=op.f("fk_legal_holds_placed_by")),
        sa.ForeignKeyConstraint(["lifted_by"], ["users.id"], name=op.f("fk_legal_holds_lifted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    for column in ("batch_id", "company_id"):
        op.create_index(op.f(f"ix_legal_holds_{column}"), "legal_holds", [column])
    op.create_table(
        "purges",
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("begun_at", time, nullable=False),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.Column("ended_at", time, nullable=True),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.CheckConstraint("stage IN ('documents', 'log')", name=op.f("ck_purges_stage")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_purges_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "stage", name=op.f("pk_purges")),
    )
    op.create_index(op.f("ix_purges_ended_at"), "purges", ["ended_at"])
    op.create_table(
        "doomed_files",
        sa.Column("id", big, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doomed_files")),
        sa.UniqueConstraint("name", name=op.f("uq_doomed_files_name")),
    )
    for statement in MESSAGES[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))
