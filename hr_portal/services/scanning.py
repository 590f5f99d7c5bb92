"""What the virus scanner says of uploaded bytes, and the quarantine of those it says nothing of.

The original bytes are asked about before anything is made of them. A scanner that is silent is no
failure and no pass: the document waits, sealed, and is no document of the batch until then
(security.md E6, E7; decision 77). Where no scanner is configured, nobody is asked.
"""

import datetime as dt
import hashlib
import io
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.document_models import HeldDocument
from hr_portal.adapters.database.models import Batch, Job, new_id
from hr_portal.adapters.documents import refusals
from hr_portal.adapters.files import StoredFile
from hr_portal.adapters.scanner import Cause, NoVerdict
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit, jobs, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound, may_have_been_kept

JOB = "scan"
_PAUSED = "scanner"
_FIRST_PAUSE, _LONGEST_PAUSE = 5, 600
"""Seconds until a silent scanner is asked again; each time twice as long, up to the longest."""
logger = logging.getLogger(__name__)


class Infected(Invalid):
    """The scanner names a signature; nothing of the bytes is kept."""


@dataclass(frozen=True, slots=True)
class HeldView:
    """A document that waits for the scanner, or was refused after waiting."""

    id: str
    path: str
    size: int
    cause: Cause
    code: str
    """Of the refusal; empty while it waits."""
    message: str
    message_en: str
    uploaded_at: dt.datetime

    @property
    def is_waiting(self) -> bool:
        """Whether the scanner has still to speak."""
        return not self.code


def expect_clean(portal: Portal, actor: Actor, batch: Batch, data: bytes, name: str) -> None:
    """Ask the scanner about the bytes of an upload.

    Raises:
        Infected: with the signature's name; the act is written.
        NoVerdict: the scanner did not say.

    """
    if portal.scanner is None:
        return
    try:
        signature = portal.scanner.scan(data)
    except NoVerdict as silent:
        logger.warning("virus scanner silent", extra={"kind": silent.cause})
        raise
    if signature is None:
        return
    with portal.db.write() as session:
        audit.record(
            portal, session, actor, "document:infected", batch.id, company_id=batch.company_id,
            batch=batch.id, signature=signature, sha256=hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
    told = refusals.refuse("infected", name, signature=signature)
    raise Infected(told.message, told.message_en, code=told.code, fields={"file": name})


def signature_of(portal: Portal, chunks: Iterable[bytes], beat: Callable[[], None]) -> str | None:
    """Ask about a stored file as it is read; None where it is clean or nobody is asked.

    `beat` is called with each piece. Raises NoVerdict where the scanner did not say.
    """
    if portal.scanner is None:
        return None

    def told() -> Iterator[bytes]:
        for chunk in chunks:
            beat()
            yield chunk

    try:
        return portal.scanner.scan(told())
    except NoVerdict as silent:
        logger.warning("virus scanner silent", extra={"kind": silent.cause})
        raise


def expect_clean_now(portal: Portal, actor: Actor, batch: Batch, data: bytes, name: str) -> None:
    """As `expect_clean`, of an upload that can't wait for a silent scanner.

    Raises:
        Infected. Conflict: the scanner did not say; it is to be sent again.

    """
    try:
        expect_clean(portal, actor, batch, data, name)
    except NoVerdict:
        raise Conflict(
            "Pemindai virus sedang tidak menjawab, jadi berkas ini belum dapat diterima. Tunggu beberapa "
            "menit, lalu unggah lagi. Bila tetap begini, hubungi pengelola portal.",
            "The virus scanner does not answer at the moment, so this file can't be taken yet. Wait a few "
            "minutes and upload it again. If it stays so, tell the portal's keeper.",
            code="scanner_silent",
        ) from None


def store(portal: Portal, key: CompanyKey, data: bytes) -> StoredFile:
    """Put original bytes into the store, sealed, for `hold`."""
    return portal.files.put(io.BytesIO(data), key.file_key, limit=len(data) + 1)


def hold(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    key: CompanyKey,
    stored: StoredFile,
    path: str,
    *,
    cause: Cause,
    by_name: bool,
    kind: str | None = None,
    row: int | None = None,
) -> HeldDocument:
    """Write stored bytes down as waiting for the scanner, in the transaction, and queue the asking.

    The same bytes again, while they wait, are not held twice.
    """
    held_id = new_id()
    held = HeldDocument(
        id=held_id,
        batch_id=batch.id,
        path=key.seal(f"held_documents|{held_id}", path.encode("utf-8", "replace")),
        stored=stored.name,
        sha256=stored.sha256,
        size=stored.size,
        by_name=by_name,
        kind=kind,
        row_number=row,
        cause=cause,
        uploaded_by=actor.user_id,
        uploaded_at=portal.clock(),
    )
    session.add(held)
    session.flush()
    jobs.again_if_idle(portal, session, JOB, batch.id)
    audit.record(
        portal, session, actor, "document:held", held_id, company_id=batch.company_id,
        batch=batch.id, cause=cause, sha256=stored.sha256,
    )  # fmt: skip
    return held


def hold_upload(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    data: bytes,
    path: str,
    *,
    expect: Callable[[Session, Batch], object],
    cause: Cause,
    by_name: bool,
    kind: str | None,
    row: int | None = None,
) -> HeldDocument:
    """Put an upload into quarantine, as the scanner has not spoken.

    `expect` raises for a batch that takes no documents.
    """
    with portal.db.read() as session:
        key = portal.key(visible.batch(session, actor, batch_id, action="batch.edit").company)
    stored = store(portal, key, data)
    try:
        with portal.db.write() as session:
            batch = visible.batch(session, actor, batch_id, action="batch.edit")
            expect(session, batch)
            return hold(
                portal, session, actor, batch, key, stored, path,
                cause=cause, by_name=by_name, kind=kind, row=row,
            )  # fmt: skip
    except BaseException:
        let_go(portal, stored)
        raise


def let_go(portal: Portal, stored: StoredFile) -> None:
    """Delete stored bytes whose transaction failed, unless the database has them after all."""
    if may_have_been_kept():
        return
    try:
        with portal.db.read() as session:
            is_held = session.scalar(
                sa.select(sa.exists().where(HeldDocument.stored == stored.name))
            )
    except sa.exc.SQLAlchemyError:
        return
    if not is_held:
        portal.files.delete(stored.name)


def waiting(batch_id: "str | sa.BindParameter[str]") -> sa.Select[int]:
    """Return the question how many documents of a batch wait for the scanner."""
    return sa.select(sa.func.count()).where(
        HeldDocument.batch_id == batch_id, HeldDocument.refused.is_(None)
    )


def held_of(portal: Portal, actor: Actor, batch_id: str) -> list[HeldView]:
    """Return the documents of a batch that wait, or were refused after waiting; oldest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        key = portal.key(batch.company)
        found = session.scalars(
            sa.select(HeldDocument)
            .where(HeldDocument.batch_id == batch.id)
            .order_by(HeldDocument.uploaded_at, HeldDocument.id)
        )
        return [view(one, key) for one in found]


def take_off(portal: Portal, actor: Actor, held_id: str) -> str:
    """Delete a waiting document, or the word of a refused one; returns the batch's id."""
    with portal.db.write() as session:
        held = session.get(HeldDocument, held_id)
        if held is None:
            raise NotFound
        batch = visible.batch(session, actor, held.batch_id, action="batch.edit")
        stored = held.stored
        session.delete(held)
        if stored is not None:
            audit.record(
                portal, session, actor, "document:hold_ended", held_id,
                company_id=batch.company_id, batch=batch.id,
            )  # fmt: skip
    if stored is not None:
        portal.files.delete(stored)
    return batch.id


def refuse(held: HeldDocument, key: CompanyKey, code: str, message: str, message_en: str) -> None:
    """Turn a waiting document into one that was refused; its bytes are the caller's to delete."""
    plain = orjson.dumps([code, message, message_en])
    held.refused = key.seal(f"held_documents|{held.id}|refused", plain)
    held.stored = None


def path_of(held: HeldDocument, key: CompanyKey) -> str:
    """Return the name with its folders, as uploaded."""
    return key.open(f"held_documents|{held.id}", held.path).decode()


def view(held: HeldDocument, key: CompanyKey) -> HeldView:
    """Return a held document as lists show it."""
    code = message = message_en = ""
    if held.refused is not None:
        plain = key.open(f"held_documents|{held.id}|refused", held.refused)
        code, message, message_en = orjson.loads(plain)
    return HeldView(
        held.id, path_of(held, key), held.size, held.cause, code, message, message_en,  # type: ignore[arg-type]
        held.uploaded_at,
    )  # fmt: skip


# --- work that waits ------------------------------------------------------------------------------


def pause(portal: Portal, session: Session, claimed: jobs.Claim) -> None:
    """Put a job back until the scanner speaks: later each time, and never given up for that."""
    job = session.get_one(Job, claimed.id, populate_existing=True)
    _, _, before = (job.error or "").partition(" ")
    tries = int(before) + 1 if before.isdigit() and is_pause(job.error) else 1
    delay = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(tries - 1, 10))
    jobs.retry(portal, session, claimed, f"{_PAUSED} {tries}", delay=delay, is_try=False)


def is_pause(error: str | None) -> bool:
    """Say whether a job's word is that it waits for the scanner."""
    return (error or "").partition(" ")[0] == _PAUSED


def is_paused(session: Session, kind: str, subject: str) -> bool:
    """Say whether a piece of work waits for the scanner."""
    return is_pause(
        session.scalar(
            sa.select(Job.error).where(
                Job.kind == kind, Job.subject == subject, Job.state == "queued"
            )
        )
    )


def is_reading_paused(portal: Portal, revision_id: int) -> bool:
    """Say whether the check of a revision waits for the scanner."""
    with portal.db.read() as session:
        return is_paused(session, "read", str(revision_id))


def queue_waiting(portal: Portal) -> None:
    """Queue the asking for batches whose job was missed."""
    with portal.db.write() as session:
        found = sa.select(HeldDocument.batch_id).where(HeldDocument.refused.is_(None)).distinct()
        for batch_id in session.scalars(found).all():
            jobs.again_if_idle(portal, session, JOB, batch_id)
