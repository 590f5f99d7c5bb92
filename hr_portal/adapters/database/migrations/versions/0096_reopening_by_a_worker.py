"""A worker reopens the decision on a large batch."""

from typing import Final

from hr_portal.adapters.database import checks

revision = "0096"
down_revision = "0094"
branch_labels = None
depends_on = None

OLD: Final = "act IN ('verdict', 'clear', 'decide', 'forward', 'answer')"
NEW: Final = "act IN ('verdict', 'clear', 'decide', 'forward', 'answer', 'reopen')"


def upgrade() -> None:
    """Bring the schema forward."""
    checks.change("review_works", "act", OLD, NEW)
