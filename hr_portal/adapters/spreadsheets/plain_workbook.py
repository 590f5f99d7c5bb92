"""Tables as a workbook to take along: named sheets, every cell plain text that no program runs."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

from hr_portal.adapters.spreadsheets.findings_workbook import plain_text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, (header, width in characters) a column, and the lines below."""

    name: str
    columns: Sequence[tuple[str, int]]
    lines: Iterable[Sequence[object]]


def write(title: str, sheets: Iterable[Sheet], made: dt.datetime | None = None) -> bytes:
    """Return a workbook of sheets in the order given; empty ones keep their header.

    With `made` as the time of its making the same sheets give the same bytes.
    """
    out = io.BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        told = {"title": title, "author": "Portal Koreksi Data"}
        book.set_properties(told if made is None else {**told, "created": made})
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        for one in sheets:
            sheet = book.add_worksheet(one.name)
            for column, (header, width) in enumerate(one.columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, header, bold)
            last = 0
            for last, line in enumerate(one.lines, start=1):
                for column, value in enumerate(line):
                    sheet.write_string(last, column, plain_text(value), text)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(last, 1), len(one.columns) - 1)
    return out.getvalue()
