"""Reading and checking a revision: the worker's main job.

The file is read and checked in a limited child; no transaction is open then.
Rows go in by chunks, each under the job's lease, what needs no findings while the check still
goes on; the last transaction turns the revision to `checked`, and only then is anything of it
shown, but for a preview of a large file's first rows: rules, counts and row numbers, no values.
"""

import time
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from typing import cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.listing_models import MarkedRows
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
    RowList,
)
from hr_portal.adapters.database.signing_models import SignedLetter
from hr_portal.adapters.scanner import NoVerdict
from hr_portal.adapters.spreadsheets.reading import check_in_child, get_ready
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain import suggestions
from hr_portal.domain.layouts import LayoutChoice
from hr_portal.domain.mapping_sheet import Line
from hr_portal.domain.questions import Question, Unsure
from hr_portal.domain.report import Report, Settled, Severity
from hr_portal.domain.table import Unreadable
from hr_portal.services import (
    audit,
    columns,
    crashpoints,
    jobs,
    mapping_sheets,
    mapping_store,
    past,
    resembling,
    row_texts,
    scanning,
    summaries,
    twins,
)
from hr_portal.services.context import Portal
from hr_portal.services.early import Early
from hr_portal.services.intake import limits_of
from hr_portal.services.keeping import Part, ahead, found_parts, settled_parts
from hr_portal.services.rowdata import seal_structure

PROGRESS_EVERY = 0.4
"""Seconds between two notes of progress in the database."""


def read_revision(portal: Portal, claimed: jobs.Claim) -> None:
    """Read, check and keep one revision; the end of a "read" job.

    Raises:
        LeaseLostError: another worker has taken over; nothing more is written.

    """
    revision_id = int(claimed.subject)
    get_ready()
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
        if revision.state in {"checked", "unreadable", "asking"}:
            jobs.finish(session, claimed)
            return
        revision.state = "reading"
        revision.progress_done = revision.progress_total = 0
        revision.preview = None
        _forget(session, revision_id)
        batch, file = revision.batch, revision.file
        key = portal.key(batch.company)
        how = columns.orders(session, key, revision)
    crashpoints.passing("read:claimed")
    if claimed.attempts > portal.settings.max_attempts:
        _refuse(portal, claimed, revision_id, _reader_died(revision.file_name))
        return
    if file is None:
        msg = "a received revision always has its file"
        raise RuntimeError(msg)
    beat = _Progress(portal, claimed, revision_id)
    if not _is_clean(portal, claimed, revision_id, revision.file_name, (file.name, key), beat):
        return
    with Early(key) as early:
        kept = _Kept(portal, claimed, revision_id, key, early)
        try:
            report = check_in_child(
                portal.files.open(file.name, key.file_key),
                revision.file_name,
                layout=cast("LayoutChoice", revision.layout_asked),
                limits=limits_of(portal),
                today=portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).date(),
                progress=beat,
                npp=batch.company.npp,
                how=how,
                first=lambda head: _show_first(portal, claimed, revision_id, head),
                ahead=(early.begin, kept.keep_settled),
            )
        except Unsure as unsure:
            _ask(portal, claimed, revision_id, unsure.question)
            return
        except Unreadable as refusal:
            if refusal.code == "FILE-09" and claimed.attempts < portal.settings.max_attempts:
                with portal.db.write() as session:
                    jobs.retry(portal, session, claimed, "FILE-09", delay=1)
                return
            _refuse(portal, claimed, revision_id, refusal)
            return
        with portal.db.read() as session:
            past.judge(portal, session, batch.company_id, batch.id, key, report)
        lines: list[Line] = []
        if any(one.kind == "mapping-sheet" for one in report.table.remarks):
            source = portal.files.open(file.name, key.file_key)
            name, sheet = revision.file_name, report.table.sheet
            lines = mapping_sheets.lines_beside(portal, source, name, sheet)
        crashpoints.passing("read:checked")
        _keep(kept, report, lines)
        crashpoints.passing("read:committed")


def _is_clean(
    portal: Portal,
    claimed: jobs.Claim,
    revision_id: int,
    shown_name: str,
    stored: tuple[str, CompanyKey],
    beat: "_Progress",
) -> bool:
    """Ask the virus scanner; where that is silent the job waits, where it finds one it is over."""
    name, key = stored
    chunks = portal.files.chunks(name, key.file_key)
    try:
        signature = scanning.signature_of(portal, chunks, lambda: beat(0, 0))
    except NoVerdict:
        with portal.db.write() as session:
            scanning.pause(portal, session, claimed)
            session.get_one(Revision, revision_id).state = "received"
        return False
    if signature is not None:
        _refuse(portal, claimed, revision_id, _infected(shown_name, signature))
    return signature is None


def _ask(portal: Portal, claimed: jobs.Claim, revision_id: int, question: Question) -> None:
    """Turn the revision to asking; the answer will queue its reading again."""
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        revision = session.get_one(Revision, revision_id, options=[joinedload(Revision.batch)])
        columns.ask(portal, session, revision, question)
    crashpoints.passing("read:asked")


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


def _show_first(portal: Portal, claimed: jobs.Claim, revision_id: int, head: Report) -> None:
    """Keep what the first rows of a large file say, for the page of its progress."""
    counts = head.counts()
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        revision = session.get_one(Revision, revision_id)
        revision.preview = {
            "rows": counts["total"] - counts["empty"],
            "invalid": counts["invalid"],
            "warning": counts["warning"],
            "summary": summarise(head),
        }


def _forget(session: Session, revision_id: int) -> None:
    """Remove what an earlier, interrupted try has left."""
    for model in (FindingRow, Correction, MarkedRows, RowList, Row, RowBlock):
        session.execute(sa.delete(model).where(model.revision_id == revision_id))


class _Kept:
    """What of a revision goes into the database, of what is settled while its check goes on."""

    def __init__(
        self,
        portal: Portal,
        claimed: jobs.Claim,
        revision_id: int,
        key: CompanyKey,
        early: Early,
    ) -> None:
        self.portal, self.claimed, self.revision_id = portal, claimed, revision_id
        self.key, self.early = key, early
        self.content: bytes | None = None
        """The index of what the sheet says, once that is kept."""

    def keep_settled(self, settled: Settled) -> bytes:
        """Keep the cells and what the rows ask for; return the index of what they say."""
        content: list[bytes] = []

        def parts() -> Iterator[Part]:
            yield from settled_parts(settled, self.revision_id, self.key, self.early)
            content.append(twins.content_index(self.key, settled))  # beside the last insert

        self._insert(parts())
        crashpoints.passing("read:settled")
        [self.content] = content
        return self.content

    def keep(self, report: Report) -> bytes:
        """Keep all of a report that isn't yet; return the index of what the sheet says."""
        self.early.stop()
        content = self.content or self.keep_settled(report.settled)
        self._insert(found_parts(report, self.revision_id, self.key, self.early))
        crashpoints.passing("read:inserted")
        return content

    def _insert(self, parts: Iterable[Part]) -> None:
        for part in ahead(parts):
            with self.portal.db.write() as session:
                jobs.hold(self.portal, session, self.claimed)
                for into, names, rows in part:
                    bulk_insert(session, into, names, rows)
            crashpoints.passing("read:rows")


def _keep(kept: _Kept, report: Report, lines: Sequence[Line]) -> None:
    portal, claimed, revision_id, key = kept.portal, kept.claimed, kept.revision_id, kept.key
    content = kept.keep(report)
    table, counts = report.table, report.counts()
    fields = dict(Tally(report.corrections.field_key))
    summary, structure = summarise(report), seal_structure(key, revision_id, report)
    with portal.db.read() as session:
        like = resembling.find(session, key, revision_id, content, set(fields))
        compared = _compare(session, session.get_one(Revision, revision_id))
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        revision = session.get_one(Revision, revision_id, options=[joinedload(Revision.batch)])
        revision.state = "checked"
        revision.preview = None
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
        revision.structure = structure
        revision.summary = summary
        revision.tidied = dict(report.tidied)
        revision.fields = fields
        revision.checked_at = portal.clock()
        columns.note_reading(portal, session, revision, table)
        row_texts.ask(portal, session, revision)
        revision.compared = compared
        revision.content_index, revision.resembles = content, like
        batch = session.get_one(Batch, revision.batch_id, with_for_update=True)
        if revision.number == batch.revision_number:  # one read late moves nothing any more
            follow_placements(session, revision)
            if lines:
                mapping_store.keep(portal, session, None, batch, key, lines)
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


def summarise(report: Report) -> list[dict[str, object]]:
    """Count the findings of a report for the to-do list."""
    numbers = report.table.row_numbers
    return summaries.summarise(
        (
            (int(f.severity), f.code, f.case, f.field),
            int(numbers[f.row]) if f.row >= 0 else 0,
            suggestions.is_offered(f),
        )
        for f in report.findings
    )


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
    """Turn the revision to unreadable; its rows and bytes are deleted, the refusal stays.

    The file's row is locked first: an upload of the same bytes either waits and
    keeps its own copy, or has the row already and the bytes stay.
    """
    doomed: str | None = None
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        _forget(session, revision_id)
        revision = session.get_one(
            Revision, revision_id, options=[joinedload(Revision.batch), joinedload(Revision.file)]
        )
        revision.state = "unreadable"
        revision.preview = None
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
                    sa.exists().where(SignedLetter.file_id == file.id),
                )
            )
        )
    )


def _infected(name: str, signature: str) -> Unreadable:
    return Unreadable(
        "FILE-11",
        f"Berkas {name} ditolak: pemindai virus menemukan {signature} di dalamnya. Isinya sudah dihapus. Jangan "
        "buka berkas itu; laporkan kepada bagian TI perusahaan Anda, lalu unggah berkas dari sumber yang bersih.",
        f"File {name} was refused: the virus scanner found {signature} in it. Its content was deleted. Don't open "
        "that file; report it to your company's IT, then upload one from a clean source.",
    )


def _reader_died(name: str) -> Unreadable:
    return Unreadable(
        "FILE-09",
        f"Berkas {name} tidak dapat dibaca: pembaca berhenti setiap kali mencobanya. Buka berkas itu, salin tabelnya "
        "ke buku kerja baru, simpan sebagai .xlsx, lalu unggah kembali.",
        f"File {name} can't be read: the reader stopped each time it tried. Open the file, copy the table into a new "
        "workbook, save it as .xlsx and upload it again.",
    )
