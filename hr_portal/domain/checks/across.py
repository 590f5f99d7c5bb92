"""Rules over several cells: NIK against birth date, sex and KK; the same value twice.

All compare effective values and count employees, not lines (decisions).
"""

from collections.abc import Callable
from datetime import date
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

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
_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
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
    typed = cells.reading.kinds[places] == Kind.DATE
    swapped &= typed | ~_undoes(sheet, cells, places, swapped)
    differs = np.flatnonzero(~equal)
    niks = sheet.effective_values("nik")
    first = once_per_employee(
        sheet, rows[differs], take(niks, rows[differs]), take(cells.clean, places[differs])
    )  # fmt: skip
    differs = differs[first]
    row_of = {int(places[i]): int(rows[i]) for i in differs.tolist()}

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


def _undoes(sheet: Sheet, cells: Cells, places: Places, swapped: Flags) -> Flags:
    """Tell where a new date with day and month exchanged is the old one again.

    Whoever asks for just this change is not told to take it back.
    """
    undoes = np.zeros(len(places), np.bool_)
    at = np.flatnonzero(swapped & cells.after[places])
    if len(at):
        old = before_of(sheet, cells, places[at])
        new = (f"{text[:5]}{text[8:]}-{text[5:7]}" for text in take(cells.clean, places[at]))
        undoes[at] = [one == other for one, other in zip(old, new, strict=True)]
    return undoes


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
    known = np.sort(np.append(niks, _MOST))
    hits = known[np.searchsorted(known, kk.sixteen.number)] == kk.sixteen.number
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
    shared = Shared(sheet, nik, rows, places)
    if not len(shared):
        return
    named = _hashed(sheet, shared.rows, sheet.effective_values("nama"), names.comparable)
    born_on = _hashed(sheet, shared.rows, _sound_values(sheet, "tanggal_lahir"))
    cards = _hashed(sheet, shared.rows, sheet.effective_values("kpj")) != 0
    same = shared.agree(named) & shared.agree(born_on)
    merge = same & shared.all_of(cards) & ~shared.any_of(_merging(sheet))
    for code, groups in (("NIK-17", ~same), ("NIK-16", merge)):
        hit(sheet, nik, code, shared.places_of(groups), say=shared.say_rows, chained=False)
    if merge.any():
        at = shared.rows_of(merge)
        place_of = dict(zip(at.tolist(), shared.places_of(merge).tolist(), strict=True))
        hit(sheet, sheet.cells["kpj"], "KPJ-08", at,
            say=lambda row: shared.say_rows(place_of[row]), chained=False)  # fmt: skip


def _merging(sheet: Sheet) -> Flags:
    """Tell of which rows the employee already asks for a merge of KPJ."""
    merging = np.zeros(sheet.employees, np.bool_)
    merge = sheet.cells.get("kpj_digabung")
    if merge is not None:
        merging[sheet.employee[merge.rows[merge.corrections]]] = True
    asked: Flags = merging[sheet.employee]
    return asked


class Shared:
    """The values that more than so many employees share, each a group of cells.

    One entry an employee: the cell of its first row. Values are told apart by two
    hashes of 64 bits: a million of them as strings would take more room than all else.
    """

    def __init__(
        self, sheet: Sheet, cells: Cells, rows: Places, places: Places, more_than: int = 1
    ) -> None:
        self._sheet = sheet
        first = _hashes(cells, places)
        ordered = np.sort(first)
        often = np.unique(ordered[more_than:][ordered[more_than:] == ordered[:-more_than]])
        alike = np.flatnonzero(np.isin(first, often)) if len(often) else places[:0]
        rows, places, first = rows[alike], places[alike], first[alike]
        self.group_of = np.full(len(cells), -1, np.int32)
        """The group of each cell, -1 = none."""
        self.row_of = np.full(len(cells), -1, np.int32)
        """The row that each of these cells speaks for."""
        self.rows, self._places, self._bounds = rows, places, np.zeros(1, np.intp)
        if not len(alike):
            return
        second = _hashes(cells, places, "\0")
        employee = sheet.employee[rows]
        order = np.lexsort((rows, employee, second, first))
        keys = np.stack([first, second, employee])[:, order]
        fresh = np.ones(len(order), np.bool_)
        fresh[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
        order, keys = order[fresh], keys[:2, fresh]
        begins = np.ones(len(order), np.bool_)
        begins[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
        group = np.cumsum(begins) - 1
        kept = np.flatnonzero(np.bincount(group)[group] > more_than)
        # Within a group by row, as sentences name them.
        kept = kept[np.lexsort((rows[order[kept]], group[kept]))]
        self.rows, self._places = rows[order[kept]], places[order[kept]]
        _, starts = np.unique(group[kept], return_index=True)
        self._bounds = np.append(starts, len(kept))
        self.group_of[self._places] = np.repeat(np.arange(len(starts)), np.diff(self._bounds))
        self.row_of[self._places] = self.rows

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self._bounds) - 1

    def members(self, group: int) -> Places:
        """Return the rows of a group, in the order of the sheet."""
        return self.rows[self._bounds[group] : self._bounds[group + 1]]

    def size(self, group: int) -> int:
        """Return how many employees share a value."""
        return int(self._bounds[group + 1] - self._bounds[group])

    def places_of(self, groups: Flags | None = None) -> Places:
        """Return the cells of some groups, or of all."""
        return self._places if groups is None else self._places[self._in(groups)]

    def rows_of(self, groups: Flags) -> Places:
        """Return the rows of some groups."""
        return self.rows[self._in(groups)]

    def agree(self, hashes: NDArray[np.int64]) -> Flags:
        """Tell in which groups all rows that have a value (not 0) have the same."""
        said = hashes[self.rows]
        highest = np.maximum.reduceat(np.where(said == 0, _LEAST, said), self._bounds[:-1])
        lowest = np.minimum.reduceat(np.where(said == 0, _MOST, said), self._bounds[:-1])
        same: Flags = highest <= lowest
        return same

    def all_of(self, flags: Flags) -> Flags:
        """Tell in which groups something holds of all rows."""
        held: Flags = np.logical_and.reduceat(flags[self.rows], self._bounds[:-1])
        return held

    def any_of(self, flags: Flags) -> Flags:
        """Tell in which groups something holds of any row."""
        held: Flags = np.logical_or.reduceat(flags[self.rows], self._bounds[:-1])
        return held

    def say_rows(self, place: int) -> Params:
        """Return what fills `{rows}` for a cell: the other rows."""
        members = self.members(int(self.group_of[place]))
        return {"rows": rows_named(self._sheet, members, but=int(self.row_of[place]))}

    def _in(self, groups: Flags) -> Flags:
        chosen: Flags = np.repeat(groups, np.diff(self._bounds))
        return chosen


def _hashes(cells: Cells, places: Places, salt: str = "") -> NDArray[np.int64]:
    """Return a hash of each cell's clean value."""
    hashes = np.empty(len(places), np.int64)
    done = 0
    for part in parts_of(places):
        values = take(cells.clean, part)
        salted = [salt + value for value in values] if salt else values
        hashes[done : done + len(part)] = np.fromiter(map(hash, salted), np.int64, len(part))
        done += len(part)
    return hashes


def _hashed(
    sheet: Sheet, rows: Places, values: Strings, read: Callable[[str], str] = str
) -> NDArray[np.int64]:
    """Return a hash of each asked row's value, by row; 0 = empty, or not asked."""
    hashes = np.zeros(sheet.rows, np.int64)
    for part in parts_of(np.sort(rows)):
        told = (hash(read(value)) for value in take(values, part))
        hashes[part] = np.fromiter(told, np.int64, len(part))
    return hashes


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
    for row in np.flatnonzero(sheet.several & ~sheet.aside).tolist():
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
        shared = Shared(sheet, cells, rows, places, limit)

        def say(place: int, shared: Shared = shared) -> Params:
            return {"count": shared.size(int(shared.group_of[place]))}

        hit(sheet, cells, code, shared.places_of(), say=say, chained=False)


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
    shared = Shared(sheet, cells, rows, places)
    if not len(shared):
        return
    banks = _hashed(sheet, shared.rows, sheet.effective_values("kode_bank"))
    named: dict[tuple[int, int], list[int]] = {}
    """Per group and bank the first rows that may be of one account."""
    for group in range(len(shared)):
        members = shared.members(group)
        of_bank = banks[members]
        few = {bank: members[of_bank == bank][:_FEW] for bank in set(of_bank.tolist())}
        for bank, same in few.items():
            others = few.get(0, same[:0]) if bank else members[:_FEW]
            named[group, bank] = list(dict.fromkeys([*(same if bank else ()), *others]))
    row_of = shared.row_of

    def alike(place: int) -> list[int]:
        return named[int(shared.group_of[place]), int(banks[row_of[place]])]

    where = [place for place in shared.places_of().tolist() if len(alike(place)) > 1]
    hit(sheet, cells, "BNK-08", np.array(where, np.intp), chained=False,
        say=lambda place: {"rows": rows_named(sheet, alike(place), but=int(row_of[place]))})  # fmt: skip
