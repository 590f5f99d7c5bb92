"""kill -9 while approved corrections are given out by a worker: one handover, its files whole."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act, File
from hr_portal.adapters.database.review_models import Handover, HandoverFile, OutletRow
from hr_portal.services import outlets, reconciling, review_works
from tests.crash.test_crash_points import count, die, expire

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("point", ["forward:stored", "forward:written"])
def test_a_worker_that_dies_while_it_gives_corrections_out_is_taken_up_again(
    world, portal, settings, monkeypatch, point
):
    monkeypatch.setattr(review_works, "LARGE", 2)
    batch = world.decided(world.sheet(5))
    world.work()
    with portal.db.write() as session:
        session.execute(sa.update(OutletRow).values(rows_a_file=2))
    kept = count(portal, File)
    number = outlets.ask(portal, world.bayu, batch, "csv", version=None)
    die(settings, "work", point)
    assert review_works.view(portal, world.bayu, batch, number).state == "wanted"
    assert (world.view(batch).state, outlets.handed_over(portal, world.bayu, batch)) == (
        "approved", [],
    )  # fmt: skip
    assert count(portal, File) == kept
    expire(portal)
    world.work()
    done = review_works.view(portal, world.bayu, batch, number)
    assert (done.state, done.done, done.total) == ("done", 5, 5)
    (given,) = outlets.handed_over(portal, world.bayu, batch)
    assert (given.rows, [one.rows for one in given.files]) == (5, [2, 2, 1])
    for one in given.files:
        content = b"".join(outlets.open_file(portal, world.bayu, batch, one.id)[2])
        assert len(content.splitlines()) == one.rows + 1
    assert (count(portal, Handover), count(portal, HandoverFile)) == (1, 3)
    assert count(portal, Act, Act.action == "batch:forwarded") == 1
    assert reconciling.reconcile(portal, deep=True) == []
