"""Numbers of letters: taken one by one, never twice, past those used outside the portal."""

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.letter_models import OutsideNumber
from hr_portal.adapters.database.models import Company, Counter, Letter
from hr_portal.domain.letter_numbers import (
    LETTER_KINDS,
    LetterKind,
    Series,
    check_series,
    format_number,
    period_days,
    period_of,
    sequence_in,
    series_of,
)
from hr_portal.domain.permissions import Actor
from hr_portal.domain.told import Told
from hr_portal.services import audit, number_holds, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid
from hr_portal.services.intake import next_value

LONGEST_NUMBER: Final = 80
LONGEST_NOTE: Final = 200
SAMPLE_OF: Final = 7


@dataclass(frozen=True, slots=True)
class SeriesView:
    """How a kind of letter is numbered, and what its next number would be today."""

    kind: LetterKind
    series: Series
    last: int
    """The highest running number given out in the present period; 0 for none."""
    following: str


@dataclass(frozen=True, slots=True)
class OutsideView:
    """A number used outside the portal."""

    number: str
    kind: LetterKind
    used_on: dt.date
    sequence: int | None
    note: str


def series_views(
    portal: Portal, actor: Actor, company_id: str, kinds: tuple[LetterKind, ...], today: dt.date
) -> list[SeriesView]:
    """Return how a company numbers its letters; raises NotFound where it isn't the actor's."""
    with portal.db.read() as session:
        company = visible.company(session, actor, company_id)
        found = []
        for kind in kinds:
            series = company_series(company, kind)
            last = _last_used(session, company, kind, series, today)
            sequence = max(last + 1, series.start)
            while _is_used(session, company, kind, series, sequence, today):
                sequence += 1
            found.append(SeriesView(kind, series, last, _number(company, series, sequence, today)))
        return found


def edit_series(
    portal: Portal, actor: Actor, company_id: str, kind: LetterKind, series: Series
) -> None:
    """Change how a company numbers a kind of letter, from the next letter on.

    Raises:
        NotFound: not theirs. Invalid: the series can give no number; says why.

    """
    series = replace(series, pattern=series.pattern.strip(), code=series.code.strip())
    problems = check_series(series)
    if problems:
        told = Told.together(problems)
        raise Invalid(
            told, told.english, code="series", fields={kind: told},
        )  # fmt: skip
    with portal.db.write() as session:
        company = visible.company(session, actor, company_id)
        kept = asdict(series)
        if kind == "permohonan":  # the company's own form holds it too
            company.number_pattern = kept.pop("pattern")
        company.letter_series = {**(company.letter_series or {}), kind: kept}
        audit.record(
            portal, session, actor, "company:series_changed", company_id,
            company_id=company_id, kind=kind, reset=series.reset, start=series.start,
        )  # fmt: skip


def register_outside(
    portal: Portal,
    actor: Actor,
    company_id: str,
    *,
    kind: str,
    number: str,
    used_on: dt.date | None,
    note: str = "",
) -> OutsideView:
    """Note down a number used outside the portal: it is never given out.

    Where it follows the company's pattern its running number is taken too, whatever month
    stands in it; else only the text. Raises:
        NotFound: not theirs.
        Invalid: no number or day, too long, unknown kind; or it is issued or noted already.

    """
    number, note = " ".join(number.split()), " ".join(note.split())
    if kind not in LETTER_KINDS:
        raise _wrong("kind", "Pilih jenis suratnya.", "Choose the kind of letter.")
    if not number or len(number) > LONGEST_NUMBER:
        raise _wrong(
            "number",
            f"Tulis nomor suratnya, paling panjang {LONGEST_NUMBER} karakter.",
            f"Write the letter's number, in {LONGEST_NUMBER} characters at most.",
        )
    if used_on is None:
        raise _wrong("used_on", "Tulis tanggal suratnya.", "Write the letter's date.")
    if len(note) > LONGEST_NOTE:
        raise _wrong(
            "note",
            f"Keterangan paling panjang {LONGEST_NOTE} karakter.",
            f"The note may have {LONGEST_NOTE} characters at most.",
        )
    with portal.db.write() as session:
        company = visible.company(session, actor, company_id)
        series = company_series(company, kind)
        period = period_of(series.reset, used_on)
        sequence = sequence_in(number, series, company_code=company_code(company))
        if _is_noted(session, company, kind, period, sequence, number):
            raise _wrong(
                "number",
                f"Nomor {number} atau nomor urutnya sudah terpakai atau sudah tercatat.",
                f"Number {number}, or its running number, is used or noted already.",
            )
        session.add(
            OutsideNumber(
                company_id=company.id, number=number, series=kind, period=period,
                sequence=sequence, used_on=used_on, note=note,
                registered_by=actor.user_id, registered_at=portal.clock(),
            )
        )  # fmt: skip
        audit.record(
            portal, session, actor, "company:outside_number", company_id,
            company_id=company_id, number=number,
        )  # fmt: skip
    return OutsideView(number, kind, used_on, sequence, note)


def outside_numbers(portal: Portal, actor: Actor, company_id: str) -> list[OutsideView]:
    """Return the numbers a company used outside the portal, the latest first."""
    with portal.db.read() as session:
        company = visible.company(session, actor, company_id)
        found = session.scalars(
            sa.select(OutsideNumber)
            .where(OutsideNumber.company_id == company.id)
            .order_by(OutsideNumber.used_on.desc(), OutsideNumber.id.desc())
        )
        return [
            OutsideView(one.number, one.series, one.used_on, one.sequence, one.note)  # type: ignore[arg-type]
            for one in found
        ]


def _wrong(field: str, message: str, message_en: str) -> Invalid:
    return Invalid(
        message, message_en, code="outside_number", fields={field: Told(message, message_en)}
    )


def company_series(company: Company, kind: LetterKind) -> Series:
    """Return how a company numbers a kind of letter.

    A kind that nobody has set takes the pattern of the letters of request, and begins anew
    when they do.
    """
    said = company.letter_series or {}
    usual = {"reset": said.get("permohonan", {}).get("reset")}
    return series_of(kind, said.get(kind) or usual, company.number_pattern)


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
    while _is_used(session, company, kind, series, sequence, issued_on):
        sequence += 1
    if sequence != counted:
        session.execute(
            sa.update(Counter)
            .where(Counter.scope == scope, Counter.series == kind, Counter.period == period)
            .values(value=sequence)
        )
    return period, sequence, _number(company, series, sequence, issued_on)


def _number(company: Company, series: Series, sequence: int, issued_on: dt.date) -> str:
    return format_number(
        series.pattern,
        sequence=sequence,
        issued_on=issued_on,
        company_code=company_code(company),
        letter_code=series.code,
        reset=series.reset,
    )


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
    session: Session,
    company: Company,
    kind: LetterKind,
    series: Series,
    sequence: int,
    issued_on: dt.date,
) -> bool:
    """Say whether a running number, or the text it would give, is used already."""
    number = _number(company, series, sequence, issued_on)
    period = period_of(series.reset, issued_on)
    return _is_noted(session, company, kind, period, sequence, number)


def _is_noted(
    session: Session,
    company: Company,
    kind: str,
    period: str,
    sequence: int | None,
    number: str,
) -> bool:
    """Say whether a number is a letter's or an outside one, by its text or running number."""
    return any(
        session.scalar(
            sa.select(
                sa.exists().where(
                    table.company_id == company.id,
                    sa.or_(
                        table.number == number,
                        sa.and_(
                            table.series == kind,
                            table.period == period,
                            table.sequence == sequence,
                        ),
                    ),
                )
            )
        )
        for table in (OutsideNumber, Letter)
    )
