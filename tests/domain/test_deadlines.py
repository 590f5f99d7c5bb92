"""The target of a review: 3 x 24 hours, on the branch's own calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.domain.deadlines import (
    days_hours_minutes,
    deadlines,
    first_due,
    review_clock,
    working_day_after,
)

JAKARTA = ZoneInfo("Asia/Jakarta")
JAYAPURA = ZoneInfo("Asia/Jayapura")
SUBMITTED = datetime(2026, 11, 16, 8, 20, tzinfo=UTC)


def at(hours: float) -> datetime:
    return SUBMITTED + timedelta(hours=hours)


def test_a_review_is_due_three_days_after_submission_weekends_too():
    friday = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    assert review_clock(friday, friday, JAKARTA).due == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "urgency"),
    [(0, "later"), (47.9, "later"), (48, "soon"), (57, "today"), (72, "today"), (72.1, "late")],
)
def test_urgency_grows_towards_the_target(hours, urgency):
    assert review_clock(SUBMITTED, at(hours), JAKARTA).urgency == urgency


def test_today_is_the_day_of_the_branch():
    # 18 November 15.30 UTC is 22.30 in Jakarta and already the 19th in Jayapura.
    now = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
    assert review_clock(SUBMITTED, now, JAKARTA).urgency == "soon"
    assert review_clock(SUBMITTED, now, JAYAPURA).urgency == "today"


def test_what_is_left_goes_below_zero():
    assert review_clock(SUBMITTED, at(78), JAKARTA).left == timedelta(hours=-6)


@pytest.mark.parametrize(
    ("span", "parts"),
    [
        (timedelta(hours=5, minutes=20, seconds=59), (0, 5, 20)),
        (timedelta(days=2, hours=19), (2, 19, 0)),
        (timedelta(hours=-6, minutes=-1), (0, 6, 1)),
        (timedelta(0), (0, 0, 0)),
    ],
)
def test_a_span_is_split_into_days_hours_and_minutes(span, parts):
    assert days_hours_minutes(span) == parts


# --- the clocks of the law ------------------------------------------------------------------------

CHRISTMAS = date(2026, 12, 25)


def test_seven_working_days_leave_out_weekends_and_holidays():
    received = date(2026, 12, 18)  # a Friday
    assert working_day_after(received, 7, lambda _day: False) == date(2026, 12, 29)
    assert working_day_after(received, 7, lambda day: day == CHRISTMAS) == date(2026, 12, 30)
    assert working_day_after(date(2026, 12, 19), 1, lambda _day: False) == date(2026, 12, 21)


def test_the_most_pressing_clock_comes_first_in_the_branchs_own_time():
    received = date(2026, 11, 12)
    found = deadlines(SUBMITTED, received, JAYAPURA, lambda _day: False)
    assert [one.kind for one in found] == ["pdp", "target", "pp44"]
    pdp, _target, pp44 = found
    assert pdp.due == datetime(2026, 11, 16, 0, 0, tzinfo=JAYAPURA)
    assert pp44.due == datetime(2026, 11, 24, 0, 0, tzinfo=JAYAPURA)


NEW_YEAR = {date(2026, 12, 25), date(2027, 1, 1)}
JOINT_LEAVE = {date(2026, 12, 24)}


@pytest.mark.parametrize(
    ("zone", "submitted", "received", "free", "target", "pdp", "pp44"),
    [  # reckoned by hand, each in the branch's own time
        # a Friday's last minute; Christmas among the seven days, without and with joint leave
        ("Asia/Jayapura", "2026-12-18 23:59", "2026-12-18", NEW_YEAR,
         "2026-12-21 23:59", "2026-12-22 00:00", "2026-12-31 00:00"),
        ("Asia/Makassar", "2026-12-18 23:59", "2026-12-18", NEW_YEAR | JOINT_LEAVE,
         "2026-12-21 23:59", "2026-12-22 00:00", "2027-01-01 00:00"),
        # 3 x 24 hours go through New Year, working days around it
        ("Asia/Jakarta", "2026-12-31 10:00", "2026-12-30", NEW_YEAR,
         "2027-01-03 10:00", "2027-01-03 00:00", "2027-01-12 00:00"),
    ],
)  # fmt: skip
def test_each_clock_runs_out_as_reckoned_by_hand(
    zone, submitted, received, free, target, pdp, pp44
):
    here = ZoneInfo(zone)
    local = lambda text: datetime.fromisoformat(text).replace(tzinfo=here)  # noqa: E731
    found = deadlines(
        local(submitted).astimezone(UTC), date.fromisoformat(received), here, free.__contains__
    )
    due = {one.kind: one.due for one in found}
    assert due == {"target": local(target), "pdp": local(pdp), "pp44": local(pp44)}
    assert [one.due for one in found] == sorted(due.values())


@given(
    received=st.dates(date(2015, 1, 1), date(2100, 1, 1)),
    free=st.sets(st.integers(1, 40)),
    hours=st.integers(0, 900),
)
def test_a_holiday_never_moves_the_most_pressing_clock(received, free, hours):
    """So a batch keeps its date, whatever an admin changes in the calendar, and whenever."""
    submitted = datetime.combine(received, time(), JAKARTA) + timedelta(hours=hours)
    days = {received + timedelta(days=one) for one in free}
    for is_free in (days.__contains__, lambda _day: False):
        first = deadlines(submitted, received, JAKARTA, is_free)[0]
        assert first.due == first_due(submitted, received, JAKARTA)


def test_without_a_day_of_receipt_only_the_target_runs():
    found = deadlines(SUBMITTED, None, JAKARTA, lambda _day: False)
    assert [(one.kind, one.due) for one in found] == [("target", at(72))]
    assert first_due(SUBMITTED, None, JAKARTA) == at(72)
