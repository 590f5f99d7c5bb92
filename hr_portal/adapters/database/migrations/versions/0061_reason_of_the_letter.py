"""The reason about an unsigned letter names it as the pages do, where nobody has changed it."""

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.execute(
        "UPDATE standard_reasons SET text = 'Surat permohonan belum ditandatangani',"
        " text_en = 'The letter of request is not signed'"
        " WHERE text = 'Surat pengantar belum ditandatangani'"
    )
