"""Reading and checking a revision: the worker's main job.

The file is read and checked in a limited child; no transaction is open then.
Rows go in by chunks, each under the job's lease; the last transaction turns the
revision to `checked`, and only then is anything of it shown.
"""

import io
import itertools
import time
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Document,
    File,
    FindingRow,
    Letter,
    Placement,
    Revision,
    Row,
    RowBlock,
)
from hr_portal.adapters.spreadsheets.reading import check_in_child
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.layouts import LayoutChoice
from hr_portal.domain.report import ROW_EMPTY, Report, Severity
from hr_portal.domain.table import Unreadable
from hr_portal.services import audit, crashpoints, jobs
from hr_portal.services.context import Portal
from hr_portal.services.intake import limits_of
from hr_portal.services.rowdata import (
    BLOCK_ROWS,
    EMPLOYEE_KEYS,
    Block,
    block_place,
    finding_place,
    seal_structure,
)

CHUNK = 50_000
PROGRESS_EVERY = 0.4
"""Seconds between two notes of progress in the database."""


def read_revision(portal: Portal, claimed: jobs.Claim) -> None:
    """Read, check and keep one revision; the end of a "read" job.

    Raises:
        LeaseLostError: another worker has taken over; nothing more is written.

    """
    revision_id = int(claimed.subject)
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        revision = session.get_one(
            Revision,
            revision_id,
            options=[
                joinedload(Revision.file),
                joinedload(Revision.batch).joinedload(Batch.company),
            ],
        )
        if revision.state in {"checked", "unreadable"}:
            jobs.finish(session, claimed)
            return
        revision.state = "reading"
        revision.progress_done = revision.progress_total = 0
        _forget(session, revision_id)
        batch, file = revision.batch, revision.file
        key = portal.key(batch.company)
    crashpoints.passing("read:claimed")
    if claimed.attempts > portal.settings.max_attempts:
        _refuse(portal, claimed, revision_id, _reader_died(revision.file_name))
        return
    if file is None:
        msg = "a received revision always has its file"
        raise RuntimeError(msg)
    try:
        report = check_in_child(
            io.BytesIO(portal.files.read(file.name, key.file_key)),
            revision.file_name,
            layout=cast("LayoutChoice", revision.layout_asked),
            limits=limits_of(portal),
            today=portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).date(),
            progress=_Progress(portal, claimed, revision_id),
        )
    except Unreadable as refusal:
        if refusal.code == "FILE-09" and claimed.attempts < portal.settings.max_attempts:
            with portal.db.write() as session:
                jobs.retry(portal, session, claimed, "FILE-09", delay=1)
            return
        _refuse(portal, claimed, revision_id, refusal)
        return
    crashpoints.passing("read:checked")
    _keep(portal, claimed, revision_id, key, report)
    crashpoints.passing("read:committed")


class _Progress:
    """Writes rows checked of rows total now and then, and renews the lease with it."""

    def __init__(self, portal: Portal, claimed: jobs.Claim, revision_id: int) -> None:
        self.portal, self.claimed, self.revision_id = portal, claimed, revision_id
        self.next = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + PROGRESS_EVERY
        with self.portal.db.write() as session:
            jobs.hold(self.portal, session, self.claimed)
            session.execute(
                sa.update(Revision)
                .where(Revision.id == self.revision_id)
                .values(progress_done=done, progress_total=total)
            )


def _forget(session: Session, revision_id: int) -> None:
    """Remove what an earlier, interrupted try has left."""
    for model in (FindingRow, Correction, Row, RowBlock):
        session.execute(sa.delete(model).where(model.revision_id == revision_id))


def _keep(
    portal: Portal, claimed: jobs.Claim, revision_id: int, key: CompanyKey, report: Report
) -> None:
    blocks = _Blocks(revision_id, key, report)
    for block_chunk, row_chunk in blocks:
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)
            bulk_insert(session, RowBlock.__table__, BLOCK_COLUMNS, block_chunk)  # type: ignore[arg-type]
            bulk_insert(session, Row.__table__, ROW_COLUMNS, row_chunk)  # type: ignore[arg-type]
        crashpoints.passing("read:rows")
    for correction_chunk in _correction_chunks(revision_id, report):
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)
            bulk_insert(session, Correction.__table__, CORRECTION_COLUMNS, correction_chunk)  # type: ignore[arg-type]
    for finding_chunk in _finding_chunks(revision_id, key, report):
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)
            bulk_insert(session, FindingRow.__table__, FINDING_COLUMNS, finding_chunk)  # type: ignore[arg-type]
    crashpoints.passing("read:inserted")
    table, counts = report.table, report.counts()
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        revision = session.get_one(Revision, revision_id, options=[joinedload(Revision.batch)])
        revision.state = "checked"
        revision.layout, revision.sheet, revision.header_row = (
            table.layout,
            table.sheet,
            table.header_row,
        )
        revision.ruleset = report.ruleset
        revision.rows_total, revision.rows_empty = counts["total"], counts["empty"]
        revision.rows_valid, revision.rows_warning = counts["valid"], counts["warning"]
        revision.rows_invalid, revision.rows_refused = counts["invalid"], len(table.refused)
        revision.progress_done = revision.progress_total = len(table)
        revision.structure = seal_structure(key, revision_id, report)
        revision.summary = summarise(report)
        revision.tidied = dict(report.tidied)
        revision.fields = dict(Tally(report.corrections.field_key))
        revision.checked_at = portal.clock()
        revision.compared = _compare(session, revision)
        batch = session.get_one(Batch, revision.batch_id, with_for_update=True)
        if revision.number == batch.revision_number:  # one read late moves nothing any more
            follow_placements(session, revision)
        audit.record(
            portal,
            session,
            None,
            "revision:checked",
            str(revision_id),
            company_id=revision.batch.company_id,
            batch=revision.batch_id,
            ruleset=report.ruleset,
            **counts,
        )


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
Rows = list[tuple[object, ...]]


class _Blocks:
    """Cuts a report into sealed blocks and their rows, a chunk of blocks at a time."""

    def __init__(self, revision_id: int, key: CompanyKey, report: Report) -> None:
        self.revision_id, self.key, self.report = revision_id, key, report
        table = report.table
        self.held = np.flatnonzero(report.row_severity != ROW_EMPTY).tolist()
        self.numbers = table.row_numbers.tolist()
        self.severity = report.row_severity.tolist()
        self.values = [column.values for column in table.columns]
        # one byte a cell: "0", "1" ... as text
        self.kinds = [(column.kinds + ord("0")).tobytes().decode() for column in table.columns]
        self.employee = [report.employee[name] for name in EMPLOYEE_KEYS]
        # corrections come in the order of the rows: where each row's begin
        self.asked_from = np.searchsorted(
            np.asarray(report.corrections.row), np.arange(len(table) + 1)
        ).tolist()

    def __iter__(self) -> Iterator[tuple[Rows, Rows]]:
        per_chunk = CHUNK // BLOCK_ROWS
        blocks = range(0, len(self.held), BLOCK_ROWS)
        for start in range(0, len(blocks), per_chunk):
            part = range(start, min(start + per_chunk, len(blocks)))
            slots = [self.held[n * BLOCK_ROWS : (n + 1) * BLOCK_ROWS] for n in part]
            sealed = self.key.seal_many(
                [block_place(self.revision_id, n) for n in part],
                [self._block(rows).packed() for rows in slots],
            )
            yield (
                [(self.revision_id, n, content) for n, content in zip(part, sealed, strict=True)],
                [row for n, rows in zip(part, slots, strict=True) for row in self._rows(n, rows)],
            )

    def _block(self, rows: list[int]) -> Block:
        def pick(column: Sequence[Any]) -> list[Any]:
            if rows[-1] - rows[0] == len(rows) - 1:
                return list(column[rows[0] : rows[-1] + 1])
            return [column[row] for row in rows]

        return Block(
            pick(self.numbers),
            [pick(column) for column in self.values],
            ["".join(pick(column)) for column in self.kinds],
            [None if clean is None else pick(clean) for clean in self.report.clean],
            [pick(column) for column in self.employee],
            [self._changes(row) for row in rows],
        )

    def _changes(self, row: int) -> list[tuple[str, str, str]]:
        asked, part = self.report.corrections, slice(self.asked_from[row], self.asked_from[row + 1])
        return list(zip(asked.field_key[part], asked.before[part], asked.after[part], strict=True))

    def _rows(self, block: int, rows: list[int]) -> Iterator[tuple[object, ...]]:
        kpj, nik, names, *_ = self.employee
        index, revision_id = self.key.index, self.revision_id
        for row in rows:
            yield (
                revision_id,
                self.numbers[row],
                block,
                self.severity[row],
                names[row],
                index("kpj", kpj[row]),
                index("nik", nik[row]),
            )


def _correction_chunks(revision_id: int, report: Report) -> Iterator[Rows]:
    asked, numbers = report.corrections, report.table.row_numbers.tolist()
    for start in range(0, len(asked), CHUNK):
        part = slice(start, start + CHUNK)
        yield [
            (revision_id, numbers[row], field)
            for row, field in zip(asked.row[part], asked.field_key[part], strict=True)
        ]


def _finding_chunks(revision_id: int, key: CompanyKey, report: Report) -> Iterator[Rows]:
    numbers = report.table.row_numbers.tolist()
    walk = iter(report.findings)
    while part := list(itertools.islice(walk, CHUNK)):
        rows = [numbers[f.row] if f.row >= 0 else 0 for f in part]
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


def summarise(report: Report) -> list[dict[str, object]]:
    """Count findings by rule, case and field, worst first, then most frequent first.

    Each entry: code, case, field, severity, findings and the rows they touch.
    """
    findings: Tally[tuple[int, str, str, str | None]] = Tally()
    rows: dict[tuple[int, str, str, str | None], set[int]] = {}
    for f in report.findings:
        place = (int(f.severity), f.code, f.case, f.field)
        findings[place] += 1
        rows.setdefault(place, set()).add(f.row)
    return [
        {
            "code": code,
            "case": case,
            "field": field,
            "severity": severity,
            "findings": count,
            "rows": len(rows[place]),
        }
        for place, count in sorted(
            findings.items(), key=lambda item: (-item[0][0], -item[1], item[0][1])
        )
        for severity, code, case, field in [place]
    ]


def _compare(session: Session, revision: Revision) -> dict[str, int] | None:
    """Count what the revision before had and this one hasn't, and the reverse."""
    if revision.number == 1:
        return None
    before = session.scalar(
        sa.select(Revision.id)
        .where(
            Revision.batch_id == revision.batch_id,
            Revision.number < revision.number,
            Revision.state == "checked",
        )
        .order_by(Revision.number.desc())
        .limit(1)
    )
    if before is None:
        return None
    old, new = _problems(session, before), _problems(session, revision.id)
    return {"solved": (old - new).total(), "new": (new - old).total()}


def _problems(session: Session, revision_id: int) -> Tally[tuple[object, ...]]:
    """Count problems by employee, rule and field; the KPJ's own by NIK."""
    found = session.execute(
        sa.select(FindingRow.code, FindingRow.field, Row.kpj_index, Row.nik_index)
        .join(
            Row,
            sa.and_(Row.revision_id == FindingRow.revision_id, Row.number == FindingRow.row_number),
            isouter=True,
        )
        .where(FindingRow.revision_id == revision_id, FindingRow.severity >= int(Severity.WARNING))
    )
    return Tally((code, field, nik if field == "kpj" else kpj) for code, field, kpj, nik in found)


def follow_placements(session: Session, revision: Revision) -> None:
    """Move the batch's documents to the rows their employees have in this revision."""
    placed = session.scalars(
        sa.select(Placement)
        .join(Document)
        .where(
            Document.batch_id == revision.batch_id,
            Placement.kpj_index.is_not(None),
            Document.removed_at.is_(None),
        )
    ).all()
    if not placed:
        return
    first_rows = dict(
        session.execute(
            sa.select(Row.kpj_index, sa.func.min(Row.number))
            .where(Row.revision_id == revision.id, Row.kpj_index.in_({p.kpj_index for p in placed}))
            .group_by(Row.kpj_index)
        ).all()
    )
    rows_of = {
        (p.kpj_index, p.row_number): session.scalar(
            sa.select(Row.number).where(
                Row.revision_id == revision.id,
                Row.number == p.row_number,
                Row.kpj_index == p.kpj_index,
            )
        )
        for p in placed
    }
    for placement in placed:
        if rows_of[placement.kpj_index, placement.row_number] is None:
            placement.row_number = first_rows.get(placement.kpj_index or b"")


def _refuse(portal: Portal, claimed: jobs.Claim, revision_id: int, refusal: Unreadable) -> None:
    """Turn the revision to unreadable; its bytes are deleted, the refusal stays.

    The file's row is locked first: an upload of the same bytes either waits and
    keeps its own copy, or has the row already and the bytes stay.
    """
    doomed: str | None = None
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        revision = session.get_one(
            Revision, revision_id, options=[joinedload(Revision.batch), joinedload(Revision.file)]
        )
        revision.state = "unreadable"
        revision.error_code = refusal.code
        revision.error_message, revision.error_message_en = refusal.message, refusal.message_en
        revision.checked_at = portal.clock()
        file = revision.file
        if file is not None:
            session.execute(sa.select(File.id).where(File.id == file.id).with_for_update())
        revision.file_id = None
        session.flush()
        if file is not None and not _is_used(session, file):
            doomed = file.name
            session.execute(sa.delete(File).where(File.id == file.id))
        audit.record(
            portal,
            session,
            None,
            "revision:refused",
            str(revision_id),
            company_id=revision.batch.company_id,
            batch=revision.batch_id,
            code=refusal.code,
        )
    if doomed:
        portal.files.delete(doomed)


def _is_used(session: Session, file: File) -> bool:
    return bool(
        session.scalar(
            sa.select(
                sa.or_(
                    sa.exists().where(Revision.file_id == file.id),
                    sa.exists().where(Document.file_id == file.id),
                    sa.exists().where(Letter.file_id == file.id),
                )
            )
        )
    )


def _reader_died(name: str) -> Unreadable:
    return Unreadable(
        "FILE-09",
        f"Berkas {name} tidak dapat dibaca: pembaca berhenti setiap kali mencobanya. Buka berkas itu, salin tabelnya "
        "ke buku kerja baru, simpan sebagai .xlsx, lalu unggah kembali.",
        f"File {name} can't be read: the reader stopped each time it tried. Open the file, copy the table into a new "
        "workbook, save it as .xlsx and upload it again.",
    )
