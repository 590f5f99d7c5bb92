"""From the bytes of a file to its table: guard, reader, recognition.

Runs inside the limited child; call it directly only on files of our own.
"""

import contextlib
from collections.abc import Callable

from hr_portal.adapters.spreadsheets.books import open_book
from hr_portal.adapters.spreadsheets.choosing import choose
from hr_portal.adapters.spreadsheets.delimited import read_csv
from hr_portal.adapters.spreadsheets.guard import glance, inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.partner import Partner
from hr_portal.adapters.spreadsheets.recognise import to_table
from hr_portal.adapters.spreadsheets.sheet import Sheet
from hr_portal.adapters.spreadsheets.witnesses import names_in_doubt, witnesses
from hr_portal.adapters.spreadsheets.workbook import SheetPlace
from hr_portal.adapters.spreadsheets.xlsx import XlsxReader
from hr_portal.domain.layouts import LayoutChoice
from hr_portal.domain.questions import HowToRead
from hr_portal.domain.table import Table, Unreadable

FIRST_ROWS = 1_000
_FIRST_BYTES = 1 << 17
_FIRST_STRINGS = 50_000
_SMALL = 1 << 15
"""Bytes of a file that has no large sheet in it."""
_LARGE = 1 << 20
"""Bytes of a sheet from which on its first rows are worth a reading of their own."""


def read_table(
    data: bytes | memoryview,
    file: str,
    *,
    layout: LayoutChoice = "auto",
    limits: ReadLimits = DEFAULT_LIMITS,
    progress: Callable[[int], None] | None = None,
    how: HowToRead | None = None,
    first: Callable[[Table], None] | None = None,
    partner: Partner | None = None,
) -> Table:
    """Read the table of corrections in a file; raises Unreadable, or Unsure.

    `progress` is told the number of rows read so far. `first` gets the table of a
    large file's first rows alone, before the rest is read, or even unpacked; where
    these can't stand alone it isn't called. `partner` takes a share of a large sheet.
    """
    how = how or HowToRead()
    if (
        first is not None
        and len(data) > _SMALL
        and _show_head(data, file, layout, limits, how, first)
    ):
        first = None
    package = inspect(data, file, limits)
    if package.kind == "csv":
        if first is not None and len(data) > _LARGE:
            head = bytes(data[:_FIRST_BYTES])
            with contextlib.suppress(Unreadable):
                sheet = read_csv(head[: head.rfind(b"\n") + 1], file, limits, None)
                first(to_table(sheet, file, layout, limits, how))
        return to_table(read_csv(data, file, limits, progress), file, layout, limits, how)
    reader = open_book(package, limits, progress, partner)
    chosen = choose(reader.book.sheets, reader.read, file, layout, how)
    if (
        first is not None
        and isinstance(reader, XlsxReader)
        and reader.size_of(chosen.place) > _LARGE
    ):
        with contextlib.suppress(Unreadable):
            head_of = reader.read(chosen.place, max_rows=FIRST_ROWS)
            first(to_table(head_of, file, layout, limits, how))
    sheet = reader.read(chosen.place, progress=progress)
    table = to_table(sheet, file, layout, limits, how, chosen.choices)
    table.remarks += chosen.remarks
    others = [place for place in reader.book.sheets if place is not chosen.place]
    names = names_in_doubt(table) if others else set()
    if names:
        table.witnesses = witnesses(
            others, lambda place, rows: reader.read(place, max_rows=rows), names
        )
    return table


def _show_head(
    data: bytes | memoryview,
    file: str,
    layout: LayoutChoice,
    limits: ReadLimits,
    how: HowToRead,
    first: Callable[[Table], None],
) -> bool:
    """Show the first rows of a large workbook before its large parts are unpacked.

    False where that can't be: another kind of file, strings from further on, a
    question to ask. What is refused here will be refused again, and then said.
    """
    with contextlib.suppress(Unreadable):
        package = glance(data, file, limits)
        if package.kind != "xlsx":
            return False
        reader = XlsxReader(package, limits, quick=False, most_strings=_FIRST_STRINGS)

        def head_of(place: SheetPlace, *, max_rows: int | None = None) -> Sheet:
            return reader.read(place, max_rows=max_rows or FIRST_ROWS)

        chosen = choose(reader.book.sheets, head_of, file, layout, how)
        if reader.size_of(chosen.place) > _LARGE:
            first(to_table(head_of(chosen.place), file, layout, limits, how))
            return True
    return False
