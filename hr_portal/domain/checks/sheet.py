"""A table taken apart: the cells of each field, employees, effective values.

Effective value = menjadi where given, else the value on record (decisions).
It belongs to the employee (all rows of one clean KPJ); a value on record that
is being replaced is never judged on any of these rows.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import islice, repeat
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain.checks.columns import KPJ_FIELDS, READERS
from hr_portal.domain.checks.date_columns import Dates, read_dates
from hr_portal.domain.checks.ledger import Ledger
from hr_portal.domain.checks.reading import Flags, Places, Reading, State
from hr_portal.domain.checks.torn import find_torn
from hr_portal.domain.cleaning import tidy
from hr_portal.domain.fields import FIELD, FIELDS, KEEP, field_by_header
from hr_portal.domain.identifiers import Sixteen, join_digits
from hr_portal.domain.report import Severity
from hr_portal.domain.table import Kind, Table
from hr_portal.domain.texts import (
    Strings,
    Texts,
    digit_lengths,
    first_of,
    gather,
    parts_of,
    signs_at,
    take,
)

Scalar = TypeVar("Scalar", bound="np.generic[Any]")
KPJ_LENGTH = 11
_SIXTEEN = 16
_LOSES_ZEROS = KPJ_FIELDS | {"no_rekening", "npwp"}
_LOSES_DIGITS = frozenset({"nik", "kk"})
_LETTERED, _ALONE = 10**12, 10**15
"""From where KPJ with letters, and rows without KPJ, are numbered."""
_CONVINCING = 5
"""FIL-02: so many different numbers that all end in 0 are no chance (1 in 100,000)."""


@dataclass(slots=True)
class Cells:
    """All cells of one field, those on record first, then the Menjadi cells."""

    key: str
    rows: Places
    columns: NDArray[np.int32]
    after: Flags
    reading: Reading
    whole: bool
    """Whether the first n cells are the record column, one a row."""
    computed: Flags | None
    dates: Dates | None = None
    corrections: Places = field(init=False)
    """The Menjadi cells that ask for something; no rule changes which."""
    left_out: Places = field(init=False)
    """The Menjadi cells that say that nothing changes."""
    checked: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    """Which cells are judged: given, and not replaced by a correction."""
    worst: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    """The worst finding of each cell's chain so far."""
    of_row: Places = field(default_factory=lambda: np.zeros(0, np.intp))
    """The effective cell of each row, -1 = none."""
    sixteen: Sixteen | None = None
    """Parts of the cells at `sixteen_places`, where the field has 16 digits."""
    sixteen_places: Places = field(default_factory=lambda: np.zeros(0, np.intp))

    def __post_init__(self) -> None:
        """Find what is asked for many times."""
        asks = (self.state != State.EMPTY) & (self.state != State.KEEP)
        self.corrections = np.flatnonzero(self.after & asks)
        self.left_out = np.flatnonzero(self.state == State.KEEP)

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.rows)

    @property
    def state(self) -> NDArray[np.uint8]:
        """Return the state of each cell (see `State`)."""
        return self.reading.state

    @property
    def clean(self) -> Strings:
        """Return the clean value of each cell."""
        return self.reading.clean

    def is_sound(self, places: Places) -> Flags:
        """Tell which cells hold a value that no error speaks against."""
        sound: Flags = (self.state[places] == State.VALUE) & (self.worst[places] < Severity.ERROR)
        return sound


class Sheet:
    """A table on its way through the rules."""

    def __init__(self, table: Table, today: date) -> None:
        self.table = table
        self.today = today
        self.rows = len(table)
        self.cells: dict[str, Cells] = {}
        self.before: dict[str, tuple[Places, Reading]] = {}
        """Per field the rows with a Semula cell of it and what that says."""
        self.which = np.zeros(self.rows, np.int32)
        """Per-correction: what `Data` names: index into FIELDS, UNKNOWN or EMPTY."""
        self.every: Places = np.arange(self.rows)
        """All rows, in order: what most columns share."""
        self.employee: Places = self.every
        """Which employee each row is of; numbers only mean equality."""
        self.employees = self.rows
        self.several: Flags = np.zeros(self.rows, np.bool_)
        """Which rows share their employee with another row."""
        self.left: Flags = np.zeros(self.rows, np.bool_)
        """Which rows have no correction, since all they have are left out."""
        self.torn: dict[int, int] = {}
        """Rows that only go on from one above, with that one."""
        self.aside: Flags = self.left
        """Rows of these two kinds: they are judged no further, nor compared with others."""
        self.company: dict[str, Cells] = {}
        """Cells of the employer's npp and divisi, which are no field of an employee."""
        self.ledger = Ledger(table)

    def column(self, part: str, key: str | None = None) -> int:
        """Return the first column with a role, or -1."""
        for place, role in enumerate(self.table.roles):
            if role.part == part and role.field == key:
                return place
        return -1

    def effective(self, key: str) -> tuple[Cells, Places, Places] | None:
        """Return (cells, rows, places): rows whose effective value of a field is sound.

        None where the sheet has no cell of that field at all.
        """
        cells = self.cells.get(key)
        if cells is None:
            return None
        rows = np.flatnonzero(cells.of_row >= 0)
        places = cells.of_row[rows]
        sound = cells.is_sound(places)
        return cells, rows[sound], places[sound]

    def effective_values(self, key: str) -> Strings:
        """Return the clean effective value of each row ("" where there is none)."""
        cells = self.cells.get(key)
        if cells is None:
            return Texts(repeat("", self.rows))
        if cells.whole and cells.of_row is self.every:
            return first_of(cells.clean, self.rows)
        given = cells.of_row >= 0
        given[given] = cells.state[cells.of_row[given]] != State.ERASE
        return gather(cells.clean, np.where(given, cells.of_row, -1))


UNKNOWN, NOTHING = -1, -2
"""What a `Data` cell may name besides a field (`Sheet.which`)."""

_INDEX = {each.key: place for place, each in enumerate(FIELDS)}


def take_apart(table: Table, today: date) -> Sheet:
    """Gather and clean the cells of each field, find employees and effective values."""
    sheet = Sheet(table, today)
    pieces = _pieces(sheet)
    for key in sorted(pieces, key=_INDEX.__getitem__):
        sheet.cells[key] = _join(sheet, key, pieces[key])
    _find_aside(sheet)
    _find_company(sheet)
    _find_employees(sheet)
    for cells in sheet.cells.values():
        _find_effective(sheet, cells)
    return sheet


Piece = tuple[int, Places | None, bool]
"""(column, its rows or None for all, whether it is Menjadi)."""


def _pieces(sheet: Sheet) -> dict[str, list[Piece]]:
    table = sheet.table
    record: dict[str, list[Piece]] = {}
    after: dict[str, list[Piece]] = {}
    for column, role in enumerate(table.roles):
        if role.field in FIELD and role.part == "record":
            record.setdefault(role.field, []).append((column, None, False))
        elif role.field in FIELD and role.part == "after":
            filled = np.flatnonzero(table.columns[column].kinds != Kind.EMPTY)
            after.setdefault(role.field, []).append((column, filled, True))
    if table.layout == "per-correction":
        _split_by_data(sheet, after)
    return {key: record.get(key, []) + after.get(key, []) for key in {**record, **after}}


def _split_by_data(sheet: Sheet, after: dict[str, list[Piece]]) -> None:
    """Share the Menjadi and Semula cells out among the fields that `Data` names."""
    table = sheet.table
    which, menjadi, semula = sheet.column("which"), sheet.column("after"), sheet.column("before")
    if which < 0:
        sheet.which[:] = NOTHING
        return
    sheet.which = _read_which(table, which)
    for place in np.unique(sheet.which).tolist():
        if place < 0:
            continue
        key = FIELDS[place].key
        rows = np.flatnonzero(sheet.which == place)
        if menjadi >= 0:
            after.setdefault(key, []).append((menjadi, rows, True))
        if semula >= 0:
            column = table.columns[semula]
            reading = Reading(key, gather(column.values, rows), column.kinds[rows])
            read_cells(reading, epoch_1904=table.epoch_1904)
            sheet.before[key] = (rows, reading)


def _read_which(table: Table, column: int) -> NDArray[np.int32]:
    known: dict[str, int] = {}
    for value in set(table.columns[column].values):
        text = tidy(value, compatible=True)
        found = field_by_header(text) if text else None
        known[value] = _INDEX[found.key] if found else UNKNOWN if text else NOTHING
    named = [known[value] for value in table.columns[column].values]
    which = np.array(named, np.int32)
    which[table.columns[column].kinds > Kind.DATE] = UNKNOWN
    return which


def _join(sheet: Sheet, key: str, pieces: list[Piece]) -> Cells:
    """Put the pieces of a field into one long column and read it."""
    table = sheet.table
    rows = [sheet.every if chosen is None else chosen for _, chosen, _ in pieces]
    raw = _raw(table, pieces)
    computed = [table.columns[piece[0]].computed for piece in pieces]
    is_computed = any(mask is not None for mask in computed)
    kinds = [
        table.columns[column].kinds if chosen is None else table.columns[column].kinds[chosen]
        for column, chosen, _ in pieces
    ]
    lengths = [len(each) for each in rows]
    is_after = np.repeat(np.array([piece[2] for piece in pieces], np.bool_), lengths)
    reading = Reading(key, raw, _end_to_end(kinds), is_after)
    dates = read_cells(reading, epoch_1904=table.epoch_1904)
    of_column = _columns_of(pieces, lengths)
    if table.source == "csv":
        typed = _gather([table.columns[piece[0]].edited for piece in pieces], rows)
        _as_if_numeric(reading, of_column, typed)
    return Cells(
        key=key, rows=_end_to_end(rows), columns=of_column, after=is_after,
        reading=reading, whole=not pieces[0][2], dates=dates,
        computed=_gather(computed, rows) if is_computed else None,
        worst=np.zeros(len(raw), np.uint8),
    )  # fmt: skip


def _columns_of(pieces: list[Piece], lengths: list[int]) -> NDArray[np.int32]:
    """Return the column of each cell; one number in the room of one where all are of it."""
    if len(pieces) == 1:
        return np.broadcast_to(np.int32(pieces[0][0]), lengths[0])
    return np.repeat(np.array([column for column, _, _ in pieces], np.int32), lengths)


def _raw(table: Table, pieces: list[Piece]) -> Strings:
    """Return the cells of some pieces as found, one after another."""
    column, chosen, _ = pieces[0]
    values = table.columns[column].values
    if chosen is None and len(pieces) == 1:
        return values
    raw = values.copy() if chosen is None else gather(values, chosen)
    for column, chosen, _ in pieces[1:]:
        values = table.columns[column].values
        raw.extend(values if chosen is None else gather(values, chosen))
    return raw


def _end_to_end(arrays: list[NDArray[Scalar]]) -> NDArray[Scalar]:
    """Return arrays one after another; a single one as it is."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _gather(masks: list[Flags | None], rows: list[Places]) -> Flags:
    """Return masks of columns (None = nowhere) at some rows each, one after another."""
    return np.concatenate([
        np.zeros(len(each), np.bool_) if mask is None else mask[each]
        for mask, each in zip(masks, rows, strict=True)
    ])  # fmt: skip


def read_cells(reading: Reading, *, epoch_1904: bool) -> Dates | None:
    """Clean a reading by the kind of its field; dates come with their numbers."""
    kind = FIELD[reading.key].kind if reading.key in FIELD else "digits"
    if kind == "date":
        return read_dates(reading, epoch_1904=epoch_1904)
    READERS[kind](reading)
    return None


def _as_if_numeric(reading: Reading, of_column: NDArray[np.int32], typed: Flags) -> None:
    """Take the numbers of a csv for what a spreadsheet program has made of them (FIL-02).

    A column of KPJ, accounts or NPWP where none has kept a leading zero has
    lost them; one of NIK or KK where every number ends in 0 has lost its last
    digits, as those of a number cell have. What was `typed` in the portal since
    is no witness, and is taken as it stands.
    """
    if reading.key not in _LOSES_ZEROS and reading.key not in _LOSES_DIGITS:
        return
    filled = (reading.state == State.VALUE) & ~typed
    for column in np.unique(of_column).tolist():
        places = np.flatnonzero(filled & (of_column == column))
        if reading.key in _LOSES_DIGITS:
            is_lost = _ends_in_zeros(reading, places)
            longest = _SIXTEEN
        else:
            is_lost = not any(
                value.startswith("0")
                for part in parts_of(places)
                for value in take(reading.clean, part)
            )
            longest = _SIXTEEN - 2  # Excel has kept the digits of shorter numbers
        for part in parts_of(places) if is_lost else ():
            are_numbers = [
                value.isascii() and value.isdigit() and len(value) <= longest
                for value in take(reading.clean, part)
            ]
            reading.numeric[part] |= np.array(are_numbers, np.bool_)


def _ends_in_zeros(reading: Reading, places: Places) -> bool:
    """Tell whether a column of long numbers has several, and all of them end in 0."""
    several: set[str] = set()
    for part in parts_of(places):
        values = take(reading.clean, part)
        long = {value for value in values if len(value) == _SIXTEEN and value.isdigit()}
        if not all(value.endswith("0") for value in long):
            return False
        several = set(islice(several | long, _CONVINCING))
    return len(several) >= _CONVINCING


def _find_employees(sheet: Sheet) -> None:
    """Number the employees: rows of one KPJ are one, a row without KPJ is its own."""
    cells = sheet.cells.get("kpj")
    if cells is None or not cells.whole:
        return
    numbers = np.full(sheet.rows, -1, np.int64)
    others: dict[str, int] = {}
    usable = np.flatnonzero(cells.state[: sheet.rows] == State.VALUE)
    is_whole = digit_lengths(cells.clean)[usable] == KPJ_LENGTH
    whole = usable[is_whole]
    numbers[whole] = join_digits(signs_at(cells.clean, whole, KPJ_LENGTH) - ord("0"))
    for part in parts_of(usable[~is_whole]):
        numbers[part] = _card_numbers(
            take(cells.clean, part), cells.reading.numeric[part].tolist(), others
        )
    alone = np.flatnonzero(numbers < 0)
    numbers[alone] = _ALONE + alone
    found, employee = np.unique(numbers, return_inverse=True)
    sheet.employee, sheet.employees = employee.astype(np.intp), len(found)
    sheet.several = np.bincount(sheet.employee, minlength=len(found))[sheet.employee] > 1


def _card_numbers(values: list[str], numeric: list[bool], others: dict[str, int]) -> list[int]:
    """Return a number for each KPJ that isn't 11 digits, -1 for what is none.

    `others` numbers those with letters.
    """
    found = []
    for value, is_numeric in zip(values, numeric, strict=True):
        if value.isascii() and value.isdigit():
            has_lost_zero = is_numeric and len(value) == KPJ_LENGTH - 1
            found.append(int(value) if has_lost_zero else -1)
        elif len(value) == KPJ_LENGTH:
            found.append(_LETTERED + others.setdefault(value, len(others)))
        else:
            found.append(-1)
    return found


def _find_aside(sheet: Sheet) -> None:
    """Find the rows whose corrections are all left out, and those that another row goes on in."""
    _leave_unnamed(sheet)
    for cells in sheet.cells.values():
        sheet.left[cells.rows[cells.left_out]] = True
    if sheet.left.any():
        for cells in sheet.cells.values():
            sheet.left[cells.rows[cells.corrections]] = False
    sheet.torn = find_torn(sheet.table)
    sheet.aside = sheet.left.copy()
    sheet.aside[list(sheet.torn)] = True


def _leave_unnamed(sheet: Sheet) -> None:
    """Leave out the rows that name no datum and say TIDAK BERUBAH in Menjadi: nothing changes."""
    column = sheet.column("after")
    if column >= 0 and sheet.table.layout == "per-correction":
        held = sheet.table.columns[column]
        unnamed = (sheet.which == NOTHING) & (held.kinds == Kind.TEXT)
        for row in np.flatnonzero(unnamed).tolist():
            sheet.left[row] = tidy(held.values[row], compatible=True).upper() == KEEP


def _find_company(sheet: Sheet) -> None:
    """Gather the cells of the employer's npp and divisi; all of them are judged."""
    for column, role in enumerate(sheet.table.roles):
        if role.part == "company" and role.field:
            cells = _join(sheet, role.field, [(column, None, False)])
            cells.checked = (cells.state != State.EMPTY) & ~sheet.aside
            sheet.company[role.field] = cells


def _find_effective(sheet: Sheet, cells: Cells) -> None:
    """Find which cell speaks for each row, and which cells are judged at all."""
    employee = sheet.employee
    filled = cells.state != State.EMPTY
    corrected = np.full(sheet.employees, -1, np.intp)
    corrections = cells.corrections
    corrected[employee[cells.rows[corrections]][::-1]] = corrections[::-1]
    of_row = corrected[employee]
    record = np.flatnonzero(~cells.after & filled)
    if cells.key != "kpj" or not cells.whole:
        keeps = of_row[cells.rows[record]] < 0
        on_record = record[keeps]
    else:
        of_row = np.full(sheet.rows, -1, np.intp)
        on_record = record
    own = np.full(sheet.rows, -1, np.intp)
    own[cells.rows[on_record][::-1]] = on_record[::-1]
    of_row = np.where(of_row < 0, own, of_row)
    if sheet.several.any():
        first = np.full(sheet.employees, -1, np.intp)
        first[employee[cells.rows[on_record]][::-1]] = on_record[::-1]
        of_row = np.where(of_row < 0, first[employee], of_row)
    cells.of_row = sheet.every if np.array_equal(of_row, sheet.every) else of_row
    cells.checked = np.zeros(len(cells), np.bool_)
    cells.checked[on_record] = True
    cells.checked[corrections] = True
    if sheet.aside.any():
        aside = sheet.aside[cells.rows]
        cells.checked[aside] = False
        cells.worst[aside] = Severity.ERROR  # nor does another row's rule take them for a value
