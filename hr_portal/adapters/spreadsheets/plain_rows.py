"""Sheets as rows of text, for files that are no corrections: an agency's answer."""

import io
import json
import os
from dataclasses import asdict

from hr_portal.adapters.spreadsheets import plain_child
from hr_portal.adapters.spreadsheets.annotated.making import run_child
from hr_portal.adapters.spreadsheets.books import open_book
from hr_portal.adapters.spreadsheets.delimited import read_csv
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.reading import Source, opened
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.domain.table import UNCALCULATED, Kind, Unreadable

Cells = list[tuple[int, str]]
Rows = list[tuple[int, dict[int, str]]]
"""(row number, {column: text}) of the filled rows of a sheet."""
_ROW_BYTES = 16
"""As few as a row of a packed workbook takes: the child has time for so many."""


def read_plain(
    source: Source, filename: str, *, limits: ReadLimits = DEFAULT_LIMITS
) -> list[tuple[str, Rows]]:
    """Read each sheet that holds anything and isn't hidden, in a limited child process.

    Returns (name, rows) of each; texts as found, numbers as their exact decimal literal,
    UNCALCULATED for a formula without a result. A text file has one without a name. Raises
    Unreadable, FILE-09 where the child died.
    """
    out = io.BytesIO()
    with opened(source, filename, limits) as data:
        seconds = limits.seconds(os.fstat(data).st_size // _ROW_BYTES)
        orders: dict[str, object] = {
            "data": data, "file": filename, "limits": asdict(limits), "seconds": seconds,
        }  # fmt: skip
        ended = run_child(plain_child.__name__, orders, (data,), seconds, out)
    if ended != plain_child.DONE:
        raise ended if isinstance(ended, Unreadable) else refuse("reader-died", filename)
    return [
        (name, [(number, dict(cells)) for number, cells in rows])
        for name, rows in json.loads(out.getvalue())
    ]


def filled_rows(
    data: bytes | memoryview, file: str, limits: ReadLimits
) -> list[tuple[str, list[tuple[int, Cells]]]]:
    """Read as `read_plain`, in this process; call it directly only on files of our own."""
    package = inspect(data, file, limits)
    if package.kind == "csv":
        sheets = iter([("", read_csv(data, file, limits, None))])
    else:
        reader = open_book(package, limits)
        sheets = (
            (place.name, reader.read(place)) for place in reader.book.sheets if not place.hidden
        )
    found = []
    for name, sheet in sheets:
        rows: list[tuple[int, Cells]] = [(number, []) for number in sheet.row_numbers]
        for column, raw in sheet.columns.items():
            for place, (value, kind) in enumerate(zip(raw.values, raw.kinds, strict=True)):
                if value or kind == Kind.FORMULA:
                    rows[place][1].append((column, value or UNCALCULATED))
        filled = [row for row in rows if row[1]]
        if filled:
            found.append((name, filled))
    return found
