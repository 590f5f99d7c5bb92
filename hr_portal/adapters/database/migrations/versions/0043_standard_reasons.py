"""The reasons that reviewers choose from are kept by an admin."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

SEEDS = (
    ("KTP tidak terbaca", "The identity card is not legible"),
    ("Data berbeda dengan KTP-el", "The data differ from the identity card"),
    ("Dokumen pendukung kurang", "A supporting document is missing"),
    ("Dokumen bukan milik peserta ini", "The document belongs to someone else"),
    ("Surat pengantar belum ditandatangani", "The cover letter is not signed"),
    ("Peserta tidak ditemukan pada NPP ini", "The participant is not under this NPP"),
)


def upgrade() -> None:
    """Bring the schema forward."""
    reasons = op.create_table(
        "standard_reasons",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("removed_at", types.UTC(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_reasons")),
    )
    op.bulk_insert(
        reasons,
        [
            {"id": f"{place:032x}", "place": place, "text": text, "text_en": text_en}
            for place, (text, text_en) in enumerate(SEEDS, start=1)
        ],
    )
