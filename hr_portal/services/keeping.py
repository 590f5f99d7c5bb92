"""A checked report as rows for the database, part by part.

What is sealed or indexed is made here; the next part is made while the database
takes the one before, so that a sheet of any size needs the memory of two parts.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import numpy as np
import orjson
import sqlalchemy as sa

from hr_portal.adapters.database.models import Correction, FindingRow, Row, RowBlock
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.report import ROW_EMPTY, Report
from hr_portal.domain.texts import Places, Strings, take
from hr_portal.services import marked_rows, row_lists
from hr_portal.services.early import Early
from hr_portal.services.rowdata import BLOCK_ROWS, EMPLOYEE_KEYS, block_place, finding_place

Item = TypeVar("Item")
Rows = list[tuple[object, ...]]
Part = list[tuple[sa.Table, tuple[str, ...], Rows]]
"""Rows by table and columns, to be inserted in one transaction."""

BLOCKS_AT_ONCE = 100
"""So many blocks and their rows are one part."""
AT_ONCE = 20_000
"""So many corrections, or findings, are one part."""

BLOCK_COLUMNS = ("revision_id", "block", "content")
ROW_COLUMNS = ("revision_id", "number", "block", "severity", "name", "kpj_index", "nik_index")
CORRECTION_COLUMNS = ("revision_id", "row_number", "field")
FINDING_COLUMNS = (
    "revision_id",
    "row_number",
    "column_index",
    "code",
    "kind",
    "severity",
    "field",
    "detail",
)


def parts_of(
    report: Report, revision_id: int, key: CompanyKey, early: Early | None = None
) -> Iterator[Part]:
    """Yield all rows of a report: blocks with their rows, lists, corrections, findings.

    `early` is what was made of its table before, under the same key.
    """
    cut = _Blocks(revision_id, key, report, early or Early(key))
    for blocks, rows in cut:
        yield [
            (_table(RowBlock), BLOCK_COLUMNS, blocks),
            (_table(Row), ROW_COLUMNS, rows),
        ]
    held = report.row_severity != ROW_EMPTY
    lists = row_lists.records(
        revision_id, report.table.row_numbers[held], report.row_severity[held]
    )
    asked = marked_rows.asked_in(report, cut.of_field, cut.fields)
    marks = marked_rows.of_check(revision_id, report, asked)
    yield [
        (row_lists.TABLE, row_lists.COLUMNS, lists),
        (marked_rows.TABLE, marked_rows.COLUMNS, marks),
    ]
    for corrections in _corrections(revision_id, report):
        yield [(_table(Correction), CORRECTION_COLUMNS, corrections)]
    for findings in _findings(revision_id, key, report):
        yield [(_table(FindingRow), FINDING_COLUMNS, findings)]


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield items, each made while the caller is busy with the one before."""
    walk = iter(items)
    end = object()
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, walk, end)
        while (item := following.result()) is not end:
            following = pool.submit(next, walk, end)
            yield cast("Item", item)


def _table(model: type[Any]) -> sa.Table:
    return cast("sa.Table", model.__table__)


class _Blocks:
    """Cuts a report into sealed blocks and their rows, some blocks at a time."""

    def __init__(self, revision_id: int, key: CompanyKey, report: Report, early: Early) -> None:
        self.revision_id, self.key, self.report = revision_id, key, report
        table = report.table
        held = np.flatnonzero(report.row_severity != ROW_EMPTY)
        self.held = held
        self.early = early
        self.values = [column.values for column in table.columns]
        # one byte a cell: "0", "1" ... as text
        self.kinds = [(column.kinds + ord("0")).tobytes() for column in table.columns]
        self.employee = [report.employee[name] for name in EMPLOYEE_KEYS]
        self.repeats = [self._repeated(values) for values in self.employee]
        asked = report.corrections
        # corrections come in the order of the rows: where each row's begin
        rows = np.asarray(asked.row)
        self.asked_from = np.searchsorted(rows, np.arange(len(table) + 1)).astype(np.int32)
        self.slots = (np.searchsorted(held, rows) % BLOCK_ROWS).astype(np.uint8)
        self.of_field, self.fields = marked_rows.fields_of(report)
        kpj, nik, self.names = self.employee[:3]
        self.kpj, self.nik = early.indexes("kpj", kpj), early.indexes("nik", nik)

    def _repeated(self, values: Strings) -> int | None:
        """Return the column whose clean values these are, to the object."""
        for place, (raw, clean) in enumerate(zip(self.values, self.report.clean, strict=True)):
            if values is (raw if clean is None else clean):
                return place
        return None

    def __iter__(self) -> Iterator[tuple[Rows, Rows]]:
        count = -(-len(self.held) // BLOCK_ROWS)
        for start in range(0, count, BLOCKS_AT_ONCE):
            part = range(start, min(start + BLOCKS_AT_ONCE, count))
            cut = [self.held[n * BLOCK_ROWS : (n + 1) * BLOCK_ROWS] for n in part]
            sealed = self.key.seal_many(
                [block_place(self.revision_id, n) for n in part],
                [self._packed(n, rows) for n, rows in zip(part, cut, strict=True)],
            )
            yield (
                [(self.revision_id, n, content) for n, content in zip(part, sealed, strict=True)],
                self._rows(np.concatenate(cut), start),
            )

    def _packed(self, block: int, rows: Places) -> bytes:
        """Return a block in the form of a fresh check, see `Block.unpacked`."""
        first, last = int(rows[0]), int(rows[-1])
        pick = self._picker(rows)
        asked = self.report.corrections
        part = slice(int(self.asked_from[first]), int(self.asked_from[last + 1]))
        slots = (rows - first).tolist()
        return orjson.dumps(
            (
                self.report.table.row_numbers[rows].tolist(),
                self._cells(block, rows),
                [_chosen(column[first : last + 1].decode(), slots) for column in self.kinds],
                [None if clean is None else pick(clean) for clean in self.report.clean],
                [
                    pick(column) if repeated is None else repeated
                    for column, repeated in zip(self.employee, self.repeats, strict=True)
                ],
                {
                    "fields": self.fields,
                    "of": self.of_field[part].tolist(),
                    "slots": self.slots[part].tolist(),
                    "before": asked.before[part],
                    "after": asked.after[part],
                },
            )
        )

    def _cells(self, block: int, rows: Places) -> list[list[str]] | orjson.Fragment:
        """Return the cells of a block as found, by columns."""
        whole = len(self.held) == len(self.report.table)  # else blocks have other rows
        made = self.early.cells(block) if whole else None
        if made is not None:
            return orjson.Fragment(made)
        return [*map(self._picker(rows), self.values)]

    def _picker(self, rows: Places) -> Callable[[Strings], list[str]]:
        """Return what takes some rows out of a column: a slice, unless rows between are empty."""
        first, last = int(rows[0]), int(rows[-1])
        if last - first == len(rows) - 1:
            return lambda column: column[first : last + 1]
        return lambda column: take(column, rows)

    def _rows(self, rows: Places, first_block: int) -> Rows:
        """Return the rows of some blocks that follow each other."""
        return list(
            zip(
                itertools.repeat(self.revision_id, len(rows)),
                self.report.table.row_numbers[rows].tolist(),
                (first_block + np.arange(len(rows)) // BLOCK_ROWS).tolist(),
                self.report.row_severity[rows].tolist(),
                self._picker(rows)(self.names),
                self.kpj.at(rows),
                self.nik.at(rows),
                strict=True,
            )
        )


def _chosen(text: str, slots: list[int]) -> str:
    return text if len(text) == len(slots) else "".join([text[slot] for slot in slots])


def _corrections(revision_id: int, report: Report) -> Iterator[Rows]:
    asked, numbers = report.corrections, report.table.row_numbers
    of_row = np.asarray(asked.row)
    for start in range(0, len(asked), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        told = zip(numbers[of_row[part]].tolist(), asked.field_key[part], strict=True)
        yield [(revision_id, number, field) for number, field in told]


def _findings(revision_id: int, key: CompanyKey, report: Report) -> Iterator[Rows]:
    numbers = report.table.row_numbers
    walk = iter(report.findings)
    while part := list(itertools.islice(walk, AT_ONCE)):
        rows = [int(numbers[f.row]) if f.row >= 0 else 0 for f in part]
        places = [
            finding_place(revision_id, row, f.code, f.column)
            for row, f in zip(rows, part, strict=True)
        ]
        plains = [
            orjson.dumps({"value": f.value, "suggestion": f.suggestion, "params": f.params})
            for f in part
        ]
        sealed = key.seal_many(places, plains)
        yield [
            (revision_id, row, f.column, f.code, f.case, int(f.severity), f.field, detail)
            for row, f, detail in zip(rows, part, sealed, strict=True)
        ]
