"""Row numbers listed by outcome, and what the first rows say while the rest is read."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STALE = {
    "sqlite": (
        "CREATE TRIGGER rows_lists_stale AFTER UPDATE OF severity ON rows"
        " BEGIN DELETE FROM row_lists WHERE revision_id = NEW.revision_id; END",
    ),
    "postgresql": (
        "CREATE FUNCTION rows_lists_stale() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN DELETE FROM row_lists WHERE revision_id = NEW.revision_id; RETURN NULL; END $$",
        "CREATE TRIGGER rows_lists_stale AFTER UPDATE OF severity ON rows"
        " FOR EACH ROW EXECUTE FUNCTION rows_lists_stale()",
    ),
}
"""A row whose outcome changes moves from list to list: the lists of its revision go."""


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "row_lists",
        sa.Column(
            "revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_row_lists_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "shown", "part", name=op.f("pk_row_lists")),
    )
    op.create_index(
        "ix_findings_confirmed",
        "findings",
        ["revision_id", "code", "kind", "field"],
        sqlite_where=sa.text("confirmed_at IS NOT NULL"),
        postgresql_where=sa.text("confirmed_at IS NOT NULL"),
    )
    op.add_column("revisions", sa.Column("preview", sa.JSON(), nullable=True))
    for statement in STALE[op.get_bind().dialect.name]:
        op.execute(statement)
