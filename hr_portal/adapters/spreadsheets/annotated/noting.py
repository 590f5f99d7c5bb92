"""From findings to notes: what is said in Hasil, Catatan, comments and Ringkasan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from hr_portal.adapters.spreadsheets.annotated.orders import (
    HASIL,
    INVALID,
    SKIPPED,
    UNTAKEN,
    VALID,
    WARNING,
    CellNote,
    RowNote,
    RuleLine,
)
from hr_portal.domain.fields import FIELD
from hr_portal.domain.report import ROW_EMPTY, Severity
from hr_portal.domain.rules import title
from hr_portal.domain.table import Remark, Role

_LONGEST_COMMENT = 1_500
_LONGEST_NOTE = 30_000
_IDENTIFIERS = frozenset(
    {"nik", "kk", "kpj", "npwp", "kpj_digabung", "hp", "kode_pos", "kode_bank", "no_rekening"}
)
"""Fields of digits, whose cells become text; whatever holds only digits can lose some."""


@dataclass(frozen=True, slots=True)
class Said:
    """One finding as it is written down."""

    row: int
    """The sheet's row number, 0 = the whole file."""
    column: int
    """Index into the table's columns, -1 = no single cell."""
    severity: int
    code: str
    case: str
    field: str | None
    sentence: str
    suggestion: str | None = None
    confirmed: str | None = None
    """The reason, where a warning was confirmed."""


def identifier_columns(roles: Iterable[Role], letters: Iterable[str]) -> tuple[int, ...]:
    """Return the sheet's columns that hold identifiers, 0 = A."""
    return tuple(
        column_index(letter)
        for role, letter in zip(roles, letters, strict=True)
        if role.field in _IDENTIFIERS or (role.part == "company" and role.field == "npp")
    )


AS_NUMBERS = frozenset({"CELL-05", "CELL-06", "CELL-07", "CELL-08", "KPJ-03", "BNK-04", "TAX-08"})
"""Rules that judge a number cell, or a csv column that went through one (FIL-02)."""


def number_columns(
    source: str, letters: Sequence[str], found: Iterable[tuple[str, int]]
) -> tuple[int, ...]:
    """Return the sheet's columns of a csv that were judged as numbers.

    As text they would pass the next check. `found` are codes with the column of the table.
    """
    if source != "csv":
        return ()
    judged = {column for code, column in found if code in AS_NUMBERS and column >= 0}
    return tuple(column_index(letters[column]) for column in sorted(judged))


def column_index(letters: str) -> int:
    """Return a column's place by its letters: "AB" is 27."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def row_notes(
    header_row: int,
    letters: list[str],
    severities: Iterable[tuple[int, int]],
    findings: Iterable[Said],
    remarks: Iterable[Remark],
    refused: Iterable[tuple[int, str, str]],
    changes: Mapping[int, Mapping[int, str]] | None = None,
) -> Iterator[RowNote]:
    """Yield what is said of each row, in the order of the sheet, the header's first.

    `severities` are (row number, worst severity) and `findings` what was found,
    both by row; rows without a finding are told as valid. `changes` are new
    texts by row number and the sheet's column, also of the header.
    """
    changes = changes or {}
    columns = [column_index(each) for each in letters]
    extra = _extra(header_row, remarks, refused)
    by_row = groupby(findings, key=lambda one: one.row)
    number, group = next(by_row, (None, None))
    heading: list[Said] = []
    if number == 0 and group is not None:
        heading = [one for one in group if one.column >= 0]
        number, group = next(by_row, (None, None))
    renamed = tuple(changes.get(header_row, {}).items())
    yield RowNote(header_row, HASIL, cells=_cells(heading, columns), changes=renamed)
    waiting = iter(sorted(extra.items()))
    other = next(waiting, None)
    for row, severity in severities:
        while other is not None and other[0] < row:
            yield other[1]
            other = next(waiting, None)
        found: list[Said] = []
        if number == row and group is not None:
            found = list(group)
            number, group = next(by_row, (None, None))
        changed = tuple(changes.get(row, {}).items())
        yield _row(row, severity, found, columns, changed)
    while other is not None:
        yield other[1]
        other = next(waiting, None)


def _extra(
    header_row: int, remarks: Iterable[Remark], refused: Iterable[tuple[int, str, str]]
) -> dict[int, RowNote]:
    """Return notes on rows that are not in the table: skipped ones and those not taken."""
    notes = {
        row: RowNote(row, SKIPPED, remark.text)
        for remark in remarks
        if remark.kind == "skipped-row"
        for row in remark.rows
        if row > header_row
    }
    for row, why, _ in refused:
        notes[row] = RowNote(row, UNTAKEN, why, int(Severity.ERROR))
    return notes


def _row(
    number: int, severity: int, found: list[Said], columns: list[int],
    changes: tuple[tuple[int, str], ...],
) -> RowNote:  # fmt: skip
    if severity == ROW_EMPTY:
        return RowNote(number, changes=changes)
    verdict = VALID
    if severity >= Severity.OVERRIDE:
        verdict = INVALID
    elif severity == Severity.WARNING:
        verdict = WARNING
    if not found and not changes:
        return RowNote(number, verdict, "", severity)
    worst_first = sorted(found, key=lambda one: -one.severity)
    text = "\n".join(map(_told, worst_first))
    if len(text) > _LONGEST_NOTE:
        text = text[:_LONGEST_NOTE] + " …"
    return RowNote(number, verdict, text, severity, _cells(worst_first, columns), changes)


def _told(one: Said) -> str:
    told = f"{one.code}: {one.sentence}"
    if one.suggestion is not None:
        told += f" Usulan: {one.suggestion}"
    if one.confirmed is not None:
        told += f" (Sudah dipastikan: {one.confirmed})"
    return told


def _cells(found: list[Said], columns: list[int]) -> tuple[CellNote, ...]:
    """Return one note a cell: all its sentences, in the colour of the worst one."""
    by_cell: dict[int, list[Said]] = {}
    for one in found:
        if one.column >= 0:
            by_cell.setdefault(columns[one.column], []).append(one)
    return tuple(
        CellNote(
            column,
            # A warning that was confirmed is said, and coloured no more.
            max(one.severity if one.confirmed is None else 0 for one in said),
            "\n".join(map(_told, said))[:_LONGEST_COMMENT],
        )
        for column, said in sorted(by_cell.items())
    )


def rule_lines(
    summary: Iterable[Mapping[str, object]], examples: Mapping[tuple[str, str, str | None], str]
) -> tuple[RuleLine, ...]:
    """Return a line a rule, case and field from a revision's summary, in its order.

    `examples` are the sentence of one finding of each.
    """
    lines = []
    for one in summary:
        code, case = str(one["code"]), str(one["case"])
        field = one["field"] if isinstance(one["field"], str) else None
        lines.append(
            RuleLine(
                _whole(one["severity"]), code, title(code, case),
                FIELD[field].label if field in FIELD else "", _whole(one["findings"]),
                _whole(one["rows"]), examples.get((code, case, field), ""),
            )
        )  # fmt: skip
    return tuple(lines)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
