"""The KPJ that corrections replaced are found by an index: each check of a file asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index(
        "ix_facts_cards",
        "facts",
        ["company_id"],
        sqlite_where=sa.text("field = 'kpj'"),
        postgresql_where=sa.text("field = 'kpj'"),
    )
