"""Rules over a whole column or file: CELL-15, COD-02, DAT-14."""

import numpy as np

from hr_portal.domain.checks.across import Births
from hr_portal.domain.checks.date_columns import BIRTH
from hr_portal.domain.checks.hits import once_per_employee
from hr_portal.domain.checks.ledger import Params
from hr_portal.domain.checks.reading import Flags, State
from hr_portal.domain.checks.sheet import Cells, Sheet
from hr_portal.domain.cleaning import tidy
from hr_portal.domain.identifiers import Ints
from hr_portal.domain.table import Kind
from hr_portal.domain.texts import take

_LEAST_COLUMN = 20
_LEAST_PAPUA = 8
_PAPUA = range(91, 97)
_ZERO_SHARE = 0.3
_LAST_MONTH = 12
_CONVINCING = 6
"""DAT-14 without a NIK that shows the swap: so few cells may be chance."""


def numeric_columns(sheet: Sheet) -> None:
    """CELL-15: a text column of NIK or KK that was probably numeric before."""
    for key in ("nik", "kk"):
        cells = sheet.cells.get(key)
        if cells is None or cells.sixteen is None:
            continue
        places, sixteen = cells.sixteen_places, cells.sixteen
        text = cells.checked[places] & ~cells.reading.numeric[places]
        for column in np.unique(cells.columns).tolist():
            chosen = np.flatnonzero(text & (cells.columns[places] == column))
            rows = cells.rows[places[chosen]]
            chosen = chosen[once_per_employee(sheet, rows, sixteen.number[chosen])]
            _judge_numbers(sheet, key, column, sixteen.number[chosen])


def _judge_numbers(sheet: Sheet, key: str, column: int, numbers: Ints) -> None:
    count = len(numbers)
    zeros = int((numbers % 10 == 0).sum())
    papua = numbers[np.isin(numbers // 10**14, _PAPUA)]
    if count >= _LEAST_COLUMN and zeros >= _ZERO_SHARE * count:
        params: Params = {"zeros": zeros, "count": count}
        sheet.ledger.add("CELL-15", "zeros", [-1], [column], key, params=[params])
    elif count >= _LEAST_COLUMN and len(papua) >= _LEAST_PAPUA and not (papua % 2).any():
        sheet.ledger.add("CELL-15", "papua", [-1], [column], key, params=[{"count": len(papua)}])


def sex_columns(sheet: Sheet) -> None:
    """COD-02: W and P without L or LAKI-LAKI, so P there means Pria."""
    cells = sheet.cells.get("jenis_kelamin")
    if cells is None:
        return
    for column in np.unique(cells.columns).tolist():
        used = cells.checked & (cells.columns == column) & (cells.reading.kinds == Kind.TEXT)
        found = take(cells.reading.raw, np.flatnonzero(used))
        words = {raw: tidy(raw, compatible=True).upper() for raw in set(found)}
        said = [words[raw] for raw in found]
        if {"W", "P"} <= set(said) and not any(word.startswith("L") for word in set(said)):
            params: Params = {"w": said.count("W"), "p": said.count("P")}
            sheet.ledger.add("COD-02", "", [-1], [column], cells.key, params=[params])


def swapped_columns(sheet: Sheet, births: Births) -> None:
    """DAT-14: all typed dates have days to 12, all written ones days from 13."""
    for cells in sheet.cells.values():
        if cells.dates is not None:
            for column in np.unique(cells.columns).tolist():
                used = cells.checked & (cells.columns == column) & (cells.state == State.VALUE)
                _judge_dates(sheet, cells, births, column, used)


def _judge_dates(sheet: Sheet, cells: Cells, births: Births, column: int, used: Flags) -> None:
    assert cells.dates is not None  # noqa: S101 - asked by the caller
    day = cells.dates.day
    typed = used & (cells.reading.kinds == Kind.DATE)
    text = used & cells.dates.numeric_text & (cells.reading.kinds == Kind.TEXT)
    if not typed.any() or not text.any():
        return
    if (day[typed] > _LAST_MONTH).any() or (day[text] <= _LAST_MONTH).any():
        return
    confirmed, swapped = _evidence(cells, births, typed) if cells.key == BIRTH else (0, 0)
    dates, texts = int(typed.sum()), int(text.sum())
    if not confirmed and (swapped or dates + texts >= _CONVINCING):
        params: Params = {"dates": dates, "texts": texts}
        sheet.ledger.add("DAT-14", "", [-1], [column], cells.key, params=[params])


def _evidence(cells: Cells, births: Births, typed: Flags) -> tuple[int, int]:
    """Count typed dates that the NIK confirms as they stand, and those it shows swapped."""
    assert cells.dates is not None  # noqa: S101 - asked by the caller
    places = np.flatnonzero(typed & (cells.dates.day != cells.dates.month))
    rows = cells.rows[places]
    day, month = cells.dates.day[places], cells.dates.month[places]
    nik_day, nik_month = births.day_of_month[rows], births.month[rows]
    confirmed = (day == nik_day) & (month == nik_month)
    swapped = (day == nik_month) & (month == nik_day)
    return int(confirmed.sum()), int(swapped.sum())
