"""Public holidays as the legal clocks count them: the package's, corrected by an admin."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch
from hr_portal.adapters.database.review_models import CalendarDay
from hr_portal.adapters.public_holidays import public_holidays
from hr_portal.domain.deadlines import Deadline, deadlines, first_due
from hr_portal.domain.permissions import Actor, may
from hr_portal.services import audit
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden, Invalid

FIRST_YEAR, LAST_YEAR = 2015, 2100
MOST_NAME = 100


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is, or by the package would be, a public holiday."""

    day: dt.date
    name: str
    is_free: bool
    is_own: bool
    """True where an admin has said so."""


def days(portal: Portal, actor: Actor, year: int) -> list[Day]:
    """Return the holidays of a year in order, with what an admin changed."""
    _only_admin(actor)
    with portal.db.read() as session:
        own = {
            one.day: one for one in session.scalars(sa.select(CalendarDay)) if one.day.year == year
        }
    known = public_holidays(year)
    return [
        Day(day, own[day].name or known.get(day, ""), own[day].is_free, is_own=True)
        if day in own
        else Day(day, known[day], is_free=True, is_own=False)
        for day in sorted({*own, *known})
    ]


def change(portal: Portal, actor: Actor, day: dt.date | None, *, name: str, is_free: bool) -> None:
    """Say that a day is a public holiday or a working day: the 7 working days then follow it.

    Raises:
        Forbidden: not an admin. Invalid: no day, a year too far off, or a name too long.

    """
    _only_admin(actor)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(
            f"Isi tanggal antara {FIRST_YEAR} dan {LAST_YEAR}.",
            f"Give a date between {FIRST_YEAR} and {LAST_YEAR}.",
            fields={"day": "Tanggal"},
        )
    if len(name.strip()) > MOST_NAME:
        raise Invalid(
            f"Nama hari libur paling panjang {MOST_NAME} huruf.",
            f"The name of a holiday has at most {MOST_NAME} characters.",
            fields={"name": "Terlalu panjang"},
        )
    with portal.db.write() as session:
        held = session.get(CalendarDay, day)
        if held is None:
            session.add(CalendarDay(day=day, name=name.strip(), is_free=is_free))
        else:
            held.name, held.is_free = name.strip() or held.name, is_free
        audit.record(portal, session, actor, "calendar:changed", day.isoformat(), is_free=is_free)


def free_days(session: Session) -> Callable[[dt.date], bool]:
    """Return what tells whether a day is a public holiday."""
    own = dict(session.execute(_OWN).all())
    return lambda day: own.get(day, day in public_holidays(day.year))


_OWN: Final = sa.select(CalendarDay.day, CalendarDay.is_free)


def clocks(
    submitted_at: dt.datetime | None,
    received_on: dt.date | None,
    timezone: str,
    is_free: Callable[[dt.date], bool],
) -> list[Deadline]:
    """Return the clocks of a batch that is submitted, the most pressing first; [] before."""
    if submitted_at is None:
        return []
    return deadlines(submitted_at, received_on, ZoneInfo(timezone), is_free)


def received_on(given: dt.date | None, now: dt.datetime, timezone: str) -> dt.date:
    """Return the day on which HRD received changes; where none is given, the branch's own today.

    Raises:
        Invalid: the day has not come yet there, or is too far back.

    """
    today = now.astimezone(ZoneInfo(timezone)).date()
    first = dt.date(FIRST_YEAR, 1, 1)
    if given is not None and not first <= given <= today:
        raise Invalid(
            f"Perubahan tidak mungkin diterima HRD pada {given:%d-%m-%Y}. Isi tanggal dari "
            f"{first:%d-%m-%Y} sampai hari ini, {today:%d-%m-%Y}.",
            f"HR can't have received the changes on {given.isoformat()}. Give a day from "
            f"{first.isoformat()} to today, {today.isoformat()}.",
            fields={"received_on": "Di luar rentang"},
        )
    return given or today


def set_due(batch: Batch) -> None:
    """Note on a batch that was just submitted when its most pressing clock runs out."""
    assert batch.submitted_at is not None  # noqa: S101 - it was
    zone = ZoneInfo(batch.branch.timezone)
    batch.due_at = first_due(batch.submitted_at, batch.change_received_on, zone)


def _only_admin(actor: Actor) -> None:
    if not may(actor, "installation.manage"):
        raise Forbidden("Hanya admin yang dapat mengubah ini.", "Only an admin may change this.")
