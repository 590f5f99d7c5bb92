"""Mapping sheets in a workbook or csv: known by their header, read by the exact reader.

In a limited child process under the same guard as a sheet of corrections.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, astuple

from hr_portal.adapters.spreadsheets import plain_child
from hr_portal.adapters.spreadsheets.annotated.making import run_child
from hr_portal.adapters.spreadsheets.books import open_book
from hr_portal.adapters.spreadsheets.delimited import read_csv
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.reading import Source, opened
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.sheet import Sheet
from hr_portal.domain.mapping_sheet import MOST_ABOVE, MOST_LINES, Cell, Line, lines_of
from hr_portal.domain.table import Kind, Unreadable

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
"""Of files that may be mapping sheets."""
MOST_BYTES = 5 * 1024 * 1024


def read_mapping(
    source: Source, filename: str, *, beside: str | None = None, limits: ReadLimits = DEFAULT_LIMITS
) -> list[Line]:
    """Return the lines of all mapping sheets of a file; none where it has no such sheet.

    `beside` is the sheet of corrections in the same workbook, which is none. Raises Unreadable,
    FILE-09 where the child died.
    """
    out = io.BytesIO()
    with opened(source, filename, limits) as data:
        seconds = limits.seconds(0)
        orders: dict[str, object] = {
            "data": data, "file": filename, "limits": asdict(limits), "seconds": seconds,
            "mapping": True, "beside": beside,
        }  # fmt: skip
        ended = run_child(plain_child.__name__, orders, (data,), seconds, out)
    if ended != plain_child.DONE:
        raise ended if isinstance(ended, Unreadable) else refuse("reader-died", filename)
    return [Line(*one) for one in json.loads(out.getvalue())]


def mapping_lines(
    data: bytes | memoryview, file: str, limits: ReadLimits, beside: str | None
) -> list[tuple[object, ...]]:
    """Read as `read_mapping`, in this process; call it directly only on files of our own."""
    lines: list[Line] = []
    for sheet in _sheets(data, file, limits, beside):
        lines += lines_of(_rows(sheet), sheet.name or file) or []
    return [astuple(one) for one in lines[:MOST_LINES]]


def _sheets(
    data: bytes | memoryview, file: str, limits: ReadLimits, beside: str | None
) -> Iterator[Sheet]:
    """Yield what may be a mapping sheet; of the others no more than the head is read."""
    package = inspect(data, file, limits)
    if package.kind == "csv":
        yield read_csv(data, file, limits)
        return
    reader = open_book(package, limits)
    for place in reader.book.sheets:
        if place.hidden or place.name == beside:
            continue
        if lines_of(_rows(reader.read(place, max_rows=MOST_ABOVE)), place.name) is not None:
            yield reader.read(place)


def _rows(sheet: Sheet) -> list[tuple[int, dict[int, Cell]]]:
    rows: list[tuple[int, dict[int, Cell]]] = [(number, {}) for number in sheet.row_numbers]
    for column, raw in sheet.columns.items():
        for place, value in enumerate(raw.values):
            if value:
                rows[place][1][column] = Cell(value, raw.kinds[place] == Kind.NUMBER)
    return [row for row in rows if row[1]]
