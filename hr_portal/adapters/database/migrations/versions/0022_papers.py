"""Receipts and records of decisions, numbered by the branch, never changed."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

_KEPT = (
    "id, batch_id, revision_id, branch_id, kind, year, sequence, number, issued_at, issued_on, "
    "token, code, company_name, branch_name, rows, rows_approved, rows_returned, rows_rejected"
)
KEEP = {
    "sqlite": (
        f"CREATE TRIGGER papers_keep_update BEFORE UPDATE OF {_KEPT} ON papers"
        " BEGIN SELECT RAISE(ABORT, 'papers are never changed'); END",
        "CREATE TRIGGER papers_keep_bytes BEFORE UPDATE OF sha256 ON papers"
        " WHEN OLD.sha256 IS NOT NULL AND OLD.sha256 IS NOT NEW.sha256"
        " BEGIN SELECT RAISE(ABORT, 'papers are never changed'); END",
        "CREATE TRIGGER papers_keep_delete BEFORE DELETE ON papers"
        " BEGIN SELECT RAISE(ABORT, 'papers are never changed'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION papers_keep() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'papers are never changed'; END $$",
        "CREATE TRIGGER papers_keep_delete BEFORE DELETE ON papers"
        " FOR EACH ROW EXECUTE FUNCTION papers_keep()",
        f"CREATE TRIGGER papers_keep_update BEFORE UPDATE OF {_KEPT} ON papers"
        " FOR EACH ROW EXECUTE FUNCTION papers_keep()",
        "CREATE TRIGGER papers_keep_bytes BEFORE UPDATE OF sha256 ON papers"
        " FOR EACH ROW WHEN (OLD.sha256 IS NOT NULL AND OLD.sha256 IS DISTINCT FROM NEW.sha256)"
        " EXECUTE FUNCTION papers_keep()",
    ),
}
"""The snapshot alone may be replaced, by a purge or a new data key; it opens only at its place."""


def upgrade() -> None:
    """Bring the schema forward."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "papers",
        sa.Column("id", big, nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("revision_id", big, nullable=False),
        sa.Column("branch_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_at", types.UTC(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("snapshot", types.Sealed(), nullable=False),
        sa.Column("token", sa.String(26), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("company_name", sa.Text(), nullable=False),
        sa.Column("branch_name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_approved", sa.Integer(), nullable=False),
        sa.Column("rows_returned", sa.Integer(), nullable=False),
        sa.Column("rows_rejected", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("file_id", big, nullable=True),
        sa.CheckConstraint("kind IN ('tanda_terima', 'berita_acara')", name=op.f("ck_papers_kind")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_papers_batch_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_papers_revision_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_papers_branch_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_papers_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint(
            "branch_id",
            "kind",
            "year",
            "sequence",
            name=op.f("uq_papers_branch_id_kind_year_sequence"),
        ),
        sa.UniqueConstraint(
            "batch_id", "kind", "revision_id", name=op.f("uq_papers_batch_id_kind_revision_id")
        ),
        sa.UniqueConstraint("token", name=op.f("uq_papers_token")),
        sa.UniqueConstraint("code", name=op.f("uq_papers_code")),
    )
    for statement in KEEP[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))
