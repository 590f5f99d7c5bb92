"""Checking rows without keeping them: the same rules, and the company's own history."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

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
        company = session.get_one(Company, company_id)
        today = portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).date()
        report = check_rows(rows, today=today, npp=company.npp)
        past.judge(portal, session, company_id, None, portal.key(company), report)
    return report
