"""Letters that anybody can look up, revoke and number as the company wishes."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STANDS = sa.text("state = 'issued'")
REVOKED_BY = (
    "ALTER TABLE letters ADD COLUMN revoked_by VARCHAR(32)"
    " CONSTRAINT fk_letters_revoked_by REFERENCES users (id)"
)
REVOKED_REASON = (
    "ALTER TABLE letters ADD COLUMN revoked_reason TEXT DEFAULT '' NOT NULL"
    " CONSTRAINT ck_letters_revoked_reason CHECK (state <> 'revoked' OR revoked_reason <> '')"
)
"""Written out: SQLite would otherwise make the table anew, and letters refer to each other."""


def upgrade() -> None:
    """Bring the schema forward; letters issued before have no token, so no page of proof."""
    for column in (
        sa.Column("token", sa.String(length=26), nullable=True),
        sa.Column("code", sa.String(length=12), nullable=True),
        sa.Column("company_name", sa.Text(), nullable=True),
        sa.Column("branch_name", sa.Text(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("corrections", sa.Integer(), nullable=True),
        sa.Column("revoked_at", types.UTC(timezone=True), nullable=True),
    ):
        op.add_column("letters", column)
    op.execute(REVOKED_BY)
    op.execute(REVOKED_REASON)
    for name in ("token", "code"):
        op.create_index(op.f(f"ix_letters_{name}"), "letters", [name], unique=True)
    op.create_index("uq_letters_number", "letters", ["company_id", "number"], unique=True)
    op.drop_index("uq_letters_current", table_name="letters")
    op.create_index(
        "uq_letters_current",
        "letters",
        ["batch_id", "series"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    for name in ("letter_series", "letter_choices"):
        op.add_column("companies", sa.Column(name, sa.JSON(), server_default="{}", nullable=False))
    op.create_table(
        "outside_numbers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.String(length=32), nullable=False),
        sa.Column("registered_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_outside_numbers_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["users.id"], name=op.f("fk_outside_numbers_registered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_numbers")),
        sa.UniqueConstraint(
            "company_id", "number", name=op.f("uq_outside_numbers_company_id_number")
        ),
        sa.UniqueConstraint(
            "company_id",
            "series",
            "period",
            "sequence",
            name=op.f("uq_outside_numbers_company_id_series_period_sequence"),
        ),
    )
