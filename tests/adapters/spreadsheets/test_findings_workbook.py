"""Findings as a workbook: everything is text, and nothing of it runs."""

import io

import openpyxl
import pytest

from hr_portal.adapters.spreadsheets import findings_workbook
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.adapters.spreadsheets.xlsx import XlsxReader


def values(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()], {
        cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None
    }


def test_each_finding_is_a_row_of_texts():
    data = findings_workbook.write(
        [{"baris": 14, "sel": "B14", "kolom": "NIK", "kode": "NIK-01", "tingkat": "Kesalahan",
          "nilai": "0123", "pesan": "Baris 14 …", "usulan": None}]
    )  # fmt: skip
    rows, kinds = values(data)
    assert rows[0] == ["Baris", "Sel", "Kolom", "Kode", "Tingkat", "Nilai", "Pesan", "Usulan"]
    assert rows[1] == ["14", "B14", "NIK", "NIK-01", "Kesalahan", "0123", "Baris 14 …", None]
    assert kinds == {"s"}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "=cmd|' /C calc'!A0", "+62812", "-5", "@SUM(A1)", "<script>", "http://contoh.example",
     "007", "１２", "a\tb\nc", "\u202eterbalik"],
)  # fmt: skip
def test_a_text_stays_the_text_it_is(text):
    rows, kinds = values(findings_workbook.write([{"nilai": text}]))
    assert rows[1][5] == text
    assert kinds == {"s"}


def test_control_characters_become_replacement_characters():
    rows, _ = values(findings_workbook.write([{"nilai": "a\x00b\x1bc\x08\ud800\uffff"}]))
    assert rows[1][5] == "a�b�c���"


def test_what_looks_like_an_escape_comes_back_as_it_was():
    data = findings_workbook.write([{"nilai": "_x0041_"}])
    reader = XlsxReader(inspect(data, "temuan.xlsx"), DEFAULT_LIMITS)
    assert reader.read(reader.book.sheets[0]).columns[5].values[1] == "_x0041_"


def test_no_findings_make_a_workbook_with_headers_only():
    rows, _ = values(findings_workbook.write(iter(())))
    assert len(rows) == 1


def test_a_text_too_long_for_a_cell_is_cut():
    rows, _ = values(findings_workbook.write([{"pesan": "x" * 40_000}]))
    assert len(rows[1][6]) == 32_767


def test_what_a_sheet_cannot_hold_goes_to_the_next(monkeypatch):
    monkeypatch.setattr(findings_workbook, "MAX_ROWS", 2)
    book = openpyxl.load_workbook(
        io.BytesIO(findings_workbook.write({"baris": n} for n in range(5)))
    )
    assert book.sheetnames == ["Temuan", "Temuan 2", "Temuan 3"]
    assert [sheet.max_row for sheet in book] == [3, 3, 2]
