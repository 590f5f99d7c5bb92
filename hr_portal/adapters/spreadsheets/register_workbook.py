"""The register of a company's letters as a workbook: a line a number, every cell plain text."""

import io
from collections.abc import Iterable

import xlsxwriter

from hr_portal.adapters.spreadsheets.findings_workbook import plain_text

COLUMNS: tuple[tuple[str, int], ...] = (
    ("Nomor surat", 30), ("Tanggal", 12), ("Jenis", 32), ("Keadaan", 14), ("Perusahaan", 30),
    ("Pengajuan", 18), ("Tenaga kerja", 13), ("Koreksi", 10), ("SHA-256", 66), ("Keterangan", 40),
)  # fmt: skip


def write(lines: Iterable[tuple[object, ...]]) -> bytes:
    """Return a workbook with a line for each number, in the order given."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": "Daftar nomor surat", "author": "Portal Koreksi Data"})
        sheet = book.add_worksheet("Nomor surat")
        bold = book.add_format({"bold": True})
        for column, (title, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, bold)
        last = 0
        for last, line in enumerate(lines, start=1):
            for column, value in enumerate(line):
                sheet.write_string(last, column, plain_text(value))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(last, 1), len(COLUMNS) - 1)
    return out.getvalue()
