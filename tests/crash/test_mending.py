"""kill -9 while a draft is mended: cells and findings change together, or not at all."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Edit, EditAct, FindingRow, Job
from hr_portal.services import (
    long_acts,
    long_works,
    mending,
    offers,
    rechecking,
    submission,
)
from hr_portal.services.offers import Chosen
from tests.crash.test_crash_points import count, die, expire
from tests.services.test_mending import without_zero

pytestmark = pytest.mark.crash
COUNT = 6


@pytest.mark.parametrize("point", ["edit:judged", "edit:written", "edit:committed"])
def test_an_act_that_dies_is_all_or_nothing(world, portal, settings, point):
    batch = world.draft(without_zero(world, COUNT))
    before = world.view(batch)
    die(settings, "mend", point, world.rahma.user_id, batch)
    done = point == "edit:committed"
    view = world.view(batch)
    assert count(portal, EditAct) == int(done)
    assert count(portal, Edit) == (COUNT if done else 0)
    assert count(portal, FindingRow) == (0 if done else COUNT)
    assert view.version == before.version + int(done)
    assert view.revision.valid == (COUNT if done else 0)
    again = offers.take(portal, world.rahma, batch, Chosen("KPJ-03"))
    assert again.cells == (0 if done else COUNT)
    assert count(portal, FindingRow) == 0


def test_an_undoing_that_dies_is_all_or_nothing(world, portal, settings):
    batch = world.draft(without_zero(world, COUNT))
    done = offers.take(portal, world.rahma, batch, Chosen("KPJ-03"))
    die(settings, "undo", "undo:written", world.rahma.user_id, batch)
    assert count(portal, FindingRow) == 0
    assert mending.acts(portal, world.rahma, batch)[0].is_undoable
    mending.undo(portal, world.rahma, batch, done.act_id)
    assert count(portal, FindingRow) == COUNT


@pytest.mark.parametrize("point", ["recheck:judged", "recheck:written", "recheck:committed"])
def test_a_worker_that_dies_in_a_new_check_loses_and_doubles_nothing(
    world, portal, settings, monkeypatch, point
):
    monkeypatch.setattr(rechecking, "INLINE_ROWS", 0)
    batch = world.draft(without_zero(world, COUNT))
    done = offers.take(portal, world.rahma, batch, Chosen("KPJ-03"))
    assert done.is_due
    assert world.view(batch).revision.is_due
    lacks = [lack.code for lack in submission.lacks(portal, world.rahma, batch)]
    assert "recheck_due" in lacks
    die(settings, "work", point)
    if point != "recheck:committed":
        assert world.view(batch).revision.is_due
    expire(portal)
    world.work()
    view = world.view(batch).revision
    assert (view.is_due, view.valid, view.invalid) == (False, COUNT, 0)
    assert count(portal, FindingRow) == 0
    assert count(portal, Job, Job.kind == rechecking.JOB, Job.state == "done") == 1


@pytest.mark.parametrize("point", ["edit:judged", "long_act:written", "long_act:done"])
def test_a_worker_that_dies_in_a_long_act_has_done_nothing_or_all_of_it_and_it_is_done_once(
    world, portal, settings, point
):
    batch = world.draft(without_zero(world, COUNT))
    number = long_works.ask_proposals(portal, world.rahma, batch, Chosen("KPJ-03"))
    if point == "edit:judged":
        die(settings, "work", "long_act:seen")
        expire(portal)
    world.work()
    long_acts.go_on(portal, world.rahma, batch, number)
    die(settings, "work", point)
    is_done = point == "long_act:done"
    state = long_acts.view(portal, world.rahma, batch, number).state
    assert state == ("done" if is_done else "applying")
    assert count(portal, Edit) == (COUNT if is_done else 0)
    expire(portal)
    world.work()
    assert long_acts.view(portal, world.rahma, batch, number).state == "done"
    assert (count(portal, EditAct), count(portal, Edit)) == (1, COUNT)


def test_an_act_during_a_new_check_takes_the_work_over(world, portal, monkeypatch):
    monkeypatch.setattr(rechecking, "INLINE_ROWS", 0)
    batch = world.draft(without_zero(world, COUNT))
    offers.take(portal, world.rahma, batch, Chosen("KPJ-03"))
    judge = rechecking.judge

    def meanwhile(portal_, draft, edited):
        monkeypatch.setattr(rechecking, "judge", judge)
        mending.edit_cells(portal, world.surya, batch, {(2, 7): "0217654321"})
        return judge(portal_, draft, edited)

    monkeypatch.setattr(rechecking, "judge", meanwhile)
    world.work()
    view = world.view(batch).revision
    assert (view.is_due, view.invalid) == (False, 1)
    with portal.db.read() as session:
        assert session.scalars(sa.select(FindingRow.code)).all() == ["TEL-01"]
