"""Documents that find their rows by name: taken in one by one, placed where that is certain."""

import hashlib
import io
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.document_models import Clue
from hr_portal.adapters.database.models import Batch, Document, Placement, Revision, Row, new_id
from hr_portal.adapters.documents import SafeDocument
from hr_portal.adapters.files import StoredFile
from hr_portal.adapters.scanner import NoVerdict
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.document_kinds import OTHER
from hr_portal.domain.matching import Match, match
from hr_portal.domain.permissions import Actor
from hr_portal.domain.roster import Roster
from hr_portal.services import audit, depicting, documents, mapping_store, scanning, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict
from hr_portal.services.intake import clean_file_name, closed, keep_file, let_go
from hr_portal.services.rowdata import walk_blocks

MOST_PATH = 500
_KEPT_ROSTERS = 2
_rosters: OrderedDict[tuple[str, int, int], Roster] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document made safe and stored, before the database knows of it."""

    path: str
    source_sha256: str
    safe: SafeDocument | None
    """None where the batch has these bytes already."""
    stored: StoredFile | None


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one document."""

    document_id: str
    file_name: str
    match: Match
    is_repeated: bool
    """The batch had these bytes already; nothing was kept twice."""

    is_waiting: bool = False
    """In quarantine: the virus scanner has not spoken; it is no document of the batch yet."""

    @property
    def is_placed(self) -> bool:
        """Whether it lies at its rows; otherwise in the tray, or it waits."""
        return self.match.certainty == "sure" and not self.is_waiting


def file_document(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    stream: BinaryIO,
    path: str,
    *,
    kind: str | None = None,
) -> Filed:
    """Take one document in and place it by its name; what is doubtful goes to the tray.

    While the virus scanner is silent it waits in quarantine (`is_waiting`).

    `path` may have folders, which count as part of the name; `kind` stands above
    the kind that the name tells.

    Raises:
        NotFound, Forbidden, Conflict, Invalid, TooLarge: as for `add_document`.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        revision = expect_draft(session, batch)
        key = portal.key(batch.company)
        roster = roster_of(session, key, batch, revision)
        mapping = mapping_store.of_batch(session, key, batch.id)
    name = clean_file_name(path)
    data = documents.read_document(portal, stream, name)
    documents.expect_type(data, name)
    digest = digest_of(data)
    known = known_hashes(portal, batch_id, [digest])
    if not known:
        try:
            scanning.expect_clean(portal, actor, batch, data, name)
        except NoVerdict as silent:
            held = scanning.hold_upload(
                portal, actor, batch_id, data, path[-MOST_PATH:],
                expect=expect_draft, cause=silent.cause, by_name=True, kind=kind,
            )  # fmt: skip
            told = Match((), kind, "none", 0, "")
            return Filed(held.id, name, told, is_repeated=False, is_waiting=True)
    prepared = prepare(portal, key, data, path, known)
    try:
        with portal.db.write() as session:
            batch = visible.batch(session, actor, batch_id, action="batch.edit")
            expect_draft(session, batch)
            told = with_kind(match(path[-MOST_PATH:], roster, mapping), kind)
            filed = record(portal, session, actor, batch, key, prepared, told)
            documents.touch(portal, batch, actor)
    except BaseException:
        if prepared.stored is not None:
            let_go(portal, prepared.stored)
        raise
    return filed


def kind_told(path: str) -> str:
    """Return the kind of document that a name tells by itself, else "lain"."""
    return match(path[-MOST_PATH:], Roster()).kind or OTHER


def with_kind(told: Match, kind: str | None) -> Match:
    """Return a match with the kind that somebody chose for the file."""
    if kind is None:
        return told
    if told.rows and (told.certainty == "sure" or told.doubt in {"kind-missing", "kinds-several"}):
        return replace(told, kind=kind, certainty="sure", doubt="")
    return replace(told, kind=kind)


def expect_draft(session: Session, batch: Batch) -> Revision:
    """Return the checked revision of a draft; raises Conflict for anything else."""
    if batch.state != "draft":
        raise closed(batch)
    revision = visible.current_revision(session, batch)
    if revision.state != "checked":
        raise Conflict(
            "Berkas koreksi belum selesai diperiksa. Tunggu hasilnya, lalu unggah dokumennya.",
            "The file of corrections is still being checked. Wait for its result, then upload documents.",
            code="not_checked",
        )
    return revision


def roster_of(session: Session, key: CompanyKey, batch: Batch, revision: Revision) -> Roster:
    """Return the employees of a revision as it is edited now; the last two are remembered."""
    place = (batch.id, revision.id, revision.edited)
    with _lock:
        known = _rosters.get(place)
        if known is not None:
            _rosters.move_to_end(place)
            return known
    roster = Roster.of(
        (number, cells.employee, cells.changes)
        for block in walk_blocks(session, key, revision.id)
        for number, cells in (
            (number, block.row(slot)) for slot, number in enumerate(block.numbers)
        )
    )
    with _lock:
        _rosters[place] = roster
        while len(_rosters) > _KEPT_ROSTERS:
            _rosters.popitem(last=False)
    return roster


def digest_of(data: bytes) -> str:
    """Return the hash by which uploaded bytes are known again."""
    return hashlib.sha256(data).hexdigest()


def known_hashes(portal: Portal, batch_id: str, hashes: list[str]) -> set[str]:
    """Return those of these hashes of uploads that the batch has a document of."""
    with portal.db.read() as session:
        return {
            found
            for found in session.scalars(
                sa.select(Document.source_sha256).where(
                    Document.batch_id == batch_id,
                    Document.source_sha256.in_(hashes),
                    Document.removed_at.is_(None),
                )
            )
            if found
        }


def prepare(portal: Portal, key: CompanyKey, data: bytes, path: str, known: set[str]) -> Prepared:
    """Make an upload safe and store the copy; known bytes need neither.

    Raises Invalid with the DOC code where it is refused.
    """
    digest = digest_of(data)
    if digest in known:
        return Prepared(path, digest, None, None)
    safe = documents.made_safe(data, clean_file_name(path))
    stored = portal.files.put(io.BytesIO(safe.data), key.file_key, limit=len(safe.data) + 1)
    return Prepared(path, digest, safe, stored)


def record(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    key: CompanyKey,
    prepared: Prepared,
    told: Match,
) -> Filed:
    """Write a prepared document down, at its rows where that is certain, in the transaction.

    Bytes that the batch has already, of the same kind, get the new rows too and no second copy.
    """
    is_sure = told.certainty == "sure"
    name = clean_file_name(prepared.path)
    document = _same(session, batch, prepared.source_sha256, told.kind if is_sure else None)
    is_repeated = document is not None
    if document is not None and prepared.stored is not None:
        portal.files.delete(prepared.stored.name)  # came twice in one go
    if document is None:
        document = _added(portal, session, actor, batch, key, prepared, told)
    if is_sure:
        place_at(session, batch, document, told.rows)
        document.kind = told.kind or OTHER
    audit.record(
        portal, session, actor,
        "document:repeated" if is_repeated else "document:added",
        document.id,
        company_id=batch.company_id, batch=batch.id, rows=list(told.rows) if is_sure else [],
        kind=document.kind, by=told.by, score=told.score,
    )  # fmt: skip
    return Filed(document.id, name, told, is_repeated)


def _same(session: Session, batch: Batch, digest: str, kind: str | None) -> Document | None:
    """Return the batch's document of these bytes: of this kind or in the tray, else any."""
    found = session.scalars(
        sa.select(Document)
        .where(
            Document.batch_id == batch.id,
            Document.source_sha256 == digest,
            Document.removed_at.is_(None),
        )
        .order_by(Document.uploaded_at, Document.id)
    ).all()
    if kind is None:
        return found[0] if found else None
    return next((one for one in found if one.kind == kind or not one.placements), None)


def _added(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    key: CompanyKey,
    prepared: Prepared,
    told: Match,
) -> Document:
    document_id = new_id()
    if prepared.safe is None or prepared.stored is None:
        twin = _same(session, batch, prepared.source_sha256, None)
        if twin is None:
            raise Conflict(
                "Dokumen yang sama baru saja dilepas dari pengajuan. Unggah berkasnya sekali lagi.",
                "The same document was just taken off the submission. Upload the file once more.",
            )
        file_id, media_type, pages = twin.file_id, twin.media_type, twin.pages
    else:
        file_id = keep_file(portal, session, batch.company, prepared.stored)
        media_type, pages = prepared.safe.media_type, prepared.safe.pages
    document = Document(
        id=document_id,
        batch_id=batch.id,
        file_id=file_id,
        kind=told.kind or OTHER,
        media_type=media_type,
        pages=pages,
        source_sha256=prepared.source_sha256,
        file_name=key.seal(f"documents|{document_id}", clean_file_name(prepared.path).encode()),
        uploaded_by=actor.user_id,
        uploaded_at=portal.clock(),
    )
    session.add(document)
    session.flush()
    depicting.queue(portal, session, batch.id)
    session.add(
        Clue(
            document_id=document_id,
            path=key.seal(
                f"clues|{document_id}", prepared.path[-MOST_PATH:].encode("utf-8", "replace")
            ),
            rows=list(told.rows),
            kind=told.kind,
            certainty=told.certainty,
            score=told.score,
            told_by=told.by,
            doubt=told.doubt,
        )
    )
    return document


def place_at(session: Session, batch: Batch, document: Document, rows: tuple[int, ...]) -> None:
    """Put a document at rows of the current revision, beside those where it lies."""
    revision = visible.current_revision(session, batch)
    there = {place.row_number for place in document.placements}
    indexes = session.execute(
        sa.select(Row.number, Row.kpj_index).where(
            Row.revision_id == revision.id, Row.number.in_(set(rows) - there)
        )
    )
    document.placements.extend(
        Placement(row_number=number, kpj_index=kpj_index) for number, kpj_index in indexes
    )
