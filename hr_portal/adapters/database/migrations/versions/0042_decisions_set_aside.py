"""A batch under review may be withdrawn, and a decision that nobody acted on be set aside."""

# ruff: noqa: S608 - statements made of this file's own words

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

OLD = " OR OLD.state = 'returned' AND NEW.state = 'draft'"
NEW = (
    OLD + " OR OLD.state = 'in_review' AND NEW.state = 'draft'"
    " OR OLD.state IN ('approved', 'partly_approved', 'rejected') AND NEW.state = 'submitted'"
    " AND EXISTS (SELECT 1 FROM set_asides s"
    " WHERE s.batch_id = OLD.id AND s.revision_number = OLD.revision_number)"
)
"""A decision is left only with the row that says who has set it aside."""
KEEP = {
    "sqlite": (
        "CREATE TRIGGER set_asides_keep_update BEFORE UPDATE ON set_asides"
        " BEGIN SELECT RAISE(ABORT, 'what was set aside stays so'); END",
        "CREATE TRIGGER set_asides_keep_delete BEFORE DELETE ON set_asides"
        " BEGIN SELECT RAISE(ABORT, 'what was set aside stays so'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION set_asides_keep() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'what was set aside stays so'; END $$",
        "CREATE TRIGGER set_asides_keep BEFORE UPDATE OR DELETE ON set_asides"
        " FOR EACH ROW EXECUTE FUNCTION set_asides_keep()",
    ),
}


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "set_asides",
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("revision_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("set_aside_by", sa.String(32), nullable=False),
        sa.Column("set_aside_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_set_asides_batch_id")),
        sa.ForeignKeyConstraint(
            ["set_aside_by"], ["users.id"], name=op.f("fk_set_asides_set_aside_by")
        ),
        sa.PrimaryKeyConstraint("batch_id", "revision_number", name=op.f("pk_set_asides")),
    )
    for statement in KEEP[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
    _allow_the_moves()


def _allow_the_moves() -> None:
    """Make the trigger of the moves anew; the table and its other triggers stay."""
    bind = op.get_bind()
    is_sqlite = bind.dialect.name == "sqlite"
    held = bind.exec_driver_sql(
        "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'batches_moves'"
        if is_sqlite
        else "SELECT pg_get_functiondef('batches_moves()'::regprocedure)"
    ).scalar_one()
    if OLD not in held:
        msg = "the moves of a batch aren't where they are expected"
        raise RuntimeError(msg)
    if is_sqlite:
        bind.exec_driver_sql("DROP TRIGGER batches_moves")
    bind.exec_driver_sql(held.replace(OLD, NEW))
