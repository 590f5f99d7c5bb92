"""A large act on a draft: a worker looks, somebody says yes, it is done once."""

from functools import partial

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.mending_models import LongAct
from hr_portal.adapters.database.models import Job
from hr_portal.services import (
    cells,
    intake,
    jobs,
    long_acts,
    long_works,
    mending,
    offers,
    results,
    rowdata,
    submission,
)
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.offers import Chosen
from hr_portal.services.replacing import Search
from tests.services.test_mending import without_zero

REASON = 8
WORD = Search("KTP-el", "KK", REASON)
ZEROS = Chosen("KPJ-03")


def ask(world, batch, search=WORD):
    return long_works.ask_search(world.portal, world.rahma, batch, search)


def seen(world, batch, number, actor=None):
    return long_acts.view(world.portal, actor or world.rahma, batch, number)


def cell(world, batch, row, column=REASON):
    return results.row_view(world.portal, world.rahma, batch, row).cells[column].raw


def test_a_worker_looks_and_then_does_what_was_shown(world, portal):
    batch = world.draft()
    number = ask(world, batch)
    assert (seen(world, batch, number).state, seen(world, batch, number).offer) == ("wanted", {})
    assert ask(world, batch) == number  # pressed twice, or in another tab
    with pytest.raises(Conflict):
        long_acts.go_on(portal, world.rahma, batch, number)
    world.work()
    shown = seen(world, batch, number)
    offer = long_works.offer_of(shown.offer)
    assert (shown.state, long_works.search_of(shown.asked), offer.cells) == ("ready", WORD, 3)
    assert [line.row for line in offer.lines] == [2, 3, 4]
    long_acts.go_on(portal, world.rahma, batch, number)
    assert seen(world, batch, number).state == "applying"
    assert "long_act_under_way" in {
        lack.code for lack in submission.lacks(portal, world.rahma, batch)
    }
    long_acts.go_on(portal, world.rahma, batch, number)  # pressed twice
    world.work()
    assert seen(world, batch, number).state == "done"
    long_acts.go_on(portal, world.rahma, batch, number)
    world.work()
    (act,) = mending.acts(portal, world.rahma, batch)
    assert (act.kind, act.cells) == ("replace", 3)
    assert cell(world, batch, 2) == "Sesuai KK"
    assert "long_act_under_way" not in {
        lack.code for lack in submission.lacks(portal, world.rahma, batch)
    }


def test_what_is_looked_for_is_sealed_and_the_job_holds_a_number(world, portal):
    number = ask(world, world.draft(), Search("SITI", "RINA"))
    with portal.db.read() as session:
        held = session.get_one(LongAct, number)
        assert b"SITI" not in held.asked
        subjects = session.scalars(sa.select(Job.subject).where(Job.kind == long_acts.JOB)).all()
    assert subjects == [str(number)]


def test_a_draft_that_changed_meanwhile_is_left_alone_and_told(world, portal):
    batch = world.draft()
    number = ask(world, batch)
    world.work()
    mending.edit_cells(portal, world.rahma, batch, {(2, REASON): "Kata saya"})
    with pytest.raises(Conflict):
        long_acts.go_on(portal, world.rahma, batch, number)
    late = ask(world, batch)
    world.work()
    long_acts.go_on(portal, world.rahma, batch, late)
    mending.edit_cells(portal, world.rahma, batch, {(2, REASON): "Kata kami"})
    world.work()
    told = seen(world, batch, late)
    assert told.state == "failed"
    assert "sudah berubah" in told.problem[0]
    assert cell(world, batch, 2) == "Kata kami"
    closed = ask(world, batch)
    intake.cancel_batch(portal, world.rahma, batch)
    world.work()
    assert seen(world, batch, closed).state == "failed"


def test_proposals_are_taken_on_the_rows_that_nobody_touched_and_the_others_are_listed(
    world, portal
):
    batch = world.draft(without_zero(world, 4))
    number = long_works.ask_proposals(portal, world.rahma, batch, ZEROS)
    world.work()
    shown = seen(world, batch, number)
    assert long_works.offer_of(shown.offer).cells == 4
    column = long_works.offer_of(shown.offer).lines[0].column
    mending.edit_cells(portal, world.rahma, batch, {(3, column): "kata saya"})
    long_acts.go_on(portal, world.rahma, batch, number)
    mending.edit_cells(portal, world.rahma, batch, {(5, column): "kata lain"})
    world.work()
    done = seen(world, batch, number)
    assert done.state == "done"
    assert (done.outcome["cells"], done.outcome["left"]) == (2, 2)
    assert done.outcome["left_rows"] == "3, 5"
    assert [cell(world, batch, row, column) for row in (3, 5)] == ["kata saya", "kata lain"]
    act = mending.acts(portal, world.rahma, batch)[0]
    assert (act.kind, act.cells, act.id) == ("suggestion", 2, done.outcome["act"])
    again = long_works.ask_proposals(portal, world.rahma, batch, ZEROS)
    world.work()
    long_acts.go_on(portal, world.rahma, batch, again)
    world.work()
    assert seen(world, batch, again).outcome["cells"] == 0  # nothing is left to be changed


def test_cells_that_lie_far_apart_are_typed_and_put_back_by_a_worker(world, portal):
    batch = world.draft()
    texts = {(2, REASON): "Kata saya", (4, REASON): "Kata kami", (3, REASON): cell(world, batch, 3)}
    version = world.view(batch).version
    ask = partial(long_works.ask_typing, portal, world.rahma, batch, version=version, pasted=True)
    with pytest.raises(Invalid) as long:
        ask({(2, REASON): "x" * 40_000})
    assert "Isi satu sel paling banyak" in long.value.message
    with pytest.raises(Conflict):
        ask(texts, version=99)
    looked = ask(texts, is_shown=True)
    world.work()
    shown = long_works.offer_of(seen(world, batch, looked).offer)
    assert (shown.cells, [line.row for line in shown.lines]) == (2, [2, 4])
    number = ask(texts)
    assert ask(texts) == number  # pressed twice
    world.work()
    done = seen(world, batch, number)
    assert (done.state, done.outcome["cells"], done.outcome["rows"]) == ("done", 2, 2)
    (act,) = mending.acts(portal, world.rahma, batch)
    assert (act.kind, act.cells, act.id) == ("paste", 2, done.outcome["act"])
    assert [cell(world, batch, row) for row in (2, 4)] == ["Kata saya", "Kata kami"]
    missing = long_works.ask_typing(
        portal, world.rahma, batch, {(99, REASON): "x"},
        version=world.view(batch).version, pasted=False,
    )  # fmt: skip
    world.work()
    assert seen(world, batch, missing).state == "failed"
    assert len(mending.acts(portal, world.rahma, batch)) == 1


def test_what_lies_in_many_blocks_is_large_however_few_it_is(world, portal, monkeypatch):
    monkeypatch.setattr(long_works, "MOST_BLOCKS", 3)
    batch = world.draft(without_zero(world, 4))
    apart = {(row * rowdata.BLOCK_ROWS, REASON): "x" for row in range(1, 5)}
    close = {(row, REASON): "x" for row in range(2, 6)}
    assert (long_works.is_large_typing(apart), long_works.is_large_typing(close)) == (True, False)
    assert not long_works.is_large_choice(portal, world.rahma, batch, ZEROS)
    act = offers.take(portal, world.rahma, batch, ZEROS)
    assert not long_works.is_large_act(portal, world.rahma, batch, act.act_id)
    monkeypatch.setattr(cells, "BLOCK_ROWS", 1)  # as if each row lay in one of its own
    assert long_works.is_large_act(portal, world.rahma, batch, act.act_id)
    mending.undo(portal, world.rahma, batch, act.act_id)
    assert not long_works.is_large_act(portal, world.rahma, batch, act.act_id)
    assert long_works.is_large_choice(portal, world.rahma, batch, ZEROS)
    one = results.findings_page(portal, world.rahma, batch, code="KPJ-03").items[0]
    assert not long_works.is_large_choice(portal, world.rahma, batch, Chosen(finding_id=one.id))


def test_a_worker_that_fails_again_and_again_gives_up_and_the_draft_is_free(world, portal):
    batch = world.draft(without_zero(world, 4))
    act = offers.take(portal, world.rahma, batch, ZEROS)
    number = long_works.ask_undo(portal, world.rahma, batch, act.act_id, version=act.version)
    with portal.db.write() as session:  # as when the machine ended each worker that took it
        mine = (Job.kind == long_acts.JOB, Job.subject == str(number))
        session.execute(sa.update(Job).where(*mine).values(attempts=portal.settings.max_attempts))
    world.work()
    ended = seen(world, batch, number)
    assert (ended.state, ended.problem) == ("failed", long_acts.GIVEN_UP)
    assert mending.acts(portal, world.rahma, batch)[0].undone_at is None
    lacks = {lack.code for lack in submission.lacks(portal, world.rahma, batch)}
    assert "long_act_under_way" not in lacks


def test_a_large_change_is_undone_as_one_act_and_by_the_first_of_two(world, portal):
    batch = world.draft(without_zero(world, 4))
    done = offers.take(portal, world.rahma, batch, ZEROS)
    assert not long_works.is_large_act(portal, world.rahma, batch, done.act_id)
    shown = long_works.ask_proposals(portal, world.surya, batch, ZEROS)
    world.work()
    undo = lambda who: long_works.ask_undo(portal, who, batch, done.act_id, version=done.version)  # noqa: E731
    first = undo(world.rahma)
    assert undo(world.rahma) == first  # in another tab
    for second in (
        lambda: undo(world.surya),
        lambda: long_acts.go_on(portal, world.surya, batch, shown),
    ):
        with pytest.raises(Conflict, match="long_act_under_way") as refused:
            second()
        assert "(0 %). Tunggu sampai selesai, lalu ulangi." in refused.value.message
    world.work()
    assert seen(world, batch, first).state == "done"
    assert seen(world, batch, first).outcome["cells"] == 4
    assert mending.acts(portal, world.rahma, batch)[0].undone_at is not None
    with pytest.raises(Conflict):
        long_works.ask_undo(portal, world.rahma, batch, done.act_id, version=done.version)


def test_a_worker_tells_how_far_it_is_and_keeps_its_lease(world, portal, monkeypatch):
    monkeypatch.setattr(long_acts, "RENEW_SECONDS", 0.0)
    batch = world.draft(without_zero(world, 4))
    number = long_works.ask_proposals(portal, world.rahma, batch, ZEROS)
    told, hold = [], jobs.hold

    def held(portal_, session, claimed):
        hold(portal_, session, claimed)
        told.append(session.scalar(sa.select(LongAct.percent).where(LongAct.id == number)))

    monkeypatch.setattr(jobs, "hold", held)
    world.work()
    assert told[0] == 0
    assert told == sorted(told)
    assert 0 < told[-1] < 100
    assert seen(world, batch, number).percent == 100


def test_strangers_other_batches_and_empty_searches_get_nothing(world, portal):
    batch, other = world.draft(), world.draft(world.sheet(2, start=300))
    number = ask(world, batch)
    for actor, where in ((world.wulan, batch), (world.rahma, other)):
        with pytest.raises(NotFound):
            seen(world, where, number, actor)
        with pytest.raises(NotFound):
            long_acts.go_on(portal, actor, where, number)
    with pytest.raises(NotFound):
        seen(world, batch, number + 100)
    with pytest.raises(Invalid):
        ask(world, batch, Search("", "x"))
    with pytest.raises(NotFound):
        long_works.ask_proposals(portal, world.rahma, batch, Chosen("XXX-99"))
