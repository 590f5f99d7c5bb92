"""A column that the file lacks is added in the portal: typed into, checked, given back, sent."""

import io

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
