"""The workbooks that the journeys send: a company's ten rows as first written, and as mended."""

import io

import openpyxl
from playwright.sync_api import FilePayload

from hr_portal.adapters.documents.specimen import specimen
from tests.web.story import PER_CORRECTION, employee, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KPJ, NIK, NAME, BIRTH, KK, DATA, BEFORE, AFTER, REASON = range(9)
ROWS = 10
"""Rows of the sheet, from row 2 of Excel to row 11."""


def sound(count=ROWS, start=100):
    """Rows with nothing to mend: new phone numbers."""
    return [
        [
            *employee(start + i), "No HP",
            f"0813{90000000 + i}", f"0812{90000000 + start + i}", "Nomor lama mati",
        ]
        for i in range(count)
    ]  # fmt: skip


def as_first_written():
    """Three errors (rows 3, 4, 5), two warnings of one rule (7, 8), one row that asks for a
    document (9)."""
    rows = sound()
    rows[1][NIK] = int(rows[1][NIK][:15] + "0")  # Excel has lost the last digit
    rows[2][AFTER] = "02155500021"  # a fixed line
    rows[3][NIK] = rows[3][NIK][:15]
    _doubtful(rows)
    return rows


def as_mended():
    """The errors are mended; row 6 has a new warning, as nothing changes in it."""
    rows = sound()
    rows[4][BEFORE] = rows[4][AFTER]
    _doubtful(rows)
    return rows


def _doubtful(rows):
    for row in (rows[5], rows[6]):  # born a day after what the NIK says
        day, rest = row[BIRTH].split("-", 1)
        row[BIRTH] = f"{int(day) % 28 + 1:02}-{rest}"
    rows[7][NIK] = rows[7][NIK][:6] + "85" + rows[7][NIK][8:]  # no such day


def file(rows, name="koreksi-november.xlsx", header=PER_CORRECTION) -> FilePayload:
    """A workbook of these rows, for a file field."""
    return {"name": name, "mimeType": XLSX, "buffer": workbook(header, rows).getvalue()}


def unclear(rows, name="No Kartu") -> bytes:
    """A workbook whose KPJ stand under a name that nobody knows, beside a column of notes."""
    header = (name, *PER_CORRECTION[1:], "Keterangan2")
    return workbook(
        header, [[*row, "pindah unit" * (at % 2)] for at, row in enumerate(rows)]
    ).getvalue()


def two_sheets() -> bytes:
    """A workbook with a table of corrections on each of two sheets."""
    book = openpyxl.load_workbook(workbook(PER_CORRECTION, sound(2, 180)))
    book.active.title = "Januari"
    other = book.create_sheet("Februari")
    for row in (PER_CORRECTION, *sound(3, 190)):
        other.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def card(name="KTP baris 9.jpg") -> FilePayload:
    """A scan of an invented card, for a file field."""
    drawn = specimen("KTP", "SITI CONTOHAN", ["NIK: 3171014508909013"])
    return {"name": name, "mimeType": "image/jpeg", "buffer": drawn}
