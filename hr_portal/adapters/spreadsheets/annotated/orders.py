"""What is to be written into a workbook, and how that goes through the pipe.

The head is one JSON object; then comes one JSON array a row, in the order of
the rows, so that neither side ever holds them all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO, NamedTuple

import orjson

from hr_portal.domain.report import Severity

HASIL, CATATAN, RINGKASAN = "Hasil", "Catatan", "Ringkasan"
"""What is ours in a workbook: two columns and a sheet."""

SUMMARY_TITLE = "Ringkasan pemeriksaan Portal Koreksi Data"
"""What the first cell of our sheet says; by it the sheet is known when it comes back."""

VALID, WARNING, INVALID = "Valid", "Peringatan", "Tidak valid"
SKIPPED, UNTAKEN = "Dilewati", "Tidak terbaca"
VERDICTS = frozenset({VALID, WARNING, INVALID, SKIPPED, UNTAKEN})
"""All that our column Hasil ever says."""

MAX_COMMENTS = 5_000
COMMENT_MARK = "Portal Koreksi Data:"
"""How our comments begin, and our part of a comment that was there already."""
COMMENT_END = "Tulis perbaikan di selnya, bukan di komentar ini."
"""How they end: what stands behind it the user has added."""

PROPERTY = "PortalKoreksiData"
"""The custom property of a workbook that holds the batch mark."""

TONES: dict[int, str] = {
    int(Severity.ERROR): "error",
    int(Severity.OVERRIDE): "override",
    int(Severity.WARNING): "warning",
}
"""The severities that colour a cell."""


class CellNote(NamedTuple):
    """What is said of one cell."""

    column: int
    """Its place in the sheet, 0 = A."""
    severity: int
    text: str


@dataclass(frozen=True, slots=True)
class RowNote:
    """What is said of one row; a row without a verdict only has its cells marked."""

    number: int
    verdict: str = ""
    text: str = ""
    severity: int = 0
    cells: tuple[CellNote, ...] = ()
    changes: tuple[tuple[int, str], ...] = ()
    """(column, new text): cells that were changed on the page."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule in the summary: how often it was broken, and what to do."""

    severity: int
    code: str
    title: str
    column: str
    findings: int
    rows: int
    advice: str


@dataclass(frozen=True, slots=True)
class Order:
    """What to write, but for the rows."""

    sheet: str
    header_row: int
    last_column: int
    """The last column of the table, 0 = A; ours come after it."""
    own_columns: tuple[int, ...] = ()
    """Where our columns stand already, from the time before."""
    identifiers: tuple[int, ...] = ()
    """Columns that get the number format Text."""
    mark: str = ""
    """The batch mark, "" where there is no batch."""
    facts: tuple[tuple[str, str], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    rules: tuple[RuleLine, ...] = ()
    steps: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    """Columns of a csv whose digits were judged as those of number cells, and come back so."""
    has_changes: bool = False
    columns: tuple[int, ...] = ()
    """All columns of the table, where one of them may be the sheet's last."""
    whole_file: tuple[str, ...] = field(default=())
    """Sentences about no single row or column."""


def pack(order: Order, rows: Iterable[RowNote]) -> Iterator[bytes]:
    """Yield lines of JSON: the order, then its rows."""
    yield orjson.dumps(asdict(order)) + b"\n"
    for row in rows:
        line: list[Any] = [row.number, row.verdict, row.text, row.severity]
        if row.cells or row.changes:
            line += [[tuple(cell) for cell in row.cells], row.changes]
        yield orjson.dumps(line) + b"\n"


def unpack(stream: BinaryIO) -> tuple[Order, Iterator[RowNote]]:
    """Read what `pack` wrote; the rows lazily."""
    head = orjson.loads(stream.readline())
    head["rules"] = tuple(RuleLine(**rule) for rule in head["rules"])
    for key in ("own_columns", "identifiers", "numbers", "steps", "columns", "whole_file"):
        head[key] = tuple(head[key])
    for key in ("facts", "counts"):
        head[key] = tuple((name, value) for name, value in head[key])
    return Order(**head), _rows(stream)


def _rows(stream: BinaryIO) -> Iterator[RowNote]:
    for line in stream:
        number, verdict, text, severity, *more = orjson.loads(line)
        if not more:
            yield RowNote(number, verdict, text, severity)
            continue
        cells, changes = more
        yield RowNote(
            number, verdict, text, severity, tuple(CellNote(*cell) for cell in cells),
            tuple((column, new) for column, new in changes),
        )  # fmt: skip
