"""Where a value may be found that its own cell has lost: above it, beside it, on another sheet.

Nothing here is taken without asking: what is found is tried by all rules, and offered with the
place it comes from (`proposals`).
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

import numpy as np

from hr_portal.domain.checks.reading import State
from hr_portal.domain.checks.sheet import Cells, Sheet
from hr_portal.domain.cleaning import DITTO, SEPARATORS, tidy
from hr_portal.domain.fields import ERASE
from hr_portal.domain.report import Severity
from hr_portal.domain.table import Kind, Witness

Origin = tuple[str, str]
"""Where a value comes from, in Indonesian and English."""

_SIXTEEN = 16
_FARTHEST = 200
"""So many cells of "idem" in a row are followed up."""
_SHARED_DIGITS = 15
"""What a spreadsheet keeps of a number."""
_NUMBER = re.compile(r"([0-9])(?:[.,]([0-9]+))?E\+?([0-9]{1,2})", re.IGNORECASE | re.ASCII)
_OTHER = {"nik": "kpj", "kpj": "nik"}
LENGTHS = {"nik": 16, "kk": 16, "kpj": 11}
"""Numbers of a fixed length, which is how one is known to be whole."""
_LOOKED_AT = 1_000
"""So many rows tell how numbers are cut into pieces."""
_Cut = tuple[int, ...]
"""How many digits each cell holds, from the named one to the right."""


class Merged:
    """Cells merged over several rows, of which only the first holds what is true of all."""

    def __init__(self, sheet: Sheet) -> None:
        self._table = sheet.table
        self._areas = {(column, last): first for column, first, last in sheet.table.merged}
        self._lasts: dict[int, list[int]] = {}
        for column, _first, last in sheet.table.merged:
            self._lasts.setdefault(column, []).append(last)

    def above(self, row: int, column: int) -> tuple[str, Origin] | None:
        """Return the text that an empty cell is merged with, and which cells those are."""
        table, number = self._table, int(self._table.row_numbers[row])
        lasts = self._lasts.get(column, [])
        at = bisect_left(lasts, number)
        if at == len(lasts) or table.columns[column].kinds[row] != Kind.EMPTY:
            return None
        first, last = self._areas[column, lasts[at]], lasts[at]
        top = int(np.searchsorted(table.row_numbers, first))
        if not first < number or int(table.row_numbers[top]) != first:
            return None
        if table.columns[column].kinds[top] != Kind.TEXT:  # a number is no witness of its digits
            return None
        letters = table.letters[column]
        area = f"{letters}{first}:{letters}{last}"
        return table.columns[column].values[top], (
            f"sel gabungan {area}", f"the merged cells {area}",
        )  # fmt: skip


class Above:
    """The cell above, where a cell points to it or a row goes on with the employee above."""

    def __init__(self, sheet: Sheet) -> None:
        self._table, self._which = sheet.table, sheet.which
        self._running = sheet.column("number")
        self._who = [sheet.column("record", key) for key in ("kpj", "nik", "nama")]
        self._heads: dict[int, int] = {}
        """By row that goes on the row that begins its employee, -1 = none."""

    def said(self, row: int, column: int) -> tuple[str, Origin] | None:
        """Return what "idem" repeats: the nearest cell above that says something itself."""
        values, kinds = self._table.columns[column].values, self._table.columns[column].kinds
        for top in range(row - 1, max(row - _FARTHEST, 0) - 1, -1):
            if tidy(values[top], compatible=True).upper() not in DITTO:
                is_of_field = self._of_one_field(column) or self._which[top] == self._which[row]
                is_text = kinds[top] == Kind.TEXT and values[top].strip().upper() != ERASE
                return self._text(top, column) if is_text and is_of_field else None
        return None

    def _of_one_field(self, column: int) -> bool:
        """Tell whether a column holds one field: Semula and Menjadi hold what `Data` names."""
        role = self._table.roles[column]
        return role.field is not None or role.part == "which"

    def of_employee(self, row: int, column: int) -> tuple[str, Origin] | None:
        """Return the KPJ, NIK or name of the employee that a row without any of them goes on with.

        Only where the sheet numbers its employees, and this row has no number of its own.
        """
        if self._running < 0 or column not in self._who or not self._goes_on(row):
            return None
        top = self._head(row)
        held = self._table.columns[column]
        return self._text(top, column) if top >= 0 and held.kinds[top] == Kind.TEXT else None

    def _goes_on(self, row: int) -> bool:
        columns = self._table.columns
        return all(columns[at].kinds[row] == Kind.EMPTY for at in (self._running, *self._who))

    def _head(self, row: int) -> int:
        passed = []
        numbers, columns = self._table.row_numbers, self._table.columns
        while row not in self._heads and row >= 0 and self._goes_on(row):
            passed.append(row)
            row = row - 1 if row and numbers[row] - numbers[row - 1] == 1 else -1
        whole = row >= 0 and all(
            columns[at].kinds[row] != Kind.EMPTY for at in (self._running, *self._who)
        )
        top = self._heads.get(row, row if whole else -1)
        self._heads.update(dict.fromkeys(passed, top))
        return top

    def _text(self, row: int, column: int) -> tuple[str, Origin]:
        cell = f"{self._table.letters[column]}{self._table.row_numbers[row]}"
        return self._table.columns[column].values[row], (
            f"sel {cell} di atasnya", f"cell {cell} above it",
        )  # fmt: skip


class Beside:
    """The rest of a number that lies over several cells below one name, or has a box a digit."""

    def __init__(self, sheet: Sheet) -> None:
        self._table = sheet.table
        self._usual: dict[tuple[int, int], _Cut] = {}

    def of(self, row: int, column: int, key: str) -> tuple[str, Origin] | None:
        """Return the number that a cell and the nameless ones to its right hold together.

        Only where most rows are cut alike, so that nothing else is taken for the rest of it.
        """
        width = LENGTHS[key]
        if not self._right_of(column):
            return None
        if (column, width) not in self._usual:
            self._usual[column, width] = self._cut_of_most(column, width)
        pieces = self._pieces(row, column, width)
        cut = tuple(map(len, pieces))
        if not cut or cut != self._usual[column, width]:
            return None
        letters, number = self._table.letters, int(self._table.row_numbers[row])
        first = next(at for at, size in enumerate(cut, column) if size)
        last = column + len(cut) - 1
        area = f"{letters[first]}{number}"
        area = area if first == last else f"{area}:{letters[last]}{number}"
        return "".join(pieces), (f"sel {area}", f"cells {area}")

    def _right_of(self, column: int) -> range:
        """Return the nameless columns right of one."""
        stop = column + 1
        headers = self._table.headers
        while stop < len(headers) and not headers[stop]:
            stop += 1
        return range(column + 1, stop)

    def _pieces(self, row: int, column: int, width: int) -> list[str]:
        """Return the digits of a row's cells that make so many; [] where none do.

        Either all are boxes of one digit or none is: one digit beside a number is another thing.
        """
        pieces: list[str] = []
        for at in (column, *self._right_of(column)):
            held = self._table.columns[at]
            text = tidy(held.values[row], compatible=True).translate(SEPARATORS)
            is_digits = text.isascii() and text.isdigit() and _keeps(int(held.kinds[row]), text)
            if not is_digits and (text or any(pieces)):
                break
            pieces.append(text)
            if sum(map(len, pieces)) >= width:
                break
        sizes = {len(piece) for piece in pieces if piece}
        whole = sum(map(len, pieces)) == width and len(pieces) > 1
        return pieces if whole and (sizes == {1} or 1 not in sizes) else []

    def _cut_of_most(self, column: int, width: int) -> "_Cut":
        """Return how the numbers of most rows are cut, () where there is no such way."""
        rows = range(min(len(self._table), _LOOKED_AT))
        cuts = Counter(tuple(map(len, self._pieces(row, column, width))) for row in rows)
        cut, count = cuts.most_common(1)[0]
        return cut if count * 2 > len(rows) else ()


def _keeps(kind: int, digits: str) -> bool:
    """Tell whether a cell of a kind holds all digits as they were typed."""
    return kind == Kind.TEXT or (kind == Kind.NUMBER and len(digits) <= _SHARED_DIGITS)


class Elsewhere:
    """The same number of the same employee in another row or cell."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._known: dict[str, dict[int, dict[str, int]]] = {}

    def of(self, row: int, column: int, key: str, value: str) -> tuple[str, Origin] | None:
        """Return the one value that a damaged one may be, with its source; None = not one."""
        matching = {
            candidate: source
            for candidate, source in self._all(row, key)
            if may_be(value, candidate, self._sheet.table.columns[column].kinds[row])
        }
        return next(iter(matching.items())) if len(matching) == 1 else None

    def _all(self, row: int, key: str) -> Iterator[tuple[str, Origin]]:
        sheet = self._sheet
        if key == "nik" and (tax := self._tax_number(row)):
            yield tax, ("kolom NPWP baris ini", "the NPWP column of this row")
        for text, other in self._of_employee(key).get(int(sheet.employee[row]), {}).items():
            number = int(sheet.table.row_numbers[other])
            yield text, (f"baris {number}", f"row {number}")

    def _tax_number(self, row: int) -> str:
        cells = self._sheet.cells.get("npwp")
        place = -1 if cells is None else int(cells.of_row[row])
        if cells is None or place < 0 or not _is_exact(cells, place):
            return ""
        return cells.clean[place]

    def _of_employee(self, key: str) -> dict[int, dict[str, int]]:
        """Return per employee the sound values of a field, each with its first row."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = {}
            cells = self._sheet.cells[key]
            several = np.flatnonzero(self._sheet.several[cells.rows])
            for place in several.tolist():
                if _is_exact(cells, place):
                    row = int(cells.rows[place])
                    of_employee = known.setdefault(int(self._sheet.employee[row]), {})
                    of_employee.setdefault(cells.clean[place], row)
        return known


class Witnesses:
    """The same person on another sheet of the workbook: by name and birth date, or KPJ or NIK."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._named: dict[str, list[Witness]] = {}
        for one in sheet.table.witnesses:
            self._named.setdefault(one.name, []).append(one)
        self._names, self._births = (
            sheet.effective_values(key) if self._named else () for key in ("nama", "tanggal_lahir")
        )

    def of(self, row: int, column: int, key: str, value: str) -> tuple[str, Origin] | None:
        """Return the one number that other sheets have for a row's person; None = not one.

        Somebody of the same name and birth date with another KPJ or NIK makes them two people.
        """
        if not self._named or key not in _OTHER:
            return None
        same = [
            one for one in self._named.get(self._names[row], ()) if self._is_same(one, row, key)
        ]
        told = {one.number(key): one for one in same if one.number(key)}
        others = {one.number(_OTHER[key]) for one in same} | {self._sound(row, _OTHER[key])}
        if len(told) != 1 or len(others - {""}) > 1:
            return None
        ((number, one),) = told.items()
        if not _may_have_been(value, number, int(self._sheet.table.columns[column].kinds[row])):
            return None
        where, where_en = (
            f"“{one.sheet}” sel {one.cell(key)}",
            f"“{one.sheet}” cell {one.cell(key)}",
        )
        return number, (f"lembar {where}", f"sheet {where_en}")

    def _is_same(self, one: Witness, row: int, key: str) -> bool:
        birth = self._births[row]
        if birth and one.birth:
            return birth == one.birth
        other = one.number(_OTHER[key])
        return bool(other) and other == self._sound(row, _OTHER[key])

    def _sound(self, row: int, key: str) -> str:
        """Return the KPJ or NIK of a row where no error speaks against it."""
        cells = self._sheet.cells.get(key)
        place = -1 if cells is None else int(cells.of_row[row])
        if cells is None or place < 0 or not cells.is_sound(np.array([place]))[0]:
            return ""
        return cells.clean[place]


def _may_have_been(value: str, number: str, kind: int) -> bool:
    """Tell whether what is left of a value allows for a number; what is gone allows for any."""
    text = tidy(value, compatible=True)
    bare = text.translate(SEPARATORS)
    is_left = _NUMBER.fullmatch(text) or (
        bare.isascii() and bare.isdigit() and len(bare) == len(number)
    )
    return not is_left or may_be(value, number, kind)


def _is_exact(cells: Cells, place: int) -> bool:
    """Tell whether a cell holds 16 digits that no program can have rounded."""
    return bool(
        cells.state[place] == State.VALUE
        and cells.worst[place] < Severity.OVERRIDE
        and not cells.reading.numeric[place]
        and len(cells.clean[place]) == _SIXTEEN
    )


def may_be(value: str, candidate: str, kind: int) -> bool:
    """Tell whether a damaged value may have been `candidate`."""
    text = tidy(value, compatible=True).translate(SEPARATORS)
    short = _NUMBER.fullmatch(tidy(value, compatible=True))
    if short:
        whole, fraction, power = short.groups()
        kept = whole + (fraction or "")  # its last digit is rounded
        return int(power) + 1 == len(candidate) and candidate.startswith(kept[:-1])
    if text == candidate or not (text.isascii() and text.isdigit()):
        return False
    if kind == Kind.NUMBER:
        return len(text) == _SIXTEEN and text[:_SHARED_DIGITS] == candidate[:_SHARED_DIGITS]
    return _is_one_slip(text, candidate)


def _is_one_slip(text: str, meant: str) -> bool:
    """Tell whether two numbers differ by one digit: wrong, lost, doubled, or two exchanged."""
    start = 0
    while start < min(len(text), len(meant)) and text[start] == meant[start]:
        start += 1
    rest, other = text[start:], meant[start:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    )
