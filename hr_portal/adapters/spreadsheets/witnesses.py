"""People on the other sheets of a workbook, where numbers of the table's own people got lost.

A NIK that Excel has rounded on one sheet often stands as text on another ("Data Karyawan").
Such cells are witnesses, nothing more: the check offers what they say, with sheet and cell.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from hr_portal.adapters.spreadsheets.heading import find_header
from hr_portal.adapters.spreadsheets.sheet import RawColumn, Sheet, column_letters
from hr_portal.adapters.spreadsheets.workbook import SheetPlace
from hr_portal.domain.cleaning import SEPARATORS, tidy
from hr_portal.domain.dates import read_date_text, read_typed_date
from hr_portal.domain.layouts import understand
from hr_portal.domain.names import canonical
from hr_portal.domain.table import Kind, Role, Table, Unreadable, Witness
from hr_portal.domain.texts import take

MOST_ROWS = 20_000
"""Rows looked at on each other sheet."""
MOST_SHEETS = 10
MOST_PEOPLE = 2_000
LENGTHS = {"nik": 16, "kpj": 11}
_KEYS = ("nama", "tanggal_lahir", *LENGTHS)


def names_in_doubt(table: Table) -> set[str]:
    """Return the names on rows whose NIK or KPJ is no text of its length."""
    at = {role.field: column for column, role in enumerate(table.roles) if role.part == "record"}
    if "nama" not in at:
        return set()
    doubtful = np.zeros(len(table), np.bool_)
    for key, length in LENGTHS.items():
        if key in at:
            column = table.columns[at[key]]
            whole = np.fromiter((len(text) == length for text in column.values), np.bool_)
            doubtful |= ~whole | (column.kinds != Kind.TEXT)
    names = take(table.columns[at["nama"]].values, np.flatnonzero(doubtful))
    return {_name(text) for text in names} - {""}


def witnesses(
    places: Sequence[SheetPlace], read: Callable[[SheetPlace, int], Sheet], names: set[str]
) -> tuple[Witness, ...]:
    """Return who stands under these names on visible sheets; none where a sheet can't be read."""
    found: list[Witness] = []
    for place in [one for one in places if not one.hidden][:MOST_SHEETS]:
        with contextlib.suppress(Unreadable):
            found += _people(read(place, MOST_ROWS), names)
    return tuple(found[:MOST_PEOPLE])


def _people(sheet: Sheet, names: set[str]) -> Iterator[Witness]:
    header = find_header(sheet)
    if header is None or not header.has_header:
        return
    roles = understand(header.texts).roles
    at = dict(zip(reversed(roles), reversed(header.columns), strict=True))  # of two the first
    cells = {key: _Cells(sheet, at.get(Role("record", key))) for key in _KEYS}
    for row in range(header.last + 1, len(sheet.row_numbers)):
        name = _name(cells["nama"].text(row))
        numbers = (
            {key: cells[key].number(row, LENGTHS[key]) for key in LENGTHS} if name in names else {}
        )
        if any(numbers.values()):
            yield Witness(
                name, cells["tanggal_lahir"].day(row), numbers["kpj"], numbers["nik"],
                sheet.name[:60], cells["kpj"].address(row), cells["nik"].address(row),
            )  # fmt: skip


def _name(text: str) -> str:
    return canonical(tidy(text, compatible=False))


class _Cells:
    """The cells of one column of a sheet, or of a column that isn't there."""

    def __init__(self, sheet: Sheet, column: int | None) -> None:
        self._numbers = sheet.row_numbers
        self._letters = "" if column is None else column_letters(column)
        self._raw = RawColumn() if column is None else sheet.columns[column]
        self._computed = frozenset(self._raw.computed)

    def address(self, row: int) -> str:
        return f"{self._letters}{self._numbers[row]}"

    def text(self, row: int) -> str:
        """Return a cell of text that nothing has calculated, "" for all else."""
        return self._raw.values[row] if self._is(Kind.TEXT, row) else ""

    def number(self, row: int, length: int) -> str:
        """Return a number written as text, whole; a number cell is no witness of its digits."""
        text = tidy(self.text(row), compatible=True).translate(SEPARATORS)
        return text if len(text) == length and text.isascii() and text.isdigit() else ""

    def day(self, row: int) -> str:
        """Return a date as `yyyy-mm-dd`, "" where it is none."""
        if self._is(Kind.DATE, row):
            day = read_typed_date(self._raw.values[row]).day
        else:
            day = read_date_text(tidy(self.text(row), compatible=True)).day
        return day.isoformat() if day else ""

    def _is(self, kind: Kind, row: int) -> bool:
        kinds = self._raw.kinds
        return row < len(kinds) and kinds[row] == kind and row not in self._computed
