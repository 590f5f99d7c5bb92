"""Three clocks: two of the law, from the day a change was received, and one of the service.

- UU PDP article 30: a correction is made within 3 x 24 hours of the request.
- PP 44/2015 article 9: the employer passes a change on within 7 working days.
- The portal's own target: a review ends within 3 x 24 hours of submission, weekends too.

Of the receipt only the day is known; it isn't counted itself, so both legal clocks begin when
it ends, in the branch's time zone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

REVIEW_TARGET = timedelta(hours=72)
PDP_TERM = timedelta(hours=72)
WORKING_DAYS = 7
SATURDAY = 5
SOON = timedelta(hours=24)

Urgency = Literal["late", "today", "soon", "later"]
ClockKind = Literal["target", "pdp", "pp44"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock and when it runs out."""

    kind: ClockKind
    due: datetime


def deadlines(
    submitted_at: datetime, received_on: date | None, zone: tzinfo, is_free: Callable[[date], bool]
) -> list[Deadline]:
    """Return the clocks that run for a submitted batch, the most pressing first.

    Without a day of receipt only the service's target runs. `is_free` says whether a day
    is a public holiday; weekends are none of its business.
    """
    found = _by_the_hour(submitted_at, received_on, zone)
    if received_on is not None:
        last = working_day_after(received_on, WORKING_DAYS, is_free)
        found.append(Deadline("pp44", datetime.combine(last + timedelta(days=1), time(), zone)))
    return sorted(found, key=lambda one: one.due)


def first_due(submitted_at: datetime, received_on: date | None, zone: tzinfo) -> datetime:
    """Return when the most pressing clock of a batch runs out, whatever days are holidays.

    Seven working days never end before 3 x 24 hours of the same receipt do.
    """
    return min(one.due for one in _by_the_hour(submitted_at, received_on, zone))


def _by_the_hour(submitted_at: datetime, received_on: date | None, zone: tzinfo) -> list[Deadline]:
    """Return the clocks that no calendar has a part in."""
    found = [Deadline("target", submitted_at + REVIEW_TARGET)]
    if received_on is not None:
        over = datetime.combine(received_on + timedelta(days=1), time(), zone)
        found.append(Deadline("pdp", over + PDP_TERM))
    return found


def working_day_after(day: date, count: int, is_free: Callable[[date], bool]) -> date:
    """Return the `count`-th working day after a day: no Saturday, Sunday or public holiday."""
    while count:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and not is_free(day):
            count -= 1
    return day


@dataclass(frozen=True, slots=True)
class ReviewClock:
    """How a deadline stands now."""

    due: datetime
    left: timedelta
    """Time that is left; below zero once it has passed."""
    urgency: Urgency


def review_clock(submitted_at: datetime, now: datetime, zone: tzinfo) -> ReviewClock:
    """Say when the review of a batch submitted then is due, and how urgent that is now."""
    return clock_at(submitted_at + REVIEW_TARGET, now, zone)


def clock_at(due: datetime, now: datetime, zone: tzinfo) -> ReviewClock:
    """Say how urgent a deadline is now.

    `zone` is the branch's: "today" is its calendar day. Both times are aware.
    late: past; today: due on this day; soon: within 24 hours; else later.
    """
    left = due - now
    if left < timedelta(0):
        urgency: Urgency = "late"
    elif due.astimezone(zone).date() == now.astimezone(zone).date():
        urgency = "today"
    else:
        urgency = "soon" if left <= SOON else "later"
    return ReviewClock(due, left, urgency)


def days_hours_minutes(span: timedelta) -> tuple[int, int, int]:
    """Split the length of a span, whatever its sign, into whole days, hours and minutes."""
    minutes = int(abs(span).total_seconds() // 60)
    return minutes // 1440, minutes // 60 % 24, minutes % 60
