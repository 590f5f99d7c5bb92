"""The service's target for a review: 3 x 24 hours from submission.

A target of the portal's own, counted in hours that pass, weekends too. The legal
clocks (decisions.md) run from the day the change was received and are not told here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

REVIEW_TARGET = timedelta(hours=72)
SOON = timedelta(hours=24)

Urgency = Literal["late", "today", "soon", "later"]


@dataclass(frozen=True, slots=True)
class ReviewClock:
    """How a review stands to its target."""

    due: datetime
    left: timedelta
    """Time that is left; below zero once the target has passed."""
    urgency: Urgency


def review_clock(submitted_at: datetime, now: datetime, zone: tzinfo) -> ReviewClock:
    """Say when a batch submitted then is due, and how urgent that is now.

    `zone` is the branch's: "today" is its calendar day. Both times are aware.
    late: past the target; today: due on this day; soon: within 24 hours; else later.
    """
    due = submitted_at + REVIEW_TARGET
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
