"""Findings as a workbook to take along: a line a finding, every cell plain text."""

import io
from collections.abc import Iterable, Mapping

import xlsxwriter

from hr_portal.adapters.spreadsheets.cells import writable

# Key of the caller's mapping, header, width in characters.
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("baris", "Baris", 8),
    ("sel", "Sel", 8),
    ("kolom", "Kolom", 22),
    ("kode", "Kode", 10),
    ("tingkat", "Tingkat", 14),
    ("nilai", "Nilai", 26),
    ("pesan", "Pesan", 90),
    ("usulan", "Usulan", 26),
)
SHEET = "Temuan"
MAX_ROWS = 1_048_575


def plain_text(value: object) -> str:
    """Return a value as text that any sheet can hold and no sheet will run.

    Control characters become U+FFFD; a leading = + - @ stays, because the cell
    is written as a string.
    """
    return "" if value is None else writable(str(value))


def write(findings: Iterable[Mapping[str, object]]) -> bytes:
    """Return a workbook of findings, one a row, in the order given.

    Each is a mapping with the keys of `COLUMNS`; missing ones stay empty.
    What does not fit below a sheet's last row goes to further sheets.
    """
    out = io.BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "in_memory": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": "Temuan pemeriksaan", "author": "Portal Koreksi Data"})
        bold = book.add_format({"bold": True, "bg_color": "#1F4E5F", "font_color": "#FFFFFF"})
        text = book.add_format({"num_format": "@", "valign": "top"})
        wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        row = MAX_ROWS + 1
        sheets = 0
        for finding in findings:
            if row > MAX_ROWS:
                sheets += 1
                sheet = _new_sheet(book, sheets, bold)
                row = 1
            for at, (key, _, _) in enumerate(COLUMNS):
                value = plain_text(finding.get(key))
                if value:
                    sheet.write_string(row, at, value, wrapped if key == "pesan" else text)
            row += 1
        if not sheets:
            _new_sheet(book, 1, bold)
    return out.getvalue()


def _new_sheet(
    book: xlsxwriter.Workbook, number: int, bold: xlsxwriter.format.Format
) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(SHEET if number == 1 else f"{SHEET} {number}")
    for at, (_, header, width) in enumerate(COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, header, bold)
    sheet.freeze_panes(1, 0)
    return sheet
