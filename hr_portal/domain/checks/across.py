"""Rules over several cells: NIK against birth date, sex and KK; the same value twice.

All compare effective values and count employees, not lines (decisions).
"""

from collections.abc import Iterator
from datetime import date
from itertools import repeat

import numpy as np

from hr_portal.domain import names
from hr_portal.domain.checks.hits import hit, once_per_employee, rows_named
from hr_portal.domain.checks.ledger import Params
from hr_portal.domain.checks.numbers import has_birth_date
from hr_portal.domain.checks.reading import Flags, Places
from hr_portal.domain.checks.row_rules import before_of
from hr_portal.domain.checks.sheet import Cells, Sheet
from hr_portal.domain.dates import shown
from hr_portal.domain.identifiers import WOMEN, Ints, born
from hr_portal.domain.table import Kind
from hr_portal.domain.texts import Strings, Texts, gather, parts_of, take

_LARGEST_FAMILY = 20
_MOST_SHARING = 3
_FEW = 7
"""So many rows are enough for the few that a sentence names."""


class Births:
    """The dates in the effective NIKs, by row; 0 = none."""

    def __init__(self, sheet: Sheet) -> None:
        self.day: Ints = np.zeros(sheet.rows, np.int32)
        """As written: 41 to 71 for women."""
        self.month: Ints = np.zeros(sheet.rows, np.int32)
        self.year: Ints = np.zeros(sheet.rows, np.int32)
        nik = sheet.cells.get("nik")
        if nik is None or nik.sixteen is None or not len(nik):
            return
        at = np.full(len(nik), -1, np.intp)
        good = has_birth_date(nik)
        at[nik.sixteen_places[good]] = np.flatnonzero(good)
        of_row = np.where(nik.of_row >= 0, at[np.maximum(nik.of_row, 0)], -1)
        rows = np.flatnonzero(of_row >= 0)
        self.day[rows] = nik.sixteen.day[of_row[rows]]
        self.month[rows] = nik.sixteen.month[of_row[rows]]
        self.year[rows] = nik.sixteen.year[of_row[rows]]

    @property
    def day_of_month(self) -> Ints:
        """Return the day of birth without the women's 40."""
        return np.where(self.day > WOMEN, self.day - WOMEN, self.day)


def compare_birth(sheet: Sheet, births: Births) -> None:
    """DAT-08, NIK-12, NIK-11: the date of birth against the NIK, first hit wins."""
    found = sheet.effective("tanggal_lahir")
    if found is None:
        return
    cells, rows, places = found
    dates = cells.dates
    assert dates is not None  # noqa: S101 - a date field
    known = (births.month[rows] > 0) & (dates.year[places] > 0)
    rows, places = rows[known], places[known]
    day, month, year = births.day_of_month[rows], births.month[rows], births.year[rows]
    own_day, own_month = dates.day[places], dates.month[places]
    same_year = dates.year[places] % 100 == year
    equal = same_year & (own_day == day) & (own_month == month)
    swapped = same_year & (own_day == month) & (own_month == day) & ~equal
    differs = np.flatnonzero(~equal)
    niks = sheet.effective_values("nik")
    first = once_per_employee(
        sheet, rows[differs], take(niks, rows[differs]), take(cells.clean, places[differs])
    )  # fmt: skip
    differs = differs[first]
    row_of = {int(places[i]): int(rows[i]) for i in differs.tolist()}
    typed = cells.reading.kinds[places] == Kind.DATE

    def propose(place: int) -> str:
        return f"{dates.month[place]:02d}-{dates.day[place]:02d}-{dates.year[place]:04d}"

    def say(place: int) -> Params:
        row = row_of[place]
        birth = born(
            int(births.day[row]), int(births.month[row]), int(births.year[row]), sheet.today
        )
        return {"birth": birth, "date": shown(date.fromisoformat(cells.clean[place]))}

    for code, mask in (
        ("DAT-08", typed & swapped),
        ("NIK-12", ~typed & swapped),
        ("NIK-11", ~swapped),
    ):
        chosen = np.unique(places[differs[mask[differs]]])
        hit(sheet, cells, code, chosen, propose=None if code == "NIK-11" else propose, say=say,
            chained=False)  # fmt: skip


def compare_sex(sheet: Sheet, births: Births) -> None:
    """NIK-13: the sex of the NIK's day against jenis kelamin."""
    found = sheet.effective("jenis_kelamin")
    if found is None:
        return
    cells, rows, places = found
    is_woman = _are(cells, places, "P")
    woman = births.day[rows] > WOMEN
    differs = np.flatnonzero((births.month[rows] > 0) & (woman != is_woman))
    niks = sheet.effective_values("nik")
    first = once_per_employee(
        sheet, rows[differs], take(niks, rows[differs]), take(cells.clean, places[differs])
    )  # fmt: skip
    chosen = np.unique(places[differs[first]])

    def say(place: int) -> Params:
        if cells.clean[place] == "P":
            return {"sex": "laki-laki (L)", "sex_en": "male (L)"}
        return {"sex": "perempuan (P)", "sex_en": "female (P)"}

    hit(sheet, cells, "NIK-13", chosen, say=say, chained=False)


def _are(cells: Cells, places: Places, value: str) -> Flags:
    """Tell which cells hold a value."""
    if not len(places):
        return np.zeros(0, np.bool_)
    return np.concatenate([
        np.array([text == value for text in take(cells.clean, part)], np.bool_)
        for part in parts_of(places)
    ])  # fmt: skip


def compare_family_cards(sheet: Sheet) -> None:
    """KK-05: the KK is the NIK of this row, or of any row."""
    kk, nik = sheet.cells.get("kk"), sheet.cells.get("nik")
    if kk is None or nik is None or kk.sixteen is None or nik.sixteen is None:
        return
    rows = np.flatnonzero(nik.of_row >= 0)
    number_of = np.full(len(nik), -1, np.int64)
    number_of[nik.sixteen_places] = nik.sixteen.number
    niks = number_of[nik.of_row[rows]]
    hits = np.isin(kk.sixteen.number, niks[niks >= 0])
    places = kk.sixteen_places[hits]
    if not len(places):
        return
    holders: dict[int, dict[int, int]] = {}
    meant = np.isin(niks, kk.sixteen.number[hits])
    for row, number in zip(rows[meant].tolist(), niks[meant].tolist(), strict=True):
        holders.setdefault(number, {}).setdefault(int(sheet.employee[row]), row)
    numbers = {int(p): int(n) for p, n in zip(places, kk.sixteen.number[hits], strict=True)}
    employee = sheet.employee[kk.rows[places]].tolist()
    own = [
        place
        for (place, number), who in zip(numbers.items(), employee, strict=True)
        if who in holders[number]
    ]
    hit(sheet, kk, "KK-05", np.array(own, np.intp), case="own")
    others = np.array(sorted(set(numbers) - set(own)), np.intp)
    hit(sheet, kk, "KK-05", others, case="other",
        say=lambda place: {"rows": rows_named(sheet, holders[numbers[place]].values())})  # fmt: skip


def compare_people(sheet: Sheet) -> None:
    """NIK-16, NIK-17 and KPJ-08: one NIK with several employees."""
    found = sheet.effective("nik")
    if found is None:
        return
    nik, rows, places = found
    person = _People(sheet)
    merged: dict[int, Params] = {}
    cards: dict[int, Params] = {}
    shared: dict[int, Params] = {}
    for group in _shared_by(sheet, nik, rows, places):
        members = [row for row, _ in group]
        if not person.all_same(members):
            for row, place in group:
                shared[place] = {"rows": rows_named(sheet, members, but=row)}
        elif person.has_cards(members) and not person.merging(members):
            for row, place in group:
                merged[place] = cards[row] = {"rows": rows_named(sheet, members, but=row)}
    for code, found_at in (("NIK-17", shared), ("NIK-16", merged)):
        hit(sheet, nik, code, np.array(list(found_at), np.intp), say=found_at.get, chained=False)
    if cards:
        at = np.array(list(cards), np.intp)
        hit(sheet, sheet.cells["kpj"], "KPJ-08", at, say=cards.get, chained=False)


def _shared_by(
    sheet: Sheet, cells: Cells, rows: Places, places: Places, more_than: int = 1
) -> Iterator[list[tuple[int, int]]]:
    """Yield the (row, place) of each value that more than so many employees share.

    One entry an employee: its first row.
    """
    alike = _alike(cells, places, more_than)
    rows, places = rows[alike], places[alike]
    values = take(cells.clean, places)
    groups: dict[str, dict[int, tuple[int, int]]] = {}
    for row, place, value in zip(rows.tolist(), places.tolist(), values, strict=True):
        groups.setdefault(value, {}).setdefault(int(sheet.employee[row]), (row, place))
    for members in groups.values():
        if len(members) > more_than:
            yield list(members.values())


def _alike(cells: Cells, places: Places, more_than: int) -> Places:
    """Return which cells may share their value with so many others.

    Told by the hashes of values, which two may have in common; a million values
    as strings would take more room than all else.
    """
    hashes = np.empty(len(places), np.int64)
    done = 0
    for part in parts_of(places):
        values = take(cells.clean, part)
        hashes[done : done + len(part)] = np.fromiter(map(hash, values), np.int64, len(part))
        done += len(part)
    ordered = np.sort(hashes)
    often = np.unique(ordered[more_than:][ordered[more_than:] == ordered[:-more_than]])
    return np.flatnonzero(np.isin(hashes, often)) if len(often) else places[:0]


class _People:
    """Who an employee is: comparable name and date of birth, by row."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._names = sheet.effective_values("nama")
        self._cards = sheet.effective_values("kpj")
        self._births = _sound_values(sheet, "tanggal_lahir")
        merge = sheet.cells.get("kpj_digabung")
        self._merging = set() if merge is None else set(
            sheet.employee[merge.rows[merge.corrections]].tolist()
        )  # fmt: skip

    def all_same(self, rows: list[int]) -> bool:
        """Tell whether nothing speaks against these rows being one person."""
        named = {names.comparable(self._names[row]) for row in rows} - {""}
        born_on = {self._births[row] for row in rows} - {""}
        return len(named) <= 1 and len(born_on) <= 1

    def has_cards(self, rows: list[int]) -> bool:
        """Tell whether each of them has a KPJ."""
        return all(self._cards[row] for row in rows)

    def merging(self, rows: list[int]) -> bool:
        """Tell whether one of them already asks for a merge of KPJ."""
        return any(int(self._sheet.employee[row]) in self._merging for row in rows)


def compare_cards(sheet: Sheet) -> None:
    """KPJ-07: rows of one KPJ must agree on NIK, name and date of birth."""
    kpj = sheet.cells.get("kpj")
    if kpj is None or not sheet.several.any():
        return
    values = (
        ("NIK", "NIK", _sound_values(sheet, "nik")),
        ("nama", "name", Texts(names.comparable(name) if several else "" for name, several in zip(
            sheet.effective_values("nama"), sheet.several.tolist(), strict=True))),
        ("tanggal lahir", "birth date", _sound_values(sheet, "tanggal_lahir")),
    )  # fmt: skip
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero(sheet.several).tolist():
        members.setdefault(int(sheet.employee[row]), []).append(row)
    differing: dict[int, Params] = {}
    for rows in members.values():
        for word, word_en, value in values:
            if len({value[row] for row in rows} - {""}) > 1:
                for row in rows:
                    named = rows_named(sheet, rows, but=row)
                    differing[row] = {"which": word, "which_en": word_en, "rows": named}
                break
    at = np.array(list(differing), np.intp)
    hit(sheet, kpj, "KPJ-07", at, say=differing.get, chained=False)


def _sound_values(sheet: Sheet, key: str) -> Strings:
    """Return the effective value of each row, "" where there is no sound one."""
    found = sheet.effective(key)
    if found is None:
        return Texts(repeat("", sheet.rows))
    cells, rows, places = found
    of_row = np.full(sheet.rows, -1, np.intp)
    of_row[rows] = places
    return gather(cells.clean, of_row)


def count_shared(sheet: Sheet) -> None:
    """KK-09, TEL-07, EML-02: one value with suspiciously many employees."""
    for key, code, limit in (
        ("kk", "KK-09", _LARGEST_FAMILY), ("hp", "TEL-07", _MOST_SHARING),
        ("email", "EML-02", _MOST_SHARING),
    ):  # fmt: skip
        found = sheet.effective(key)
        if found is None:
            continue
        cells, rows, places = found
        counted: dict[int, Params] = {}
        for group in _shared_by(sheet, cells, rows, places, limit):
            counted |= {place: {"count": len(group)} for _, place in group}
        where = np.array(list(counted), np.intp)
        hit(sheet, cells, code, where, say=counted.get, chained=False)


def replaced_niks(sheet: Sheet) -> None:
    """NIK-18: a NIK that replaces another."""
    nik = sheet.cells.get("nik")
    if nik is None:
        return
    places = nik.corrections[nik.is_sound(nik.corrections)]
    before = before_of(sheet, nik, places)
    old = {
        place: value for place, value in zip(places.tolist(), before, strict=True)
        if value and value != nik.clean[place]
    }  # fmt: skip
    hit(sheet, nik, "NIK-18", np.array(list(old), np.intp), chained=False,
        say=lambda place: {"before": old[place]})  # fmt: skip


def compare_holders(sheet: Sheet) -> None:
    """BNK-06: the holder of the account against the employee's name."""
    found = sheet.effective("nama_rekening")
    if found is None:
        return
    cells, rows, places = found
    own = sheet.effective_values("nama")
    differs: dict[int, str] = {}
    for of_row, at in zip(parts_of(rows), parts_of(places), strict=True):
        named = zip(take(own, of_row), take(cells.clean, at), at.tolist(), strict=True)
        differs |= {
            place: name
            for name, holder, place in named
            if name and name != holder and names.comparable(name) != names.comparable(holder)
        }
    hit(sheet, cells, "BNK-06", np.array(list(differs), np.intp), chained=False,
        say=lambda place: {"name": differs[place]})  # fmt: skip


def share_accounts(sheet: Sheet) -> None:
    """BNK-08: one account with several employees (of one bank, where both are known)."""
    found = sheet.effective("no_rekening")
    if found is None:
        return
    cells, rows, places = found
    banks = sheet.effective_values("kode_bank")
    shared: dict[int, Params] = {}
    for group in _shared_by(sheet, cells, rows, places):
        by_bank: dict[str, list[int]] = {}
        for row, _ in group:
            by_bank.setdefault(banks[row], []).append(row)
        unknown = by_bank.get("", [])
        everyone = [row for row, _ in group]
        for row, place in group:
            same = by_bank[banks[row]] if banks[row] else everyone
            if banks[row] and unknown:
                same = [*same[:_FEW], *unknown[:_FEW]]
            if len(same) > 1:
                shared[place] = {"rows": rows_named(sheet, same, but=row)}
    hit(sheet, cells, "BNK-08", np.array(list(shared), np.intp), say=shared.get, chained=False)
