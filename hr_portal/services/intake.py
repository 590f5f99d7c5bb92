"""Taking in a spreadsheet: a new batch or the next revision of one.

Order (security.md section 2): bytes to the encrypted store, synced; then one
transaction with file, batch, revision and job; then the answer. A crash leaves
at worst an orphan file, never a batch without its file.
"""

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from hr_portal.adapters.database import tenancy
from hr_portal.adapters.database.models import (
    Batch,
    Branch,
    Company,
    Counter,
    File,
    Revision,
    new_id,
)
from hr_portal.adapters.files import FileTooLargeError, StoredFile
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.reading import look_at_upload
from hr_portal.domain.permissions import Actor, Place, may
from hr_portal.domain.table import Unreadable
from hr_portal.domain.workflow import EDITABLE
from hr_portal.services import audit, calendar, crashpoints, jobs, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    may_have_been_kept,
)

LAYOUTS = ("auto", "per-correction", "per-employee")
MAX_FILE_NAME = 200
MAX_KEY = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """What an upload became."""

    batch_id: str
    number: str
    revision: int
    state: str
    file_state: str
    version: int
    repeated: bool
    """True where the same idempotency key had been used: nothing new was made."""


def create_batch(
    portal: Portal,
    actor: Actor,
    stream: BinaryIO,
    file_name: str,
    *,
    company_id: str | None = None,
    branch_id: str | None = None,
    layout: str = "auto",
    idempotency_key: str | None = None,
    change_received_on: dt.date | None = None,
) -> Taken:
    """Take a spreadsheet in as a new batch; it is read and checked by a worker.

    Raises:
        Forbidden: the actor is HRD of no company, or not of this one.
        Invalid: company or branch must be named, the changes were received on no day there
            can be, or the file is refused at first look (its FILE code is the error's code).
        TooLarge: the file is over the limit.

    """
    company_id = which_company(actor, company_id)
    _check_layout(layout)
    known = repeated(portal, actor, idempotency_key)
    if known is not None:
        return known
    with portal.db.read() as session:
        company = session.get_one(Company, company_id)
        branch_id = branch_id or company.default_branch_id
        branch = session.get(Branch, branch_id) if branch_id else None
        if branch is None or not branch.is_active:
            raise Invalid(
                "Pilih kantor cabang tujuan.",
                "Choose the destination branch.",
                fields={"branch": "Wajib dipilih"},
            )
    now = portal.clock()
    received_on = calendar.received_on(change_received_on, now, branch.timezone)
    name = clean_file_name(file_name)
    stored = _store(portal, company, stream, name)
    try:
        with portal.db.write() as session:
            file_id = keep_file(portal, session, company, stored)
            batch = Batch(
                id=new_id(),
                number=next_number(portal, session),
                company_id=company.id,
                branch_id=branch.id,
                idempotency_key=idempotency_key,
                created_by=actor.user_id,
                created_at=now,
                last_edited_by=actor.user_id,
                last_edited_at=now,
                change_received_on=received_on,
            )
            session.add(batch)
            session.flush()
            revision = _add_revision(
                portal,
                session,
                actor,
                batch,
                stored=stored,
                file_id=file_id,
                name=name,
                layout=layout,
                key=None,
            )
            audit.record(
                portal,
                session,
                actor,
                "batch:created",
                batch.id,
                company_id=company.id,
                number=batch.number,
                sha256=stored.sha256,
                bytes=stored.size,
            )
            crashpoints.passing("upload:inserted")
    except IntegrityError:
        let_go(portal, stored)
        known = repeated(portal, actor, idempotency_key)
        if known is None:
            raise
        return known
    except BaseException:
        let_go(portal, stored)
        raise
    crashpoints.passing("upload:committed")
    return taken(batch, revision, repeated=False)


def add_revision(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    stream: BinaryIO,
    file_name: str,
    *,
    version: int | None = None,
    layout: str = "auto",
    idempotency_key: str | None = None,
    recognised: bool = False,
) -> Taken:
    """Take a spreadsheet in as the next revision of a draft or returned batch.

    The earlier revision keeps its file, findings and reasons. A letter issued
    for it is superseded once a new one is issued. `recognised` says that nobody
    named the batch: the file's mark did, and the revision may be separated again.

    Raises:
        NotFound, Forbidden, Conflict (state or stale version), Invalid, TooLarge.

    """
    _check_layout(layout)
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        known = _same_revision(session, batch, idempotency_key)
        if known is not None:
            return known
        visible.expect_version(batch, version)
        _expect_open(batch)
        company = batch.company
    name = clean_file_name(file_name)
    stored = _store(portal, company, stream, name)
    try:
        with portal.db.write() as session:
            batch = visible.batch(session, actor, batch_id, action="batch.edit")
            known = _same_revision(session, batch, idempotency_key)
            if known is None:
                visible.expect_version(batch, version)
                _expect_open(batch)
                file_id = keep_file(portal, session, company, stored)
                batch.revision_number += 1
                revision = _add_revision(
                    portal,
                    session,
                    actor,
                    batch,
                    stored=stored,
                    file_id=file_id,
                    name=name,
                    layout=layout,
                    key=idempotency_key,
                    recognised=recognised,
                )
                reopen(portal, batch, actor)
                audit.record(
                    portal,
                    session,
                    actor,
                    "batch:revised",
                    batch.id,
                    company_id=company.id,
                    revision=batch.revision_number,
                    recognised=recognised,
                    sha256=stored.sha256,
                    bytes=stored.size,
                )
                known = taken(batch, revision, repeated=False)
    except BaseException:
        let_go(portal, stored)
        raise
    if known.repeated:
        portal.files.delete(stored.name)
    return known


def reopen(portal: Portal, batch: Batch, actor: Actor) -> None:
    """Mark a batch as edited by `actor` now, a draft again, at a new version."""
    batch.state = "draft"
    batch.version += 1
    batch.reviewer_id = batch.taken_at = batch.decided_by = batch.decided_at = None
    batch.submitted_by = batch.submitted_at = batch.due_at = batch.passed_by = None
    batch.last_edited_by = actor.user_id
    batch.last_edited_at = portal.clock()


def cancel_batch(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None = None
) -> None:
    """Cancel a draft; its rows stay to be read.

    Raises:
        NotFound, Forbidden, Conflict: not theirs, or no draft any more.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        visible.expect_version(batch, version)
        if batch.state != "draft":
            raise closed(batch)
        batch.state = "cancelled"
        batch.version += 1
        audit.record(
            portal, session, actor, "batch:cancelled", batch.id, company_id=batch.company_id
        )


def clean_file_name(name: str) -> str:
    """Reduce a client's file name to its last part, printable, at most 200 long.

    It is only ever shown as text; files are stored under random names.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c if c.isprintable() else "�" for c in last).strip()
    if len(shown) > MAX_FILE_NAME:
        stem, dot, ending = shown.rpartition(".")
        shown = (
            f"{stem[: MAX_FILE_NAME - 20]}…{dot}{ending[-10:]}" if dot else shown[:MAX_FILE_NAME]
        )
    return shown or "tanpa-nama"


def keep_file(portal: Portal, session: Session, company: Company, stored: StoredFile) -> int:
    """Record a stored file in the transaction; the same bytes are kept once a company.

    Where the company has these bytes already, the new copy is deleted and the
    id of the kept one given back.
    """
    known = sa.select(File.id).where(File.company_id == company.id, File.sha256 == stored.sha256)
    if session.scalar(known.with_for_update(key_share=True, read=True)) is None:
        make = postgresql.insert if _is_postgresql(session) else sqlite.insert
        file_id = session.scalar(
            make(File)
            .values(
                company_id=company.id,
                name=stored.name,
                sha256=stored.sha256,
                size=stored.size,
                created_at=portal.clock(),
            )
            .on_conflict_do_nothing(index_elements=["company_id", "sha256"])
            .returning(File.id)
        )
        if file_id is None:  # somebody was faster, and may by now have removed it again
            return keep_file(portal, session, company, stored)
        return int(file_id)
    revived = session.scalar(
        sa.update(File)
        .where(File.id == known.scalar_subquery(), File.purged_at.is_not(None))
        .values(name=stored.name, purged_at=None)
        .returning(File.id)
    )
    if revived is not None:  # these bytes were here before, and were deleted when their time came
        return int(revived)
    portal.files.delete(stored.name)
    return session.scalars(known).one()


def let_go(portal: Portal, stored: StoredFile) -> None:
    """Delete a stored file whose transaction failed, unless the database has it after all.

    A commit may go through although its answer never arrives. Where nobody can say,
    the file stays: an orphan does no harm, a row without its file does.
    """
    if may_have_been_kept():
        return
    try:
        with tenancy.under(tenancy.Wide("store")), portal.db.read() as session:
            is_held = session.scalar(sa.select(sa.exists().where(File.name == stored.name)))
    except SQLAlchemyError:
        return
    if not is_held:
        portal.files.delete(stored.name)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def closed(batch: Batch) -> Conflict:
    """Make the refusal for an edit of what is no draft."""
    return Conflict(
        f"Pengajuan {batch.number} sudah diajukan atau ditutup, jadi isinya terkunci. Lihat halaman lacak.",
        f"Submission {batch.number} has been submitted or closed, so its content is locked. See its tracking page.",
        code="not_editable",
    )


def _expect_open(batch: Batch) -> None:
    if batch.state not in EDITABLE | {"returned"}:
        raise closed(batch)


def which_company(actor: Actor, company_id: str | None) -> str:
    """Return the company that HRD acts for; without an id their only one.

    Raises:
        Forbidden: HRD of no company. Invalid: of several. NotFound: not of this one.

    """
    if not may(actor, "batch.create"):
        raise Forbidden(
            "Hanya HRD yang dapat membuat pengajuan.", "Only HR staff may make a submission."
        )
    if company_id is None:
        if len(actor.companies) > 1:
            raise Invalid(
                "Anda mewakili beberapa perusahaan; sebutkan untuk perusahaan mana pengajuan ini.",
                "You act for several companies; name the one this submission is for.",
                fields={"company": "Wajib dipilih"},
            )
        return next(iter(actor.companies))
    if not may(actor, "batch.create", Place(company_id=company_id)):
        raise NotFound
    return company_id


def _check_layout(layout: str) -> None:
    if layout not in LAYOUTS:
        raise Invalid(
            "Susunan kolom harus auto, per-correction, atau per-employee.",
            "The layout must be auto, per-correction or per-employee.",
            fields={"layout": "Tidak dikenal"},
        )


def limits_of(portal: Portal) -> ReadLimits:
    """Return the reading limits that the settings state."""
    s = portal.settings
    return ReadLimits(
        max_bytes=s.max_upload_bytes,
        max_rows=s.max_rows,
        max_columns=s.max_columns,
        max_unpacked=s.max_unpacked_bytes,
        max_ratio=s.max_ratio,
        ratio_from=s.max_ratio_above_bytes,
        child_memory=s.child_memory_bytes,
        child_memory_most=s.child_memory_most_bytes,
        child_seconds=s.child_seconds,
        child_seconds_per_100k_rows=s.child_seconds_per_100k_rows,
    )


def _store(portal: Portal, company: Company, stream: BinaryIO, name: str) -> StoredFile:
    limit = portal.settings.max_upload_bytes
    try:
        look_at_upload(stream, name, limits_of(portal))
    except Unreadable as refusal:
        kind = TooLarge if refusal.code == "FILE-06" else Invalid
        raise kind(refusal.message, refusal.message_en, code=refusal.code) from refusal
    stream.seek(0)
    try:
        stored = portal.files.put(stream, portal.key(company).file_key, limit=limit)
    except FileTooLargeError as error:
        raise TooLarge(
            f"Berkas {name} lebih besar dari batas {limit // 1024 // 1024} MB.",
            f"File {name} is over the limit of {limit // 1024 // 1024} MB.",
            code="FILE-06",
        ) from error
    crashpoints.passing("upload:stored")
    return stored


def repeated(portal: Portal, actor: Actor, key: str | None) -> Taken | None:
    """Return the batch that this key has made before, or None. Raises Invalid for an odd key."""
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY:
        raise Invalid(
            "Idempotency-Key berisi 1 sampai 100 karakter.",
            "An Idempotency-Key has 1 to 100 characters.",
        )
    with portal.db.read() as session:
        batch = session.scalar(
            sa.select(Batch).where(
                Batch.created_by == actor.user_id,
                Batch.idempotency_key == key,
                Batch.company_id.in_(actor.companies or [""]),
            )
        )
        if batch is None:
            return None
        return taken(batch, visible.current_revision(session, batch), repeated=True)


def _same_revision(session: Session, batch: Batch, key: str | None) -> Taken | None:
    if key is None:
        return None
    revision = session.scalar(
        sa.select(Revision).where(Revision.batch_id == batch.id, Revision.idempotency_key == key)
    )
    return taken(batch, revision, repeated=True) if revision else None


def next_number(portal: Portal, session: Session) -> str:
    """Give out the next batch number ("PKD-2026-00142") in the transaction."""
    year = str(portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).year)
    return f"PKD-{year}-{next_value(session, 'batches', 'number', year):05}"


def next_value(session: Session, scope: str, series: str, period: str) -> int:
    """Raise a counter by one in the transaction and return it: gap-free with it."""
    raised: int | None = session.scalar(
        sa.update(Counter)
        .where(Counter.scope == scope, Counter.series == series, Counter.period == period)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
    )
    if raised is not None:
        return raised
    first = {"scope": scope, "series": series, "period": period, "value": 0}
    if _is_postgresql(session):
        session.execute(postgresql.insert(Counter).values(first).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(Counter).values(first).on_conflict_do_nothing())
    return next_value(session, scope, series, period)


def _add_revision(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    *,
    stored: StoredFile,
    file_id: int,
    name: str,
    layout: str,
    key: str | None,
    recognised: bool = False,
) -> Revision:
    revision = Revision(
        batch_id=batch.id,
        number=batch.revision_number,
        file_id=file_id,
        file_name=name,
        file_size=stored.size,
        sha256=stored.sha256,
        layout_asked=layout,
        idempotency_key=key,
        recognised=recognised,
        uploaded_by=actor.user_id,
        uploaded_at=portal.clock(),
        state="received",
    )
    session.add(revision)
    session.flush()
    jobs.add(portal, session, "read", str(revision.id))
    return revision


def taken(batch: Batch, revision: Revision, *, repeated: bool) -> Taken:
    """Say what became of an upload, as it stands now."""
    return Taken(
        batch.id,
        batch.number,
        revision.number,
        batch.state,
        revision.state,
        batch.version,
        repeated,
    )
