"""The rows that break a rule, found without counting and sorting all of them.

The findings have an index by rule and row, and a revision's summary, which is written with them,
says how many rows each of its entries touches. Decision 43 has the rows listed by outcome.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import FindingRow, Revision
from hr_portal.domain.report import Severity
from hr_portal.services.row_lists import Found


def page(
    session: Session, revision: Revision, shown: str, code: str, field: str | None,
    start: int, count: int,
) -> Found | None:  # fmt: skip
    """Return the numbers from `start` on of the rows with such a finding.

    None where `shown` keeps some of them out, so that the rows themselves have to be asked.
    """
    of_rule = [one for one in revision.summary if one["code"] == code]
    asked = [one for one in of_rule if field is None or one["field"] == field]
    worst_is_known = all(one["severity"] >= Severity.WARNING for one in asked)
    if shown != "all" and not (shown == "todo" and worst_is_known):
        return None
    wanted = [
        FindingRow.revision_id == revision.id,
        FindingRow.code == code,
        FindingRow.row_number > 0,
    ]
    if len(asked) < len(of_rule):
        wanted.append(FindingRow.field == field)
    rows = sa.select(FindingRow.row_number).where(*wanted).distinct()
    part = rows.order_by(FindingRow.row_number).limit(count).offset(start)
    numbers = list(session.scalars(part))
    if len(asked) == 1 and asked[0].get("first", 0) > 0:
        return Found(numbers, asked[0]["rows"])
    total = session.scalar(sa.select(sa.func.count()).select_from(rows.subquery()))
    return Found(numbers, total or 0)
