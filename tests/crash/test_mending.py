"""kill -9 while a draft is mended: cells and findings change together, or not at all."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.document_models import Explained, Explanation
from hr_portal.adapters.database.models import Edit, EditAct, FindingRow, Job, Revision, Row
from hr_portal.services import (
    explaining,
    long_acts,
    long_works,
    mending,
    offers,
    rechecking,
    review,
    submission,
)
from hr_portal.services.offers import Chosen
from tests.crash.test_crash_points import count, die, expire
from tests.services.test_mending import without_zero
from tests.services.test_past import sheet
from tests.services.test_splitting import BROKEN, GOOD

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


@pytest.mark.parametrize(
    "point", ["recheck:judged", "recheck:unit", "recheck:written", "recheck:committed"]
)
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


@pytest.mark.parametrize(
    "point",
    ["edit:judged", "staging:unit", "edit:begun", "edit:unit", "long_act:written", "long_act:done"],
)
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
    assert [one.cells for one in mending.acts(portal, world.rahma, batch)] == [COUNT] * is_done
    assert len(mending.row_history(portal, world.rahma, batch, 2)) == int(is_done)
    is_written = point in {"edit:begun", "edit:unit", "long_act:written"}
    assert world.view(batch).revision.is_due == (is_written or is_done)
    expire(portal)
    world.work()
    assert long_acts.view(portal, world.rahma, batch, number).state == "done"
    assert (count(portal, EditAct), count(portal, Edit)) == (1, COUNT)
    assert count(portal, Revision) == 1
    assert (world.view(batch).revision.is_due, world.view(batch).revision.valid) == (False, COUNT)


@pytest.mark.parametrize("point", ["edit:begun", "edit:unit", "long_act:written"])
def test_a_worker_that_dies_at_undoing_a_large_act_is_followed_by_one_that_ends_it(
    world, portal, settings, point
):
    batch = world.draft(without_zero(world, COUNT))
    done = offers.take(portal, world.rahma, batch, Chosen("KPJ-03"))
    number = long_works.ask_undo(portal, world.rahma, batch, done.act_id, version=done.version)
    die(settings, "work", point)
    assert mending.acts(portal, world.rahma, batch)[0].undone_at is None
    assert world.view(batch).revision.is_due
    expire(portal)
    world.work()
    assert long_acts.view(portal, world.rahma, batch, number).state == "done"
    assert mending.acts(portal, world.rahma, batch)[0].undone_at is not None
    view = world.view(batch).revision
    assert (view.is_due, view.invalid, count(portal, FindingRow)) == (False, COUNT, COUNT)


def test_what_dies_again_and_again_in_the_midst_of_its_blocks_is_taken_back(
    world, portal, settings
):
    batch = world.draft(without_zero(world, COUNT))
    number = long_works.ask_proposals(portal, world.rahma, batch, Chosen("KPJ-03"))
    world.work()
    long_acts.go_on(portal, world.rahma, batch, number)
    for _ in range(portal.settings.max_attempts):
        die(settings, "work", "edit:unit")
        expire(portal)
    world.work()
    told = long_acts.view(portal, world.rahma, batch, number)
    assert (told.state, told.problem) == ("failed", long_acts.GIVEN_UP)
    assert (count(portal, EditAct), count(portal, Edit), count(portal, Revision)) == (0, 0, 1)
    view = world.view(batch).revision
    assert (view.is_due, view.invalid, count(portal, FindingRow)) == (False, COUNT, COUNT)
    assert offers.take(portal, world.rahma, batch, Chosen("KPJ-03")).cells == COUNT


@pytest.mark.parametrize("point", ["staging:unit", "split:written", "long_act:done"])
def test_a_worker_that_dies_at_parting_rows_leaves_no_half_and_it_is_done_once(
    world, portal, settings, point
):
    batch = world.draft(sheet(*GOOD, BROKEN))
    number = long_works.ask_split(portal, world.rahma, batch)
    world.work()
    long_acts.go_on(portal, world.rahma, batch, number)
    die(settings, "work", point)
    is_done = point == "long_act:done"
    assert len(world.view(batch).children) == int(is_done)
    assert world.view(batch).revision.number == 1 + int(is_done)
    expire(portal)
    world.work()
    assert long_acts.view(portal, world.rahma, batch, number).outcome["kept"] == len(GOOD)
    with portal.db.read() as session:
        assert sorted(session.scalars(sa.select(Revision.number))) == [1, 1, 2]
    assert count(portal, Row) == 2 * (len(GOOD) + 1)


@pytest.mark.parametrize("state", ["submitted", "returned"])
@pytest.mark.parametrize("point", ["staging:unit", "again:written", "long_act:done"])
def test_a_worker_that_dies_at_making_a_draft_of_what_was_handed_in_has_made_none_or_one(
    world, portal, settings, point, state
):
    batch = world.submitted(sheet(*GOOD))
    if state == "returned":
        review.take(portal, world.bayu, batch)
        review.return_all(portal, world.bayu, batch, version=None, reason="Belum cocok")
        world.work()  # the mail about it
        ask = {"version": world.view(batch).version}
        number = long_works.ask_reopening(portal, world.rahma, batch, **ask)
    else:
        ask = {"version": world.view(batch).version, "reason": "Ada yang kurang"}
        number = long_works.ask_withdrawal(portal, world.rahma, batch, **ask)
    die(settings, "work", point)
    is_done = point == "long_act:done"
    view = world.view(batch)
    assert (view.state, view.revision.number) == (("draft", 2) if is_done else (state, 1))
    expire(portal)
    world.work()
    assert long_acts.view(portal, world.rahma, batch, number).state == "done"
    with portal.db.read() as session:
        assert sorted(session.scalars(sa.select(Revision.number))) == [1, 2]
    assert (world.view(batch).state, count(portal, Row)) == ("draft", 2 * len(GOOD))


def test_a_worker_that_dies_at_explaining_is_followed_by_one_that_goes_on(world, portal, settings):
    batch = world.draft(sheet(*GOOD))
    lacking = explaining.missing_of(portal, world.rahma, batch, [2])[2]
    assert lacking
    version = world.view(batch).version
    ask = {"kind": None, "version": version}
    number = long_works.ask_explain(portal, world.rahma, batch, reason="Menyusul", **ask)
    die(settings, "work", "explain:unit")
    assert long_acts.view(portal, world.rahma, batch, number).outcome == {}
    expire(portal)
    world.work()
    told = long_acts.view(portal, world.rahma, batch, number)
    assert (told.state, told.outcome) == ("done", {"rows": len(GOOD)})
    assert count(portal, Explanation) == 1
    assert {one.reason for one in explaining.missing_of(portal, world.rahma, batch, [2])[2]} == {
        "Menyusul"
    }
    ask = {"kind": None, "version": world.view(batch).version}
    back = long_works.ask_explain(portal, world.rahma, batch, reason=None, **ask)
    die(settings, "work", "explain:unit")
    expire(portal)
    world.work()
    assert long_acts.view(portal, world.rahma, batch, back).outcome == {"rows": len(GOOD)}
    assert count(portal, Explained) == 0


def test_an_act_during_a_new_check_takes_the_work_over(world, portal, monkeypatch):
    monkeypatch.setattr(rechecking, "INLINE_ROWS", 0)
    batch = world.draft(without_zero(world, COUNT))
    offers.take(portal, world.rahma, batch, Chosen("KPJ-03"))
    check = rechecking.check

    def meanwhile(table, **asked):
        monkeypatch.setattr(rechecking, "check", check)
        mending.edit_cells(portal, world.surya, batch, {(2, 7): "0217654321"})
        return check(table, **asked)

    monkeypatch.setattr(rechecking, "check", meanwhile)
    world.work()
    view = world.view(batch).revision
    assert (view.is_due, view.invalid) == (False, 1)
    with portal.db.read() as session:
        assert session.scalars(sa.select(FindingRow.code)).all() == ["TEL-01"]
