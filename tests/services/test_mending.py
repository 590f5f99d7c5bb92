"""Mending a draft in the portal: what changes, what stays, who was first, and undoing it."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Act, Edit, EditAct, FindingRow, Revision, Row
from hr_portal.domain.suggestions import Fix
from hr_portal.services import letters, mending, offers, results, submission
from hr_portal.services.cells import Cell, current_edits, open_draft, typed
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.offers import Chosen
from tests.parts import ROOT

KPJ, NIK, NAME, BIRTH, KK, DATA, BEFORE, AFTER, REASON = range(9)


def swapped(world, count=3):
    """Rows whose date of birth has day and month exchanged, which the NIK shows (NIK-12)."""
    lines = world.sheet(count).decode().split("\r\n")
    for at in range(1, count + 1):
        cells = lines[at].split(";")
        nik, year = cells[NIK], cells[BIRTH][-4:]
        cells[NIK] = f"{nik[:6]}0503{nik[10:]}"  # born on 5 March
        cells[BIRTH] = f"03-05-{year}"
        lines[at] = ";".join(cells)
    return "\r\n".join(lines).encode()


def without_zero(world, count=5):
    """A csv that went through Excel: no KPJ has kept its leading zero (KPJ-03)."""
    lines = world.sheet(count).decode().split("\r\n")
    return "\r\n".join([lines[0], *(line.removeprefix("0") for line in lines[1:])]).encode()


def codes(portal, world, batch):
    return [(one.row, one.code) for one in results.findings_page(portal, world.rahma, batch).items]


def test_typing_into_a_cell_is_saved_and_checked_at_once(world, portal):
    batch = world.draft(world.sheet(3).replace(b"081290000101", b"0217654321"))
    assert codes(portal, world, batch) == [(2, "TEL-01")]
    before = world.view(batch)
    done = mending.edit_cells(
        portal, world.rahma, batch, {(2, AFTER): "081290000199"}, version=before.version
    )
    after = world.view(batch)
    assert (done.cells, done.rows, done.version) == (1, 1, after.version)
    assert after.version == before.version + 1
    assert codes(portal, world, batch) == []
    assert (after.revision.valid, after.revision.invalid) == (3, 0)
    row = results.row_view(portal, world.rahma, batch, 2)
    assert row.cells[AFTER].raw == "081290000199"
    assert row.corrections[0].after == "+6281290000199"
    assert row.severity == "valid"


def test_what_stood_there_who_changed_it_and_when_is_kept_and_sealed(world, portal):
    batch = world.draft()
    mending.edit_cells(portal, world.surya, batch, {(3, REASON): "Diminta pegawai"})
    (one,) = mending.row_history(portal, world.rahma, batch, 3)
    assert (one.column, one.before, one.after) == (REASON, "Sesuai KTP-el", "Diminta pegawai")
    assert (one.act.made_by, one.act.kind, one.act.cells) == (world.surya.name, "cell", 1)
    with portal.db.read() as session:
        assert b"Diminta" not in session.scalars(sa.select(Edit.change)).one()
        act = session.scalars(sa.select(Act).where(Act.action == "batch:cells_changed")).one()
    assert act.details == {
        "act": one.act.id, "kind": "cell", "cells": 1, "rows": 1, "code": None,
    }  # fmt: skip


def test_a_confirmation_survives_where_nothing_about_it_changed(world, portal):
    batch = world.draft(swapped(world, 3))
    world.confirm(batch)
    mending.edit_cells(portal, world.rahma, batch, {(2, BIRTH): "01-01-1980", (4, REASON): "x"})
    found = {one.row: one for one in results.findings_page(portal, world.rahma, batch).items}
    assert (found[2].code, found[2].confirmed_by) == ("NIK-11", None)
    assert found[3].confirmed_by
    assert found[4].confirmed_reason == "Sesuai KTP-el"


def test_undoing_brings_back_text_kind_and_findings(world, portal):
    batch = world.draft(without_zero(world))
    first = codes(portal, world, batch)
    assert first == [(row, "KPJ-03") for row in range(2, 7)]
    done = offers.take(portal, world.rahma, batch, Chosen(code="KPJ-03"))
    assert (done.cells, codes(portal, world, batch)) == (5, [])
    mending.undo(portal, world.surya, batch, done.act_id)
    assert codes(portal, world, batch) == first
    (act,) = mending.acts(portal, world.rahma, batch)
    assert (act.undone_by, act.is_undoable) == (world.surya.name, False)
    with pytest.raises(Conflict, match="undone"):
        mending.undo(portal, world.rahma, batch, done.act_id)


def test_one_proposal_taken_leaves_the_others_standing(world, portal):
    """A mended KPJ of a csv is no proof that the others have kept their zeros."""
    batch = world.draft(without_zero(world))
    one = results.findings_page(portal, world.rahma, batch).items[0]
    offers.take(portal, world.rahma, batch, Chosen(finding_id=one.id))
    assert codes(portal, world, batch) == [(row, "KPJ-03") for row in range(3, 7)]


def test_acts_are_undone_from_the_latest(world, portal):
    batch = world.draft()
    first = mending.edit_cells(portal, world.rahma, batch, {(2, REASON): "a", (3, REASON): "b"})
    second = mending.edit_cells(portal, world.rahma, batch, {(3, REASON): "c"})
    undoable = [act.is_undoable for act in mending.acts(portal, world.rahma, batch)]
    assert undoable == [True, False]
    with pytest.raises(Conflict, match="changed_again"):
        mending.undo(portal, world.rahma, batch, first.act_id)
    mending.undo(portal, world.rahma, batch, second.act_id)
    mending.undo(portal, world.rahma, batch, first.act_id)
    row = results.row_view(portal, world.rahma, batch, 3)
    assert row.cells[REASON].raw == "Sesuai KTP-el"


def test_all_proposals_of_a_rule_are_taken_at_once_and_previewed_first(world, portal):
    batch = world.draft(without_zero(world, 40))
    (item,) = results.todo(portal, world.rahma, batch)
    assert (item.code, item.findings, item.offers) == ("KPJ-03", 40, 40)
    seen = offers.preview(portal, world.rahma, batch, Chosen("KPJ-03", "", "kpj"))
    assert (seen.findings, seen.offered, seen.cells, seen.rows, seen.left) == (40, 40, 40, 40, 0)
    assert len(seen.lines) == offers.SHOWN
    assert "•" in seen.lines[0].after
    assert codes(portal, world, batch)
    done = offers.take(
        portal, world.rahma, batch, Chosen("KPJ-03", "", "kpj"), version=seen.version
    )
    assert (done.cells, world.view(batch).revision.valid) == (40, 40)
    assert results.row_view(portal, world.rahma, batch, 2).cells[KPJ].raw.startswith("0")


def test_what_must_be_mended_is_taken_at_once_kind_by_kind_and_undone(world, portal):
    content = (ROOT / "samples" / "koreksi-november.xlsx").read_bytes()
    batch = world.draft(content, name="koreksi-november.xlsx")
    todo = {
        (one.title, one.field): one.offers
        for one in results.todo(portal, world.rahma, batch)
        if one.severity == "error" and one.offers
    }
    seen = offers.preview(portal, world.rahma, batch, offers.ERRORS)
    assert {(one.title, one.field): one.offered for one in seen.kinds} == todo
    assert all(1 <= len(one.lines) <= offers.SHOWN_OF_EACH for one in seen.kinds)
    assert seen.offered == sum(todo.values()) > len(todo) > 1
    assert seen.left > 0
    before = codes(portal, world, batch)
    warnings = world.view(batch).revision.warning
    done = offers.take(portal, world.rahma, batch, offers.ERRORS, version=seen.version)
    assert (done.cells, done.rows) == (seen.cells, seen.rows)
    assert len(codes(portal, world, batch)) <= len(before) - seen.offered
    assert world.view(batch).revision.warning >= warnings
    mending.undo(portal, world.rahma, batch, done.act_id)
    assert codes(portal, world, batch) == before


def test_of_two_proposals_for_a_cell_the_other_is_left_whole(world, portal):
    """Half a swap would lose the value that was to stand in the other cell."""
    batch = world.draft()
    with portal.db.read() as session:
        draft = open_draft(portal, session, world.rahma, batch, None)
        draft.open_all()
        kpj, nik = (draft.stored(Cell(2, at)).text for at in (KPJ, NIK))
        swap = [Fix(2, KPJ, kpj, nik), Fix(2, NIK, nik, kpj)]
        planned = offers._Planned()
        for fixes, taken in (([Fix(2, NIK, nik, "x")], True), (swap, False)):
            assert offers._add(draft, planned, fixes, ("NIK-01", "", "nik"), None, {}) is taken
        assert dict(planned.cells) == {Cell(2, NIK): typed("x")}


def test_a_column_of_swapped_dates_is_mended_in_one_act_and_undone(world, portal):
    content = (ROOT / "samples" / "kolom-tanggal.xlsx").read_bytes()
    batch = world.draft(content, name="kolom-tanggal.xlsx")
    (todo,) = [one for one in results.todo(portal, world.rahma, batch) if one.code == "DAT-14"]
    chosen = Chosen("DAT-14", "", "tanggal_lahir")
    seen = offers.preview(portal, world.rahma, batch, chosen)
    assert (todo.offers, seen.offered, seen.cells) == (1, 1, 4)
    assert seen.lines[0].row == 3
    done = offers.take(portal, world.rahma, batch, chosen, version=seen.version)
    assert done.cells == 4
    assert codes(portal, world, batch) == []
    mending.undo(portal, world.rahma, batch, done.act_id)
    assert "DAT-14" in {code for _, code in codes(portal, world, batch)}


def test_merged_cells_are_filled_in_one_kind_after_another(world, portal):
    book = openpyxl.Workbook()
    sheet = book.active
    header, first, second, _end = (
        line.split(";") for line in world.sheet(2).decode().split("\r\n")
    )
    sheet.append(header)
    sheet.append(first)
    sheet.append([""] * 5 + ["Email", "", "orang1@contoh.example", "Sesuai"])
    sheet.append(second)
    for letter in "ABCDE":
        sheet.merge_cells(f"{letter}2:{letter}3")
    out = io.BytesIO()
    book.save(out)
    batch = world.draft(out.getvalue(), name="gabung.xlsx")
    for code, key in (("REQ-01", "kpj"), ("REQ-01", "nik"), ("NAM-01", "nama")):
        offers.take(portal, world.rahma, batch, Chosen(code, "empty", key))
    assert codes(portal, world, batch) == []
    row = results.row_view(portal, world.rahma, batch, 3)
    assert [cell.raw for cell in row.cells[:3]] == first[:3]


def test_a_value_on_record_is_mended_on_every_row_of_its_employee(world, portal):
    """The rule speaks of it once, so one row alone would leave the person with two dates."""
    lines = swapped(world, 1).decode().split("\r\n")
    again = lines[1].split(";")
    again[DATA:REASON] = ["Gelar", "", "S.E."]
    content = "\r\n".join([lines[0], lines[1], ";".join(again), ""]).encode()
    batch = world.draft(content)
    assert codes(portal, world, batch) == [(2, "NIK-12")]
    offers.take(portal, world.rahma, batch, Chosen(code="NIK-12"))
    assert codes(portal, world, batch) == []


def test_a_proposal_whose_cell_has_changed_since_is_left_alone(world, portal):
    batch = world.draft(swapped(world, 3))
    mending.edit_cells(portal, world.rahma, batch, {(2, BIRTH): "01-01-1980"})
    seen = offers.preview(portal, world.rahma, batch, Chosen("NIK-12", "", "tanggal_lahir"))
    assert (seen.findings, seen.offered) == (2, 2)


def test_only_drafts_of_ones_own_company_are_mended_and_only_what_was_seen(world, portal):
    batch = world.draft()
    with pytest.raises(NotFound):
        mending.edit_cells(portal, world.wulan, batch, {(2, REASON): "x"})
    with pytest.raises(NotFound):
        mending.edit_cells(portal, world.bayu, batch, {(2, REASON): "x"})
    with pytest.raises(Conflict, match="stale_version"):
        mending.edit_cells(portal, world.rahma, batch, {(2, REASON): "x"}, version=99)
    for place in ((99, 0), (2, 99), (2, -1), (0, 0)):
        with pytest.raises(NotFound):
            mending.edit_cells(portal, world.rahma, batch, {place: "x"})
    with pytest.raises(Invalid):
        mending.edit_cells(portal, world.rahma, batch, {(2, REASON): "x" * 40_000})
    sent = world.submitted(world.sheet(3, start=300))
    with pytest.raises(Conflict, match="not_editable"):
        mending.edit_cells(portal, world.rahma, sent, {(2, REASON): "x"})
    with pytest.raises(Forbidden):
        mending.edit_cells(portal, world.bayu, sent, {(2, REASON): "x"})


def test_the_same_text_again_is_no_change(world, portal):
    batch = world.draft()
    before = world.view(batch).version
    done = mending.edit_cells(portal, world.rahma, batch, {(2, REASON): "Sesuai KTP-el"})
    assert (done.act_id, done.cells, done.version) == (None, 0, before)


def test_a_letter_speaks_of_the_rows_as_edited(world, portal):
    batch = world.ready()
    done = mending.edit_cells(portal, world.rahma, batch, {(2, AFTER): "081290000777"})
    stale = [lack.code for lack in submission.lacks(portal, world.rahma, batch)]
    assert stale == ["letter_stale"]
    mending.undo(portal, world.rahma, batch, done.act_id)
    assert submission.lacks(portal, world.rahma, batch) == []
    mending.edit_cells(portal, world.rahma, batch, {(2, AFTER): "081290000777"})
    letters.issue(portal, world.rahma, batch, wait=False)
    assert submission.lacks(portal, world.rahma, batch) == []


def test_a_withdrawn_batch_keeps_its_edits_and_they_can_still_be_undone(world, portal):
    batch = world.draft()
    mending.edit_cells(portal, world.rahma, batch, {(2, AFTER): "081290000777"})
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah")
    (act,) = mending.acts(portal, world.rahma, batch)
    assert act.is_undoable
    assert edits_of(portal, batch) == {(2, AFTER): "081290000777"}
    mending.undo(portal, world.rahma, batch, act.id)
    assert results.row_view(portal, world.rahma, batch, 2).cells[AFTER].raw == "081290000101"
    assert edits_of(portal, batch) == {}
    (old,) = mending.acts(portal, world.rahma, batch, revision=1)
    assert (old.undone_at, old.is_undoable) == (None, False)


def edits_of(portal, batch):
    with portal.db.read() as session:
        newest = (
            sa.select(Revision).where(Revision.batch_id == batch).order_by(Revision.number.desc())
        )
        revision = session.scalars(newest).first()
        return current_edits(session, portal.key(revision.batch.company), revision.id)


def test_the_latest_of_several_edits_of_a_cell_stands(world, portal):
    batch = world.draft()
    for text in ("081290000777", "081290000778"):
        done = mending.edit_cells(portal, world.rahma, batch, {(2, AFTER): text})
    assert edits_of(portal, batch) == {(2, AFTER): "081290000778"}
    mending.undo(portal, world.rahma, batch, done.act_id)
    assert edits_of(portal, batch) == {(2, AFTER): "081290000777"}


def test_a_mended_kpj_is_found_by_its_new_number(world, portal):
    batch = world.draft()
    with portal.db.read() as session:
        row = session.scalars(sa.select(Row).where(Row.number == 2)).one()
    who = demo._person(900)
    mending.edit_cells(
        portal, world.rahma, batch, {(2, KPJ): who["kpj"], (2, NIK): who["nik"], (2, NAME): "Budi Umpama"}
    )  # fmt: skip
    with portal.db.read() as session:
        now = session.scalars(sa.select(Row).where(Row.number == 2)).one()
    assert now.kpj_index != row.kpj_index
    assert now.nik_index != row.nik_index
    assert now.name == "BUDI UMPAMA"


def test_a_row_that_is_emptied_counts_as_empty_and_can_come_back(world, portal):
    batch = world.draft()
    done = mending.edit_cells(portal, world.rahma, batch, {(2, column): "" for column in range(9)})
    view = world.view(batch).revision
    assert (view.total, view.empty, view.valid) == (3, 1, 2)
    mending.undo(portal, world.rahma, batch, done.act_id)
    view = world.view(batch).revision
    assert (view.total, view.empty, view.valid) == (3, 0, 3)


def test_a_new_check_finds_what_the_first_check_found(world, portal):
    """Nothing is added, lost or renumbered by checking again what has not changed."""
    content = swapped(world, 4).replace(b"081290000102", b"0217654321")
    batch = world.draft(content)

    def kept():
        with portal.db.read() as session:
            return session.execute(
                sa.select(FindingRow.id, FindingRow.row_number, FindingRow.code).order_by(
                    FindingRow.id
                )
            ).all()

    before = kept()
    assert len(before) == 5
    mending.edit_cells(portal, world.rahma, batch, {(2, REASON): "Lain"})
    assert kept() == before
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(EditAct)) == 1


def test_two_at_the_same_instant_and_one_wins(world, portal):
    """Both saw the same version; the second is told, and nothing of theirs is written."""
    batch = world.draft()
    version = world.view(batch).version
    barrier = threading.Barrier(2)

    def type_in(actor, row):
        barrier.wait()
        try:
            return mending.edit_cells(portal, actor, batch, {(row, REASON): "x"}, version=version)
        except Conflict as error:
            return error

    with ThreadPoolExecutor(2) as both:
        ends = list(both.map(type_in, (world.rahma, world.surya), (2, 3)))
    won = [end for end in ends if isinstance(end, mending.Mended)]
    lost = [end for end in ends if isinstance(end, Conflict)]
    assert (len(won), len(lost)) == (1, 1)
    assert lost[0].code == "stale_version"
    assert world.view(batch).version == version + 1
    assert sum(act.cells for act in mending.acts(portal, world.rahma, batch)) == 1


def test_acts_without_a_version_follow_one_another(world, portal):
    batch = world.draft(world.sheet(6))

    def type_in(row):
        return mending.edit_cells(portal, world.rahma, batch, {(row, REASON): f"x{row}"})

    with ThreadPoolExecutor(2) as several:
        list(several.map(type_in, (2, 3)))
    rows = results.rows_page(portal, world.rahma, batch).items
    assert [row.cells[REASON].raw for row in rows][:2] == ["x2", "x3"]
    assert len(mending.acts(portal, world.rahma, batch)) == 2


def test_a_batch_that_is_submitted_meanwhile_is_not_changed(world, portal):
    batch = world.ready()
    barrier = threading.Barrier(2)

    def submit():
        barrier.wait()
        submission.submit(portal, world.rahma, batch, version=None, declaration=True)

    def type_in():
        barrier.wait()
        mending.edit_cells(portal, world.surya, batch, {(2, REASON): "x"})

    with ThreadPoolExecutor(2) as both:
        ends = [act.exception() for act in [both.submit(submit), both.submit(type_in)]]
    assert sum(end is not None for end in ends) == 1
    view = world.view(batch)
    assert (view.state == "submitted") == (len(mending.acts(portal, world.rahma, batch)) == 0)
