"""Numbers of letters: taken one by one, never twice, past those used outside the portal."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.letter_models import OutsideNumber
from hr_portal.adapters.database.models import Company, Counter, Letter
from hr_portal.domain.letter_numbers import (
    LetterKind,
    Series,
    format_number,
    period_days,
    period_of,
    series_of,
)
from hr_portal.services import number_holds
from hr_portal.services.intake import next_value


def company_series(company: Company, kind: LetterKind) -> Series:
    """Return how a company numbers a kind of letter."""
    return series_of(kind, (company.letter_series or {}).get(kind, {}), company.number_pattern)


def company_code(company: Company) -> str:
    """Return what `{perusahaan}` prints for a company."""
    return company.short_name or company.letter_code


def take_number(
    session: Session, company: Company, kind: LetterKind, issued_on: dt.date
) -> tuple[str, int, str]:
    """Take the next number in the transaction: its period, its running number, and its text.

    The counter's row is locked until the transaction ends, so numbers follow each other
    without a gap, and who fails gives theirs back. What is used already (outside the portal,
    by another kind of letter with the same pattern, or before the company changed when its
    numbers begin anew) is passed over. Raises Conflict while numbers are held after a restore.
    """
    number_holds.require_free(session, company.id)
    series = company_series(company, kind)
    period = period_of(series.reset, issued_on)
    scope = f"{number_holds.LETTERS}{company.id}"
    counted = next_value(session, scope, kind, period)
    sequence = max(counted, series.start, _last_used(session, company, kind, series, issued_on) + 1)
    while True:
        number = format_number(
            series.pattern,
            sequence=sequence,
            issued_on=issued_on,
            company_code=company_code(company),
            letter_code=series.code,
            reset=series.reset,
        )
        if not _is_used(session, company, kind, period, sequence, number):
            break
        sequence += 1
    if sequence != counted:
        session.execute(
            sa.update(Counter)
            .where(Counter.scope == scope, Counter.series == kind, Counter.period == period)
            .values(value=sequence)
        )
    return period, sequence, number


def _last_used(
    session: Session, company: Company, kind: LetterKind, series: Series, issued_on: dt.date
) -> int:
    """Return the highest running number of the portal's own letters in the period's days."""
    first, after = period_days(series.reset, issued_on)
    return (
        session.scalar(
            sa.select(sa.func.max(Letter.sequence)).where(
                Letter.company_id == company.id,
                Letter.series == kind,
                Letter.issued_on >= first,
                Letter.issued_on < after,
            )
        )
        or 0
    )


def _is_used(
    session: Session, company: Company, kind: LetterKind, period: str, sequence: int, number: str
) -> bool:
    outside = sa.exists().where(
        OutsideNumber.company_id == company.id,
        sa.or_(
            OutsideNumber.number == number,
            sa.and_(
                OutsideNumber.series == kind,
                OutsideNumber.period == period,
                OutsideNumber.sequence == sequence,
            ),
        ),
    )
    issued = sa.exists().where(Letter.company_id == company.id, Letter.number == number)
    return bool(session.scalar(sa.select(sa.or_(outside, issued))))
