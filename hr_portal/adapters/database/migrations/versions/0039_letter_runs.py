"""Many letters at once, and forms of one employee each."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

STANDING = sa.text("state = 'issued'")


def upgrade() -> None:
    """Bring the schema forward; of forms, one may stand for each employee of a draft."""
    time = types.UTC(timezone=True)
    op.add_column("letters", sa.Column("person", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("uq_letters_current", table_name="letters")
    op.create_index(
        "uq_letters_current",
        "letters",
        ["batch_id", "series", "person"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "letter_runs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", time, nullable=False),
        sa.Column("ended_at", time, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_letter_runs_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_runs")),
    )
    op.create_index("ix_letter_runs_made_by", "letter_runs", ["made_by"])
    op.create_table(
        "letter_run_items",
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.String(32), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_en", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["letter_runs.id"], name=op.f("fk_letter_run_items_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_letter_run_items_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_letter_run_items_letter_id")
        ),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("pk_letter_run_items")),
    )
    op.create_index("ix_letter_run_items_batch_id", "letter_run_items", ["batch_id"])
