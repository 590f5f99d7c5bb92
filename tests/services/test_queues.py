"""The queue: by urgency under the clocks of the law, narrowed down, searched, and fast to read."""

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Act, Batch, Letter
from hr_portal.services import (
    accounts,
    calendar,
    letters,
    places,
    queue_words,
    queues,
    reopening,
    review,
    submission,
    visible,
)
from hr_portal.services.errors import Forbidden, Invalid
from hr_portal.services.queue_narrowing import Wanted


def listed(world, actor=None, **wanted):
    return [
        entry.batch_id
        for entry in queues.queue(world.portal, actor or world.bayu, wanted=Wanted(**wanted))[0]
    ]


def test_batches_stand_in_the_bucket_of_their_most_pressing_clock(world, portal, clock):
    """The world's clock stands at Saturday, 21 November 2026, 10.00 in Jakarta."""
    later = world.submitted(world.sheet(1))
    old = world.submitted(world.sheet(1, 200), change_received_on=dt.date(2026, 11, 2))
    soon = world.submitted(world.sheet(1, 300), change_received_on=dt.date(2026, 11, 18))
    (entry,) = [one for one in queues.queue(portal, world.bayu)[0] if one.batch_id == old]
    assert [one.kind for one in entry.deadlines] == ["pdp", "pp44", "target"]
    assert listed(world, bucket="late") == [old]
    assert listed(world, bucket="soon") == [soon]
    assert listed(world, bucket="later") == [later]
    clock.go(hours=72 - 3)  # Tuesday, 07.00
    assert listed(world, bucket="today") == [later]
    counts = queues.counts(portal, world.bayu)
    assert counts == {
        "open": 3, "mine": 0, "done": 0, "late": 2, "today": 1, "soon": 0, "later": 0,
    }  # fmt: skip


def test_the_day_is_the_branchs_own(world, portal, clock):
    batch = world.submitted(world.sheet(1), actor=world.wulan)  # Makassar, an hour ahead
    clock.now = dt.datetime(2026, 11, 23, 15, 30, tzinfo=dt.UTC)
    assert listed(world, bucket="soon") == [batch]
    clock.now = dt.datetime(2026, 11, 23, 16, 30, tzinfo=dt.UTC)  # 24 November there
    assert listed(world, bucket="today") == [batch]


def test_what_hrd_received_today_it_received_on_the_branchs_today_and_never_after_it(world, clock):
    clock.now = dt.datetime(2026, 11, 27, 16, 59, tzinfo=dt.UTC)  # Friday 23.59 in Jakarta
    for actor, today in ((world.rahma, 27), (world.wulan, 28)):  # Saturday 00.59 in Makassar
        batch = world.upload(actor=actor).batch_id
        assert world.view(batch, actor).change_received_on == dt.date(2026, 11, today)
        for day in (dt.date(2026, 11, today + 1), dt.date.max, dt.date(2014, 12, 31)):
            with pytest.raises(Invalid) as refused:
                world.upload(actor=actor, change_received_on=day)
            assert f"{day:%d-%m-%Y}" in refused.value.message
            assert f"hari ini, {today}-11-2026" in refused.value.message


def test_the_queue_is_narrowed_down(world, portal):
    phones = world.submitted(world.sheet(1))
    births = world.submitted(world.sheet(2, 300, line=demo._birth_line))
    other = world.submitted(world.sheet(1, 400), actor=world.wulan)
    review.take(portal, world.bayu, phones)
    assert listed(world, field="hp") == [phones, other]
    assert listed(world, field="tanggal_lahir") == [births]
    assert listed(world, held="free") == [births, other]
    assert listed(world, held="taken") == [phones]
    assert listed(world, reviewer=world.bayu.user_id) == [phones]
    assert listed(world, reviewer=world.lestari.user_id) == []
    assert listed(world, size="small") == [phones, births, other]
    assert listed(world, size="small", field="hp", held="free") == [other]
    assert listed(world, text="misalnya") == [other]
    assert listed(world, text=world.view(births).number.lower()) == [births]
    assert listed(world, text="002/HRD") == [births]
    assert listed(world, text="makmur  MISALNYA") == [other], "words in any order"
    assert listed(world, text="misalnya 002/HRD") == [], "all of them"
    assert listed(world, text="100%") == []
    warned = [one.batch_id for one in queues.queue(portal, world.bayu)[0] if one.warnings]
    assert listed(world, with_warnings=True) == warned
    assert listed(world, world.lestari, text="misalnya") == [], "another branch's"
    eleven = world.submitted(world.sheet(11, 700))
    assert listed(world, size="medium") == [eleven]
    assert listed(world, size="large") == listed(world, size="huge") == []


def test_who_is_switched_off_is_offered_only_while_they_hold_a_batch(world, portal):
    batch = world.submitted(world.sheet(1))
    review.take(portal, world.bayu, batch)

    def offered():
        seen = queues.overview(
            portal, world.lestari, state="open", page=1, per_page=1, wanted=Wanted()
        )
        return {one.user_id: one.is_active for one in seen.reviewers}

    assert offered()[world.bayu.user_id] is True
    accounts.set_user_active(portal, world.bayu.user_id, active=False, by=world.admin)
    assert offered()[world.bayu.user_id] is False
    assert listed(world, world.lestari, reviewer=world.bayu.user_id) == [batch]
    review.release(portal, world.bayu, batch, version=None)
    assert world.bayu.user_id not in offered()


def test_what_the_queue_looks_for_never_lags_behind_what_is_true(world, portal):
    batch = world.submitted(world.sheet(1))
    beside = world.submitted(world.sheet(2, 300, line=demo._birth_line))
    judged = world.decided(world.sheet(1, 500))
    (company,) = world.rahma.companies

    def expect_true():
        with portal.db.read() as session:
            found = session.scalars(sa.select(Batch).where(Batch.submitted_at.is_not(None))).all()
            for one in found:
                letters = session.scalars(sa.select(Letter.number).where(Letter.batch_id == one.id))
                words = queue_words.words_of(one.company.name, one.number, *sorted(letters))
                assert (one.searched, one.searched_all) == words
                revision = visible.current_revision(session, one)
                assert one.corrected == queue_words.kinds_of(revision.fields)
                assert one.is_warned == (revision.rows_warning > 0)
                assert one.size == revision.rows_total - revision.rows_empty
            return len(found)

    assert expect_true() == 3
    for name in ("PT GROẞE ÉTOILE  Makmur", "PT " + "Panjang Sekali " * 90 + "Ujung"):
        places.edit_company(portal, world.rahma, company, {"name": name})
        assert expect_true() == 3
        for word in name.split():
            assert listed(world, text=word.lower()) == [batch, beside]
    assert listed(world, text=f"ujung {world.view(beside).number}") == [beside]
    assert listed(world, text="\tpt") == listed(world, text="pt") == [batch, beside]
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah berkas")
    places.edit_company(portal, world.rahma, company, {"name": "PT Sederhana"})
    assert listed(world, text="sederhana") == [beside]
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    reopening.set_aside(portal, world.admin, judged, version=None, reason="Salah berkas")
    assert expect_true() == 3
    assert set(listed(world, text="sederhana")) == {beside, batch, judged}
    assert listed(world, text="panjang") == []


def test_pages_follow_each_other_by_their_marks_while_the_queue_goes_on(world, portal):
    ids = [world.submitted(world.sheet(1, 100 * at)) for at in range(1, 6)]

    def page(actor=world.bayu, **marks):
        found = queues.queue(portal, actor, per_page=2, **marks)
        return [one.batch_id for one in found.entries], found

    shown, first = page()
    assert (shown, first.total, first.earlier) == (ids[:2], 5, None)
    with portal.db.write() as session:
        session.get_one(Batch, ids[0]).state = "draft"  # one of the page before is gone
    shown, second = page(after=first.later)
    assert shown == ids[2:4], "nothing is skipped"
    shown, last = page(after=second.later)
    assert (shown, last.later) == (ids[4:], None)
    assert page(before=last.earlier)[0] == ids[2:4]
    shown, back = page(before=second.earlier)
    assert (shown, back.earlier) == ([ids[1]], None)
    assert page(after="kemarin-x", page=2)[0] == ids[3:], "what is no mark is passed over"
    for batch in ids[1:4]:
        review.take(portal, world.bayu, batch)
        review.give_verdicts(
            portal, world.bayu, batch, version=None, rows="rest", verdict="approve"
        )
        review.decide(portal, world.bayu, batch, version=None)
    done = queues.queue(portal, world.bayu, state="done", per_page=2)
    assert [one.batch_id for one in done.entries] == [ids[3], ids[2]], "the latest first"
    done = queues.queue(portal, world.bayu, state="done", per_page=2, after=done.later)
    assert [one.batch_id for one in done.entries] == [ids[1]]


def test_who_has_very_many_branches_sees_the_same(world, portal):
    ids = [world.submitted(world.sheet(1, 100 * at)) for at in range(1, 5)]
    review.take(portal, world.bayu, ids[0])
    others = {f"{at:032x}" for at in range(80)}
    many = dataclasses.replace(world.bayu, branches=world.bayu.branches | others)
    for wanted in (Wanted(), Wanted(bucket="later")):
        first = queues.queue(portal, many, per_page=2, wanted=wanted)
        assert first == queues.queue(portal, world.bayu, per_page=2, wanted=wanted)
        onward = {"per_page": 2, "wanted": wanted, "after": first.later}
        assert queues.queue(portal, many, **onward) == queues.queue(portal, world.bayu, **onward)
    assert queues.next_for(portal, many) == queues.next_for(portal, world.bayu) == ids[1]


def test_a_person_is_found_by_whole_nik_or_kpj_and_the_search_is_recorded(world, portal):
    first = world.submitted(world.sheet(2))
    second = world.submitted(world.sheet(1, line=demo._birth_line))
    world.submitted(world.sheet(1, 300))
    elsewhere = world.submitted(world.sheet(2), actor=world.wulan)
    who = demo._person(101)

    def found(number, actor=world.lestari):
        return [one.batch_id for one in queues.find_person(portal, actor, number)]

    assert found(who["kpj"]) == found(f" {who['kpj'][:2]}-{who['kpj'][2:]} ") == [first, second]
    assert found(who["nik"]) == [first, second]
    assert found(who["kpj"], world.bayu) == [first, second, elsewhere]
    assert found(demo._person(150)["kpj"]) == []
    for wrong in ("", "123", who["nik"][:-1], "SITI", "१" * 11):
        with pytest.raises(Invalid):
            found(wrong)
    with pytest.raises(Forbidden):
        found(who["kpj"], world.rahma)
    with portal.db.read() as session:
        acts = session.scalars(sa.select(Act).where(Act.action == "queue:person_searched")).all()
    assert [one.details["kind"] for one in acts] == ["kpj", "kpj", "nik", "kpj", "kpj"]
    assert who["kpj"] not in repr([one.details for one in acts])


def test_a_holiday_that_the_admin_adds_moves_the_dates_of_what_waits(world, portal):
    received = dt.date(2026, 11, 2)
    batch = world.submitted(world.sheet(1), change_received_on=received)

    def due(kind):
        (entry,) = queues.queue(portal, world.bayu)[0]
        return next(one.due for one in entry.deadlines if one.kind == kind)

    before = due("pp44")
    calendar.change(portal, world.admin, dt.date(2026, 11, 5), name="Cuti bersama", is_free=True)
    assert due("pp44") - before == dt.timedelta(days=1)
    (own,) = [one for one in calendar.days(portal, world.admin, 2026) if one.is_own]
    assert (own.name, own.is_free) == ("Cuti bersama", True)
    calendar.change(portal, world.admin, dt.date(2026, 11, 5), name="", is_free=False)
    assert due("pp44") == before
    calendar.change(portal, world.admin, dt.date(2026, 11, 3), name="", is_free=True)
    with portal.db.read() as session:
        assert session.get_one(Batch, batch).due_at == due("pdp")
    assert any(one.day == dt.date(2026, 8, 17) for one in calendar.days(portal, world.admin, 2026))


def test_only_an_admin_changes_the_calendar_and_only_within_reason(world, portal):
    for day, name in ((None, ""), (dt.date(1999, 1, 1), ""), (dt.date(2026, 1, 2), "x" * 101)):
        with pytest.raises(Invalid):
            calendar.change(portal, world.admin, day, name=name, is_free=True)
    with pytest.raises(Forbidden):
        calendar.days(portal, world.bayu, 2026)


def test_a_draft_has_no_clock(world, portal):
    batch = world.submitted(world.sheet(1))
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah berkas")
    with portal.db.read() as session:
        held = session.get_one(Batch, batch)
        assert held.due_at is None
    assert calendar.clocks(None, held.change_received_on, "Asia/Jakarta", lambda _day: False) == []
