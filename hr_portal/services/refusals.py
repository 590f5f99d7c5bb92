"""How often the agency has refused each kind of correction of late, over all companies.

Read are the agency's answers only: field, answer and reason, none of them anybody's
(decision 86).
"""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database import tenancy
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.domain.refusals import Often, often
from hr_portal.services.context import Portal

_latest = (
    sa.select(AgencyAnswer.answer, AgencyAnswer.reason)
    .where(AgencyAnswer.field == sa.bindparam("of"))
    .order_by(AgencyAnswer.answered_at.desc())
    .limit(sa.bindparam("window"))
    .subquery()
)
_COUNTED: Final = sa.select(_latest.c.answer, _latest.c.reason, sa.func.count()).group_by(
    _latest.c.answer, _latest.c.reason
)
"""The latest answers for a field, counted; made once, for a row that is checked by itself."""


@tenancy.under(tenancy.Wide("refusals"))
def refused_often(portal: Portal, session: Session, fields: Iterable[str]) -> dict[str, Often]:
    """Return which of some kinds of correction are refused often, as the settings say."""
    settings = portal.settings
    if not settings.refusals_least:
        return {}
    found = {}
    asking = session.connection()
    for field in sorted(set(fields)):
        counted = asking.execute(_COUNTED, {"of": field, "window": settings.refusals_window})
        counts = {(answer, reason): count for answer, reason, count in counted}
        one = often(counts, settings.refusals_least, settings.refusals_percent)
        if one is not None:
            found[field] = one
    return found
