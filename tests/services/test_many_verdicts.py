"""One verdict over very many rows is a worker's: told how far, taken up again, nothing twice."""

import dataclasses

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act, Correction
from hr_portal.services import (
    accounts,
    changes,
    jobs,
    judging,
    many_verdicts,
    review,
    review_works,
    reviewing,
    sent_back,
    submission,
)
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.many_verdicts import Order
from tests.services.test_review import race


@pytest.fixture
def few(monkeypatch):
    """Six rows are many here, and two of them one unit, two units a turn."""
    monkeypatch.setattr(many_verdicts, "LARGE", 3)
    monkeypatch.setattr(many_verdicts, "ROWS_A_UNIT", 2)
    monkeypatch.setattr(many_verdicts, "UNITS_A_TURN", 2)


@pytest.fixture
def batch(world, portal, few):
    made = world.submitted(world.sheet(6))
    review.take(portal, world.bayu, made)
    world.work()
    return made


def ask(world, batch, actor=None, version=None, **order):
    order = Order(**{"scope": "open", "verdict": "approve", **order})
    return many_verdicts.ask_verdicts(
        world.portal, actor or world.bayu, batch, order, version=version
    )


def seen(world, batch, number, actor=None):
    return review_works.view(world.portal, actor or world.bayu, batch, number)


def given(world, batch):
    with world.portal.db.read() as session:
        rev = world.view(batch, world.bayu).revision.id
        return dict(
            session.execute(
                sa.select(Correction.row_number, Correction.verdict).where(
                    Correction.revision_id == rev
                )
            ).all()
        )


def acts(portal, action):
    with portal.db.read() as session:
        return [one.details for one in session.scalars(sa.select(Act).where(Act.action == action))]


def test_a_verdict_over_many_rows_is_given_unit_by_unit_and_taken_back_as_one(world, portal, batch):
    number = ask(world, batch)
    assert (seen(world, batch, number).state, seen(world, batch, number).percent) == ("wanted", 0)
    for attempt in (
        lambda: review.decide(portal, world.bayu, batch, version=None),
        lambda: ask(world, batch),
        lambda: review.pass_on(portal, world.bayu, batch, version=None),
        lambda: review.release(portal, world.bayu, batch),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert (refused.value.code, refused.value.fields) == ("work_running", {"work": number})
    assert worker.run_once(portal)  # a turn: two units of two rows
    halfway = seen(world, batch, number)
    assert (halfway.state, halfway.done, halfway.percent, halfway.corrections) == (
        "wanted",
        4,
        66,
        4,
    )
    judging.give_verdicts(  # the reviewer goes on meanwhile
        portal, world.bayu, batch, version=None, rows=[7], verdict="return", reason="KTP buram"
    )
    world.work()
    done = seen(world, batch, number)
    assert (done.state, done.corrections, done.left) == ("done", 5, ())
    assert set(given(world, batch).values()) == {"approve", "return"}
    told = acts(portal, "batch:verdict")[-1]
    assert (told["verdict"], told["corrections"], told["work"], told["ended"]) == (
        "approve", 5, number, "done",
    )  # fmt: skip
    judging.give_verdicts(portal, world.bayu, batch, version=None, rows=[7], verdict="approve")
    review.clear_verdicts(portal, world.bayu, batch, version=None, rows=[7])
    rows = review.last_given(portal, world.bayu, batch)
    assert rows == [2, 3, 4, 5, 6]
    back = many_verdicts.ask_clearing(portal, world.bayu, batch, version=None, rows=rows)
    world.work()
    assert (seen(world, batch, back).state, seen(world, batch, back).corrections) == ("done", 5)
    assert set(given(world, batch).values()) == {None}


def test_rows_judged_since_the_page_was_opened_are_left_and_listed(world, portal, batch):
    seen_at = portal.clock().isoformat()
    judging.give_verdicts(
        portal, world.bayu, batch, version=None, rows=[4], verdict="reject", reason="X"
    )
    number = ask(world, batch, seen_at=seen_at, verdict="return", reason="Surat belum dicap")
    world.work()
    done = seen(world, batch, number)
    assert (done.corrections, done.left_count) == (5, 1)
    assert done.left[0][:2] == (4, "changed_meanwhile")
    assert "Bayu Teladan" in done.left[0][2]
    assert given(world, batch)[4] == "reject"
    named = ask(world, batch, scope="rows", rows=(2, 3, 4, 5))  # over what they had before
    world.work()
    assert (seen(world, batch, named).corrections, given(world, batch)[4]) == (4, "approve")


@pytest.mark.parametrize("what", ["withdrawn", "switched off"])
def test_the_right_is_looked_at_again_for_each_unit(world, portal, batch, what):
    number = ask(world, batch)
    worker.run_once(portal)
    if what == "withdrawn":
        submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah berkas")
    else:
        accounts.set_user_active(portal, world.bayu.user_id, active=False, by=world.admin)
    world.work()
    if what == "withdrawn":
        with pytest.raises(NotFound):
            seen(world, batch, number)
        return
    told = seen(world, batch, number, world.lestari)
    assert (told.state, told.done, told.corrections) == ("failed", 4, 4)
    assert told.problem[0]


def test_a_worker_that_stalls_past_its_lease_changes_nothing(world, portal, batch, clock):
    number = ask(world, batch)
    stalled = jobs.claim(portal)
    clock.go(hours=1)
    assert worker.run_once(portal)
    with pytest.raises(jobs.LeaseLostError):
        many_verdicts.work_on(portal, stalled, number)
    world.work()
    assert seen(world, batch, number).corrections == 6


def test_a_batch_stays_with_its_reviewer_while_a_worker_judges_for_them(
    world, portal, batch, clock
):
    number = ask(world, batch)
    clock.go(hours=9)
    assert review.let_go_of_idle(portal) == 0
    world.work()
    assert seen(world, batch, number).state == "done"
    clock.go(hours=9)
    assert review.let_go_of_idle(portal) == 1


def test_of_a_large_act_and_a_release_at_once_the_second_is_told_of_the_first(world, portal, batch):
    orders = {
        "judge": lambda: ask(world, batch),
        "release": lambda: review.release(portal, world.bayu, batch),
    }
    (won,), (lost,) = race(lambda act: orders[act](), *orders)
    assert lost.code == ("work_running" if won == "judge" else "already_submitted")
    world.work()
    assert set(given(world, batch).values()) == ({"approve"} if won == "judge" else {None})
    assert world.view(batch).state == ("in_review" if won == "judge" else "submitted")


def test_of_two_large_acts_at_once_one_is_done_and_the_other_told_of_it(
    world, portal, batch, monkeypatch
):
    monkeypatch.setattr(review_works, "LARGE", 3)
    ask(world, batch)
    world.work()
    orders = {
        "judge": lambda: ask(
            world, batch, scope="rows", rows=(2, 3, 4, 5), verdict="reject", reason="Buram"
        ),
        "decide": lambda: review.ask_decision(portal, world.bayu, batch, version=None),
    }
    (won,), (lost,) = race(lambda act: orders[act](), *orders)
    assert lost.code == "work_running"
    world.work()
    if won == "judge":
        assert list(given(world, batch).values()).count("reject") == 4
        assert acts(portal, "batch:decided") == []
        review.ask_decision(portal, world.bayu, batch, version=None)
        world.work()
    assert len(acts(portal, "batch:decided")) == 1
    assert world.view(batch).state == ("partly_approved" if won == "judge" else "approved")


def test_after_too_many_tries_it_is_given_up_and_said(world, portal, batch):
    number = ask(world, batch)
    claimed = jobs.claim(portal)
    reviewing.review_job(
        portal, dataclasses.replace(claimed, attempts=portal.settings.max_attempts + 1)
    )
    assert seen(world, batch, number).state == "failed"
    assert ask(world, batch)  # and may be asked for again


def test_strangers_get_nothing_and_faults_are_told_at_once(world, portal, batch):
    number = ask(world, batch)
    other = world.submitted(world.sheet(2, start=400))
    for actor, where, error in (
        (world.wulan, batch, NotFound), (world.rahma, batch, Forbidden), (world.bayu, other, NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            seen(world, where, number, actor)
    world.work()
    with pytest.raises(Conflict):
        ask(world, batch, world.lestari, scope="rows", rows=(2, 3, 4, 5))
    with pytest.raises(Invalid, match="reason_missing"):
        ask(world, batch, verdict="reject")
    with pytest.raises(Invalid):
        ask(world, batch, scope="rows", rows=(2, 3, 4, 5, 99))
    assert ask(world, batch, scope="rows", rows=(2, 3)) is None  # few: judged at once
    with portal.db.read() as session:
        count = sa.select(sa.func.count()).select_from(many_verdicts.ReviewWork)
        assert session.scalar(count) == 1
    assert changes.counts(portal, world.bayu, batch).open == 0


def test_a_large_batch_is_decided_by_a_worker_while_nobody_judges(
    world, portal, batch, monkeypatch
):
    monkeypatch.setattr(review_works, "LARGE", 3)
    monkeypatch.setattr(sent_back, "MANY", 0)
    early = review.ask_decision(portal, world.bayu, batch, version=None)
    world.work()
    told = seen(world, batch, early)
    assert (told.state, told.problem[0]) == (
        "failed",
        "6 baris belum diputuskan: baris 2, 3, 4, 5, 6, 7.",
    )
    judging.give_verdicts(
        portal, world.bayu, batch, version=None, rows=[7], verdict="return", reason="KTP buram"
    )
    judging.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    number = review.ask_decision(portal, world.bayu, batch, version=None)
    for attempt in (
        lambda: judging.give_verdicts(
            portal, world.bayu, batch, version=None, rows=[2], verdict="reject", reason="X"
        ),
        lambda: review.decide(portal, world.bayu, batch, version=None),
        lambda: review.ask_decision(portal, world.bayu, batch, version=None),
        lambda: review.release(portal, world.bayu, batch),
    ):
        with pytest.raises(Conflict, match="work_running"):
            attempt()
    world.work()
    done = seen(world, batch, number)
    assert (done.state, done.outcome["approved"], done.outcome["returned"]) == ("done", 5, 1)
    view = world.view(batch)
    assert (view.state, len(view.children)) == ("partly_approved", 1)
    assert world.view(view.children[0][0]).revision.total == 1


def test_what_is_withdrawn_before_its_decision_is_not_decided(world, portal, batch, monkeypatch):
    monkeypatch.setattr(review_works, "LARGE", 3)
    judging.give_verdicts(portal, world.bayu, batch, version=None, rows="rest", verdict="approve")
    review.ask_decision(portal, world.bayu, batch, version=None)
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah berkas")
    world.work()
    assert world.view(batch).state == "draft"
    with portal.db.read() as session:
        (work,) = session.scalars(sa.select(many_verdicts.ReviewWork))
        assert (work.state, work.ordered) == ("failed", None)
