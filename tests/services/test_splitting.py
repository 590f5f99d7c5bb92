"""Valid rows go on, the others become a draft: counted, named, once, and all or nothing."""

import threading

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act, Batch, FindingRow, Revision
from hr_portal.demo import _person
from hr_portal.services import (
    batch_views,
    documents,
    intake,
    letter_facts,
    letters,
    long_acts,
    long_works,
    results,
    review,
    splitting,
    submission,
)
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.services.test_past import line, sheet
from tests.services.test_review import _png

MAIL = ("Email", "lama@contoh.example", "baru@contoh.example")
GOOD = [line(serial, *MAIL[:2], f"orang{serial}@contoh.example") for serial in range(201, 205)]
BROKEN = line(205, *MAIL, nik="123")
REPEATED = [line(206, *MAIL), line(206, *MAIL)]
ONE_LETTER = line(207, "Nama Ibu Kandung", "SITI", "S")
WARNED = line(208, *MAIL[:2], "lama@contoh.example")


def plan(world, batch, **more):
    return splitting.plan(world.portal, world.rahma, batch, **more)


def split(world, batch, version=None):
    version = version if version is not None else world.view(batch).version
    done = splitting.split(world.portal, world.rahma, batch, version=version)
    world.work()
    return done


def numbers(world, batch):
    return [
        r.number for r in results.rows_page(world.portal, world.rahma, batch, per_page=99).items
    ]


def findings(world, batch):
    found = results.findings_page(world.portal, world.rahma, batch, per_page=500).items
    return {(f.row, f.code, f.message, f.confirmed_reason) for f in found}


def test_the_plan_says_how_many_and_which_and_why(world):
    batch = world.draft(sheet(*GOOD, BROKEN, *REPEATED, ONE_LETTER, WARNED))
    told = plan(world, batch)
    assert (told.kept, told.total_moved, told.version) == (5, 4, 1)
    assert told.moved == {"error": 2, "document": 1, "together": 1}
    whole = [(row.number, row.why, row.name) for row in told.rows.items]
    assert whole == [
        (6, "error", _person(205)["nama"]),
        (7, "together", _person(206)["nama"]),
        (8, "error", _person(206)["nama"]),
        (9, "document", _person(207)["nama"]),
    ]
    assert [row.number for row in plan(world, batch, page=2, per_page=3).rows.items] == [9]
    assert (told.warnings_kept, told.letter, told.blocked) == (1, None, None)


def test_both_halves_together_are_the_whole_with_findings_and_reasons(world):
    batch = world.draft(sheet(*GOOD, BROKEN, *REPEATED, ONE_LETTER, WARNED))
    world.confirm(batch)
    before = findings(world, batch)
    done = split(world, batch)
    assert (done.kept, done.moved, done.refused, done.repeated) == (5, 4, 0, False)
    assert numbers(world, batch) == [2, 3, 4, 5, 10]
    assert numbers(world, done.child_id) == [6, 7, 8, 9]
    kept, moved = findings(world, batch), findings(world, done.child_id)
    assert kept | moved == before
    assert kept & moved == {one for one in before if one[0] == 0}
    view, child = world.view(batch), world.view(done.child_id)
    assert (view.revision.number, view.state, view.version) == (2, "draft", done.version)
    assert (view.revision.valid, view.revision.warning, view.revision.invalid) == (4, 1, 0)
    assert (child.parent_id, child.number, child.is_split_off) == (batch, done.child_number, True)
    assert child.revision.valid + child.revision.invalid + child.revision.warning == 4
    assert world.view(batch, revision=1).revision.total == 9


def test_each_half_is_judged_anew_by_its_own_rows(world):
    shared = [line(serial, *MAIL[:2], "sama@contoh.example") for serial in (211, 212, 213)]
    broken = line(214, *MAIL[:2], "sama@contoh.example", nik="123")
    batch = world.draft(sheet(*shared, broken))
    assert {code for _row, code, *_ in findings(world, batch)} >= {"EML-02"}
    version = world.view(batch).version
    child = splitting.split(world.portal, world.rahma, batch, version=version).child_id
    for half in (batch, child):
        due = [lack.code for lack in submission.lacks(world.portal, world.rahma, half)]
        assert "recheck_due" in due
    world.work()
    assert findings(world, batch) == set()
    assert "EML-02" not in {code for _row, code, *_ in findings(world, child)}
    assert world.view(batch).revision.valid == 3


def test_what_goes_on_can_be_submitted_and_the_rest_cannot(world):
    batch = world.draft(sheet(*GOOD, BROKEN))
    world.confirm(batch)
    child = split(world, batch).child_id
    letters.issue(world.portal, world.rahma, batch, wait=False)
    submission.submit(world.portal, world.rahma, batch, version=None, declaration=True)
    assert world.view(batch).state == "submitted"
    missing = {lack.code for lack in submission.lacks(world.portal, world.rahma, child)}
    assert "rows_invalid" in missing
    review.take(world.portal, world.bayu, batch)
    with pytest.raises(NotFound):
        batch_views.batch_view(world.portal, world.bayu, child)


def test_a_pair_that_contradicts_itself_is_never_parted(world):
    twin = _person(210)
    pair = [
        line(209, *MAIL[:2], "satu@contoh.example", nik=twin["nik"]),
        line(210, *MAIL[:2], "dua@contoh.example"),
        line(210, "Nama Ibu Kandung", "SITI", "1"),
    ]
    told = plan(world, world.draft(sheet(*GOOD, *pair)))
    assert [row.number for row in told.rows.items] == [6, 7, 8]
    assert told.kept == 4


def test_rows_that_could_not_be_read_are_listed_and_go_to_the_new_draft(world):
    batch = world.draft(sheet(*GOOD, line(205, *MAIL) + ";sel;terlalu;banyak"))
    told = plan(world, batch)
    assert [number for number, _why, _english in told.refused] == [6]
    assert (told.kept, told.total_moved) == (4, 0)
    done = split(world, batch)
    assert (done.moved, done.refused) == (0, 1)
    assert results.structure(world.portal, world.rahma, batch).refused == []
    [(number, why, _)] = results.structure(world.portal, world.rahma, done.child_id).refused
    assert number == 6
    assert why
    missing = [lack.code for lack in submission.lacks(world.portal, world.rahma, done.child_id)]
    assert "rows_refused" in missing
    assert "rows_refused" not in {
        lack.code for lack in submission.lacks(world.portal, world.rahma, batch)
    }


def test_documents_go_with_their_rows_and_the_letter_has_to_be_issued_anew(world):
    batch = world.draft(sheet(*GOOD, ONE_LETTER, line(211, "Nama Ibu Kandung", "SITI", "T")))
    add = lambda name, row: documents.add_document(  # noqa: E731
        world.portal, world.rahma, batch, _png(), name, kind="ktp", row=row
    )
    add("baris-2.png", 2)
    add("semua.png", None)
    add("baris-7.png", 7)
    world.confirm(batch)
    told = plan(world, batch)
    assert (told.kept, [row.number for row in told.rows.items]) == (5, [6])
    assert (told.documents_moved, told.documents_copied) == (0, 1)
    child = split(world, batch).child_id
    on = lambda one: {  # noqa: E731
        (d.file_name, d.rows) for d in documents.list_documents(world.portal, world.rahma, one)
    }
    assert on(batch) == {("baris-2.png", (2,)), ("semua.png", ()), ("baris-7.png", (7,))}
    assert on(child) == {("semua.png", ())}


def test_a_document_of_a_moved_row_alone_leaves_the_batch(world):
    batch = world.draft(sheet(*GOOD, BROKEN))
    documents.add_document(world.portal, world.rahma, batch, _png(), "6.png", kind="ktp", row=6)
    world.confirm(batch)
    assert (plan(world, batch).documents_moved, plan(world, batch).documents_copied) == (1, 0)
    child = split(world, batch).child_id
    assert documents.list_documents(world.portal, world.rahma, batch) == []
    [moved] = documents.list_documents(world.portal, world.rahma, child)
    assert (moved.file_name, moved.rows) == ("6.png", (6,))


def test_the_letter_that_stands_is_named_and_is_stale_afterwards(world):
    batch = world.draft(sheet(*GOOD, ONE_LETTER))
    world.confirm(batch)
    letter = letters.issue(world.portal, world.rahma, batch, wait=False)
    assert plan(world, batch).letter == letter.number
    split(world, batch)
    missing = [lack.code for lack in submission.lacks(world.portal, world.rahma, batch)]
    assert missing == ["letter_stale"]


def test_sent_twice_it_is_done_once_and_told_alike(world):
    batch = world.draft(sheet(*GOOD, BROKEN))
    first = split(world, batch, version=1)
    again = split(world, batch, version=1)
    assert again.repeated
    assert (again.child_id, again.kept, again.moved) == (first.child_id, 4, 1)
    with pytest.raises(Invalid, match="nothing_to_split"):
        split(world, batch)
    with world.portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Batch)) == 2
        acts = session.scalars(sa.select(Act.action).where(Act.action.like("batch:split%"))).all()
    assert sorted(acts) == ["batch:split", "batch:split_off"]


def test_two_at_once_make_one_child(world):
    batch = world.draft(sheet(*GOOD, BROKEN))
    done, barrier = [], threading.Barrier(2)

    def act(actor):
        barrier.wait()
        try:
            done.append(splitting.split(world.portal, actor, batch, version=1))
        except Conflict as refused:
            done.append(refused.code)

    threads = [threading.Thread(target=act, args=[who]) for who in (world.rahma, world.surya)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert sorted(isinstance(one, str) for one in done) == [False, True]
    assert "stale_version" in done
    with world.portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Batch)) == 2


def test_it_is_refused_where_it_would_be_wrong(world):
    clean = world.draft(sheet(*GOOD))
    with pytest.raises(Invalid) as refused:
        split(world, clean)
    assert "semua baris dapat diajukan" in refused.value.message
    assert plan(world, clean).blocked[0] == refused.value.message
    bad = world.draft(sheet(BROKEN))
    assert "Belum ada baris" in plan(world, bad).blocked[0]
    unread = world.upload(sheet(BROKEN)).batch_id
    assert "belum selesai diperiksa" in plan(world, unread).blocked[0]
    world.work()
    with pytest.raises(Conflict, match="stale_version"):
        split(world, clean, version=9)
    intake.cancel_batch(world.portal, world.rahma, clean)
    for act in (plan, split):
        with pytest.raises(Conflict, match="not_editable"):
            act(world, clean)
    with pytest.raises(NotFound):
        splitting.plan(world.portal, world.wulan, bad)
    sent = world.submitted(sheet(*GOOD))
    with pytest.raises(Forbidden):
        splitting.split(world.portal, world.bayu, sent, version=1)


def test_an_error_on_a_whole_column_stops_the_split(world):
    batch = world.draft(sheet(*GOOD, BROKEN))
    with world.portal.db.write() as session:
        revision = session.scalars(sa.select(Revision).where(Revision.batch_id == batch)).one()
        session.add(
            FindingRow(
                revision_id=revision.id, row_number=0, column_index=3, code="DAT-14", kind="",
                severity=4, field="tanggal_lahir",
            )
        )  # fmt: skip
        wide = {"code": "DAT-14", "case": "", "field": "tanggal_lahir", "severity": 4}
        revision.summary = [*revision.summary, {**wide, "findings": 1, "rows": 1, "first": 0}]
    assert "seluruh kolom" in plan(world, batch).blocked[0]
    with pytest.raises(Invalid, match="nothing_to_split"):
        split(world, batch)


def divide(world, batch):
    version = world.view(batch).version
    number = long_works.ask_dividing(world.portal, world.rahma, batch, version=version)
    world.work()
    return long_acts.view(world.portal, world.rahma, batch, number)


def lacks(world, batch):
    return {one.code: one for one in submission.lacks(world.portal, world.rahma, batch)}


def test_what_is_too_much_for_one_letter_is_divided_behind_what_it_holds(
    world, portal, monkeypatch
):
    monkeypatch.setattr(letter_facts, "MAX_LINES", 3)
    own = line(206, *MAIL[:2], "orang206@contoh.example")
    phone = line(206, "No HP", "081290000101", "081290000102")
    batch = world.draft(sheet(own, *GOOD, phone))
    told = lacks(world, batch)["letter_too_big"]
    assert told.message == (
        "Satu surat memuat paling banyak 3 koreksi; pengajuan ini memuat 6. Bagi menjadi dua."
    )
    with pytest.raises(Invalid, match="LET-BIG") as refused:
        letters.issue(portal, world.rahma, batch)
    assert "memuat 6. Bagi pengajuan ini menjadi dua" in refused.value.message
    done = divide(world, batch)
    # the first row's person stands in the last one, too, and nobody's rows are parted
    assert (done.state, done.outcome["kept"], done.outcome["moved"]) == ("done", 2, 4)
    [(child, name)] = world.view(batch).children
    assert name == done.outcome["number"]
    assert (numbers(world, batch), numbers(world, child)) == ([3, 4], [2, 5, 6, 7])
    assert "letter_too_big" not in lacks(world, batch)
    assert "letter_too_big" in lacks(world, child)
    again = divide(world, child)
    assert (again.outcome["kept"], again.outcome["moved"]) == (2, 2)
    assert not {"letter_too_big"} & (lacks(world, child).keys() | lacks(world, batch).keys())


def test_what_need_not_or_can_not_be_divided_is_told_and_stays(world, monkeypatch):
    batch = world.draft(sheet(*[line(206, *MAIL)] * 3))
    told = divide(world, batch)
    assert (told.state, "muat dalam satu surat" in told.problem[0]) == ("failed", True)
    monkeypatch.setattr(letter_facts, "MAX_LINES", 2)
    told = divide(world, batch)
    assert (told.state, "semua barisnya terhubung" in told.problem[0]) == ("failed", True)
    monkeypatch.setattr(splitting.rechecking, "is_due", lambda _revision: True)
    assert "masih diperiksa" in divide(world, batch).problem[0]
    assert (numbers(world, batch), world.view(batch).children) == ([2, 3, 4], ())
