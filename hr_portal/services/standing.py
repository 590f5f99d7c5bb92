"""What stands of a decision: what it approved, unless the agency has refused it since."""

import sqlalchemy as sa

from hr_portal.adapters.database.models import Correction
from hr_portal.adapters.database.review_models import AgencyAnswer


def stands() -> sa.ColumnElement[bool]:
    """Return the condition for corrections that were approved and not refused by the agency."""
    refused = sa.exists().where(
        AgencyAnswer.correction_id == Correction.id, AgencyAnswer.answer == "refused"
    )
    return sa.and_(Correction.verdict == "approve", ~refused)
