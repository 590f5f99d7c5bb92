"""After a restore nobody gets a letter number before the last one given out is known.

Between the backup and the loss further letters may have left the house; their numbers are in the
company's agenda and no longer here. A number given out twice can't be taken back (security.md K3).
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Company, Counter
from hr_portal.services import audit
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound

LETTERS = "letters|"
"""Counters of a company's letters have this and its id as their scope."""
_HELD = "held|"


@dataclass(frozen=True, slots=True)
class Series:
    """Where one series of a company's letter numbers stands."""

    npp: str
    company: str
    series: str
    period: str
    last: int
    is_held: bool


def hold(session: Session) -> int:
    """Hold the numbers of every company that has letters; return of how many."""
    scopes = session.scalars(
        sa.select(Counter.scope).where(Counter.scope.startswith(LETTERS)).distinct()
    )
    companies = {scope.removeprefix(LETTERS) for scope in scopes}
    for company_id in companies:
        session.merge(Counter(scope=_HELD + company_id, series="letters", period="-", value=1))
    return len(companies)


def require_free(session: Session, company_id: str) -> None:
    """Refuse a new number while the company's are held; raises Conflict."""
    if session.get(Counter, (_HELD + company_id, "letters", "-")) is not None:
        raise Conflict(
            "Portal dipulihkan dari cadangan, jadi nomor surat terakhir perusahaan ini belum pasti. "
            "Sampaikan nomor terakhir pada buku agenda Anda kepada admin portal; setelah admin "
            "mencatatnya, surat dapat diterbitkan lagi.",
            "The portal was restored from a backup, so this company's last letter number is not "
            "certain. Tell the portal's administrator the last number in your register; once it is "
            "recorded, letters can be issued again.",
            code="numbers_held",
        )


def standing(portal: Portal) -> list[Series]:
    """Return where all series of all companies stand."""
    with portal.db.read() as session:
        held = set(session.scalars(sa.select(Counter.scope).where(Counter.scope.startswith(_HELD))))
        lines = session.execute(
            sa.select(Company, Counter)
            .join(Counter, Counter.scope == sa.literal(LETTERS) + Company.id)
            .order_by(Company.name, Company.id, Counter.series, Counter.period)
        )
        return [
            Series(
                f"{company.npp}/{company.division}", company.name, counter.series, counter.period,
                counter.value, _HELD + company.id in held,
            )
            for company, counter in lines
        ]  # fmt: skip


def release(portal: Portal, company_id: str, last: dict[tuple[str, str], int]) -> None:
    """Let a company's numbers go on after `last`: the last number in use, by series and period.

    A series that isn't named goes on where it stands; none ever goes back.

    Raises:
        NotFound: no such company. Conflict: its numbers aren't held.
        Invalid: a number below what the portal itself knows was given out.

    """
    with portal.db.write() as session:
        if session.get(Company, company_id) is None:
            raise NotFound
        mark = session.get(Counter, (_HELD + company_id, "letters", "-"), with_for_update=True)
        if mark is None:
            raise Conflict(
                "Nomor surat perusahaan ini tidak sedang ditahan.",
                "This company's letter numbers are not held.",
            )
        for (series, period), number in last.items():
            counter = session.get(Counter, (LETTERS + company_id, series, period))
            if counter is None:
                session.add(
                    Counter(scope=LETTERS + company_id, series=series, period=period, value=number)
                )
            elif number < counter.value:
                raise Invalid(
                    f"Nomor {number} lebih kecil daripada {counter.value} yang sudah tercatat pada "
                    f"{series} {period}.",
                    f"Number {number} is below {counter.value}, on record for {series} {period}.",
                )
            else:
                counter.value = number
        session.delete(mark)
        audit.record(
            portal, session, None, "letter:numbers_resumed", company_id, company_id=company_id,
            last=[[*key, number] for key, number in sorted(last.items())],
        )  # fmt: skip
