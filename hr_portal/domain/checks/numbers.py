"""Numbers of one cell: stored as a number (CELL-05 to 08), NIK, KK, KPJ."""

import re
from datetime import date

import numpy as np

from hr_portal.domain.checks.hits import hit, length_of, report_faults
from hr_portal.domain.checks.ledger import Params, Say
from hr_portal.domain.checks.reading import Flags, Places, State
from hr_portal.domain.checks.sheet import KPJ_LENGTH, Cells, Sheet
from hr_portal.domain.identifiers import (
    EXACT_LIMIT,
    WOMEN,
    Ints,
    Sixteen,
    born,
    in_calendar,
    is_dummy,
    parts,
)  # fmt: skip
from hr_portal.domain.regions import CURRENT, PROBABLE, SUPERSEDED, UNKNOWN, Regions, regions
from hr_portal.domain.texts import digit_lengths, signs_at

_SIXTEEN = 16
_LAST_DAY = 31
_LOOKALIKES = str.maketrans("OILSB", "01158")
_KIS_LENGTH = 13
_ASCII_ALNUM = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def lengths_of(cells: Cells) -> Ints:
    """Return the length of each value made of ASCII digits only, else -1."""
    lengths = digit_lengths(cells.clean)
    lengths[cells.state != State.VALUE] = -1
    return lengths


def split_sixteen(cells: Cells, lengths: Ints) -> None:
    """Name the parts of all values of 16 digits."""
    places = np.flatnonzero(lengths == _SIXTEEN)
    cells.sixteen_places = places
    cells.sixteen = parts(signs_at(cells.clean, places, _SIXTEEN) - ord("0"))


def stored_as_number(sheet: Sheet, cells: Cells) -> None:
    """Judge numeric cells of exactly 16 digits (CELL-05 to CELL-07)."""
    places, sixteen = _sixteen(cells)
    numeric = cells.reading.numeric[places]
    if not numeric.any():
        return
    zero = sixteen.number % 10 == 0
    large = sixteen.number >= EXACT_LIMIT
    hit(sheet, cells, "CELL-05", places[numeric & zero])
    hit(sheet, cells, "CELL-07", places[numeric & large & ~zero])
    hit(sheet, cells, "CELL-06", places[numeric & ~large & ~zero])
    cells.state[places[numeric & (zero | large)]] = State.DAMAGED


def judge_nik(sheet: Sheet, cells: Cells) -> None:
    """NIK-01 to NIK-10 in their order of precedence; names the parts of each NIK."""
    table = regions()
    lengths = lengths_of(cells)
    split_sixteen(cells, lengths)
    report_faults(sheet, cells)
    stored_as_number(sheet, cells)
    value = cells.state == State.VALUE
    wrong = value & (lengths != _SIXTEEN)
    hit(sheet, cells, "NIK-01", _several(cells, wrong, _SIXTEEN), case="several")
    hit(sheet, cells, "NIK-01", wrong, say=length_of(cells))
    places, sixteen = _sixteen(cells)
    sound = value[places]
    hit(sheet, cells, "NIK-14", places[sound & is_dummy(sixteen)])
    hit(sheet, cells, "NIK-15", places[sound & (sixteen.digits[:, 0] == 0)])
    known = table.province[sixteen.province]
    status = table.regency[sixteen.regency]
    say = _region_words(places, sixteen, table)
    hit(sheet, cells, "NIK-02", places[sound & ~known], say=say)
    hit(sheet, cells, "NIK-04", places[sound & known & (status == SUPERSEDED)], say=say)
    hit(sheet, cells, "NIK-05", places[sound & known & (status == PROBABLE)], say=say)
    hit(sheet, cells, "NIK-06", places[sound & known & (status == UNKNOWN)], say=say)
    district = table.district[sixteen.district]
    hit(sheet, cells, "NIK-07", places[sound & (status == CURRENT) & ~district], say=say)
    day, month, year = _birth(sixteen)
    possible = (day >= 1) & (day <= _LAST_DAY)
    words = _date_words(places, sixteen, sheet.today)
    hit(sheet, cells, "NIK-08", places[sound & ~possible], say=words)
    hit(
        sheet, cells, "NIK-09", places[sound & possible & ~in_calendar(day, month, year)], say=words
    )
    hit(sheet, cells, "NIK-10", places[sound & (sixteen.serial == 0)])


def has_birth_date(cells: Cells) -> Flags:
    """Tell which of the 16-digit cells carry a date to compare with."""
    places, sixteen = _sixteen(cells)
    day, month, year = _birth(sixteen)
    sound: Flags = cells.is_sound(places) & in_calendar(day, month, year)
    return sound


def judge_kk(sheet: Sheet, cells: Cells) -> None:
    """KK-01 to KK-07 but KK-05, which needs the NIK (see `across`)."""
    table = regions()
    value = cells.state == State.VALUE
    places, sixteen = _sixteen(cells)
    sound = value[places]
    known = table.province[sixteen.province]
    status = table.regency[sixteen.regency]
    say = _region_words(places, sixteen, table)
    hit(sheet, cells, "KK-02", places[sound & ~known], case="province", say=say)
    unknown = sound & known & (status == UNKNOWN)
    hit(sheet, cells, "KK-02", places[unknown], case="regency", say=say)
    old = sound & known & ((status == SUPERSEDED) | (status == PROBABLE))
    hit(sheet, cells, "KK-02", places[old], case="old", say=say)
    district = table.district[sixteen.district]
    gone = sound & (status == CURRENT) & ~district
    hit(sheet, cells, "KK-02", places[gone], case="district", say=say)
    day, month, year = sixteen.day, sixteen.month, sixteen.year
    woman = (day > WOMEN) & (day <= WOMEN + _LAST_DAY)
    words = _recorded_words(places, sixteen)
    hit(sheet, cells, "KK-04", places[sound & woman], say=words)
    possible = in_calendar(day, month, year)
    hit(sheet, cells, "KK-03", places[sound & ~woman & ~possible], say=words)
    short = sheet.today.year % 100
    later = month * 100 + day > sheet.today.month * 100 + sheet.today.day
    odd = (year > short) | ((year == short) & later)
    hit(sheet, cells, "KK-06", places[sound & possible & odd], say=words)
    hit(sheet, cells, "KK-07", places[sound & (sixteen.serial == 0)])


def begin_kk(sheet: Sheet, cells: Cells) -> None:
    """CELL rules and KK-01; KK-05 comes between them and the rest."""
    lengths = lengths_of(cells)
    split_sixteen(cells, lengths)
    report_faults(sheet, cells)
    stored_as_number(sheet, cells)
    wrong = (cells.state == State.VALUE) & (lengths != _SIXTEEN)
    hit(sheet, cells, "KK-01", _several(cells, wrong, _SIXTEEN), case="several")
    hit(sheet, cells, "KK-01", wrong, say=length_of(cells))


def judge_kpj(sheet: Sheet, cells: Cells) -> None:
    """KPJ-01 to KPJ-06, most telling first."""
    report_faults(sheet, cells)
    clean, value, numeric = cells.clean, cells.state == State.VALUE, cells.reading.numeric
    lengths = lengths_of(cells)
    hit(sheet, cells, "KPJ-06", lengths == _SIXTEEN)
    long = np.flatnonzero(lengths == _KIS_LENGTH)
    kis = [place for place in long.tolist() if clean[place].startswith("000")]
    hit(sheet, cells, "KPJ-05", np.array(kis, np.intp))
    card = _with_letters(sheet, cells, np.flatnonzero(value & (lengths < 0)))
    one_lost = numeric & (lengths == KPJ_LENGTH - 1)
    hit(sheet, cells, "KPJ-03", one_lost, propose=lambda place: "0" + clean[place])
    short = (lengths > 0) & (lengths < KPJ_LENGTH) & ~one_lost
    hit(sheet, cells, "KPJ-04", short, say=length_of(cells))
    wrong = value & (lengths != KPJ_LENGTH)
    wrong[card] = False
    hit(sheet, cells, "KPJ-01", _several(cells, wrong, KPJ_LENGTH), case="several")
    hit(sheet, cells, "KPJ-01", wrong, say=length_of(cells))


def _with_letters(sheet: Sheet, cells: Cells, places: Places) -> list[int]:
    """KPJ-02: eleven letters and digits, which are returned; look-alikes get a proposal."""
    clean = cells.clean
    card = [
        place for place in places.tolist()
        if len(clean[place]) == KPJ_LENGTH and set(clean[place]) <= _ASCII_ALNUM
    ]  # fmt: skip
    likes = [place for place in card if clean[place].translate(_LOOKALIKES).isdigit()]
    others = sorted(set(card) - set(likes))
    hit(
        sheet, cells, "KPJ-02", np.array(likes, np.intp), case="lookalike",
        propose=lambda place: clean[place].translate(_LOOKALIKES),
    )  # fmt: skip
    hit(sheet, cells, "KPJ-02", np.array(others, np.intp), case="old-card")
    return card


def _several(cells: Cells, wrong: Flags, length: int) -> Places:
    """Return the wrong cells that hold more than one number of this length."""
    raw, number = cells.reading.raw, re.compile(rf"(?<![0-9])[0-9]{{{length}}}(?![0-9])")
    found = [p for p in np.flatnonzero(wrong).tolist() if len(number.findall(raw[p])) > 1]
    return np.array(found, np.intp)


def _sixteen(cells: Cells) -> tuple[Places, Sixteen]:
    assert cells.sixteen is not None  # noqa: S101 - set by split_sixteen before any rule
    return cells.sixteen_places, cells.sixteen


def _birth(sixteen: Sixteen) -> tuple[Ints, Ints, Ints]:
    """Return (day without the women's 40, month, two-digit year)."""
    day = np.where(sixteen.day > WOMEN, sixteen.day - WOMEN, sixteen.day)
    return day, sixteen.month, sixteen.year


def _region_words(places: Places, sixteen: Sixteen, table: Regions) -> Say:
    """Return what fills the words about places: codes, names, the edition."""

    def say(place: int) -> Params:
        at = int(np.searchsorted(places, place))
        district = f"{int(sixteen.district[at]):06d}"
        regency = district[:4]
        successor = table.successors.get(regency, "")
        return {
            "province": district[:2],
            "regency": regency,
            "district": district,
            "name": table.names.get(regency, ""),
            "successor": f"{successor} ({table.names.get(successor, '')})" if successor else "–",
            "edition": table.edition,
        }

    return say


def _date_words(places: Places, sixteen: Sixteen, today: date) -> Say:
    """Return what fills the words about the date of birth in a NIK."""

    def say(place: int) -> Params:
        at = int(np.searchsorted(places, place))
        day, month, year = int(sixteen.day[at]), int(sixteen.month[at]), int(sixteen.year[at])
        return {"day": f"{day:02d}", "birth": born(day, month, year, today)}

    return say


def _recorded_words(places: Places, sixteen: Sixteen) -> Say:
    """Return what fills the words about the date of registration in a KK."""

    def say(place: int) -> Params:
        at = int(np.searchsorted(places, place))
        day, month, year = int(sixteen.day[at]), int(sixteen.month[at]), int(sixteen.year[at])
        return {"day": f"{day:02d}", "recorded": f"{day:02d}-{month:02d}-{year:02d}"}

    return say
