"""Proposals that one cell alone does not tell: look-alike letters, swapped columns, another place.

A candidate is tried before it is offered: its rows are checked with it in place, and it is
dropped where any of them comes out worse or its own cell is still at fault. So no digit is
invented: a letter is read as the one digit it looks like, and what a program destroyed comes
from another row or sheet for the same employee or from the row's NPWP, which is said with it. What
earlier batches hold is offered where they are known (`past`).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from hr_portal.domain.checks.across import Births
from hr_portal.domain.checks.meant import read_otherwise
from hr_portal.domain.checks.row_rules import MERGE
from hr_portal.domain.checks.sheet import Sheet
from hr_portal.domain.checks.sources import Above, Beside, Elsewhere, Merged, Origin, Witnesses
from hr_portal.domain.cleaning import DITTO, SEPARATORS, tidy
from hr_portal.domain.identifiers import WOMEN
from hr_portal.domain.report import Findings, Report, Severity
from hr_portal.domain.suggestions import COLUMN, FIXES
from hr_portal.domain.table import Column, Kind, Table
from hr_portal.domain.texts import take

Params = dict[str, str | int]
Spot = tuple[int, int]
"""Row and column index of a cell."""

_SIXTEEN, _KPJ = 16, 11
_SWAPPED = frozenset(
    {"NIK-11", "NIK-13", "NIK-08", "NIK-09", "KK-02", "KK-03", "KK-04", "KK-06", "KPJ-06", "NIK-01"}
    | {"NAM-12"}
)
_LENGTH = {"nik": _SIXTEEN, "kpj": _KPJ}
_ELSEWHERE = ("nik", "kk", "kpj")


@dataclass(slots=True)
class Candidate:
    """Something that may have been meant, for one finding."""

    at: int
    """Index of the finding."""
    cells: dict[Spot, str]
    """What to write where."""
    source: tuple[str, str] | None = None
    """Where it comes from, in Indonesian and English."""
    is_swap: bool = False
    spread: dict[Spot, str] = field(default_factory=dict)
    """The same on the employee's other rows that hold the same value."""


def complete(sheet: Sheet, findings: Findings, check: Callable[[Table], Report]) -> None:
    """Fill in the proposals of findings that have none yet; `check` judges a table on trial."""
    found = [*_candidates(sheet, findings)]
    if found:
        for one in _proven(sheet, findings, found, check):
            _write(sheet, findings, one)
    _whole_columns(sheet, findings)


def _candidates(sheet: Sheet, findings: Findings) -> Iterator[Candidate]:
    swaps, sources = _Swaps(sheet), _Sources(sheet)
    told = zip(
        findings.code, findings.row, findings.column, findings.field_key, findings.suggestion,
        strict=True,
    )  # fmt: skip
    for at, (code, row, column, key, suggestion) in enumerate(told):
        if row < 0 or suggestion is not None:
            continue
        if code in _SWAPPED and (cells := swaps.of(row, key)):
            yield Candidate(at, cells, is_swap=True)
        elif column >= 0 and key is not None:
            level = findings.severity[at]
            meant = sources.meant(code, row, column, key, findings.value[at], level)
            if meant is not None:
                yield Candidate(at, {(row, column): meant[0]}, meant[1])


class _Sources:
    """What one cell may have been meant to hold, with the place it is found at, if another."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._roles = sheet.table.roles
        self._merged, self._over = Merged(sheet), Above(sheet)
        self._beside = Beside(sheet)
        self._elsewhere, self._witnesses = Elsewhere(sheet), Witnesses(sheet)
        # The same mistake comes again and again; what was read goes with this check.
        self._otherwise = lru_cache(maxsize=1_024)(read_otherwise)

    def meant(
        self, code: str, row: int, column: int, key: str, value: str, level: int
    ) -> tuple[str, Origin | None] | None:
        """Return the one reading of a cell with a finding, None = there is not one."""
        found = self._repeated(code, row, column, value) or self._merged_one(code, row, key, value)
        if found is None and (text := self._otherwise(code, key, value)):
            return text, None
        if found is None and key in _ELSEWHERE and level >= Severity.OVERRIDE:
            found = self._beside.of(row, column, key)
            found = found or self._elsewhere.of(row, column, key, value)
            if found is None and self._roles[column].part == "record":
                found = self._witnesses.of(row, column, key, value)
        return found

    def _merged_one(self, code: str, row: int, key: str, value: str) -> tuple[str, Origin] | None:
        """Return the KPJ of Semula, which is merged, where Menjadi holds the one that is kept."""
        semula = self._sheet.column("before") if (code, key) == ("ROW-03", MERGE) else -1
        held = self._sheet.table.columns[semula]
        if semula < 0 or held.kinds[row] != Kind.TEXT or held.values[row] == value:
            return None
        cell = self._sheet.table.cell(row, semula)
        return held.values[row], (f"sel {cell}", f"cell {cell}")

    def _repeated(self, code: str, row: int, column: int, value: str) -> tuple[str, Origin] | None:
        """Return what a cell repeats of those above: merged with them, empty below them, "idem"."""
        said = tidy(value, compatible=True).upper()
        if said:
            return self._over.said(row, column) if said in DITTO else None
        if code in {"REQ-01", "NAM-01"}:
            return self._merged.above(row, column) or self._over.of_employee(row, column)
        return None


class _Swaps:
    """NIK and KK, NIK and KPJ, or one of them and the name, in each other's column."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._columns = {key: sheet.column("record", key) for key in ("nik", "kk", "kpj", "nama")}

    def of(self, row: int, key: str | None) -> dict[Spot, str]:
        """Return what to write where to swap two cells of a row back; {} = nothing is swapped."""
        nik, kk, kpj = (self._text(row, one) for one in ("nik", "kk", "kpj"))
        if key in {"kpj", "nik"} and len(kpj) == _SIXTEEN and len(nik) == _KPJ:
            return self._exchange(row, "nik", "kpj")
        if key in {"kpj", "nik", "nama"} and (name := self._text(row, "nama")):
            return self._exchange_with_name(row, name)
        birth = self._birth(row)
        both = len(nik) == len(kk) == _SIXTEEN
        if birth and both and _born(kk) == birth and _born(nik) != birth:
            return self._exchange(row, "nik", "kk")
        return {}

    def _birth(self, row: int) -> str:
        """Return the date of birth of a row's employee as a NIK would hold it, "" = unknown."""
        cells = self._sheet.cells.get("tanggal_lahir")
        place = -1 if cells is None else int(cells.of_row[row])
        if cells is None or cells.dates is None or place < 0 or not cells.dates.year[place]:
            return ""
        dates = cells.dates
        return f"{dates.day[place]:02d}{dates.month[place]:02d}{dates.year[place] % 100:02d}"

    def _text(self, row: int, key: str) -> str:
        column = self._columns[key]
        if column < 0 or self._sheet.table.columns[column].kinds[row] != Kind.TEXT:
            return ""
        text = tidy(self._sheet.table.columns[column].values[row], compatible=True)
        text = text.translate(SEPARATORS)
        return text if text.isascii() and text.isdigit() else ""

    def _exchange_with_name(self, row: int, number: str) -> dict[Spot, str]:
        """Swap the number in the name's column with what holds no number in the number's own."""
        for key, length in _LENGTH.items():
            column = self._columns[key]
            held = column >= 0 and self._sheet.table.columns[column].kinds[row] == Kind.TEXT
            if held and len(number) == length and not self._text(row, key):
                return self._exchange(row, key, "nama")
        return {}

    def _exchange(self, row: int, one: str, other: str) -> dict[Spot, str]:
        first, second = self._columns[one], self._columns[other]
        columns = self._sheet.table.columns
        return {
            (row, first): columns[second].values[row],
            (row, second): columns[first].values[row],
        }


def _born(nik: str) -> str:
    """Return day, month and year as a NIK holds them, without the women's 40."""
    day = int(nik[6:8])
    return f"{day - WOMEN if day > WOMEN else day:02d}{nik[8:12]}"


def _proven(
    sheet: Sheet, findings: Findings, found: list[Candidate], check: Callable[[Table], Report]
) -> list[Candidate]:
    """Return the candidates after which nobody is worse off and their own cells are sound.

    Two columns swapped may bring a warning to light that stood in the wrong column before;
    any other candidate must pass all rules.
    """
    fellows: dict[int, list[int]] = {}
    for row in np.flatnonzero(sheet.several).tolist():
        fellows.setdefault(int(sheet.employee[row]), []).append(row)
    written: dict[Spot, str] = {}
    for one in found:
        _spread(sheet, one, fellows)
        written |= {**one.spread, **one.cells}
    holders = _holders(sheet, set(written.values()))
    chosen = {row for row, _ in written}.union(*holders.values())
    for row in list(chosen):
        chosen.update(fellows.get(int(sheet.employee[row]), ()))
    rows = sorted(chosen)
    report = check(_trial(sheet.table, rows, written))
    faults = [
        (rows[f.row], f.column, f.code, int(f.severity))
        for f in report.findings
        if f.row >= 0 and f.severity >= Severity.WARNING
    ]
    told = zip(findings.row, findings.column, findings.code, findings.severity, strict=True)
    mine = [one for one in told if one[0] in chosen]
    known = {(row, column, code) for row, column, code, _ in mine}
    before = _worst((row, severity) for row, _, _, severity in mine)
    after = _worst((row, severity) for row, _, _, severity in faults)
    people = sheet.employee.tolist()
    worse = {people[row] for row in rows if after.get(row, 0) > before.get(row, 0)}
    warned = {people[row] for row, column, code, _ in faults if (row, column, code) not in known}
    faulty = {(row, column) for row, column, _, level in faults if level >= Severity.OVERRIDE}

    def harms(one: Candidate) -> bool:
        """Tell whether anybody is worse off: whose rows it changes, or who holds what it writes."""
        own = {row for row, _ in one.cells}
        concerned = own.union(*(holders.get(text, ()) for text in one.cells.values()))
        if not worse.isdisjoint(people[row] for row in concerned):
            return True
        return not (one.is_swap or warned.isdisjoint(people[row] for row in own))

    return [one for one in found if faulty.isdisjoint(one.cells) and not harms(one)]


def _worst(severities: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the worst severity of each row that has any."""
    worst: dict[int, int] = {}
    for row, severity in severities:
        worst[row] = max(severity, worst.get(row, 0))
    return worst


def _spread(sheet: Sheet, one: Candidate, fellows: dict[int, list[int]]) -> None:
    """Note the employee's other rows that hold the same value on record."""
    columns = sheet.table.columns
    for (row, column), text in one.cells.items():
        if sheet.table.roles[column].part == "record":
            was = (columns[column].values[row], columns[column].kinds[row])
            for other in fellows.get(int(sheet.employee[row]), ()):
                if (columns[column].values[other], columns[column].kinds[other]) == was:
                    one.spread[other, column] = text


def _holders(sheet: Sheet, texts: set[str]) -> dict[str, set[int]]:
    """Return the rows where somebody else may hold a proposed NIK, KK or KPJ, by that."""
    found: dict[str, set[int]] = {}
    for key in ("nik", "kk", "kpj"):
        cells = sheet.cells.get(key)
        if cells is not None:
            for row, text in zip(cells.rows.tolist(), cells.clean, strict=True):
                if text in texts:
                    found.setdefault(text, set()).add(row)
    return found


def _trial(table: Table, rows: list[int], written: dict[Spot, str]) -> Table:
    """Return some rows of a table with other texts in some cells."""
    at = np.array(rows, np.intp)
    place = {row: spot for spot, row in enumerate(rows)}
    columns = [
        Column(
            take(column.values, at),
            column.kinds[at],
            None if column.computed is None else column.computed[at],
            np.zeros(len(rows), np.bool_) if column.edited is None else column.edited[at],
        )
        for column in table.columns
    ]
    for (row, column_index), text in written.items():
        target, spot = columns[column_index], place[row]
        target.values[spot] = text
        target.kinds[spot] = Kind.TEXT
        assert target.edited is not None  # noqa: S101 - made above
        target.edited[spot] = True
    return Table(
        file=table.file, sheet=table.sheet, layout=table.layout, header_row=table.header_row,
        headers=table.headers, letters=table.letters, roles=table.roles, columns=columns,
        row_numbers=table.row_numbers[at], epoch_1904=table.epoch_1904, source=table.source,
    )  # fmt: skip


def _write(sheet: Sheet, findings: Findings, one: Candidate) -> None:
    params: Params = dict(findings.params[one.at] or {})
    if one.source:
        params["origin"], params["origin_en"] = one.source
    if one.is_swap:
        numbers, columns = sheet.table.row_numbers, sheet.table.columns
        params[FIXES] = json.dumps(
            [
                [int(numbers[row]), column, columns[column].values[row], text]
                for (row, column), text in sorted(one.cells.items())
            ]
        )
    else:
        (findings.suggestion[one.at],) = one.cells.values()
    if params:
        findings.params[one.at] = params


def _whole_columns(sheet: Sheet, findings: Findings) -> None:
    """Offer to read W and P as wanita and pria, unless a NIK says otherwise; and to swap dates.

    DAT-14 is only found where no NIK confirms a date as it stands.
    """
    for at, code in enumerate(findings.code):
        if code == "DAT-14" or (code == "COD-02" and _agrees_with_niks(sheet)):
            findings.params[at] = {**(findings.params[at] or {}), COLUMN: 1}


def _agrees_with_niks(sheet: Sheet) -> bool:
    cells = sheet.cells["jenis_kelamin"]
    births = Births(sheet)
    words = [tidy(raw, compatible=True).upper() for raw in cells.reading.raw]
    return not any(
        births.month[row] and place >= 0 and words[place] in {"W", "P"}
        and (words[place] == "W") != (births.day[row] > WOMEN)
        for row, place in enumerate(cells.of_row.tolist())
    )  # fmt: skip
