"""A column that the file lacks is added in the portal: typed into, checked, given back, sent."""

import io
from functools import partial

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Act
from hr_portal.services import added_columns, annotated, mending, rechecking, results
from hr_portal.services.errors import Conflict, Invalid, NotFound
from tests.adapters.spreadsheets.annotating import assert_sound

KK = "3171010101019001"
HEADS = "No Peserta;NIK;Nama;Data;Semula;Menjadi"


def lines(world, count=3):
    """Corrections of names, by rows without any column for the family card."""
    people = [line.split(";") for line in world.sheet(count).decode().split("\r\n")[1 : count + 1]]
    made = [";".join([one[0], one[1], one[2], "Nama", one[2], f"{one[2]} A"]) for one in people]
    return "\r\n".join([HEADS, *made]).encode()


def needing(portal, world, batch):
    """Where findings say that the family card's number lacks: (row, column, case)."""
    return [
        (one.row, one.column, one.case)
        for one in results.findings_page(portal, world.rahma, batch, code="REQ-01").items
    ]


def lacking(portal, world, batch):
    (item,) = [one for one in results.todo(portal, world.rahma, batch) if one.code == "REQ-01"]
    return item


def test_the_column_is_offered_added_filled_in_and_the_rows_are_valid(world, portal):
    batch = world.draft(lines(world))
    assert needing(portal, world, batch) == [(row, -1, "kk-column") for row in (2, 3, 4)]
    assert lacking(portal, world, batch).may_add_column
    before = world.view(batch)
    added = added_columns.add_column(portal, world.rahma, batch, "kk", version=before.version)
    assert (added.letter, added.header, added.is_due) == ("G", "No KK", False)
    assert added.version == before.version + 1 == world.view(batch).version
    assert needing(portal, world, batch) == [(row, 6, "kk") for row in (2, 3, 4)]
    assert not lacking(portal, world, batch).may_add_column
    mending.edit_cells(portal, world.rahma, batch, {(row, 6): KK for row in (2, 3, 4)}, pasted=True)
    assert needing(portal, world, batch) == []
    row = results.row_view(portal, world.rahma, batch, 3)
    assert (row.cells[6].header, row.cells[6].raw) == ("No KK", KK)
    assert world.view(batch).revision.invalid == 0
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "batch:column_added")).one()
        assert act.details["fields"] == ["kk"]


def test_the_workbook_that_is_given_back_has_the_column_and_comes_back_as_a_revision(world, portal):
    batch = world.draft(lines(world))
    added_columns.add_column(portal, world.rahma, batch, "kk")
    mending.edit_cells(portal, world.rahma, batch, {(3, 6): KK})
    data = b"".join(annotated.open_annotated(portal, world.rahma, batch).chunks)
    assert_sound(data)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][6:] == ["No KK", "Hasil", "Catatan"]
    assert [sheet[f"G{row}"].value for row in (2, 3, 4)] == [None, KK, None]
    assert sheet["G3"].number_format == sheet["G4"].number_format == "@"
    assert "REQ-01" in sheet["G2"].comment.text
    sheet["G2"], sheet["G4"] = KK, KK
    saved = io.BytesIO()
    book.save(saved)
    world.revise(batch, saved.getvalue(), name="diisi.xlsx")
    world.work()
    assert needing(portal, world, batch) == []
    structure = results.structure(portal, world.rahma, batch)
    assert (structure.headers[6], structure.added) == ("No KK", ())


def test_a_returned_workbook_gets_the_column_beside_our_own_two(world, portal):
    batch = world.draft(lines(world))
    data = b"".join(annotated.open_annotated(portal, world.rahma, batch).chunks)
    world.revise(batch, data, name="kembali.xlsx")
    world.work()
    assert added_columns.add_column(portal, world.rahma, batch, "kk").letter == "I"
    mending.edit_cells(portal, world.rahma, batch, {(2, 6): KK})
    data = b"".join(annotated.open_annotated(portal, world.rahma, batch).chunks)
    assert_sound(data)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[1]][6:] == ["Hasil", "Catatan", "No KK"]
    assert (sheet["G2"].value, sheet["I2"].value) == ("Valid", KK)


def test_a_large_draft_is_checked_by_a_worker(world, portal):
    count = rechecking.INLINE_ROWS + 1
    batch = world.draft(lines(world, count))
    added = added_columns.add_column(portal, world.rahma, batch, "kk")
    assert added.is_due
    assert {place[1:] for place in needing(portal, world, batch)} == {(-1, "kk-column")}
    world.work()
    assert {place[1:] for place in needing(portal, world, batch)} == {(6, "kk")}
    assert not world.view(batch).revision.is_due


def test_what_is_there_or_is_no_datum_of_the_employee_is_refused(world, portal):
    batch = world.draft(lines(world))
    with pytest.raises(Invalid) as other:
        added_columns.add_column(portal, world.rahma, batch, "email")
    assert "kpj, nik, nama, tanggal_lahir, kk" in other.value.message
    with pytest.raises(Conflict) as there:
        added_columns.add_column(portal, world.rahma, batch, "kpj")
    assert (there.value.code, "No KPJ sudah ada" in there.value.message) == ("column_exists", True)
    with pytest.raises(Conflict) as late:
        added_columns.add_column(portal, world.rahma, batch, "kk", version=99)
    assert late.value.code == "stale_version"
    for stranger in (world.wulan, world.bayu):  # of the other company; a reviewer
        with pytest.raises(NotFound):
            added_columns.add_column(portal, stranger, batch, "kk")
    added_columns.add_column(portal, world.rahma, batch, "kk")
    with pytest.raises(Conflict) as twice:
        added_columns.add_column(portal, world.rahma, batch, "kk")
    assert twice.value.code == "column_exists"


def test_a_sheet_too_long_gets_its_column_in_the_file(world, portal, monkeypatch):
    batch = world.draft(lines(world))
    monkeypatch.setattr(added_columns, "MOST_ROWS", 2)
    assert not lacking(portal, world, batch).may_add_column
    with pytest.raises(Invalid) as large:
        added_columns.add_column(portal, world.rahma, batch, "kk")
    assert "ini 3 baris. Tambahkan kolom No KK di berkas Anda" in large.value.message


def test_a_column_that_is_still_empty_is_taken_away_again(world, portal):
    batch = world.draft(lines(world))
    before = needing(portal, world, batch)
    assert not lacking(portal, world, batch).may_take_column_away
    assert added_columns.removable_of(portal, world.rahma, batch) is None
    added_columns.add_column(portal, world.rahma, batch, "kk")
    assert lacking(portal, world, batch).may_take_column_away
    assert added_columns.removable_of(portal, world.rahma, batch) == "kk"
    version = world.view(batch).version
    gone = added_columns.take_away(portal, world.surya, batch, "kk", version=version)
    assert (gone.letter, gone.header, gone.version, gone.is_due) == (
        "G", "No KK", version + 1, False,
    )  # fmt: skip
    assert needing(portal, world, batch) == before
    assert len(results.row_view(portal, world.rahma, batch, 3).cells) == 6
    item = lacking(portal, world, batch)
    assert (item.may_add_column, item.may_take_column_away) == (True, False)
    assert results.structure(portal, world.rahma, batch).added == ()
    data = b"".join(annotated.open_annotated(portal, world.rahma, batch).chunks)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[1]][6:] == ["Hasil", "Catatan"]
    with portal.db.read() as session:
        act = session.scalars(sa.select(Act).where(Act.action == "batch:column_removed")).one()
        assert act.details["fields"] == ["kk"]
    assert added_columns.add_column(portal, world.rahma, batch, "kk").letter == "G"


def test_what_holds_something_or_is_no_added_column_stays(world, portal):
    batch = world.draft(lines(world))
    away = partial(added_columns.take_away, portal)
    for actor, field in ((world.rahma, "kpj"), (world.rahma, "email"), (world.wulan, "kk")):
        with pytest.raises(NotFound):
            away(actor, batch, field)
    added_columns.add_column(portal, world.rahma, batch, "kk")
    with pytest.raises(Conflict) as late:
        away(world.rahma, batch, "kk", version=99)
    assert late.value.code == "stale_version"
    added_columns.add_column(portal, world.rahma, batch, "tanggal_lahir")
    with pytest.raises(Conflict) as not_last:
        away(world.rahma, batch, "kk")
    assert (not_last.value.code, "kolom Tanggal Lahir yang" in not_last.value.message) == (
        "column_not_last", True,
    )  # fmt: skip
    away(world.rahma, batch, "tanggal_lahir")
    typed = mending.edit_cells(portal, world.rahma, batch, {(3, 6): KK})
    mending.undo(portal, world.rahma, batch, typed.act_id)
    assert not lacking(portal, world, batch).may_take_column_away
    with pytest.raises(Conflict) as filled:
        away(world.rahma, batch, "kk")
    assert (filled.value.code, "tetap ada bersama riwayat" in filled.value.message) == (
        "column_filled", True,
    )  # fmt: skip
    history = mending.row_history(portal, world.rahma, batch, 3)
    assert [(one.column, one.act.undone_by) for one in history] == [(6, "Rahma Contohan")]


def test_a_large_draft_shows_nothing_of_a_column_that_is_gone_before_its_new_check(
    world, portal, monkeypatch
):
    monkeypatch.setattr(rechecking, "INLINE_ROWS", 0)
    batch = world.draft(lines(world))
    added_columns.add_column(portal, world.rahma, batch, "kk")
    with pytest.raises(Conflict) as due:
        added_columns.take_away(portal, world.rahma, batch, "kk")
    assert due.value.code == "check_due"
    world.work()
    assert added_columns.take_away(portal, world.rahma, batch, "kk").is_due
    assert needing(portal, world, batch) == []
    rows = results.rows_page(portal, world.rahma, batch).items
    assert [len(row.cells) for row in rows] == [6, 6, 6]
    assert lacking(portal, world, batch).findings == 3  # as counted before
    world.work()
    assert needing(portal, world, batch) == [(row, -1, "kk-column") for row in (2, 3, 4)]


def test_beyond_the_last_column_of_excel_none_is_added(world, portal):
    book = openpyxl.Workbook()
    for row, line in enumerate(lines(world).decode().split("\r\n"), start=1):
        for at, text in enumerate(line.split(";"), start=1):
            book.active.cell(row, at if at < 6 else 16_384, text)
    saved = io.BytesIO()
    book.save(saved)
    batch = world.draft(saved.getvalue(), name="lebar.xlsx")
    assert results.structure(portal, world.rahma, batch).letters[-1] == "XFD"
    assert not lacking(portal, world, batch).may_add_column
    with pytest.raises(Invalid) as full:
        added_columns.add_column(portal, world.rahma, batch, "kk")
    assert "sudah terisi sampai kolom XFD, kolom terakhir yang dimiliki Excel" in full.value.message
