"""Reader of date columns: section 8 over whole columns."""

import re
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain.checks.reading import Places, Reading, State
from hr_portal.domain.cleaning import stand_in
from hr_portal.domain.dates import (
    DateText,
    read_date_number,
    read_date_text,
    read_typed_date,
    shown,
)  # fmt: skip
from hr_portal.domain.identifiers import Flags, Ints
from hr_portal.domain.table import Kind
from hr_portal.domain.texts import parts_of, take

BIRTH = "tanggal_lahir"

_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_LENGTH = 10
_SHORT = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4})", re.ASCII)
_DASH = ord("-")
_MARKS = (ord("-"), ord("/"), ord("."), ord(" "))


class Dates:
    """What a date reading knows beyond clean values; all n long, 0 = no date."""

    def __init__(self, count: int) -> None:
        self.year: Ints = np.zeros(count, np.int32)
        self.month: Ints = np.zeros(count, np.int32)
        self.day: Ints = np.zeros(count, np.int32)
        self.numeric_text: Flags = np.zeros(count, np.bool_)
        """Text with day and month in digits, day first (for DAT-14)."""
        self.two_digit: dict[int, tuple[int, int, int]] = {}
        """Cells whose century is not written: (day, month, year of two digits)."""

    def put(self, place: int, day: date) -> None:
        """Set the date of one cell."""
        self.year[place], self.month[place], self.day[place] = day.year, day.month, day.day


def read_dates(reading: Reading, *, epoch_1904: bool) -> Dates:
    """Read a date field; clean values become `yyyy-mm-dd`."""
    dates = Dates(len(reading))
    kinds = reading.kinds
    reading.left()
    for place in np.flatnonzero(kinds == Kind.TIME).tolist():
        reading.fault("DAT-09", "time", place)
    left = np.flatnonzero(reading.state == State.VALUE)
    slow = [
        _read_regular(reading, dates, part)
        for part in parts_of(left[kinds[left] != Kind.NUMBER])
    ]  # fmt: skip
    numbers = left[kinds[left] == Kind.NUMBER]
    for place in np.concatenate([*slow, numbers]).tolist():
        _read_one(reading, dates, place, epoch_1904=epoch_1904)
    return dates


def _read_regular(reading: Reading, dates: Dates, places: Places) -> Places:
    """Read all `dd-mm-yyyy` and `yyyy-mm-dd` at once; return the cells left over."""
    found = take(reading.raw, places)
    lengths = np.fromiter(map(len, found), np.int64, len(found))
    values = [value if len(value) == _LENGTH else _padded(value) for value in found]
    regular = np.fromiter(map(len, values), np.int64, len(values)) == _LENGTH
    chosen = places[regular]
    if not len(chosen):
        return places
    text = "".join([v for v in values if len(v) == _LENGTH]).encode("ascii", "replace")
    cells = np.frombuffer(text, np.uint8).reshape(-1, _LENGTH)
    digit = (cells >= ord("0")) & (cells <= ord("9"))
    mark: Flags = np.isin(cells, _MARKS)
    day_first = _shape(digit, mark, (2, 5)) & (cells[:, 2] == cells[:, 5])
    year_first: Flags = _shape(digit, mark, (4, 7)) & (cells[:, 4] == cells[:, 7])
    values_of = cells - ord("0")
    day = np.where(day_first, _number(values_of, 0, 2), _number(values_of, 8, 10))
    month = np.where(day_first, _number(values_of, 3, 5), _number(values_of, 5, 7))
    year = np.where(day_first, _number(values_of, 6, 10), _number(values_of, 0, 4))
    year_first = np.logical_and(year_first, cells[:, 4] != ord(" "))
    good = (day_first | year_first) & _exists(day, month, year)
    hit = chosen[good]
    dates.day[hit], dates.month[hit], dates.year[hit] = day[good], month[good], year[good]
    dates.numeric_text[hit] = day_first[good]
    reading.put_all(hit, _iso(day[good], month[good], year[good]))
    text_cell = reading.kinds[hit] == Kind.TEXT
    short = lengths[regular][good] < _LENGTH
    other = (cells[good, 2] != _DASH) | short
    for place in hit[other & day_first[good] & text_cell].tolist():
        reading.tidy("DAT-01", place)
    for place in hit[year_first[good] & text_cell].tolist():
        reading.tidy("DAT-02", place)
    return np.concatenate([places[~regular], chosen[~good]])


def _padded(value: str) -> str:
    """Return `d/m/yyyy` as `dd/mm/yyyy`, anything else as it is."""
    short = _SHORT.fullmatch(value)
    if short is None:
        return value
    day, mark, month, year = short.groups()
    return f"{day:0>2}{mark}{month:0>2}{mark}{year}"


def _read_one(reading: Reading, dates: Dates, place: int, *, epoch_1904: bool) -> None:
    kind, found = reading.kinds[place], reading.raw[place]
    birth = reading.key == BIRTH
    if kind == Kind.DATE:
        read = read_typed_date(found)
    elif kind == Kind.NUMBER:
        if found == "0":
            reading.empty(place)
            return
        read = read_date_number(found, epoch_1904=epoch_1904, birth=birth)
    else:
        text = reading.tidy_text(place, compatible=True, quotes=True)
        if text is None:
            return
        read = read_date_text(text)
        stands = stand_in(text, "text") if read.case == "form" else None
        if stands is not None:
            reading.fault(*stands, place)
            return
        if read.two_digit and birth:
            dates.two_digit[place] = read.two_digit
            return
        if read.two_digit:
            read = DateText(None, "DAT-01", "form")
        dates.numeric_text[place] = read.day is not None and read.code == "DAT-01"
    _settle(reading, dates, place, read)


def _settle(reading: Reading, dates: Dates, place: int, read: DateText) -> None:
    day = read.day
    # With a zone the day may be the next one in Indonesia: both readings are valid.
    proposal = shown(day) if day and read.case != "zone" else None
    if read.code and (day is None or read.case):
        reading.fault(
            read.code, read.case, place, suggestion=proposal,
            damaged=day is None or read.case == "doubtful",
        )  # fmt: skip
    elif read.code:
        reading.tidy(read.code, place)
    if day is not None and reading.state[place] == State.VALUE:
        dates.put(place, day)
        reading.put(place, day.isoformat())


def _shape(digit: Flags, mark: Flags, marks: tuple[int, int]) -> Flags:
    """Tell which rows of characters have marks at two places and digits elsewhere."""
    first, second = marks
    shape: Flags = mark[:, first] & mark[:, second]
    for column in set(range(_LENGTH)) - {first, second}:
        shape &= digit[:, column]
    return shape


def _number(digits: NDArray[np.uint8], start: int, stop: int) -> Ints:
    total = np.zeros(len(digits), np.int64)
    for column in range(start, stop):
        total = total * 10 + digits[:, column]
    return total


def _exists(day: Ints, month: Ints, year: Ints) -> Flags:
    """Tell which dates are in the calendar (years from 1)."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    known = np.where((month >= 1) & (month <= 12), month, 0)  # noqa: PLR2004 - months
    last = np.where((month == 2) & ~leap, 28, _DAYS[known])  # noqa: PLR2004 - February
    result: Flags = (day >= 1) & (day <= last) & (year >= 1)
    return result


def _iso(day: Ints, month: Ints, year: Ints) -> list[str]:
    cells: NDArray[np.uint8] = np.full((len(day), _LENGTH), _DASH, np.uint8)
    for column, power in ((0, 1000), (1, 100), (2, 10), (3, 1)):
        cells[:, column] = year // power % 10 + ord("0")
    for start, value in ((5, month), (8, day)):
        cells[:, start] = value // 10 + ord("0")
        cells[:, start + 1] = value % 10 + ord("0")
    text = cells.tobytes().decode("ascii")
    return [text[i : i + _LENGTH] for i in range(0, len(text), _LENGTH)]
