"""Dates of one cell: two-digit years, the 1904 system, age (DAT-04, 05, 10 to 12)."""

from datetime import date

from hr_portal.domain.checks.date_columns import BIRTH, Dates
from hr_portal.domain.checks.hits import hit, report_faults
from hr_portal.domain.checks.ledger import Params
from hr_portal.domain.checks.numbers import has_birth_date
from hr_portal.domain.checks.reading import Flags, State
from hr_portal.domain.checks.sheet import Cells, Sheet
from hr_portal.domain.cleaning import has_letter
from hr_portal.domain.dates import make_date, shown
from hr_portal.domain.identifiers import WOMEN
from hr_portal.domain.table import Kind

_YOUNGEST, _OLDEST = 15, 80
_EARLIEST_YEAR = 1930
_CENTURIES = (1900, 2000)


def judge_dates(sheet: Sheet, cells: Cells) -> None:
    """Judge one date field; only the date of birth has an age and a NIK."""
    assert cells.dates is not None  # noqa: S101 - every date field is read with its dates
    dates = cells.dates
    birth = cells.key == BIRTH
    if birth:
        _complete_years(sheet, cells, dates)
    report_faults(sheet, cells)
    if sheet.table.epoch_1904:
        typed = (cells.reading.kinds == Kind.DATE) & (dates.year > 0)
        hit(sheet, cells, "DAT-05", typed, say=lambda place: {"date": _shown(dates, place)},
            chained=False)  # fmt: skip
    if birth:
        _judge_age(sheet, cells, dates)


def _complete_years(sheet: Sheet, cells: Cells, dates: Dates) -> None:
    """DAT-04: a two-digit year counts where NIK and age leave one century.

    Where only the other order of day and month does, that is proposed.
    """
    if not dates.two_digit:
        return
    birth = _births_in_niks(sheet)
    for place, written in dates.two_digit.items():
        day, month, year = written
        told = birth.get(int(cells.rows[place]))
        born = _born(told, sheet.today) if told in {written, (month, day, year)} else None
        if born and told == written:
            dates.put(place, born)
            cells.reading.put(place, born.isoformat())
            cells.reading.tidy("DAT-04", place)
        else:
            meant = shown(born) if born and not has_letter(cells.reading.raw[place]) else None
            cells.reading.fault("DAT-04", "", place, suggestion=meant)


def _born(told: tuple[int, int, int] | None, today: date) -> date | None:
    """Return the one date with this day, month and year of two digits that an employee may have."""
    day, month, year = told or (0, 0, 0)
    options = [make_date(century + year, month, day) for century in _CENTURIES]
    fitting = [
        option for option in options
        if option and _YOUNGEST <= _age(option, today) <= _OLDEST
    ]  # fmt: skip
    return fitting[0] if len(fitting) == 1 else None


def _births_in_niks(sheet: Sheet) -> dict[int, tuple[int, int, int]]:
    """Return (day, month, two-digit year) of the effective NIK by row."""
    nik = sheet.cells.get("nik")
    if nik is None or nik.sixteen is None:
        return {}
    good = has_birth_date(nik)
    place_of = {int(place): at for at, place in enumerate(nik.sixteen_places) if good[at]}
    found: dict[int, tuple[int, int, int]] = {}
    for row, place in enumerate(nik.of_row.tolist()):
        at = place_of.get(place)
        if at is not None:
            day = int(nik.sixteen.day[at])
            day -= WOMEN if day > WOMEN else 0
            found[row] = (day, int(nik.sixteen.month[at]), int(nik.sixteen.year[at]))
    return found


def _judge_age(sheet: Sheet, cells: Cells, dates: Dates) -> None:
    today = sheet.today
    known: Flags = (dates.year > 0) & (cells.state == State.VALUE)
    number = dates.year * 10_000 + dates.month * 100 + dates.day
    before = dates.month * 100 + dates.day > today.month * 100 + today.day
    age = today.year - dates.year - before
    future = number > today.year * 10_000 + today.month * 100 + today.day
    hit(sheet, cells, "DAT-10", known & (dates.year < _EARLIEST_YEAR))
    hit(sheet, cells, "DAT-11", known & future, say=lambda _: {"today": shown(today)})

    def say(place: int) -> Params:
        return {"age": int(age[place])}

    unusual = known & ~future & ((age < _YOUNGEST) | (age > _OLDEST))
    hit(sheet, cells, "DAT-12", unusual, say=say)


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((born.month, born.day) > (today.month, today.day))


def _shown(dates: Dates, place: int) -> str:
    return f"{dates.day[place]:02d}-{dates.month[place]:02d}-{dates.year[place]:04d}"
