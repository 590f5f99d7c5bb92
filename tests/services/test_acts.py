"""The acts as an admin reads them: filtered, page by page, taken along (J8)."""

import datetime as dt

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act
from hr_portal.services import acts, audit, results
from hr_portal.services.acts import Wanted
from hr_portal.services.errors import Forbidden, Invalid


def actions(portal, world, **wanted):
    return [one.action for one in acts.listed(portal, world.admin, Wanted(**wanted)).lines]


def test_acts_are_found_by_who_what_company_batch_and_day(world, portal, clock):
    mine = world.draft()
    results.reveal(portal, world.rahma, mine, 2)
    clock.go(days=2)
    other = world.draft(world.sheet(1, start=300), actor=world.wulan)
    number, company = world.view(mine).number, world.people.companies[1]
    assert set(actions(portal, world, who=world.wulan.user_id)) == {
        "batch:created", "user:terms_accepted",
    }  # fmt: skip
    assert "batch:row_revealed" in actions(portal, world, batch=number.lower())
    assert actions(portal, world, batch=number, action="batch:row_revealed") == [
        "batch:row_revealed"
    ]
    assert {"batch:created", "revision:checked"} <= set(actions(portal, world, company=company))
    assert "batch:row_revealed" not in actions(portal, world, company=company)
    assert set(actions(portal, world, kind="revision", who=acts.NOBODY)) == {"revision:checked"}
    day = clock.now.astimezone(dt.timezone(dt.timedelta(hours=7))).date()
    assert actions(portal, world, since=day, until=day, kind="batch") == ["batch:created"]
    assert actions(portal, world, until=day - dt.timedelta(days=1), kind="batch") == [
        "batch:row_revealed", "batch:created",
    ]  # fmt: skip
    line = acts.listed(portal, world.admin, Wanted(action="batch:row_revealed")).lines[0]
    assert (line.who, line.subject) == (world.rahma.name, number)
    with pytest.raises(Invalid):
        acts.listed(portal, world.admin, Wanted(batch="PKD-1999-1"))
    with pytest.raises(Forbidden):
        acts.listed(portal, world.rahma, Wanted())
    assert world.view(other, world.wulan).number != number


def test_pages_go_on_where_the_one_before_ended_whatever_is_added_meanwhile(world, portal):
    with portal.db.write() as session:
        for number in range(120):
            audit.record(portal, session, None, "calendar:changed", f"{number}")
    seen, before = [], None
    while True:
        page = acts.listed(portal, world.admin, Wanted(kind="calendar"), before=before)
        seen += [one.subject for one in page.lines]
        with portal.db.write() as session:
            audit.record(portal, session, None, "calendar:changed", "late")
        if page.older is None:
            break
        before = page.older
    assert seen == [f"{number}" for number in reversed(range(120))]
    taken = acts.export(portal, world.admin, Wanted(kind="calendar"))
    assert len(taken) == 123
    with portal.db.read() as session:
        told = session.scalars(sa.select(Act).where(Act.action == "audit:exported")).one()
    assert told.details == {"acts": 123, "wanted": {"kind": "calendar"}}
