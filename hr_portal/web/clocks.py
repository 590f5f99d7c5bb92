"""The reviewer's target as a chip: how much time is left, never by colour alone."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from hr_portal.domain.deadlines import (
    Deadline,
    ReviewClock,
    clock_at,
    days_hours_minutes,
    review_clock,
)
from hr_portal.web.current import portal
from hr_portal.web.layout import State

TONES: Final = {
    "late": ("err", "exclamation-octagon-fill"),
    "today": ("warn", "clock-fill"),
    "soon": ("mute", "clock"),
    "later": ("mute", "clock"),
}


def clock_of(submitted_at: dt.datetime, timezone: str) -> ReviewClock:
    """How a submitted batch stands to the target now."""
    return review_clock(submitted_at, portal().clock(), ZoneInfo(timezone))


def deadline_state(one: Deadline, timezone: str) -> State:
    """The chip of a deadline as it stands now."""
    return clock_state(clock_at(one.due, portal().clock(), ZoneInfo(timezone)))


def law_of(one: Deadline) -> str:
    """Where a deadline comes from, in a few words."""
    if one.kind == "target":
        return _("target portal")
    return _("UU PDP ps. 30") if one.kind == "pdp" else _("PP 44/2015 ps. 9")


def clock_state(clock: ReviewClock, *, exact: bool = False) -> State:
    """The chip: "Sisa 5 jam", "Lewat 2 hari"; with `exact` the next smaller unit too."""
    tone, icon = TONES[clock.urgency]
    span = span_words(clock.left, exact=exact)
    label = (
        _("Lewat %(span)s", span=span) if clock.urgency == "late" else _("Sisa %(span)s", span=span)
    )
    return State(label, tone, icon)


def span_words(span: dt.timedelta, *, exact: bool = False) -> str:
    """A span in its largest unit ("2 hari"), with `exact` in its two largest ("2 hari 19 jam")."""
    days, hours, minutes = days_hours_minutes(span)
    parts = []
    if days:
        parts.append(_("%(count)s hari", count=days))
    if hours:
        parts.append(_("%(count)s jam", count=hours))
    if minutes and not days:
        parts.append(_("%(count)s menit", count=minutes))
    if not parts:
        return _("kurang dari 1 menit")
    return " ".join(parts if exact else parts[:1])
