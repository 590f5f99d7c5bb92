"""What was asked before: facts for the history rules, and files that came before."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REMEMBER = """
INSERT INTO jobs (kind, subject, state, attempts, run_after, version, created_at)
SELECT 'remember', CAST(r.id AS VARCHAR(20)), 'queued', 0, CURRENT_TIMESTAMP, 1, CURRENT_TIMESTAMP
FROM revisions r JOIN batches b ON b.id = r.batch_id
WHERE r.number = b.revision_number
  AND b.state IN ('submitted', 'in_review', 'approved', 'partly_approved', 'rejected',
                  'forwarded', 'completed')
"""
"""Facts need the companies' keys, which a migration has not: workers make them."""


def upgrade() -> None:
    """Bring the schema forward; what was submitted before is remembered by jobs."""
    op.create_table(
        "facts",
        sa.Column(
            "correction_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("kpj_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value_index", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_facts_company_id")),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_facts_correction_id")
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_facts")),
    )
    op.create_index("ix_facts_employee", "facts", ["company_id", "kpj_index"])
    with op.batch_alter_table("employees", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(op.f("fk_employees_batch_id"), "batches", ["batch_id"], ["id"])
    op.add_column("revisions", sa.Column("content_index", sa.LargeBinary(16), nullable=True))
    op.create_index("ix_revisions_content_index", "revisions", ["content_index"])
    op.create_index("ix_revisions_sha256", "revisions", ["sha256"])
    op.execute(REMEMBER)
