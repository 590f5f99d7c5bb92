"""An agency's answer of very many lines is a worker's: matched whole, recorded in units, once."""

import dataclasses
import io

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.adapters.database.work_models import ReviewWork
from hr_portal.services import (
    accounts,
    agency,
    jobs,
    many_answers,
    outlets,
    review_works,
    reviewing,
    sent_back,
)
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.services.test_outlets import answer, kpj
from tests.services.test_review import race


@pytest.fixture
def batch(world, portal, monkeypatch):
    """Five corrections were given out; any file is large here, two corrections are a unit.

    One refused row is enough for a draft that is made before the lock is taken.
    """
    monkeypatch.setattr(sent_back, "MANY", 0)
    monkeypatch.setattr(many_answers, "LARGE_BYTES", 10)
    monkeypatch.setattr(many_answers, "A_UNIT", 2)
    made = world.decided(world.sheet(5))
    outlets.hand_over(portal, world.bayu, made, "sipp", version=None)
    world.work()
    return made


ALL = [
    f"{kpj(101)};No HP;Diterima;", f"{kpj(102)};No HP;Ditolak;Nomor dipakai peserta lain",
    f"{kpj(103)};No HP;Diterima;", f"{kpj(104)};No HP;Ditolak;Nomor mati", f"{kpj(105)};No HP;Diterima;",
]  # fmt: skip


def ask(world, batch, *lines, actor=None, version=None):
    sent = answer(*(lines or ALL))
    return many_answers.ask_answer(
        world.portal, actor or world.bayu, batch, sent, "jawaban.csv", version=version
    )


def seen(world, batch, number, actor=None):
    return review_works.view(world.portal, actor or world.bayu, batch, number)


def count(portal, model=AgencyAnswer, *where):
    with portal.db.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model).where(*where))


def test_a_large_answer_is_recorded_unit_by_unit_and_does_what_a_small_one_does(
    world, portal, batch
):
    version = world.view(batch).version
    number = ask(world, batch, version=version)
    assert (seen(world, batch, number).state, seen(world, batch, number).percent) == ("wanted", 0)
    for attempt in (
        lambda: ask(world, batch),  # the same file, from another tab
        lambda: agency.take_answer(portal, world.bayu, batch, answer(*ALL), "kecil.csv"),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert (refused.value.code, refused.value.fields) == ("work_running", {"work": number})
    with portal.db.read() as session:
        (held,) = session.scalars(sa.select(ReviewWork.sent))
    assert b"peserta" not in held
    world.work()
    done = seen(world, batch, number)
    assert (done.state, done.done, done.total, done.problem) == ("done", 5, 5, None)
    told = [done.outcome[one] for one in ("accepted", "refused", "known", "waiting", "state")]
    assert told == [3, 2, 0, 0, "completed"]
    child = world.view(done.outcome["child_batch_id"])
    assert (child.number, child.state, child.revision.total) == (
        done.outcome["child_number"], "draft", 2,
    )  # fmt: skip
    view = world.view(batch)
    assert (view.state, view.version) == ("completed", version + 1)
    standing = agency.standing(portal, world.rahma, batch)
    assert [(one.row, one.words, one.child_id) for one in standing.refusals] == [
        (3, "Nomor dipakai peserta lain", child.id), (5, "Nomor mati", child.id),
    ]  # fmt: skip
    assert count(portal, ReviewWork, ReviewWork.sent.is_not(None)) == 0
    assert count(portal, Act, Act.action == "batch:answered") == 1
    with pytest.raises(Conflict, match="not_forwarded"):
        ask(world, batch)


def test_the_same_file_again_and_one_that_says_otherwise_add_nothing(world, portal, batch):
    ask(world, batch, *ALL[:3])
    world.work()
    version = world.view(batch).version
    again = ask(world, batch, *ALL[:4])
    world.work()
    told = seen(world, batch, again).outcome
    assert (told["accepted"], told["refused"], told["known"], told["waiting"]) == (0, 1, 3, 1)
    assert (told["state"], world.view(batch).version) == ("forwarded", version + 1)
    same = ask(world, batch, *ALL[:4])
    world.work()
    assert (seen(world, batch, same).outcome["known"], world.view(batch).version) == (
        4,
        version + 1,
    )
    assert len(world.view(batch).children) == 2
    for lines, said in (
        (
            [*ALL[1:], f"{kpj(101)};No HP;Ditolak;Ternyata salah"],
            "yang tercatat untuk koreksi ini Diterima",
        ),
        ([ALL[4], f"{kpj(501)};No HP;Diterima;"], "1 dari 2 baris bukan koreksi"),
        ([ALL[4], f"{kpj(105)};No HP;Ditolak;x"], "secara berbeda"),
    ):
        number = ask(world, batch, *lines)
        world.work()
        refused = seen(world, batch, number)
        assert (refused.state, refused.done) == ("failed", 0)
        assert said in refused.problem[0]
    assert count(portal) == 4


@pytest.mark.parametrize("ways", [("small", "small"), ("small", "large"), ("large", "large")])
@pytest.mark.parametrize("lines", [ALL, ALL[:3]], ids=["whole", "part"])
def test_of_the_same_answer_sent_twice_at_once_each_line_is_recorded_once(
    world, portal, batch, ways, lines
):
    def act(way):
        if ways[way] == "large":
            ask(world, batch, *lines)
        else:
            agency.take_answer(portal, world.bayu, batch, answer(*lines), "jawaban.csv")

    won, lost = race(act, 0, 1)
    world.work()
    assert {one.code for one in lost} <= {"not_forwarded", "work_running"}
    assert won
    assert count(portal) == len(lines)
    assert count(portal, Act, Act.action == "batch:answered") == 1
    assert len(world.view(batch).children) == 1, "what was refused goes back once"
    assert world.view(batch).state == ("completed" if lines is ALL else "forwarded")


def test_words_of_several_lines_on_one_correction_are_all_kept(world, portal, batch):
    number = ask(
        world, batch, f"{kpj(102)};No HP;Ditolak;Nomor mati", f"{kpj(102)};No HP;Ditolak;",
        f"{kpj(102)};No HP;Ditolak;Nomor mati", f"{kpj(102)};No HP;Ditolak;Ganti nomor",
    )  # fmt: skip
    world.work()
    assert seen(world, batch, number).outcome["refused"] == 1
    (refused,) = agency.standing(portal, world.rahma, batch).refusals
    assert refused.words == "Nomor mati; Ganti nomor"
    long = [f"{kpj(104)};No HP;Ditolak;{sign * 20_000}" for sign in "xy"]
    with pytest.raises(Invalid, match="answer_unfit"):
        agency.take_answer(portal, world.bayu, batch, answer(*long), "panjang.csv")


@pytest.mark.parametrize("what", ["switched off", "given up"])
def test_what_was_recorded_before_it_had_to_stop_counts_and_the_rest_may_be_sent(
    world, portal, batch, what, monkeypatch
):
    number, stop = ask(world, batch), []

    def after_one_unit(*_):
        if not stop:
            stop.append(1)
            if what == "switched off":
                accounts.set_user_active(portal, world.bayu.user_id, active=False, by=world.admin)
            else:
                raise jobs.LeaseLostError

    monkeypatch.setattr(portal.db, "give_way", after_one_unit)
    claimed = jobs.claim(portal)
    if what == "switched off":
        reviewing.review_job(portal, claimed)
    else:
        with pytest.raises(jobs.LeaseLostError):
            many_answers.work_on(portal, claimed, number)
        tired = dataclasses.replace(claimed, attempts=portal.settings.max_attempts + 1)
        reviewing.review_job(portal, tired)
    told = seen(world, batch, number, world.lestari)
    assert (told.state, told.done, told.outcome["refused"], told.outcome["waiting"]) == (
        "failed", 2, 1, 3,
    )  # fmt: skip
    assert len(world.view(batch).children) == 1
    rest = ask(world, batch, actor=world.lestari)
    world.work()
    told = seen(world, batch, rest, world.lestari).outcome
    assert (told["accepted"], told["refused"], told["known"], told["state"]) == (
        2, 1, 2, "completed",
    )  # fmt: skip


def test_a_worker_that_stalls_past_its_lease_records_nothing(world, portal, batch, clock):
    number = ask(world, batch)
    stalled = jobs.claim(portal)
    clock.go(hours=1)
    world.work()
    with pytest.raises((jobs.LeaseLostError, Conflict)):
        many_answers.work_on(portal, stalled, number)
    assert count(portal) == 5
    assert len(world.view(batch).children) == 1


def test_who_may_not_and_what_is_no_table_are_refused_at_once(world, portal, batch):
    for actor, error in ((world.rahma, Forbidden), (world.wulan, NotFound)):
        with pytest.raises(error):
            ask(world, batch, actor=actor)
    with pytest.raises(Invalid, match="FILE-"):
        many_answers.ask_answer(
            portal, world.bayu, batch, io.BytesIO(b"%PDF-1.7 surat jawaban"), "a.pdf", version=None
        )
    assert count(portal, ReviewWork) == 0
    assert worker.run_once(portal) is False
