"""kill -9 while rows of a review are copied by a worker: one copy, whole, nothing beside it."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act, Batch, Correction, Decision, Fact, Revision
from hr_portal.services import judging, reopening, review, review_works, sent_back, submission
from tests.crash.test_crash_points import count, die, expire

pytestmark = pytest.mark.crash
ROWS = sent_back.MANY + 20


@pytest.fixture
def ordered(world, portal, monkeypatch):
    """A batch whose decision is ordered; all rows but the first are returned."""
    monkeypatch.setattr(review_works, "LARGE", 2)
    batch = world.submitted(world.sheet(ROWS))
    review.take(portal, world.bayu, batch)
    world.work()
    for rows, verdict, reason in (([2], "approve", ""), ("rest", "return", "KTP buram")):
        judging.give_verdicts(
            portal, world.bayu, batch, version=None, rows=rows, verdict=verdict, reason=reason
        )
    return batch, review.ask_decision(portal, world.bayu, batch, version=None)


def unseen(portal):
    return count(portal, Revision, Revision.number < 0)


def test_a_worker_that_dies_while_it_copies_what_is_returned_is_taken_up_again(
    world, portal, settings, ordered
):
    batch, number = ordered
    die(settings, "work", "staging:unit")
    assert review_works.view(portal, world.bayu, batch, number).state == "wanted"
    assert (world.view(batch).state, count(portal, Decision), count(portal, Batch)) == (
        "in_review", 0, 1,
    )  # fmt: skip
    assert unseen(portal) == 1
    assert world.view(batch).revision.number == 1, "nobody sees what is being made"
    expire(portal)
    world.work()
    done = review_works.view(portal, world.bayu, batch, number)
    assert (done.state, done.outcome["returned"]) == ("done", ROWS - 1)
    ((child, *_),) = world.view(batch).children
    made = world.view(child).revision
    assert (made.number, made.total, made.valid) == (1, ROWS - 1, ROWS - 1)
    with portal.db.read() as session:
        copied = session.scalar(
            sa.select(sa.func.count()).select_from(Correction).where(
                Correction.revision_id == made.id
            )
        )  # fmt: skip
    assert (copied, unseen(portal)) == (ROWS - 1, 0)


def test_what_was_copied_for_a_decision_that_comes_to_nothing_is_cleared(
    world, portal, settings, ordered
):
    batch, number = ordered
    die(settings, "work", "staging:unit")
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah berkas")
    expire(portal)
    world.work()
    assert (world.view(batch).state, count(portal, Batch), unseen(portal)) == ("draft", 1, 0)
    with portal.db.read() as session:
        assert session.get_one(review_works.ReviewWork, number).state == "failed"


@pytest.mark.parametrize("point", ["staging:unit", "reopen:written"])
def test_a_worker_that_dies_while_it_reopens_a_decision_is_taken_up_again(
    world, portal, settings, monkeypatch, point
):
    monkeypatch.setattr(review_works, "LARGE", 2)
    batch = world.decided(world.sheet(3))
    world.work()
    facts = count(portal, Fact)
    reopening.ask(portal, world.admin, batch, version=None, reason="Kartu orang lain")
    die(settings, "work", point)
    assert (world.view(batch).state, unseen(portal)) == ("approved", 1)
    assert count(portal, Fact) == facts
    expire(portal)
    world.work()
    view = world.view(batch)
    assert (view.state, view.revision.number, view.revision.total) == ("submitted", 2, 3)
    assert (unseen(portal), count(portal, Fact)) == (0, facts + 3)
    assert count(portal, Act, Act.action == "batch:set_aside") == 1
