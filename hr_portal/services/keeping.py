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
from hr_portal.domain.report import ROW_EMPTY, Report, Settled
from hr_portal.domain.texts import Places, Strings, take
from hr_portal.services import marked_rows, row_lists
from hr_portal.services.early import INDEXED, Early
from hr_portal.services.rowdata import BLOCK_ROWS, EMPLOYEE_KEYS, block_place, finding_place

Item = TypeVar("Item")
Rows = list[tuple[object, ...]]
Part = list[tuple[sa.Table, tuple[str, ...], Rows]]
"""Rows by table and columns, to be inserted in one transaction."""

BLOCKS_AT_ONCE = 100
"""So many blocks and their rows are one part."""
AT_ONCE = 20_000
"""So many findings are one part."""

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


def settled_parts(
    settled: Settled, revision_id: int, key: CompanyKey, early: Early
) -> Iterator[Part]:
    """Yield what needs no findings: the blocks of cells, and the corrections.

    `early` is what was made of the table before, under the same key.
    """
    for blocks, corrections in _Blocks(revision_id, key, settled, early):
        yield [
            (_table(RowBlock), BLOCK_COLUMNS, blocks),
            (_table(Correction), CORRECTION_COLUMNS, corrections),
        ]


def found_parts(report: Report, revision_id: int, key: CompanyKey, early: Early) -> Iterator[Part]:
    """Yield the rest of a report: rows and their outcome, lists, findings."""
    held = np.flatnonzero(report.row_severity != ROW_EMPTY)
    for rows in _rows(revision_id, report, held, early):
        yield [(_table(Row), ROW_COLUMNS, rows)]
    lists = row_lists.records(
        revision_id, report.table.row_numbers[held], report.row_severity[held]
    )
    yield [
        (row_lists.TABLE, row_lists.COLUMNS, lists),
        (marked_rows.TABLE, marked_rows.COLUMNS, marked_rows.of_check(revision_id, report)),
    ]
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
    """Cuts a sheet into sealed blocks and their corrections, some blocks at a time."""

    def __init__(self, revision_id: int, key: CompanyKey, settled: Settled, early: Early) -> None:
        self.revision_id, self.key, self.settled = revision_id, key, settled
        table = settled.table
        held = np.flatnonzero(~settled.empty)
        self.held = held
        self.early = early
        self.values = [column.values for column in table.columns]
        # one byte a cell: "0", "1" ... as text
        self.kinds = [(column.kinds + ord("0")).tobytes() for column in table.columns]
        self.employee = [settled.employee[name] for name in EMPLOYEE_KEYS]
        self.repeats = [self._repeated(values) for values in self.employee]
        asked = settled.corrections
        # corrections come in the order of the rows: where each row's begin
        self.rows = np.asarray(asked.row)
        self.asked_from = np.searchsorted(self.rows, np.arange(len(table) + 1)).astype(np.int32)
        self.slots = (np.searchsorted(held, self.rows) % BLOCK_ROWS).astype(np.uint8)
        self.of_field, self.fields = marked_rows.fields_of(asked)

    def _repeated(self, values: Strings) -> int | None:
        """Return the column whose clean values these are, to the object."""
        for place, (raw, clean) in enumerate(zip(self.values, self.settled.clean, strict=True)):
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
                self._corrections(self._asked(cut[0][0], cut[-1][-1])),
            )

    def _packed(self, block: int, rows: Places) -> bytes:
        """Return a block in the form of a fresh check, see `Block.unpacked`."""
        first, last = int(rows[0]), int(rows[-1])
        pick = _picker(rows)
        asked, part = self.settled.corrections, self._asked(first, last)
        slots = (rows - first).tolist()
        return orjson.dumps(
            (
                self.settled.table.row_numbers[rows].tolist(),
                self._cells(block, rows),
                [_chosen(column[first : last + 1].decode(), slots) for column in self.kinds],
                [None if clean is None else pick(clean) for clean in self.settled.clean],
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
        whole = len(self.held) == len(self.settled.table)  # else blocks have other rows
        made = self.early.take_cells(block) if whole else None
        if made is not None:
            return orjson.Fragment(made)
        return [*map(_picker(rows), self.values)]

    def _asked(self, first: int, last: int) -> slice:
        """Return which corrections the rows from `first` to `last` ask for."""
        return slice(int(self.asked_from[first]), int(self.asked_from[last + 1]))

    def _corrections(self, part: slice) -> Rows:
        asked, numbers = self.settled.corrections, self.settled.table.row_numbers
        told = zip(numbers[self.rows[part]].tolist(), asked.field_key[part], strict=True)
        return [(self.revision_id, number, field) for number, field in told]


def _rows(revision_id: int, report: Report, held: Places, early: Early) -> Iterator[Rows]:
    """Yield the rows that hold anything, those of some blocks at a time."""
    employee, numbers = report.employee, report.table.row_numbers
    kpj, nik = (early.indexes(kind, employee[kind]) for kind in INDEXED)
    for start in range(0, len(held), BLOCKS_AT_ONCE * BLOCK_ROWS):
        rows = held[start : start + BLOCKS_AT_ONCE * BLOCK_ROWS]
        yield list(
            zip(
                itertools.repeat(revision_id, len(rows)),
                numbers[rows].tolist(),
                ((start + np.arange(len(rows))) // BLOCK_ROWS).tolist(),
                report.row_severity[rows].tolist(),
                _picker(rows)(employee["nama"]),
                kpj.at(rows),
                nik.at(rows),
                strict=True,
            )
        )


def _picker(rows: Places) -> Callable[[Strings], list[str]]:
    """Return what takes some rows out of a column: a slice, unless rows between are empty."""
    first, last = int(rows[0]), int(rows[-1])
    if last - first == len(rows) - 1:
        return lambda column: column[first : last + 1]
    return lambda column: take(column, rows)


def _chosen(text: str, slots: list[int]) -> str:
    return text if len(text) == len(slots) else "".join([text[slot] for slot in slots])


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
