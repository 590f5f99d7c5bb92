"""The user's own workbook with what was found written into it: made, kept, given out.

A small one is made while somebody waits and kept nowhere. A large one is a
worker's job; its result is kept, sealed, until the batch changes.
"""

import io
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Annotation, Batch, Revision
from hr_portal.adapters.files import FileDamagedError
from hr_portal.adapters.spreadsheets.annotated.making import Told, annotate_file
from hr_portal.domain.permissions import Actor
from hr_portal.domain.table import Unreadable
from hr_portal.services import audit, jobs, visible
from hr_portal.services.annotating import Task, named_of, task_of
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.services.intake import limits_of

MOST_MADE_AT_ONCE = 2_000
"""Rows up to which the workbook is made while somebody waits: about a second."""
RENEW_SECONDS = 2.0

State = Literal["ready", "wanted", "failed"]


@dataclass(frozen=True, slots=True)
class AnnotatedFile:
    """A workbook on its way to the user; `chunks` may be walked once."""

    name: str
    chunks: Iterator[bytes]


def prepare(portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None) -> State:
    """Return how the annotated workbook stands; a large one is ordered at first asking.

    "ready" means that `open_annotated` gives it at once.

    Raises:
        NotFound; Conflict: the revision is still being read, or is unreadable.

    """
    try:
        with portal.db.write() as session:
            rev, batch = _checked(session, actor, batch_id, revision)
            if rev.rows_total <= MOST_MADE_AT_ONCE:
                return "ready"
            held = _held(session, rev, batch)
            if held is not None:
                return held.state  # type: ignore[return-value]  # a CHECK holds it
            old = _take_out_old(session, batch)
            wanted = Annotation(
                revision_id=rev.id, version=batch.version, created_at=portal.clock()
            )
            session.add(wanted)
            session.flush()
            jobs.add(portal, session, "annotate", str(wanted.id))
    except IntegrityError:  # somebody else has just ordered it
        return "wanted"
    for name in old:
        portal.files.delete(name)
    return "wanted"


def percent(portal: Portal, actor: Actor, batch_id: str) -> int:
    """Return how far a worker is with what `prepare` calls "wanted"; 0 until it has begun.

    Raises:
        NotFound; Conflict: as for `prepare`.

    """
    with portal.db.read() as session:
        rev, batch = _checked(session, actor, batch_id, None)
        held = _held(session, rev, batch)
        return min(99, held.progress * 50 // max(1, rev.rows_total)) if held else 0


def open_annotated(
    portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None
) -> AnnotatedFile:
    """Return the workbook with its notes; taking it away is an act.

    Raises:
        NotFound.
        Conflict: the revision isn't checked, or a worker is still writing the workbook.
        Invalid: the notes can't be written into this file; the sentence says what to do.

    """
    state = prepare(portal, actor, batch_id, revision=revision)
    if state == "wanted":
        raise Conflict(
            "Berkas beserta catatan masih ditulis. Muat ulang halaman sebentar lagi.",
            "The file with its notes is still being written. Reload in a moment.",
            code="not_ready",
        )
    with portal.db.write() as session:
        rev, batch = _checked(session, actor, batch_id, revision)
        held = _held(session, rev, batch)
        audit.record(
            portal, session, actor, "batch:annotated_exported", batch.id,
            company_id=batch.company_id, revision=rev.number,
        )  # fmt: skip
        stored = held.stored if held else None
        named = named_of(portal, session, rev)
    if state == "failed":
        raise _cannot(named.file_name)
    if stored is None:
        with portal.db.read() as session:  # the rows are gathered without a lock
            task = task_of(portal, session, rev)
        out = tempfile.SpooledTemporaryFile(1 << 23)  # noqa: SIM115 - closed by who walks it
        try:
            _write(portal, task, out)  # type: ignore[arg-type]  # it is written to, that is enough
        except Unreadable as refusal:
            out.close()
            raise Invalid(refusal.message, refusal.message_en, code=refusal.code) from refusal
        return AnnotatedFile(named.download_name, _walk(out))  # type: ignore[arg-type]
    chunks = portal.files.chunks(stored, named.key.file_key)
    try:
        first = next(chunks)
    except FileDamagedError as error:  # the batch has just changed and the old one is gone
        raise Conflict(
            "Pengajuan baru saja berubah, jadi berkasnya ditulis ulang. Coba lagi.",
            "The submission has just changed, so the file is written anew. Try again.",
            code="not_ready",
        ) from error
    return AnnotatedFile(named.download_name, _after(first, chunks))


def annotate_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Write and keep one workbook; the end of an "annotate" job.

    Raises:
        LeaseLostError: another worker has taken over; what we wrote is dropped.

    """
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        wanted = session.get(Annotation, int(claimed.subject))
        if wanted is None or wanted.state != "wanted":
            jobs.finish(session, claimed)
            return
        rev = session.get_one(Revision, wanted.revision_id)
    if claimed.attempts > portal.settings.max_attempts:
        _end(portal, claimed, None)
        return
    with portal.db.read() as session:  # the rows are gathered without a lock
        task = task_of(portal, session, rev)
    with tempfile.TemporaryFile(prefix="hr-portal-") as out:
        try:
            _write(portal, task, out, _Following(portal, claimed))
        except Unreadable:
            _end(portal, claimed, None)
            return
        size = out.tell()
        out.seek(0)
        stored = portal.files.put(out, task.named.key.file_key, limit=size).name
    try:
        is_kept = _end(portal, claimed, stored)
    except BaseException:
        portal.files.delete(stored)
        raise
    if not is_kept:
        portal.files.delete(stored)


def _end(portal: Portal, claimed: jobs.Claim, stored: str | None) -> bool:
    """Turn the order to ready or failed; False where nobody wants it any more."""
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        changed = session.execute(
            sa.update(Annotation)
            .where(Annotation.id == int(claimed.subject), Annotation.state == "wanted")
            .values(state="ready" if stored else "failed", stored=stored)
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]


class _Following:
    """Renews the job's lease while its rows are gathered and written, and notes how far it is."""

    def __init__(self, portal: Portal, claimed: jobs.Claim) -> None:
        self.portal, self.claimed = portal, claimed
        self.next = time.monotonic() + RENEW_SECONDS

    def __call__(self, gathered: int, written: int) -> None:
        if time.monotonic() < self.next:
            return
        with self.portal.db.write() as session:
            jobs.hold(self.portal, session, self.claimed)
            session.execute(
                sa.update(Annotation)
                .where(Annotation.id == int(self.claimed.subject))
                .values(progress=gathered + written)
            )
        self.next = time.monotonic() + RENEW_SECONDS


def _write(
    portal: Portal, task: Task, out: BinaryIO, told: Told = lambda _gathered, _written: None
) -> None:
    source, named = task.workbook, task.named
    if source is None:
        source = portal.files.read(named.stored or "", named.key.file_key)
    annotate_file(
        io.BytesIO(source), named.file_name, task.order, task.rows(portal), out,
        limits=limits_of(portal), told=told,
    )  # fmt: skip


def _checked(
    session: Session, actor: Actor, batch_id: str, number: int | None
) -> tuple[Revision, Batch]:
    batch = visible.batch(session, actor, batch_id)
    rev = visible.revision(session, actor, batch, number)
    if rev.state != "checked":
        raise Conflict(
            f"Revisi {rev.number} belum selesai diperiksa atau tidak terbaca, jadi belum ada catatannya.",
            f"Revision {rev.number} is not checked yet or can't be read, so there are no notes.",
            code="not_ready",
        )
    return rev, batch


def _held(session: Session, rev: Revision, batch: Batch) -> Annotation | None:
    return session.scalar(
        sa.select(Annotation).where(
            Annotation.revision_id == rev.id, Annotation.version == batch.version
        )
    )


def _take_out_old(session: Session, batch: Batch) -> list[str]:
    """Forget the workbooks of earlier states of a batch; returns their names in the store."""
    old = session.scalars(
        sa.select(Annotation)
        .join(Revision, Revision.id == Annotation.revision_id)
        .where(Revision.batch_id == batch.id, Annotation.version != batch.version)
    ).all()
    for each in old:
        session.delete(each)
    return [each.stored for each in old if each.stored]


def _cannot(name: str) -> Invalid:
    return Invalid(
        f"Catatan tidak dapat ditulis ke berkas {name}. Data Anda tidak berubah. Unduh daftar temuan "
        "sebagai gantinya, atau salin tabelnya sebagai nilai ke buku kerja baru lalu unggah kembali.",
        f"The notes can't be written into file {name}. Your data are unchanged. Download the list of "
        "findings instead, or copy the table as values into a new workbook and upload it again.",
        code="FILE-09",
    )


def _walk(out: BinaryIO) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while piece := out.read(1 << 18):
            yield piece


def _after(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks
