"""Rules about whole rows: required values and corrections (REQ, ROW, FIL)."""

import json
from itertools import islice, repeat
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain.checks.hits import rows_named
from hr_portal.domain.checks.ledger import Params
from hr_portal.domain.checks.reading import Flags, Places, State
from hr_portal.domain.checks.sheet import NOTHING, UNKNOWN, Cells, Sheet
from hr_portal.domain.checks.torn import is_whole_perhaps, text_at
from hr_portal.domain.cleaning import has_letter, is_placeholder, tidy
from hr_portal.domain.fields import FIELD, FIELDS, IDENTITY_KEYS, KEEP, REQUIRED_KEYS, fields_named
from hr_portal.domain.layouts import says_new
from hr_portal.domain.suggestions import FIXES
from hr_portal.domain.table import PICTURE, Column, Kind
from hr_portal.domain.texts import gather, parts_of, take

MERGE = "kpj_digabung"
_BESIDE = frozenset({"before", "reason", "note"})
"""What is filled in beside a new value."""
_FEW = 7
_NAMED = 4
_SEEN = {
    "hidden-rows": "FIL-05", "struck-rows": "FIL-08", "comments": "FIL-09", "unseen-cells": "FIL-10",
}  # fmt: skip
"""By kind of remark the rule that says it of each row."""
_LONGEST_RUNNING = 12
"""Characters of a running number; what is longer says something."""
ACCEPTED_DATA = ", ".join(field.label for field in FIELDS if not field.optional)
_SOME_DATA = "NIK, Nama Lengkap, atau Tanggal Lahir"
_SOME_DATA_EN = "NIK, Nama Lengkap or Tanggal Lahir"


def empty_rows(sheet: Sheet) -> Flags:
    """Tell which rows hold nothing at all, a running number aside."""
    filled = np.zeros(sheet.rows, np.bool_)
    for cells in sheet.cells.values():
        filled[cells.rows[cells.state != State.EMPTY]] = True
    for rows, reading in sheet.before.values():
        filled[rows[reading.state != State.EMPTY]] = True
    for column, role in enumerate(sheet.table.roles):
        read = role.part in {"record", "after"} and role.field in FIELD
        held = sheet.table.columns[column]
        if not read and role.part not in {"number", "unknown"}:
            filled |= _says_something(held, ~filled)
        if role.part == "number":
            for row in np.flatnonzero(~filled & (held.kinds == Kind.TEXT)).tolist():
                filled[row] = len(held.values[row].strip()) > _LONGEST_RUNNING
    filled[sheet.which != NOTHING] |= sheet.table.layout == "per-correction"
    empty: Flags = ~filled
    return empty


def judge_required(sheet: Sheet, used: Flags) -> None:
    """REQ-01 (NAM-01 for the name): required values, and HAPUS where none may be."""
    for key in REQUIRED_KEYS:
        _required(sheet, key, used)
    _family_card(sheet, used)
    for key in REQUIRED_KEYS:
        cells = sheet.cells.get(key)
        if cells is not None:
            erased = np.flatnonzero(cells.after & (cells.state == State.ERASE))
            code = "NAM-01" if key == "nama" else "REQ-01"
            _write(sheet, code, "erase", cells.rows[erased], cells.columns[erased], key)


def _required(sheet: Sheet, key: str, used: Flags) -> None:
    cells = sheet.cells.get(key)
    if cells is None:
        missing = np.flatnonzero(used)
        column, code, case = -1, "REQ-01", "column"
    else:
        own = _own_values(sheet, cells)
        missing = np.flatnonzero(used & ~own)
        column = sheet.column("record", key)
        code, case = ("NAM-01", "empty") if key == "nama" else ("REQ-01", "empty")
        if column < 0:
            column = sheet.column("after", key)
    columns = np.full(len(missing), column, np.intp)
    _write(sheet, code, case, missing, columns, key)


def _own_values(sheet: Sheet, cells: Cells) -> Flags:
    """Tell which rows have a value of their own, or one their employee's correction gives.

    A correction that erases counts as given: it has a finding of its own.
    """
    own = np.zeros(sheet.rows, np.bool_)
    given = (cells.state != State.EMPTY) & (cells.state != State.KEEP)
    if cells.key == "kpj":
        own[cells.rows[given & ~cells.after]] = True
        return own
    own[cells.rows[given]] = True
    corrected = np.zeros(sheet.employees, np.bool_)
    corrected[sheet.employee[cells.rows[cells.corrections]]] = True
    own |= corrected[sheet.employee]
    return own


def _family_card(sheet: Sheet, used: Flags) -> None:
    """REQ-01: the KK where NIK, name, place or date of birth change, once an employee."""
    changes = np.zeros(sheet.rows, np.bool_)
    for key in IDENTITY_KEYS:
        cells = sheet.cells.get(key)
        if cells is not None:
            changes[cells.rows[cells.corrections]] = True
    kk = sheet.cells.get("kk")
    has = np.zeros(sheet.rows, np.bool_)
    if kk is not None and len(kk):
        places = kk.of_row
        has = (places >= 0) & (kk.state[np.maximum(places, 0)] != State.ERASE)
    rows = np.flatnonzero(changes & ~has & used)
    _, first = np.unique(sheet.employee[rows], return_index=True)
    rows = rows[np.sort(first)]
    column = sheet.column("record", "kk")
    case = "kk-column"
    if column >= 0:
        case = "kk"
    _write(sheet, "REQ-01", case, rows, np.full(len(rows), column, np.intp), "kk")


def judge_corrections(sheet: Sheet, used: Flags) -> None:
    """ROW-01 to ROW-05, and what `Data` must name (REQ-01, COD-01, CELL-13)."""
    asked = np.zeros(sheet.rows, np.bool_)
    for cells in sheet.cells.values():
        asked[cells.rows[cells.corrections]] = True
    if sheet.table.layout == "per-correction":
        asked |= _judge_data(sheet, used)
        column, case = sheet.column("after"), "cell"
    else:
        column, case = -1, "row"
    idle = np.flatnonzero(used & ~asked)
    named = [
        FIELDS[place].key if place >= 0 else None for place in sheet.which[idle].tolist()
    ] if case == "cell" else [None] * len(idle)  # fmt: skip
    for key in dict.fromkeys(named):
        rows = idle[[name == key for name in named]]
        meant, spots = _left_out(sheet, rows, column) if key is None else (None, None)
        sheet.ledger.add("ROW-01", case, rows.tolist(), [column] * len(rows), key, meant, spots)
    for cells in sheet.cells.values():
        _twice(sheet, cells)
        _unchanged(sheet, cells)
        out = cells.left_out
        _write(sheet, "ROW-04", "", cells.rows[out], cells.columns[out], cells.key)
    left = np.flatnonzero(sheet.left)
    _write(sheet, "ROW-04", "row", left, np.full(len(left), -1, np.intp), None)
    _judge_torn(sheet)


def _left_out(
    sheet: Sheet, rows: Places, menjadi: int
) -> tuple[list[str | None] | None, list[Params | None] | None]:
    """Offer TIDAK BERUBAH for rows that ask for nothing; where, if a row has several Menjadi.

    What is filled in beside a correction says that one is missing, and so does a new value
    in a column that isn't known.
    """
    table = sheet.table
    columns = [at for at, role in enumerate(table.roles) if role.part == "after"]
    if not columns:
        return None, None
    silent = np.zeros(sheet.rows, np.bool_)
    silent[rows] = True
    for role, header, held in zip(table.roles, table.headers, table.columns, strict=True):
        if role.part in _BESIDE or (role.part == "unknown" and says_new(header)):
            silent &= ~_says_something(held, silent)
        elif role.part == "after":  # "TIDAK ADA" is read as empty, and may have meant HAPUS
            for row in np.flatnonzero(silent & (held.kinds == Kind.TEXT)).tolist():
                silent[row] = not has_letter(held.values[row])
    meant = [KEEP if silent[row] else None for row in rows.tolist()]
    if menjadi >= 0:
        return meant, None
    first = columns[0]
    numbers, texts = table.row_numbers, table.columns[first].values
    return meant, [
        {FIXES: json.dumps([[int(numbers[row]), first, texts[row], text]])} if text else None
        for row, text in zip(rows.tolist(), meant, strict=True)
    ]


def _judge_data(sheet: Sheet, used: Flags) -> Flags:
    """Judge the `Data` column; return the rows whose Menjadi is filled in vain."""
    which, menjadi = sheet.column("which"), sheet.column("after")
    in_vain = np.zeros(sheet.rows, np.bool_)
    if menjadi >= 0:
        in_vain = _says_something(sheet.table.columns[menjadi], sheet.which < 0)
    if which >= 0:
        _judge_which(sheet, which)
    rows = np.flatnonzero(used & in_vain & (sheet.which == NOTHING))
    say: list[Params] = [{"accepted": _SOME_DATA, "accepted_en": _SOME_DATA_EN}] * len(rows)
    _write(sheet, "REQ-01", "which", rows, np.full(len(rows), which, np.intp), "data", say)
    in_vain |= sheet.which == UNKNOWN
    return in_vain


def _judge_which(sheet: Sheet, column: int) -> None:
    """COD-01 and CELL-13 on the `Data` column."""
    values, kinds = sheet.table.columns[column].values, sheet.table.columns[column].kinds
    errors = np.flatnonzero(kinds == Kind.ERROR)
    shown = np.array([values[row] == PICTURE for row in errors.tolist()], np.bool_)
    for rows, case in (
        (errors[~shown], "error"),
        (errors[shown], "picture"),
        (np.flatnonzero(kinds == Kind.FORMULA), "formula"),
        (np.flatnonzero(kinds == Kind.BOOLEAN), "boolean"),
    ):
        _write(sheet, "CELL-13", case, rows, np.full(len(rows), column, np.intp), "data")
    odd = (sheet.which == UNKNOWN) & ((kinds <= Kind.DATE) | (kinds == Kind.TIME))
    several: dict[int, Params] = {}
    for row in np.flatnonzero(odd).tolist():
        named = fields_named(values[row])
        if named:
            several[row] = {"accepted": ", ".join(field.label for field in named)}
            odd[row] = False
    rows = np.array(list(several), np.intp)
    columns = np.full(len(rows), column, np.intp)
    _write(sheet, "COD-01", "several", rows, columns, "data", list(several.values()))
    rows = np.flatnonzero(odd)
    say: list[Params] = [{"accepted": ACCEPTED_DATA}] * len(rows)
    _write(sheet, "COD-01", "data", rows, np.full(len(rows), column, np.intp), "data", say)


def _judge_torn(sheet: Sheet) -> None:
    """ROW-05: the rows that only go on from one above, and that one, which lacks their part."""
    table = sheet.table
    rests: dict[int, list[int]] = {}
    for row, begun in sheet.torn.items():
        rests.setdefault(begun, []).append(row)
        said = [header for at, header in enumerate(table.headers) if text_at(table, row, at)]
        say: Params = {"rows": rows_named(sheet, [begun]), "which": ", ".join(said)}
        sheet.ledger.add("ROW-05", "below", [row], [-1], None, params=[say])
    for begun, rows in rests.items():
        say = {"rows": rows_named(sheet, rows)}
        case = "perhaps" if is_whole_perhaps(table, rows) else "above"
        sheet.ledger.add("ROW-05", case, [begun], [-1], None, params=[say])


def _twice(sheet: Sheet, cells: Cells) -> None:
    """ROW-02: one employee, one field, two Menjadi."""
    corrections = cells.corrections
    shared = corrections[sheet.several[cells.rows[corrections]]]
    groups: dict[int, list[int]] = {}
    for place in shared.tolist():
        groups.setdefault(int(sheet.employee[cells.rows[place]]), []).append(place)
    for places in groups.values():
        if len(places) > 1:
            _report_twice(sheet, cells, places)


def _report_twice(sheet: Sheet, cells: Cells, places: list[int]) -> None:
    """Report lines of one employee and field; 100,000 of them in one pass."""
    first: dict[str, int] = {}
    for place in places:
        first.setdefault(cells.clean[place], int(cells.rows[place]))
    conflict = len(first) > 1 and cells.key != MERGE
    few = dict(islice(first.items(), _FEW))
    for place in places:
        row, value = int(cells.rows[place]), cells.clean[place]
        if conflict:
            others = [other for each, other in few.items() if each != value]
        else:
            others = [first[value]] if first[value] != row else []
        if others:
            sheet.ledger.add(
                "ROW-02", "conflict" if conflict else "repeat", [row],
                [int(cells.columns[place])], cells.key, params=[{"rows": rows_named(sheet, others)}],
            )  # fmt: skip


def before_of(sheet: Sheet, cells: Cells, places: Places) -> list[str]:
    """Return the clean old value of correction cells: Semula, or the record column."""
    rows = cells.rows[places]
    old = take(cells.clean, rows) if cells.whole else [""] * len(places)
    if cells.key in sheet.before:
        said = _semula(sheet, cells.key, rows)
        old = [semula or value for semula, value in zip(said, old, strict=True)]
    return old


def _semula(sheet: Sheet, key: str, rows: Places) -> list[str]:
    """Return what Semula says of a field at some rows, "" where nothing."""
    if key not in sheet.before:
        return [""] * len(rows)
    at, reading = sheet.before[key]
    found = np.minimum(np.searchsorted(at, rows), len(at) - 1)
    return list(gather(reading.clean, np.where(at[found] == rows, found, -1)))


def _unchanged(sheet: Sheet, cells: Cells) -> None:
    """ROW-03: the cleaned old value equals the new one, so the correction may be left out."""
    corrections = cells.corrections
    usable = corrections[cells.state[corrections] == State.VALUE]
    kept = sheet.effective_values("kpj") if cells.key == MERGE else None
    same: list[int] = []
    for part in parts_of(usable):
        if kept is not None:
            old = take(kept, cells.rows[part])
        elif sheet.table.layout == "per-correction":
            old = _semula(sheet, cells.key, cells.rows[part])
        else:
            old = before_of(sheet, cells, part)
        new = take(cells.clean, part)
        same += [
            place for place, before, after in zip(part.tolist(), old, new, strict=True)
            if before and before == after
        ]  # fmt: skip
    where = np.array(same, np.intp)
    rows, columns = cells.rows[where].tolist(), cells.columns[where].tolist()
    if kept is None:
        meant = repeat(KEEP, len(rows))
        sheet.ledger.add("ROW-03", "", rows, columns, cells.key, suggestions=meant)
    else:
        sheet.ledger.add("ROW-03", "itself", rows, columns, cells.key)


def _says_something(column: Column, among: Flags) -> Flags:
    """Tell which of the chosen cells of a column that no reader took are not empty."""
    said: Flags = among & (column.kinds != Kind.EMPTY)
    for row in np.flatnonzero(said & (column.kinds == Kind.TEXT)).tolist():
        text = tidy(column.values[row], compatible=True)
        said[row] = bool(text) and not is_placeholder(text)
    return said


def judge_seen(sheet: Sheet) -> None:
    """FIL-05, FIL-08 to FIL-10: what a file does to a row beside its values is said.

    Rows that are hidden, crossed out or not to be seen are read, comments on cells are not.
    """
    numbers = sheet.table.row_numbers
    for remark in sheet.table.remarks:
        code = _SEEN.get(remark.kind)
        if code is None:
            continue
        cells: dict[int, list[str]] = {}
        for cell in remark.cells:
            cells.setdefault(int(cell.lstrip(ascii_uppercase)), []).append(cell)
        rows = np.flatnonzero(np.isin(numbers, list(remark.rows)) & ~sheet.aside)
        params: list[Params] | None = (
            [{"cells": _listed(cells[number])} for number in numbers[rows].tolist()]
            if cells else None
        )  # fmt: skip
        case = "cells" if cells else ""
        _write(sheet, code, case, rows, np.full(len(rows), -1, np.intp), None, params)


def _listed(cells: list[str]) -> str:
    return ", ".join(cells[:_NAMED]) + (" …" if len(cells) > _NAMED else "")


def _write(
    sheet: Sheet,
    code: str,
    case: str,
    rows: Places,
    columns: Places | NDArray[np.int32],
    key: str | None,
    params: list[Params] | None = None,
) -> None:
    sheet.ledger.add(code, case, rows.tolist(), columns.tolist(), key, params=params)
