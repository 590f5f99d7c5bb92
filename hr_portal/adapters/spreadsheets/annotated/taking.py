"""Which way a file is annotated: in its own parts, or as a new workbook of its cells."""

from collections.abc import Iterable
from dataclasses import replace

from hr_portal.adapters.spreadsheets.annotated import plain
from hr_portal.adapters.spreadsheets.annotated.orders import Order, RowNote
from hr_portal.adapters.spreadsheets.annotated.writing import annotate
from hr_portal.adapters.spreadsheets.annotated.zipped import Sink
from hr_portal.adapters.spreadsheets.books import open_book
from hr_portal.adapters.spreadsheets.delimited import read_csv
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.kinds import kind_by_name
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.sheet import Sheet


def write_annotated(
    data: bytes | memoryview, file: str, order: Order, notes: Iterable[RowNote], out: Sink,
    limits: ReadLimits,
) -> None:  # fmt: skip
    """Write a file with its notes as a workbook; raises Unreadable.

    Only for files that were guarded and read before.
    """
    if kind_by_name(file) == "xlsx":
        annotate(data, file, order, notes, out, limits)
        return
    sheet = _cells(data, file, order.sheet, limits)
    title = order.sheet[:31] or plain.SHEET
    made = plain.workbook(sheet, title, order.numbers)
    annotate(made, file, replace(order, sheet=title), notes, out, limits)


def _cells(data: bytes | memoryview, file: str, name: str, limits: ReadLimits) -> Sheet:
    """Read the sheet of this name, whatever holds it."""
    package = inspect(data, file, limits)
    if package.kind == "csv":
        return read_csv(data, file, limits, None)
    reader = open_book(package, limits)
    place = next(one for one in reader.book.sheets if one.name == name)
    return reader.read(place)
