"""Rows, cells, corrections and findings as they are shown, out of what is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    FindingRow,
    Revision,
    Row,
)
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.dates import day_first
from hr_portal.domain.fields import FIELD
from hr_portal.domain.masking import DOT, mask, mask_name
from hr_portal.domain.report import Severity
from hr_portal.domain.rules import Lang, sentence, title
from hr_portal.domain.suggestions import FIXES
from hr_portal.domain.table import Kind, Part
from hr_portal.services.context import Portal
from hr_portal.services.rowdata import (
    RowCells,
    Structure,
    open_detail,
    open_rows,
    open_structure,
    source_of,
)

_KINDS: Final = {int(kind): kind.name.lower() for kind in Kind}
_DATE: Final = int(Kind.DATE)
_DATE_CELL: Final = _KINDS[_DATE]
_ASKED: Final = frozenset({"before", "after"})
_Column = tuple[int, str | None, Part, str, str]
"""Place, field, part, header and letter of a column, as all its cells have them."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding with its sentence."""

    id: int
    code: str
    case: str
    severity: str
    row: int
    """0 = the whole file."""
    cell: str | None
    column: int
    field: str | None
    field_label: str
    title: str
    say: Callable[[Lang], str]
    """Its whole sentence in a language, made when it is asked for: a list shows titles only."""
    value: str
    """As found, unmasked: show it only to those who may read the row."""
    suggestion: str | None
    confirmed_by: str | None
    confirmed_reason: str | None
    fixes: bool
    """True where its proposal is about other cells than its own (see `domain.suggestions`)."""
    source: tuple[str, str] | None
    """Where its proposal comes from (Indonesian, English), if not from the cell itself."""

    @property
    def message(self) -> str:
        """Its whole sentence in Indonesian."""
        return self.say("id")

    @property
    def message_en(self) -> str:
        """Its whole sentence in English."""
        return self.say("en")


class CellView(NamedTuple):
    """One cell of a row, masked where the field is sensitive; a page of rows has hundreds."""

    column: int
    header: str
    letter: str
    field: str | None
    part: str
    shown: str
    raw: str
    kind: str
    findings: tuple[FindingView, ...]

    @property
    def written(self) -> str:
        """What is shown of it, with a date cell as people write it: day first."""
        return day_first(self.shown) if self.kind == _DATE_CELL else self.shown

    @property
    def is_masked(self) -> bool:
        """Whether not all of it is shown."""
        return DOT in self.shown


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """One correction of a row, with its verdict once there is one."""

    id: int
    field: str
    label: str
    label_en: str
    before: str
    after: str
    before_shown: str
    after_shown: str
    verdict: str | None
    reason: str
    override_document_id: str | None


@dataclass(frozen=True, slots=True)
class RowView:
    """One row with its cells, findings and corrections."""

    number: int
    severity: str
    """valid, note, warning, override or error."""
    name: str
    employee: dict[str, str]
    """Effective kpj, nik, nama, tanggal_lahir, kk, unmasked."""
    cells: tuple[CellView, ...]
    findings: tuple[FindingView, ...]
    """All of the row's findings, those without a cell too."""
    corrections: tuple[CorrectionView, ...]


_FINDING: Final = (
    FindingRow.id,
    FindingRow.revision_id,
    FindingRow.row_number,
    FindingRow.column_index,
    FindingRow.code,
    FindingRow.kind,
    FindingRow.severity,
    FindingRow.field,
    FindingRow.detail,
    FindingRow.confirmed_by,
    FindingRow.confirmed_reason,
)
_CORRECTION: Final = (
    Correction.id,
    Correction.row_number,
    Correction.field,
    Correction.verdict,
    Correction.reason,
    Correction.override_document_id,
)
"""Columns, not whole records: a page of rows loads some hundred of them."""
_OF_ROWS: Final = {
    table: sa.select(*columns)
    .where(
        table.revision_id == sa.bindparam("revision"),
        table.row_number.in_(sa.bindparam("numbers", expanding=True)),
    )
    .order_by(table.id)
    for table, columns in ((FindingRow, _FINDING), (Correction, _CORRECTION))
}
"""Made once: to make a statement anew costs every page as much as to ask it."""


def of_rows(
    portal: Portal, session: Session, batch: Batch, rev: Revision, rows: list[Row], lang: Lang
) -> list[RowView]:
    """Return rows as they are shown, with their findings and corrections."""
    key = portal.key(batch.company)
    held = open_structure(key, rev)
    numbers = [row.number for row in rows]
    findings = findings_of(session, key, held, rev, numbers, lang)
    asked = {"revision": rev.id, "numbers": numbers}
    opened = open_rows(session, key, rows)
    corrections: dict[int, list[CorrectionView]] = {}
    for one in session.execute(_OF_ROWS[Correction], asked):
        before, after = opened[one.row_number].changes[one.field]
        corrections.setdefault(one.row_number, []).append(_correction_view(one, before, after))
    columns = [
        (at, role.field, role.part, held.headers[at], held.letters[at])
        for at, role in enumerate(held.roles)
    ]
    return [
        _row_view(
            columns,
            row,
            opened[row.number],
            findings.get(row.number, []),
            corrections.get(row.number, []),
        )
        for row in rows
    ]


def findings_of(
    session: Session,
    key: CompanyKey,
    held: Structure,
    rev: Revision,
    numbers: Sequence[int],
    lang: Lang,
) -> dict[int, list[FindingView]]:
    """Return the findings of some rows as they are shown, by row."""
    found: dict[int, list[FindingView]] = {}
    asked = {"revision": rev.id, "numbers": numbers}
    for one in session.execute(_OF_ROWS[FindingRow], asked):
        found.setdefault(one.row_number, []).append(finding_view(key, held, one, lang))
    return found


def _row_view(
    columns: list[_Column],
    row: Row,
    cells: RowCells,
    findings: list[FindingView],
    corrections: list[CorrectionView],
) -> RowView:
    field_of_row = corrections[0].field if corrections else None
    found: dict[int, tuple[FindingView, ...]] = {}
    for one in findings:
        found[one.column] = (*found.get(one.column, ()), one)
    return RowView(
        row.number,
        Severity(row.severity).json if row.severity else "valid",
        row.name,
        cells.employee,
        tuple([_cell_view(one, cells, found.get(one[0], ()), field_of_row) for one in columns]),
        tuple(findings),
        tuple(corrections),
    )


def _cell_view(
    of_column: _Column,
    cells: RowCells,
    findings: tuple[FindingView, ...],
    field_of_row: str | None,
) -> CellView:
    # in the per-correction layout Semula and Menjadi hold the field that Data names
    column, field, part, header, letter = of_column
    is_asked = part in _ASKED
    if is_asked and not field:
        field = field_of_row
    raw, kind = cells.raw[column], cells.kinds[column]
    if field:
        shown = mask(field, cells.clean[column] if kind == _DATE else raw)
    elif is_asked:  # nobody knows for what, so it is shown as the most private
        shown = mask_name(raw)
    else:
        shown = raw
    return CellView(column, header, letter, field, part, shown, raw, _KINDS[kind], findings)


def finding_view(
    key: CompanyKey, held: Structure, one: FindingRow | sa.Row[*tuple[Any, ...]], lang: Lang
) -> FindingView:
    """Return a finding with its sentence in the reader's language."""
    detail = open_detail(key, one)
    cell = (
        f"{held.letters[one.column_index]}{one.row_number}"
        if one.column_index >= 0 and one.row_number
        else None
    )
    header = held.headers[one.column_index] if one.column_index >= 0 else None

    def say(language: Lang) -> str:
        return sentence(
            one.code,
            one.kind,
            where_row=one.row_number,
            cell=cell,
            column=header,
            field=one.field,
            value=detail["value"],
            suggestion=detail["suggestion"],
            params=detail["params"],
            lang=language,
        )

    return FindingView(
        one.id,
        one.code,
        one.kind,
        Severity(one.severity).json,
        one.row_number,
        cell,
        one.column_index,
        one.field,
        label_of(one.field, lang),
        title(one.code, one.kind, lang),
        say,
        detail["value"],
        detail["suggestion"],
        one.confirmed_by,
        one.confirmed_reason,
        FIXES in (detail["params"] or {}),
        source_of(detail),
    )


def _correction_view(one: sa.Row[*tuple[Any, ...]], before: str, after: str) -> CorrectionView:
    field = FIELD[one.field]
    return CorrectionView(
        one.id,
        one.field,
        field.label,
        field.label_en,
        before,
        after,
        mask(one.field, before),
        mask(one.field, after),
        one.verdict,
        one.reason,
        one.override_document_id,
    )


def label_of(field: str | None, lang: Lang) -> str:
    """Return the name of a field in the reader's language; "" for none."""
    if field is None or field not in FIELD:
        return ""
    return FIELD[field].label if lang == "id" else FIELD[field].label_en
