"""Employees of submitted rows by name and date of birth, so that a lost number can be offered."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "people_seen",
        sa.Column("id", big, nullable=False),
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("person_index", sa.LargeBinary(16), nullable=False),
        sa.Column("kpj_index", sa.LargeBinary(16), nullable=False),
        sa.Column("revision_id", big, nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_people_seen_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id", "block"],
            ["row_blocks.revision_id", "row_blocks.block"],
            name="fk_people_seen_block",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_seen")),
    )
    op.create_index("ix_people_seen_person", "people_seen", ["company_id", "person_index"])
    op.create_index("ix_people_seen_block", "people_seen", ["revision_id", "block"])
