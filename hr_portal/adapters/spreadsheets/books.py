"""Which reader opens which workbook; all of them are asked in the same way."""

from collections.abc import Callable
from typing import Protocol

from hr_portal.adapters.spreadsheets.guard import Package
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.ods import OdsReader
from hr_portal.adapters.spreadsheets.partner import Partner
from hr_portal.adapters.spreadsheets.sheet import Sheet
from hr_portal.adapters.spreadsheets.workbook import SheetPlace
from hr_portal.adapters.spreadsheets.xls import XlsReader
from hr_portal.adapters.spreadsheets.xlsx import XlsxReader


class Listed(Protocol):
    """A workbook that lists its sheets, in the order of their tabs."""

    @property
    def sheets(self) -> list[SheetPlace]:
        """Return the sheets."""


class BookReader(Protocol):
    """What every reader of workbooks offers."""

    @property
    def book(self) -> Listed:
        """Return what the workbook says of itself."""

    def read(
        self,
        place: SheetPlace,
        *,
        max_rows: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Sheet:
        """Read a sheet; with `max_rows` only its first filled rows. Raises Unreadable."""


def open_book(
    package: Package,
    limits: ReadLimits,
    progress: Callable[[int], None] | None = None,
    partner: Partner | None = None,
) -> BookReader:
    """Return the reader of a guarded workbook; raises Unreadable.

    `progress` is told the rows that opening already reads (an .ods has all of
    its sheets in one part). `partner` helps with sheets of an .xlsx.
    """
    if package.kind == "ods":
        return OdsReader(package, limits, progress)
    if package.kind == "xls":
        return XlsReader(package, limits)
    return XlsxReader(package, limits, partner=partner)
