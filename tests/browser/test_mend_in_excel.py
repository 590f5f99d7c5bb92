"""Mend in Excel and re-upload: the workbook with notes comes back under any name."""

import io
from pathlib import Path

import openpyxl

from tests.browser import acts, sheets
from tests.browser.looking import look


def test_the_workbook_with_notes_is_mended_and_comes_back_as_the_next_revision(visit):
    hrd = visit()
    hrd.sign_in_as("HRD")
    acts.upload(hrd, sheets.file(sheets.as_first_written()))
    hrd.sees("3 dari 10 baris perlu diperbaiki")
    with hrd.page.expect_download() as begun:
        hrd.press("Unduh berkas beserta catatan")
    assert begun.value.suggested_filename == "koreksi-november-catatan.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(Path(begun.value.path()).read_bytes()))
    sheet = book.worksheets[0]
    assert sheet["B3"].number_format == "@"
    assert "Portal Koreksi Data" in sheet["B3"].comment.text
    # As an officer does: the three coloured cells are typed anew, everything else stays.
    sound = sheets.sound()
    for row, column in ((3, sheets.NIK), (4, sheets.AFTER), (5, sheets.NIK)):
        cell = sheet.cell(row, column + 1)
        assert cell.comment is not None
        cell.value = sound[row - 2][column]
    out = io.BytesIO()
    book.save(out)

    hrd.goto("/pengajuan/baru")
    acts.choose(
        hrd, {"name": "final fix (3).xlsx", "mimeType": sheets.XLSX, "buffer": out.getvalue()}
    )
    hrd.sees("1 dari 10 baris perlu dokumen")
    hrd.reads("Dikenali sebagai revisi 2 dari PKD-2026-00001")
    hrd.reads("3 selesai, 0 baru dibandingkan revisi 1. Ini revisi 2")
    look(hrd.page)
    hrd.press("Jadikan pengajuan baru")
    hrd.reads("Berkas ini sekarang pengajuan baru, PKD-2026-00002")
    look(hrd.page)
