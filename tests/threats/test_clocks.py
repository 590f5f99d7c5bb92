"""Clocks that jump, and machines whose clocks differ (security.md R18)."""

import contextlib
import datetime as dt

import pytest

from hr_portal.services import jobs, sessions, throttling
from hr_portal.services.context import Portal, utc_now
from hr_portal.services.errors import TooMany


def test_a_worker_whose_clock_is_a_day_off_takes_no_work_that_another_has(settings):
    with contextlib.ExitStack() as opened:
        on_time, ahead, behind = (
            opened.enter_context(contextlib.closing(Portal.from_settings(settings)))
            for _ in range(3)
        )
        ahead.clock = lambda: utc_now() + dt.timedelta(days=1)
        behind.clock = lambda: utc_now() - dt.timedelta(days=1)
        with on_time.db.write() as session:
            jobs.add(on_time, session, "read", "1")
        held = jobs.claim(on_time)
        assert held is not None
        assert jobs.claim(ahead) is None  # by its own clock the lease ran out long ago
        with on_time.db.write() as session:
            jobs.hold(on_time, session, held)
            jobs.add(on_time, session, "read", "2", delay=3600)
        assert jobs.claim(ahead) is None  # its time has not come
        with ahead.db.write() as session:
            jobs.add(ahead, session, "read", "3")
        taken = jobs.claim(behind)  # what one ahead has queued waits for no tomorrow
        assert taken is not None
        assert taken.subject == "3"


def test_what_a_clock_that_ran_ahead_has_begun_ends_when_it_is_set_right(world, portal, clock):
    keys = {"somebody": 2}
    clock.go(days=1)
    session_id = sessions.open_session(portal, {}, user_id=None)
    for _ in range(2):
        throttling.count_tries(portal, keys, lambda wait: TooMany("", "", retry_after=wait))
    with pytest.raises(TooMany):
        throttling.count_tries(portal, keys, lambda wait: TooMany("", "", retry_after=wait))
    assert sessions.read_session(portal, session_id) is not None
    clock.go(minutes=-4)  # what machines differ by ends nothing
    assert sessions.read_session(portal, session_id) is not None
    clock.go(days=-1)
    assert sessions.read_session(portal, session_id) is None
    throttling.count_tries(portal, keys, lambda wait: TooMany("", "", retry_after=wait))
    assert sessions.sweep_sessions(portal) == 1
