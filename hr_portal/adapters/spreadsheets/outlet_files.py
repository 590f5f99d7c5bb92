"""Rows of text as the files of an outlet: a workbook, a csv, JSON."""

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from typing import Final

import xlsxwriter

from hr_portal.adapters.spreadsheets.findings_workbook import plain_text
from hr_portal.domain.outlets import Format

MEDIA_TYPES: Final[dict[Format, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}
SHEET: Final = "Koreksi"
_NO_DATE: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
"""A time of making would make other bytes of the same rows."""
STARTS_A_FORMULA: Final = tuple("=+-@\t\r\n" + "＝＋－＠")
"""The wide signs as well: spreadsheets set to an East Asian language take them for the narrow."""


def write(form: Format, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a file of rows under headers; every value is text, and the same input the same bytes.

    xlsx: text cells, which no sheet runs. csv: UTF-8 with BOM, semicolons, all quoted; a value
    that a sheet would run as a formula gets a ' before it. json: one object a row, values exact.
    """
    if form == "xlsx":
        return _workbook(headers, rows)
    if form == "csv":
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(headers)
        writer.writerows([_inert(value) for value in row] for row in rows)
        return out.getvalue().encode("utf-8-sig")
    listed = [dict(zip(headers, row, strict=True)) for row in rows]
    return json.dumps(listed, ensure_ascii=False, indent=1).encode()


def _inert(value: str) -> str:
    return f"'{value}" if value.startswith(STARTS_A_FORMULA) else value


def _workbook(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "constant_memory": True, "in_memory": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": SHEET, "author": "Portal Koreksi Data", "created": _NO_DATE})
        sheet = book.add_worksheet(SHEET)
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True, "num_format": "@"})
        for column, header in enumerate(headers):
            longest = max((len(row[column]) for row in rows), default=0)
            width = max(
                len(header) + 4, longest + 2
            )  # a number that its neighbour hides is misread
            sheet.set_column(column, column, max(12, min(40, width)), text)
            sheet.write_string(0, column, plain_text(header), bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if value:
                    sheet.write_string(number, column, plain_text(value), text)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
