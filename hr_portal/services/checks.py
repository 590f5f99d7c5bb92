"""Checking rows without keeping them: the same rules, and the company's own history."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from hr_portal.adapters.database.models import Company
from hr_portal.domain.checking import check_rows
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Report
from hr_portal.domain.table import Part
from hr_portal.services import past
from hr_portal.services.context import Portal
from hr_portal.services.intake import which_company

MOST_ROWS = 1_000


def check_only(
    portal: Portal,
    actor: Actor,
    rows: Sequence[Mapping[str | tuple[Part, str | None], str]],
    *,
    company_id: str | None = None,
) -> Report:
    """Judge rows as a sheet of them would be judged; nothing is stored.

    Raises:
        Forbidden, Invalid, NotFound: as for a new batch.

    """
    company_id = which_company(actor, company_id)
    with portal.db.read() as session:
        asked = session.connection().execute(_COMPANY, {"company": company_id})
        npp, data_key = asked.one()
        today = portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).date()
        report = check_rows(rows, today=today, npp=npp)
        key = portal.key_of(company_id, data_key)
        past.judge(portal, session, company_id, None, key, report)
    return report


_company = Company.__table__.c
_COMPANY = sa.select(_company.npp, _company.data_key).where(_company.id == sa.bindparam("company"))
"""Made once: every row that a program has checked by itself asks it."""
