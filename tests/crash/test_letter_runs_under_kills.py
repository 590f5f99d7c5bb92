"""A worker dies amid many letters: the next goes on, and no letter is made twice."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Letter
from hr_portal.services import letter_runs
from tests.crash.test_crash_points import die, expire

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("point", ["letters:issued", "letters:noted", "letter:rendered"])
def test_a_run_that_dies_goes_on_where_it_was(world, portal, settings, point):
    batches = [world.draft(world.sheet(1, start=700 + 10 * i)) for i in range(3)]
    run = letter_runs.ask_for_drafts(portal, world.rahma, batches)
    die(settings, "work", point)
    assert letter_runs.view(portal, world.rahma, run).done < 3
    expire(portal)
    world.work()
    view = letter_runs.view(portal, world.rahma, run)
    assert view.made == 3
    with portal.db.read() as session:
        found = session.scalars(sa.select(Letter.sequence).order_by(Letter.sequence)).all()
        assert found == [1, 2, 3], "no gap, no double"
    assert [item.number[:3] for item in view.items] == ["001", "002", "003"]
