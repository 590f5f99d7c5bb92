"""What is to be written into a revision's workbook, taken from the database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, File, FindingRow, Revision, Row
from hr_portal.adapters.spreadsheets.annotated.noting import (
    AS_NUMBERS,
    Said,
    column_index,
    identifier_columns,
    number_columns,
    row_notes,
    rule_lines,
)
from hr_portal.adapters.spreadsheets.annotated.of_report import STEPS, counts_in_words
from hr_portal.adapters.spreadsheets.annotated.orders import Order, RowNote
from hr_portal.adapters.spreadsheets.annotated.plain import SHEET, workbook
from hr_portal.adapters.spreadsheets.sheet import RawColumn, Sheet
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.rules import sentence
from hr_portal.domain.table import Kind
from hr_portal.domain.texts import Texts
from hr_portal.domain.wording import date_in_words
from hr_portal.services import marks
from hr_portal.services.cells import current_edits, edited_cells
from hr_portal.services.context import Portal
from hr_portal.services.results import first_findings
from hr_portal.services.rowdata import Structure, open_detail, open_structure, walk_blocks

_AT_ONCE = 1_000
_ENDING = "-catatan"
_MENDED = (
    "Simpan, lalu unggah berkas ini di halaman pengajuan {number} (Unggah ulang) atau di Buat "
    "pengajuan. Portal mengenalinya sebagai revisi berikutnya, apa pun nama berkasnya."
)
_CLOSED = "Pengajuan ini tidak sedang dapat diubah; berkas ini hanya untuk dibaca."


@dataclass(frozen=True, slots=True)
class Named:
    """The file that is annotated: where it lies, and how it is called."""

    key: CompanyKey
    file_name: str
    stored: str | None
    """The file's name in the store; None where the revision is only some rows of a file."""

    @property
    def download_name(self) -> str:
        """Return what the annotated file is called: the user's name for it, and an ending."""
        stem = self.file_name.rpartition(".")[0] or self.file_name
        return f"{stem.removesuffix(_ENDING)}{_ENDING}.xlsx"


@dataclass(frozen=True, slots=True)
class Task:
    """One workbook to annotate, and what to write."""

    revision_id: int
    named: Named
    workbook: bytes | None
    """The workbook itself, where the revision is only some rows of a file."""
    header_row: int
    held: Structure
    order: Order

    def rows(self, portal: Portal) -> Iterator[RowNote]:
        """Walk what is said of the rows; a transaction is open only while it is walked."""
        with portal.db.read() as session:
            severities = session.execute(
                sa.select(Row.number, Row.severity)
                .where(Row.revision_id == self.revision_id)
                .order_by(Row.number)
                .execution_options(yield_per=_AT_ONCE)
            )
            yield from row_notes(
                self.header_row, self.held.letters, ((number, severity) for number, severity in severities),
                _said(session, self.named.key, self.revision_id, self.held), self.held.remarks,
                self.held.refused, self._changes(session),
            )  # fmt: skip

    def _changes(self, session: Session) -> dict[int, dict[int, str]]:
        """Return what was typed in the portal, by row and the sheet's column; added headers, too.

        A workbook that was made of the rows as they stand holds it already.
        """
        changes: dict[int, dict[int, str]] = {}
        if self.workbook is None:
            for column in self.held.added:
                place = column_index(self.held.letters[column])
                changes.setdefault(self.header_row, {})[place] = self.held.headers[column]
            for cell, text in current_edits(session, self.named.key, self.revision_id).items():
                place = column_index(self.held.letters[cell.column])
                changes.setdefault(cell.row, {})[place] = text
        return changes


def named_of(portal: Portal, session: Session, rev: Revision) -> Named:
    """Return which file a revision is annotated in, and its name."""
    batch = session.get_one(Batch, rev.batch_id)
    key, file = portal.key(batch.company), session.get(File, rev.file_id or 0)
    if file and _has_all_rows(session, rev):
        return Named(key, rev.file_name, file.name)
    # Some rows of a file that go their own way: the file holds others, too.
    return Named(key, f"{batch.number}.xlsx", None)


def task_of(portal: Portal, session: Session, rev: Revision) -> Task:
    """Return what it takes to annotate a checked revision; of many rows it takes long."""
    batch, named = session.get_one(Batch, rev.batch_id), named_of(portal, session, rev)
    key, held = named.key, open_structure(named.key, rev)
    header_row = rev.header_row or 1
    sheet, made = rev.sheet or "", None
    if named.stored is None:
        sheet = sheet or SHEET
        numbers = _numbers(session, rev, held)
        made = workbook(_sheet(session, key, rev, held, header_row), sheet, numbers)
        held = replace(held, remarks=[], refused=[], own_columns=())
    order = _order(portal, session, batch, rev, held, key, sheet)
    return Task(rev.id, named, made, header_row, held, order)


def _numbers(session: Session, rev: Revision, held: Structure) -> tuple[int, ...]:
    """Return the sheet's columns of a csv that were judged as numbers."""
    if held.source != "csv":
        return ()
    judged = session.execute(
        sa.select(FindingRow.code, FindingRow.column_index)
        .where(FindingRow.revision_id == rev.id, FindingRow.code.in_(AS_NUMBERS))
        .distinct()
    )
    return number_columns(held.source, held.letters, [(code, column) for code, column in judged])


def _has_all_rows(session: Session, rev: Revision) -> bool:
    """Whether a revision holds every row of its file, not only those that came back."""
    first = session.scalars(
        sa.select(Revision).where(Revision.file_id == rev.file_id).order_by(Revision.id).limit(1)
    ).one()
    return rev.rows_total - rev.rows_empty == first.rows_total - first.rows_empty


def _order(
    portal: Portal,
    session: Session,
    batch: Batch,
    rev: Revision,
    held: Structure,
    key: CompanyKey,
    sheet: str,
) -> Order:
    zone = ZoneInfo(batch.branch.timezone)
    checked = (rev.checked_at or rev.uploaded_at).astimezone(zone)
    is_open = batch.state in {"draft", "returned"}
    first = _MENDED.format(number=batch.number) if is_open else _CLOSED
    return Order(
        sheet=sheet,
        header_row=rev.header_row or 1,
        last_column=max(column_index(each) for each in held.letters),
        columns=tuple(column_index(each) for each in held.letters),
        own_columns=tuple(column_index(each) for each in held.own_columns),
        identifiers=identifier_columns(held.roles, held.letters),
        numbers=_numbers(session, rev, held),
        has_changes=any(True for _ in edited_cells(session, rev.id)),
        mark=marks.mark_of(portal, batch.id, rev.number),
        facts=(
            ("Berkas", rev.file_name),
            ("Nomor pengajuan", batch.number),
            ("Revisi", str(rev.number)),
            ("Perusahaan", batch.company.name),
            ("Diperiksa", f"{date_in_words(checked.date())}, {checked:%H.%M %Z}"),
            ("Aturan", rev.ruleset or ""),
        ),
        counts=counts_in_words(
            {
                "total": rev.rows_total, "valid": rev.rows_valid, "warning": rev.rows_warning,
                "invalid": rev.rows_invalid, "empty": rev.rows_empty, "refused": rev.rows_refused,
            }
        ),
        rules=rule_lines(rev.summary, _examples(session, key, rev, held)),
        steps=(*STEPS, first) if is_open else (first,),
        whole_file=tuple(_whole_file(session, key, rev.id, held)),
    )  # fmt: skip


def _examples(
    session: Session, key: CompanyKey, rev: Revision, held: Structure
) -> dict[tuple[str, str, str | None], str]:
    """Return the sentence of the first finding of each rule, case and field."""
    return {
        place: _one(key, first, held).sentence
        for place, first in first_findings(session, rev).items()
    }


def _whole_file(
    session: Session, key: CompanyKey, revision_id: int, held: Structure
) -> Iterator[str]:
    for one in session.scalars(
        sa.select(FindingRow).where(
            FindingRow.revision_id == revision_id,
            FindingRow.row_number == 0,
            FindingRow.column_index < 0,
        )
    ):
        yield f"{one.code}: {_one(key, one, held).sentence}"


def _said(session: Session, key: CompanyKey, revision_id: int, held: Structure) -> Iterator[Said]:
    for one in session.scalars(
        sa.select(FindingRow)
        .where(FindingRow.revision_id == revision_id)
        .order_by(FindingRow.row_number, FindingRow.id)
        .execution_options(yield_per=_AT_ONCE)
    ):
        yield _one(key, one, held)


def _one(key: CompanyKey, one: FindingRow, held: Structure) -> Said:
    detail = open_detail(key, one)
    in_cell = one.column_index >= 0
    cell = f"{held.letters[one.column_index]}{one.row_number}" if in_cell else None
    return Said(
        one.row_number, one.column_index, one.severity, one.code, one.kind, one.field,
        sentence(
            one.code, one.kind, lang="id", where_row=one.row_number,
            cell=cell if one.row_number else None,
            column=held.headers[one.column_index] if in_cell else None, field=one.field,
            value=detail["value"], suggestion=detail["suggestion"], params=detail["params"],
        ),
        detail["suggestion"],
        one.confirmed_reason if one.confirmed_at is not None else None,
    )  # fmt: skip


def _sheet(
    session: Session, key: CompanyKey, rev: Revision, held: Structure, header_row: int
) -> Sheet:
    """Return the rows of a revision as a sheet, the header above them."""
    sheet = Sheet(rev.sheet or SHEET)
    sheet.row_numbers = [header_row]
    places = [column_index(each) for each in held.letters]
    sheet.columns = {
        place: RawColumn(Texts([header]), bytearray([Kind.TEXT]))
        for place, header in zip(places, held.headers, strict=True)
    }
    for block in walk_blocks(session, key, rev.id):
        sheet.row_numbers += block.numbers
        for place, values, kinds in zip(places, block.raw, block.kinds, strict=True):
            sheet.columns[place].values.extend(values)
            sheet.columns[place].kinds += bytes(int(kind) for kind in kinds)
    return sheet
