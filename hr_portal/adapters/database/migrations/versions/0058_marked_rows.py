"""Rows marked by what they correct and what was found in them."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

STALE = {
    "sqlite": (
        "CREATE TRIGGER rows_marked_stale AFTER UPDATE OF severity ON rows"
        " BEGIN DELETE FROM marked_rows WHERE revision_id = NEW.revision_id; END",
    ),
    "postgresql": (
        "CREATE FUNCTION rows_marked_stale() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN DELETE FROM marked_rows WHERE revision_id = NEW.revision_id; RETURN NULL; END $$",
        "CREATE TRIGGER rows_marked_stale AFTER UPDATE OF severity ON rows"
        " FOR EACH ROW EXECUTE FUNCTION rows_marked_stale()",
    ),
}
"""A row whose outcome changes is shown by other filters: the marks of its revision go."""


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "marked_rows",
        sa.Column(
            "revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_marked_rows_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "mark", name=op.f("pk_marked_rows")),
    )
    for statement in STALE[op.get_bind().dialect.name]:
        op.execute(statement)
