"""From the bytes of a file to its table: guard, reader, recognition.

Runs inside the limited child; call it directly only on files of our own.
"""

from collections.abc import Callable

from hr_portal.adapters.spreadsheets.books import open_book
from hr_portal.adapters.spreadsheets.choosing import choose
from hr_portal.adapters.spreadsheets.delimited import read_csv
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, ReadLimits
from hr_portal.adapters.spreadsheets.recognise import to_table
from hr_portal.domain.layouts import LayoutChoice
from hr_portal.domain.questions import HowToRead
from hr_portal.domain.table import Table


def read_table(
    data: bytes | memoryview,
    file: str,
    *,
    layout: LayoutChoice = "auto",
    limits: ReadLimits = DEFAULT_LIMITS,
    progress: Callable[[int], None] | None = None,
    how: HowToRead | None = None,
) -> Table:
    """Read the table of corrections in a file; raises Unreadable, or Unsure.

    `progress` is told the number of rows read so far.
    """
    how = how or HowToRead()
    package = inspect(data, file, limits)
    if package.kind == "csv":
        return to_table(read_csv(data, file, limits, progress), file, layout, limits, how)
    reader = open_book(package, limits, progress)
    chosen = choose(reader.book.sheets, reader.read, file, layout, how)
    sheet = reader.read(chosen.place, progress=progress)
    table = to_table(sheet, file, layout, limits, how, chosen.choices)
    table.remarks += chosen.remarks
    return table
