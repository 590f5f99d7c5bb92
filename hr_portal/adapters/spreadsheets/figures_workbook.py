"""One table of figures as a workbook: numbers as numbers, everything else as plain text."""

import io
from collections.abc import Sequence

import xlsxwriter

from hr_portal.adapters.spreadsheets.findings_workbook import plain_text

WIDTHS = (42, 16)
"""Of the first column and of the others."""


def write(title: str, columns: Sequence[str], rows: Sequence[Sequence[str | float]]) -> bytes:
    """Return a workbook with one sheet of these rows."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "author": "Portal Koreksi Data"})
        sheet = book.add_worksheet("Ikhtisar")
        bold = book.add_format({"bold": True})
        for column, name in enumerate(columns):
            sheet.set_column(column, column, WIDTHS[min(column, 1)])
            sheet.write_string(0, column, name, bold)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, column, plain_text(value))
                else:
                    sheet.write_number(at, column, value)
        sheet.freeze_panes(1, 1)
    return out.getvalue()
