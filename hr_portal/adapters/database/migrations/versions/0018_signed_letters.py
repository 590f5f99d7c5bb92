"""Certificates of companies, and signed copies of letters."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "certificates",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("pkcs12", types.Sealed(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("not_before", types.UTC(timezone=True), nullable=False),
        sa.Column("not_after", types.UTC(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added_by", sa.String(32), nullable=False),
        sa.Column("added_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name=op.f("fk_certificates_added_by")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_certificates_company_id")
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_certificates")),
    )
    op.create_table(
        "signed_letters",
        sa.Column("id", big, nullable=False),
        sa.Column("letter_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_id", big, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("added_by", sa.String(32), nullable=False),
        sa.Column("added_at", types.UTC(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('certificate', 'elsewhere', 'scan')", name=op.f("ck_signed_letters_kind")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["users.id"], name=op.f("fk_signed_letters_added_by")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_signed_letters_file_id")),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_signed_letters_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_letters")),
        sa.UniqueConstraint("letter_id", "sha256", name=op.f("uq_signed_letters_letter_id_sha256")),
    )
    op.create_index(op.f("ix_signed_letters_letter_id"), "signed_letters", ["letter_id"])
