"""Which way a file is annotated: in its own parts, or as a new workbook of text."""

from collections.abc import Iterable
from dataclasses import replace

from hr_portal.adapters.spreadsheets.annotated import plain
from hr_portal.adapters.spreadsheets.annotated.orders import Order, RowNote
from hr_portal.adapters.spreadsheets.annotated.writing import annotate
from hr_portal.adapters.spreadsheets.annotated.zipped import Sink
from hr_portal.adapters.spreadsheets.delimited import read_csv
from hr_portal.adapters.spreadsheets.guard import extension
from hr_portal.adapters.spreadsheets.limits import ReadLimits


def write_annotated(
    data: bytes | memoryview, file: str, order: Order, notes: Iterable[RowNote], out: Sink,
    limits: ReadLimits,
) -> None:  # fmt: skip
    """Write a file with its notes as a workbook; raises Unreadable.

    Only for files that were guarded and read before.
    """
    if extension(file) == ".xlsx":
        annotate(data, file, order, notes, out, limits)
        return
    sheet = read_csv(data, file, limits, None)
    title = order.sheet[:31] or plain.SHEET
    made = plain.workbook(sheet, title)
    annotate(made, file, replace(order, sheet=title), notes, out, limits)
