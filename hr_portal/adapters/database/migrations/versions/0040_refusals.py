"""Answers of the agency by kind and reason, for what it often refuses."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; why older ones were refused lies in sealed words."""
    for name in ("field", "reason"):
        op.add_column(
            "agency_answers", sa.Column(name, sa.Text(), nullable=False, server_default="")
        )
    op.execute(
        "UPDATE agency_answers SET field = (SELECT c.field FROM corrections c"
        " WHERE c.id = agency_answers.correction_id)"
    )
    op.create_index("ix_agency_answers_field", "agency_answers", ["field", "answered_at"])
