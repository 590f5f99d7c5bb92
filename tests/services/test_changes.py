"""Corrections as people look them through: filtered, counted and paged by verdict and findings."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.listing_models import MarkedRows
from hr_portal.services import batch_history, changes, mending, queues, review
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.world import HEADER


@pytest.fixture
def taken(world):
    batch = world.submitted(world.sheet(6))
    review.take(world.portal, world.bayu, batch)
    return batch


def give(world, batch, rows, verdict, reason=""):
    review.give_verdicts(
        world.portal, world.bayu, batch, version=None, rows=rows, verdict=verdict, reason=reason
    )


def numbers(world, batch, show="all", **more):
    page = changes.changes_page(world.portal, world.bayu, batch, show=show, **more)
    return [row.number for row in page.items]


def test_rows_are_filtered_by_their_verdict(world, taken):
    give(world, taken, [3], "return", "KTP tidak terbaca")
    give(world, taken, [4], "reject", "Bukan peserta")
    give(world, taken, [5, 6], "approve")
    expected = {"all": [2, 3, 4, 5, 6, 7], "open": [2, 7], "return": [3], "reject": [4], "approve": [5, 6],
                "found": [], "clean": [2, 3, 4, 5, 6, 7], "second": []}  # fmt: skip
    assert {show: numbers(world, taken, show) for show in changes.SHOWN} == expected
    with world.portal.db.write() as session:  # without marks the rows themselves are asked
        session.execute(sa.delete(MarkedRows))
    assert {show: numbers(world, taken, show) for show in changes.SHOWN} == expected
    counts = changes.counts(world.portal, world.bayu, taken)
    assert {show: counts.of(show) for show in changes.SHOWN} == {
        k: len(v) for k, v in expected.items()
    }
    assert counts.open_of("all") == counts.open_of("clean") == 2
    assert counts.verdicts == {"return", "reject", "approve"}


def test_a_page_holds_values_and_what_is_corrected(world, taken):
    page = changes.changes_page(world.portal, world.bayu, taken, field="hp", page=2, per_page=4)
    assert [row.number for row in page.items] == [6, 7]
    assert page.total == 6
    (change,) = page.items[0].changes
    assert (change.field, change.verdict) == ("hp", None)
    assert change.before != change.after
    assert numbers(world, taken, field="nik") == []


def test_one_row_is_found_by_number_or_not_at_all(world, taken):
    assert changes.one_row(world.portal, world.bayu, taken, 4).number == 4
    with pytest.raises(NotFound):
        changes.one_row(world.portal, world.bayu, taken, 1)


def test_beside_a_row_stand_its_neighbours_and_the_next_that_waits(world, taken):
    give(world, taken, [3, 4], "approve")
    assert changes.beside(world.portal, world.bayu, taken, 2) == (None, 3, 5)
    assert changes.beside(world.portal, world.bayu, taken, 7) == (6, None, 2)
    assert changes.beside(world.portal, world.bayu, taken, 3, show="approve") == (None, 4, None)
    assert changes.page_of_row(world.portal, world.bayu, taken, 6, per_page=2) == 3
    assert changes.open_rows(world.portal, world.bayu, taken, show="clean") == [2, 5, 6, 7]


def test_reasons_are_grouped_the_most_frequent_first(world, taken):
    give(world, taken, [2], "reject", "Bukan peserta")
    give(world, taken, [3, 5], "return", "KTP tidak terbaca")
    told = changes.reasons(world.portal, world.bayu, taken)
    assert [(one.verdict, one.reason, one.rows, one.first_rows) for one in told] == [
        ("return", "KTP tidak terbaca", 2, (3, 5)),
        ("reject", "Bukan peserta", 1, (2,)),
    ]


def test_the_latest_decision_tells_how_the_review_ended(world, taken):
    assert changes.latest_decision(world.portal, world.bayu, taken) is None
    give(world, taken, [3], "return", "KTP tidak terbaca")
    give(world, taken, "rest", "approve")
    decided = review.decide(world.portal, world.bayu, taken, version=None)
    told = changes.latest_decision(world.portal, world.rahma, taken)
    assert (told.approved, told.returned, told.rejected) == (5, 1, 0)
    assert (told.child_id, told.child_number) == (decided.child_batch_id, decided.child_number)
    assert told.decided_by == world.bayu.name


def test_verdicts_taken_back_leave_the_rows_waiting(world, taken):
    give(world, taken, [2], "approve")
    give(world, taken, [3, 4], "reject", "Bukan peserta")
    assert review.last_given(world.portal, world.bayu, taken) == [3, 4]
    assert review.clear_verdicts(world.portal, world.bayu, taken, version=None, rows=[3, 4]) == 2
    assert numbers(world, taken, "open") == [3, 4, 5, 6, 7]
    assert review.last_given(world.portal, world.bayu, taken) == [2]
    assert review.clear_verdicts(world.portal, world.bayu, taken, version=None, rows=[7]) == 0
    acts = [act.action for act in batch_history.history(world.portal, world.bayu, taken)]
    assert acts.count("batch:verdict_cleared") == 1


def test_only_who_holds_the_batch_takes_verdicts_back(world, taken):
    give(world, taken, [2], "approve")
    with pytest.raises(Conflict):
        review.clear_verdicts(world.portal, world.lestari, taken, version=None, rows=[2])
    with pytest.raises(Forbidden):
        review.clear_verdicts(world.portal, world.rahma, taken, version=None, rows=[2])
    with pytest.raises(Conflict):
        review.clear_verdicts(world.portal, world.bayu, taken, version=1, rows=[2])
    with pytest.raises(Invalid):
        review.clear_verdicts(world.portal, world.bayu, taken, version=None, rows=[99])
    assert numbers(world, taken, "approve") == [2]


def test_a_verdict_for_the_undecided_leaves_what_was_decided(world, taken):
    give(world, taken, [3], "return", "KTP tidak terbaca")
    given = review.give_verdicts(
        world.portal, world.bayu, taken, version=None, rows=[2, 3, 4], verdict="approve",
        only="undecided",
    )  # fmt: skip
    assert given == 2
    assert numbers(world, taken, "return") == [3]


def test_decided_batches_have_a_queue_of_their_own(world, taken):
    other = world.submitted(world.sheet(2, start=200))
    give(world, taken, "rest", "approve")
    review.decide(world.portal, world.bayu, taken, version=None)
    page = queues.queue(world.portal, world.lestari, state="done")
    done, total = page.entries, page.total
    assert [entry.batch_id for entry in done] == [taken]
    assert total == 1
    assert done[0].decided_at is not None
    assert [entry.batch_id for entry in queues.queue(world.portal, world.lestari).entries] == [
        other
    ]


def test_another_company_finds_no_corrections(world, taken):
    for ask in (changes.changes_page, changes.counts, changes.reasons, changes.latest_decision):
        with pytest.raises(NotFound):
            ask(world.portal, world.wulan, taken)


def test_how_many_rows_correct_something_is_counted_anew_when_a_draft_changes(world, portal):
    batch = world.draft(world.sheet(3))

    def total():
        listed = changes.changes_page(portal, world.rahma, batch).total
        assert changes.counts(portal, world.rahma, batch).total == listed
        return listed

    assert (total(), total()) == (3, 3)
    emptied = {(2, HEADER.split(";").index("Menjadi")): ""}
    done = mending.edit_cells(portal, world.rahma, batch, emptied)
    assert total() == 2
    mending.undo(portal, world.rahma, batch, done.act_id)
    assert total() == 3
