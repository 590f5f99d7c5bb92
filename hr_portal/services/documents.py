"""Supporting documents of a batch: taken in, placed, shown, removed."""

import datetime as dt
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from hr_portal.adapters.database.document_models import Judgement
from hr_portal.adapters.database.engine import once
from hr_portal.adapters.database.models import (
    Batch,
    Document,
    FindingRow,
    Placement,
    Revision,
    Row,
    new_id,
)
from hr_portal.adapters.documents import DocumentRefused, SafeDocument, make_safe, told_type
from hr_portal.adapters.files import StoredFile
from hr_portal.adapters.scanner import NoVerdict
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain import document_kinds
from hr_portal.domain.permissions import Actor
from hr_portal.domain.picture_advice import Advice
from hr_portal.domain.report import Severity
from hr_portal.services import advising, audit, depicting, document_status, scanning, visible
from hr_portal.services.context import Portal
from hr_portal.services.document_status import UNJUDGED, Status
from hr_portal.services.errors import Invalid, TooLarge
from hr_portal.services.intake import clean_file_name, closed, keep_file, let_go

KINDS, SIGNED_LETTER = document_kinds.KINDS, document_kinds.SIGNED_LETTER


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as lists show it."""

    id: str
    file_name: str
    kind: str
    kind_label: str
    kind_label_en: str
    media_type: str
    pages: int | None
    size: int
    rows: tuple[int, ...]
    """Row numbers it is placed on; empty = the whole batch (or its employee left the file)."""
    whole_batch: bool
    uploaded_at: dt.datetime
    in_tray: bool = False
    """Nobody knows yet where it belongs."""
    status: Status = UNJUDGED
    """What the reviewer found of it; lists and single views tell it."""
    is_waiting: bool = False
    """In quarantine: the virus scanner has not spoken; it is no document of the batch yet."""
    advice: tuple[Advice, ...] = ()
    """On its picture, once that has been drawn; lists and single views tell it."""


def add_document(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    stream: BinaryIO,
    file_name: str,
    *,
    kind: str = "lain",
    row: int | None = None,
    version: int | None = None,
) -> DocumentView:
    """Take a PDF, JPEG or PNG in, made safe, on a row or the whole batch.

    What is kept and later served is the copy we made, never the bytes uploaded. While the
    virus scanner is silent it waits in quarantine instead (`is_waiting`).

    Raises:
        NotFound, Forbidden, Conflict: not theirs, or no longer a draft.
        Invalid: the kind or row is unknown, or the file refused (DOC code).
        TooLarge: over the size limit.

    """
    if kind not in KINDS:
        raise Invalid(
            "Jenis dokumen tidak dikenal.",
            "Unknown kind of document.",
            fields={"kind": "Tidak dikenal"},
        )
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        visible.expect_version(batch, version)
        if batch.state != "draft":
            raise closed(batch)
        company = batch.company
        _find_row(session, batch, row)
    name = clean_file_name(file_name)
    data = read_document(portal, stream, name)
    expect_type(data, name)
    key, digest = portal.key(company), hashlib.sha256(data).hexdigest()
    try:
        scanning.expect_clean(portal, actor, batch, data, name)
    except NoVerdict as silent:
        held = scanning.hold_upload(
            portal, actor, batch_id, data, name,
            expect=_expect_draft, cause=silent.cause, by_name=False, kind=kind, row=row,
        )  # fmt: skip
        label, label_en = KINDS[kind]
        return DocumentView(
            held.id, name, kind, label, label_en, "", None, len(data),
            () if row is None else (row,), row is None, held.uploaded_at, is_waiting=True,
        )  # fmt: skip
    safe = made_safe(data, name)
    stored = portal.files.put(io.BytesIO(safe.data), key.file_key, limit=len(safe.data) + 1)
    try:
        with portal.db.write() as session:
            batch = visible.batch(session, actor, batch_id, action="batch.edit")
            visible.expect_version(batch, version)  # again: cleaning took a while
            if batch.state != "draft":
                raise closed(batch)  # noqa: TRY301 - the copy is removed below
            document_id = keep(
                portal, session, actor, batch, key, safe, stored,
                digest=digest, name=name, kind=kind, row=row,
            )  # fmt: skip
            touch(portal, batch, actor)
    except BaseException:
        let_go(portal, stored)
        raise
    with portal.db.read() as session:
        document, _ = visible.document(session, actor, document_id)
        return _view(document, key)


def keep(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    key: CompanyKey,
    safe: SafeDocument,
    stored: StoredFile,
    *,
    digest: str,
    name: str,
    kind: str,
    row: int | None,
) -> str:
    """Write a safe copy down, on a row or the whole batch, in the transaction; returns its id.

    `digest` is that of the bytes uploaded. Raises Invalid where the row isn't there.
    """
    placed = _find_row(session, batch, row)
    file_id = keep_file(portal, session, batch.company, stored)
    document_id = new_id()
    document = Document(
        id=document_id,
        batch_id=batch.id,
        file_id=file_id,
        kind=kind,
        media_type=safe.media_type,
        source_sha256=digest,
        file_name=key.seal(f"documents|{document_id}", name.encode()),
        pages=safe.pages,
        uploaded_by=actor.user_id,
        uploaded_at=portal.clock(),
    )
    session.add(document)
    session.flush()
    depicting.queue(portal, session, batch.id)
    session.add(
        Placement(
            document_id=document_id,
            row_number=row,
            kpj_index=placed.kpj_index if placed else None,
        )
    )
    audit.record(
        portal, session, actor, "document:added", document_id,
        company_id=batch.company_id, batch=batch.id, row=row, kind=kind, sha256=stored.sha256,
    )  # fmt: skip
    return document_id


def _expect_draft(_session: Session, batch: Batch) -> None:
    if batch.state != "draft":
        raise closed(batch)


def nothing_chosen() -> Invalid:
    """Make the refusal of a form without a file."""
    return Invalid(
        "Belum ada berkas yang dipilih. Pilih satu atau beberapa PDF, JPEG, atau PNG.",
        "No file was chosen. Choose one or more PDF, JPEG or PNG files.",
        fields={"file": "Wajib dipilih"},
    )


def read_document(portal: Portal, stream: BinaryIO, name: str) -> bytes:
    """Return the bytes of one upload; raises TooLarge over the limit of a document."""
    limit = portal.settings.max_document_bytes
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(
            f"Berkas {name} lebih besar dari batas {limit // 1024 // 1024} MB. Pindai ulang dengan "
            "resolusi lebih rendah (200 dpi cukup), atau pisahkan halamannya.",
            f"File {name} is over the limit of {limit // 1024 // 1024} MB. Scan at a lower resolution "
            "(200 dpi will do) or split its pages.",
            code="DOC-06",
        )
    return data


def expect_type(data: bytes, name: str) -> None:
    """Raise Invalid where name and first bytes are no document's; nothing is opened for that."""
    try:
        told_type(data, name)
    except DocumentRefused as refusal:
        raise Invalid(
            refusal.message, refusal.message_en, code=refusal.code, fields={"file": name}
        ) from refusal


def made_safe(data: bytes, name: str) -> SafeDocument:
    """Return the copy that may be kept; raises Invalid with the DOC code of a refusal."""
    try:
        return make_safe(data, name)
    except DocumentRefused as refusal:
        raise Invalid(
            refusal.message, refusal.message_en, code=refusal.code, fields={"file": name}
        ) from refusal


def remove_document(
    portal: Portal, actor: Actor, document_id: str, *, version: int | None = None
) -> str:
    """Take a document off a draft; returns the batch id. Its bytes stay for the audit."""
    with portal.db.write() as session:
        document, batch = visible.document(session, actor, document_id)
        visible.batch(session, actor, batch.id, action="batch.edit")
        visible.expect_version(batch, version)
        if batch.state != "draft":
            raise closed(batch)
        document.removed_at = portal.clock()
        touch(portal, batch, actor)
        audit.record(
            portal,
            session,
            actor,
            "document:removed",
            document_id,
            company_id=batch.company_id,
            batch=batch.id,
        )
        return batch.id


def list_documents(
    portal: Portal, actor: Actor, batch_id: str, *, row: int | None = None
) -> list[DocumentView]:
    """Return a batch's documents, oldest first; with `row` those of that row or of the whole."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        found = of_batch(session, batch.id)
        if not found:
            return []
        key = portal.key(batch.company)
        judged = document_status.statuses(session, key, batch.id)
        advised = advising.of_batch(session, batch.id)
        views = [
            replace(
                _view(document, key),
                status=judged.get(document.id, UNJUDGED),
                advice=advised.get(document.id, ()),
            )
            for document in found
        ]
    return [v for v in views if row is None or row in v.rows or v.whole_batch]


def document_view(portal: Portal, actor: Actor, document_id: str) -> tuple[str, DocumentView]:
    """Return the batch's id and one document; raises as `visible.document`."""
    with portal.db.read() as session:
        document, batch = visible.document(session, actor, document_id)
        key = portal.key(batch.company)
        status = document_status.statuses(session, key, batch.id).get(document_id, UNJUDGED)
        advised = advising.of_batch(session, batch.id, document_id)
        return batch.id, replace(
            _view(document, key), status=status, advice=advised.get(document_id, ())
        )


def of_batch(session: Session, batch_id: str) -> list[Document]:
    """Return the documents that are on a batch now, oldest first, with file and placements."""
    return list(session.scalars(_OF_BATCH, {"batch": batch_id}))


_OF_BATCH: Final = (
    sa.select(Document)
    .options(joinedload(Document.file), selectinload(Document.placements))
    .where(Document.batch_id == sa.bindparam("batch"), Document.removed_at.is_(None))
    .order_by(Document.uploaded_at, Document.id)
)
"""Made once: the bench asks it for each row."""


def open_document(
    portal: Portal, actor: Actor, document_id: str
) -> tuple[DocumentView, Iterator[bytes]]:
    """Return a document and its bytes for showing or download; the look is an act."""
    with portal.db.write() as session:
        document, batch = visible.document(session, actor, document_id)
        key = portal.key(batch.company)
        view, name = _view(document, key), document.file.name
        audit.record(
            portal,
            session,
            actor,
            "document:opened",
            document_id,
            company_id=batch.company_id,
            batch=batch.id,
        )
    return view, portal.files.chunks(name, key.file_key)


def rows_without_document(session: Session, revision: Revision) -> list[int]:
    """Return the rows with an E* finding on which no document lies yet."""
    codes = {one["code"] for one in revision.summary if one["severity"] == Severity.OVERRIDE}
    if not codes:
        return []
    asked = {"revision": revision.id, "batch": revision.batch_id, "codes": sorted(codes)}
    found = once(session, ("bare", revision.id), lambda: session.scalars(_BARE, asked).all())
    return sorted(set(found))


_COVERED = (
    sa.select(Placement.row_number)
    .join(Document)
    .outerjoin(Judgement, Judgement.document_id == Document.id)
    .where(
        sa.func.coalesce(Judgement.state, "open") != "unfit",
        Document.batch_id == sa.bindparam("batch"),
        Document.removed_at.is_(None),
        Document.kind != SIGNED_LETTER,  # it says what is asked, it proves nothing
        Placement.row_number.is_not(None),
    )
)
_BARE = sa.select(FindingRow.row_number).where(
    FindingRow.revision_id == sa.bindparam("revision"),
    FindingRow.code.in_(sa.bindparam("codes", expanding=True)),
    FindingRow.severity == int(Severity.OVERRIDE),
    FindingRow.row_number.not_in(_COVERED),
)
"""Made once: every page of a draft asks it."""


def touch(portal: Portal, batch: Batch, actor: Actor) -> None:
    """Note that a draft was changed: next version, by whom, when."""
    batch.version += 1
    batch.last_edited_by = actor.user_id
    batch.last_edited_at = portal.clock()


def has_row(session: Session, revision: Revision, number: int) -> bool:
    """Say whether a checked revision has a row of that number."""
    return revision.state == "checked" and session.get(Row, (revision.id, number)) is not None


def _find_row(session: Session, batch: Batch, number: int | None) -> Row | None:
    if number is None:
        return None
    revision = visible.current_revision(session, batch)
    row = session.get(Row, (revision.id, number)) if revision.state == "checked" else None
    if row is None:
        raise Invalid(
            f"Baris {number} tidak ada pada revisi {revision.number}. Pakai nomor baris seperti di Excel.",
            f"Row {number} isn't in revision {revision.number}. Use the row number as in Excel.",
            fields={"row": "Tidak ada"},
        )
    return row


def _view(document: Document, key: CompanyKey) -> DocumentView:
    label, label_en = KINDS.get(document.kind, KINDS["lain"])
    rows = tuple(sorted(p.row_number for p in document.placements if p.row_number is not None))
    return DocumentView(
        document.id,
        key.open(f"documents|{document.id}", document.file_name).decode(),
        document.kind,
        label,
        label_en,
        document.media_type,
        document.pages,
        document.file.size,
        rows,
        any(p.row_number is None and p.kpj_index is None for p in document.placements),
        document.uploaded_at,
        in_tray=not document.placements,
    )


def views(documents: list[Document], key: CompanyKey) -> list[DocumentView]:
    """Return documents as lists show them."""
    return [_view(document, key) for document in documents]


def missing(portal: Portal, actor: Actor, batch_id: str) -> list[int]:
    """Return the rows of the current revision that still need a document (E*)."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        return rows_without_document(session, visible.current_revision(session, batch))
