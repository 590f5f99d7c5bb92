"""check(): one table in, one report out; the same rules for a sheet and a form."""

from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain.checks import (
    across,
    company,
    dates,
    merging,
    numbers,
    others,
    past,
    proposals,
    row_rules,
    whole,
)
from hr_portal.domain.checks.columns import KPJ_FIELDS
from hr_portal.domain.checks.reading import Flags, Places
from hr_portal.domain.checks.row_rules import before_of
from hr_portal.domain.checks.sheet import Cells, Sheet, take_apart
from hr_portal.domain.fields import FIELD, FIELDS
from hr_portal.domain.history import NO_HISTORY, History
from hr_portal.domain.report import ROW_EMPTY, Corrections, Report, Settled
from hr_portal.domain.rules import RULESET
from hr_portal.domain.table import Column, Kind, Part, Role, Table
from hr_portal.domain.texts import Strings, Texts, in_parts, parts_of, put, take

Progress = Callable[[int, int], None]
Settle = Callable[[Settled], None]
Rows = NDArray[np.int32]

_PART_LABELS = {
    "which": "Data", "before": "Semula", "after": "Menjadi", "reason": "Alasan",
    "note": "Keterangan",
}  # fmt: skip
_EMPLOYEE_KEYS = ("kpj", "nik", "nama", "tanggal_lahir", "kk")
_NUMBERS = KPJ_FIELDS | {"nik", "kk"}
_SETTLING = others.SETTLING | {field.key for field in FIELDS if field.kind == "date"}
"""Fields beside the numbers whose rules may still change what a cell is taken to say."""
_PLACE = {field.key: place for place, field in enumerate(FIELDS)}


def check(
    table: Table,
    *,
    today: date,
    progress: Progress | None = None,
    history: History = NO_HISTORY,
    npp: str | None = None,
    settle: Settle | None = None,
) -> Report:
    """Judge a table by all rules; reads nothing but its arguments.

    Findings come with what was probably meant, where that can be told.

    `today` decides ages and futures. `progress(done, of)` is called with
    numbers of rows as the work goes on, at last with (n, n). `history` says
    what earlier batches hold (HIS rules), `npp` the account's (NPP rules).
    `settle` is told what stands before the findings do, as early as it does.
    """
    sheet, report = _judge(table, today, npp, _Teller(len(table), progress), settle)
    proposals.complete(
        sheet, report.findings, lambda trial: _judge(trial, today, npp, _Teller(0, None))[1]
    )
    past.compare_history(report, history)
    return report


def _judge(
    table: Table, today: date, npp: str | None, tell: "_Teller", settle: Settle | None = None
) -> tuple[Sheet, Report]:
    """Judge a table by all rules, each finding with what its own cell proposes."""
    sheet = take_apart(table, today)
    tell(0.45)
    empty = row_rules.empty_rows(sheet)
    _judge_numbers(sheet)
    _judge_others(sheet, _SETTLING)
    company.judge_company(sheet, npp)
    tell(0.6)
    # No rule from here on changes what a cell is taken to say. Where nobody waits for that, it is
    # made last, when the rules hold no memory any more.
    settled = None
    if settle is not None:
        settled = _settled(sheet, empty)
        settle(settled)
    _judge_others(sheet, FIELD.keys() - _NUMBERS - _SETTLING)
    tell(0.7)
    _judge_across(sheet)
    tell(0.85)
    used = ~(empty | sheet.aside)
    row_rules.judge_required(sheet, used)
    row_rules.judge_corrections(sheet, used)
    row_rules.judge_seen(sheet)
    report = _report(sheet, settled or _settled(sheet, empty))
    tell(1.0)
    return sheet, report


def check_row(
    values: Mapping[str | tuple[Part, str | None], str],
    *,
    today: date,
    history: History = NO_HISTORY,
) -> Report:
    """Judge one row given as text: a form or a JSON request.

    Keys are a field (its value on record) or a role: ("after", "nik") is the
    new NIK; ("which", None), ("before", None), ("after", None) make a row of
    the per-correction layout. Raises KeyError for a field that is unknown.
    """
    return check_rows([values], today=today, history=history)


def check_rows(
    rows: Sequence[Mapping[str | tuple[Part, str | None], str]],
    *,
    today: date,
    history: History = NO_HISTORY,
    npp: str | None = None,
) -> Report:
    """Judge rows given as text, among each other too; keys as for `check_row`.

    A role that a row doesn't name is an empty cell. Rows are numbered from 1.
    """
    named = dict.fromkeys(key for row in rows for key in row)
    roles = [Role("record", key) if isinstance(key, str) else Role(*key) for key in named]
    for role in roles:
        if role.field is not None:
            FIELD[role.field]
    table = Table(
        file="", sheet="", header_row=0, headers=[_label(role) for role in roles],
        layout="per-correction" if Role("which") in roles else "per-employee",
        letters=[""] * len(roles), roles=roles,
        columns=[_cells([row.get(key, "") for row in rows]) for key in named],
        row_numbers=np.arange(1, len(rows) + 1, dtype=np.int32), source="form",
    )  # fmt: skip
    return check(table, today=today, history=history, npp=npp)


def _label(role: Role) -> str:
    """Return the header that a role has in the template."""
    part = _PART_LABELS.get(role.part, "")
    if role.field is None:
        return part or role.part
    label = FIELD[role.field].label
    return f"{label} ({part})" if part else label


def _cells(values: list[str]) -> Column:
    kinds = [Kind.TEXT if value else Kind.EMPTY for value in values]
    return Column(values, np.array(kinds, np.uint8))


class _Teller:
    """Turns a share of the work done into rows of rows."""

    def __init__(self, rows: int, progress: Progress | None) -> None:
        self._rows, self._progress = rows, progress

    def __call__(self, share: float) -> None:
        if self._progress is not None:
            self._progress(int(self._rows * share), self._rows)


def _judge_numbers(sheet: Sheet) -> None:
    cells = sheet.cells
    if "nik" in cells:
        numbers.judge_nik(sheet, cells["nik"])
    if "kk" in cells:
        numbers.begin_kk(sheet, cells["kk"])
        across.compare_family_cards(sheet)
        numbers.judge_kk(sheet, cells["kk"])
    for key in sorted(KPJ_FIELDS & set(cells)):
        numbers.judge_kpj(sheet, cells[key])


def _judge_others(sheet: Sheet, keys: Collection[str]) -> None:
    for key, cells in sheet.cells.items():
        if key in keys:
            judge = dates.judge_dates if FIELD[key].kind == "date" else others.judge
            judge(sheet, cells)


def _judge_across(sheet: Sheet) -> None:
    births = across.Births(sheet)
    across.compare_birth(sheet, births)
    across.compare_sex(sheet, births)
    across.compare_people(sheet)
    across.compare_cards(sheet)
    across.count_shared(sheet)
    across.replaced_niks(sheet)
    across.compare_holders(sheet)
    across.share_accounts(sheet)
    merging.judge_merges(sheet)
    whole.numeric_columns(sheet)
    whole.sex_columns(sheet)
    whole.swapped_columns(sheet, births)


def _settled(sheet: Sheet, empty: Flags) -> Settled:
    return Settled(
        table=sheet.table,
        empty=empty,
        corrections=_corrections(sheet),
        clean=_clean_columns(sheet),
        employee={key: sheet.effective_values(key) for key in _EMPLOYEE_KEYS},
        tidied_cells=_tidied(sheet),
    )


def _report(sheet: Sheet, settled: Settled) -> Report:
    row_severity = sheet.ledger.row_severity(sheet.rows)
    row_severity[settled.empty] = ROW_EMPTY
    return Report.of(settled, RULESET, row_severity, sheet.ledger.in_order())


def _corrections(sheet: Sheet) -> Corrections:
    """Return what the rows ask for, by row, then in the order of FIELDS."""
    every = sorted(sheet.cells.values(), key=lambda cells: _PLACE[cells.key])
    asking = [(cells, places) for cells in every if len(places := cells.corrections)]
    if not asking:
        return Corrections()
    made = Corrections(field_key=Texts(), before=Texts(), after=Texts())
    of_row = np.concatenate([cells.rows[places] for cells, places in asking])
    of_field = np.repeat(np.arange(len(asking)), [len(places) for _, places in asking])
    of_cell = np.concatenate([places for _, places in asking])
    order = np.argsort(of_row, kind="stable")
    made.row = array("i", of_row[order].astype(np.intc).tobytes())
    for part in parts_of(order):
        values = np.empty((3, len(part)), object)
        for field in np.unique(of_field[part]).tolist():
            here = of_field[part] == field
            cells, places = asking[field][0], of_cell[part[here]]
            values[0, here] = cells.key
            values[1, here] = before_of(sheet, cells, places)
            values[2, here] = take(cells.clean, places)
        for target, texts in zip((made.field_key, made.before, made.after), values, strict=True):
            target.extend(texts.tolist())
    return made


class _Clean:
    """The clean values of each column, None where nothing was cleaned."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.columns: list[Strings | None] = [None] * len(table.columns)

    def put(self, column: int, rows: Places, values: list[str]) -> None:
        """Set the clean values of some rows, which ascend."""
        target = self.columns[column]
        if target is None:
            target = self.columns[column] = self._table.columns[column].values.copy()
        put(target, rows, values)

    def put_cells(self, cells: Cells) -> None:
        """Set the clean values of a field."""
        cleaned = cells.reading.clean
        if cells.whole and len(cells) == len(self._table):
            self.columns[int(cells.columns[0])] = cleaned
            return
        for column in np.unique(cells.columns).tolist():
            for part in parts_of(np.flatnonzero(cells.columns == column)):
                self.put(column, cells.rows[part], take(cleaned, part))


def _clean_columns(sheet: Sheet) -> list[Strings | None]:
    """Return the clean values of each column, None where nothing was cleaned."""
    clean = _Clean(sheet.table)
    for cells in (*sheet.cells.values(), *sheet.company.values()):
        if cells.reading.clean is not cells.reading.raw:
            clean.put_cells(cells)
    semula = sheet.column("before")
    for rows, reading in sheet.before.values():
        if reading.clean is not reading.raw:
            for start, values in in_parts(reading.clean):
                clean.put(semula, rows[start : start + len(values)], values)
    return clean.columns


def _tidied(sheet: Sheet) -> dict[str, tuple[Rows, Rows]]:
    """Return rows and columns of the cells that each silent rule has cleaned."""
    rows: dict[str, list[Rows]] = {}
    columns: dict[str, list[Rows]] = {}
    for cells in (*sheet.cells.values(), *sheet.company.values()):
        for code, places in cells.reading.tidied.items():
            at = np.array(places, np.intp)
            rows.setdefault(code, []).append(cells.rows[at].astype(np.int32))
            columns.setdefault(code, []).append(cells.columns[at].astype(np.int32))
    semula = sheet.column("before")
    for at_rows, reading in sheet.before.values():
        for code, places in reading.tidied.items():
            rows.setdefault(code, []).append(at_rows[np.array(places, np.intp)].astype(np.int32))
            columns.setdefault(code, []).append(np.full(len(places), semula, np.int32))
    return {
        code: (np.concatenate(rows[code]), np.concatenate(columns[code])) for code in sorted(rows)
    }
