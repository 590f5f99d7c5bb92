"""The review: queue, taking, verdicts per correction, and the decision that ends it.

Guards come first in every act: state, version, who may. Uploader, submitter and
last editor never decide; nor, by default, anyone of the batch's company. Every
change is one conditional update with its act in the same transaction.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Correction,
    Decision,
    Document,
    FindingRow,
    Membership,
    Revision,
    Row,
    User,
)
from hr_portal.domain.fields import FIELD
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.report import Severity
from hr_portal.domain.workflow import DECIDED, MOVES, VERDICTS, Verdict, outcome
from hr_portal.services import audit, copying, crashpoints, documents, intake, past, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid
from hr_portal.services.reasons import reason_of

MOST_ROWS_TOLD = 1000
"""Row numbers that an act lists; above it, their count."""
MOST_ROWS_SAID = 10
"""Row numbers that a sentence bears."""
MOST_ASKED_AT_ONCE = 1000
"""Row numbers in one query; databases bound how many a statement may name."""
REASONS: tuple[tuple[str, str], ...] = (
    ("KTP tidak terbaca", "The identity card is not legible"),
    ("Data berbeda dengan KTP-el", "The data differ from the identity card"),
    ("Dokumen pendukung kurang", "A supporting document is missing"),
    ("Dokumen bukan milik peserta ini", "The document belongs to someone else"),
    ("Surat pengantar belum ditandatangani", "The cover letter is not signed"),
    ("Peserta tidak ditemukan pada NPP ini", "The participant is not under this NPP"),
)


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One batch as the queue shows it."""

    batch_id: str
    number: str
    company_name: str
    branch_name: str
    state: str
    rows: int
    warnings: int
    fields: dict[str, int]
    submitted_at: dt.datetime
    reviewer_name: str | None
    is_mine: bool
    barred: str | None
    """Why this reviewer may not take it ("own_company", "own_upload"), None = may."""
    timezone: str = "Asia/Jakarta"
    """Of the branch, for the target clock."""
    decided_at: dt.datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """How a review ended."""

    outcome: str
    state: str
    approved: int
    returned: int
    rejected: int
    child_batch_id: str | None
    child_number: str | None


def queue(
    portal: Portal,
    actor: Actor,
    *,
    state: Literal["open", "mine", "done", "all"] = "open",
    page: int = 1,
    per_page: int = 25,
) -> tuple[list[QueueEntry], int]:
    """Return the batches waiting at the actor's branches, oldest first, and how many.

    open: submitted or in review; mine: taken by the actor; done: decided ones, the
    latest first; all: open and decided.
    """
    if not may(actor, "branch.queue"):
        raise Forbidden("Antrean hanya untuk pemeriksa.", "The queue is for reviewers only.")
    waiting, decided = ("submitted", "in_review"), tuple(sorted(DECIDED))
    states = {"all": waiting + decided, "done": decided}.get(state, waiting)
    order = Batch.decided_at.desc() if state == "done" else Batch.submitted_at
    wanted: list[sa.ColumnElement[bool]] = [
        Batch.branch_id.in_(actor.branches),
        Batch.state.in_(states),
    ]
    if state == "mine":
        wanted.append(Batch.reviewer_id == actor.user_id)
    with portal.db.read() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(Batch).where(*wanted)) or 0
        found = session.execute(
            sa.select(Batch, Revision)
            .join(
                Revision,
                sa.and_(Revision.batch_id == Batch.id, Revision.number == Batch.revision_number),
            )
            .options(
                joinedload(Batch.company), joinedload(Batch.branch), joinedload(Batch.reviewer)
            )
            .where(*wanted)
            .order_by(order, Batch.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        ).all()
        return [
            QueueEntry(
                batch.id,
                batch.number,
                batch.company.name,
                batch.branch.name,
                batch.state,
                revision.rows_total - revision.rows_empty,
                revision.rows_warning,
                dict(revision.fields),
                batch.submitted_at or batch.created_at,
                batch.reviewer.name if batch.reviewer else None,
                batch.reviewer_id == actor.user_id,
                _barred(portal, session, batch, actor),
                batch.branch.timezone,
                batch.decided_at,
                batch.version,
            )
            for batch, revision in found
        ], total


def next_for(portal: Portal, actor: Actor) -> str | None:
    """Return the id of the oldest batch that nobody holds and the actor may take."""
    with portal.db.read() as session:
        waiting = session.scalars(
            sa.select(Batch)
            .where(Batch.branch_id.in_(actor.branches), Batch.state == "submitted")
            .order_by(Batch.submitted_at, Batch.id)
        )
        for batch in waiting:
            if _barred(portal, session, batch, actor) is None:
                return batch.id
    return None


def take(portal: Portal, actor: Actor, batch_id: str, *, version: int | None = None) -> int:
    """Take a submitted batch for review; returns its new version.

    Taken again by the same reviewer it stays theirs, unchanged.

    Raises:
        NotFound; Forbidden (own company, own upload); Conflict (somebody has it,
        decided, withdrawn, or a stale version).

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        if batch.state == "in_review" and batch.reviewer_id == actor.user_id:
            return batch.version
        if batch.state != "submitted":
            raise _too_late(session, batch)
        visible.expect_version(batch, version)
        _refuse_barred(portal, session, batch, actor)
        batch.state, batch.reviewer_id, batch.taken_at = (
            MOVES["submitted", "take"].to,
            actor.user_id,
            portal.clock(),
        )
        batch.version += 1
        audit.record(
            portal,
            session,
            actor,
            "batch:taken",
            batch.id,
            company_id=batch.company_id,
            version=batch.version,
        )
        return batch.version


def release(portal: Portal, actor: Actor, batch_id: str, *, version: int | None = None) -> None:
    """Put a batch back into the queue; verdicts given so far are kept."""
    with portal.db.write() as session:
        batch = _held(portal, session, actor, batch_id, version)
        batch.state, batch.reviewer_id, batch.taken_at = "submitted", None, None
        batch.version += 1
        audit.record(
            portal, session, actor, "batch:released", batch.id, company_id=batch.company_id
        )


def give_verdicts(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    version: int | None,
    rows: Sequence[int] | Literal["rest"],
    verdict: str,
    reason: str = "",
    fields: Sequence[str] | None = None,
    document_id: str | None = None,
    undecided_only: bool = False,
) -> int:
    """Give one verdict to rows, or to all that have none yet; returns how many corrections.

    A row verdict writes all its corrections; `fields` narrows it to some, and
    `undecided_only` to those without a verdict. An
    approval over an E* finding rests on a document of the row: `document_id`, or
    else the newest placed there. The batch's version stays; each row's verdict
    may be changed until the decision.

    Raises:
        NotFound; Forbidden; Conflict (not held by the actor, stale version).
        Invalid: an unknown row or verdict, or a return or rejection without reason.

    """
    reason = reason_of(reason)
    if verdict not in VERDICTS:
        raise Invalid(
            "Keputusan harus approve, return, atau reject.",
            "A verdict is approve, return or reject.",
            fields={"verdict": "Tidak dikenal"},
        )
    if verdict != "approve" and not reason:
        raise Invalid(
            "Alasan wajib diisi untuk mengembalikan atau menolak; HRD membacanya apa adanya.",
            "A reason is required to return or reject; HR reads it as written.",
            code="reason_missing",
            fields={"reason": "Wajib diisi"},
        )
    with portal.db.write() as session:
        batch = _held(portal, session, actor, batch_id, version)
        revision = visible.current_revision(session, batch)
        wanted = _wanted(session, revision, rows, fields)
        if undecided_only:
            wanted = [correction for correction in wanted if correction.verdict is None]
        numbers = {correction.row_number for correction in wanted}
        proofs = (
            _proofs(session, batch, revision, numbers, document_id) if verdict == "approve" else {}
        )
        now = portal.clock()
        for correction in wanted:
            correction.verdict, correction.reason = verdict, reason
            correction.decided_by, correction.decided_at = actor.user_id, now
            correction.override_document_id = proofs.get(correction.row_number)
        audit.record(
            portal,
            session,
            actor,
            "batch:verdict",
            batch.id,
            company_id=batch.company_id,
            verdict=verdict,
            rows=sorted(numbers) if len(numbers) <= MOST_ROWS_TOLD else len(numbers),
            corrections=len(wanted),
        )
        return len(wanted)


def clear_verdicts(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None, rows: Sequence[int]
) -> int:
    """Take the verdicts of rows back: they wait again; returns how many corrections.

    Raises:
        NotFound; Forbidden; Conflict (not held by the actor, stale version).
        Invalid: an unknown row.

    """
    with portal.db.write() as session:
        batch = _held(portal, session, actor, batch_id, version)
        given = [
            correction
            for correction in _wanted(session, visible.current_revision(session, batch), rows, None)
            if correction.verdict is not None
        ]
        for correction in given:
            correction.verdict, correction.reason = None, ""
            correction.decided_by = correction.decided_at = correction.override_document_id = None
        numbers = {correction.row_number for correction in given}
        if given:
            audit.record(
                portal,
                session,
                actor,
                "batch:verdict_cleared",
                batch.id,
                company_id=batch.company_id,
                rows=sorted(numbers) if len(numbers) <= MOST_ROWS_TOLD else len(numbers),
                corrections=len(given),
            )
        return len(given)


def last_given(portal: Portal, actor: Actor, batch_id: str) -> list[int]:
    """Return the rows of the actor's latest verdict on the current revision; [] = none."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        mine = (
            Correction.revision_id == visible.current_revision(session, batch).id,
            Correction.decided_by == actor.user_id,
        )
        latest = session.scalar(sa.select(sa.func.max(Correction.decided_at)).where(*mine))
        if latest is None:
            return []
        numbers = sa.select(Correction.row_number).where(*mine, Correction.decided_at == latest)
        return list(session.scalars(numbers.distinct().order_by(Correction.row_number)))


def return_all(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None, reason: str
) -> Decided:
    """Return a whole batch with one reason, whatever verdicts were given before."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        revision = visible.current_revision(session, batch)
        rows = list(session.scalars(sa.select(Row.number).where(Row.revision_id == revision.id)))
    give_verdicts(
        portal, actor, batch_id, version=version, rows=rows, verdict="return", reason=reason
    )
    return decide(portal, actor, batch_id, version=version)


def decide(portal: Portal, actor: Actor, batch_id: str, *, version: int | None) -> Decided:
    """End the review by its verdicts; returned rows become a child batch at once.

    All rows returned: the batch itself goes back, to be mended as its next
    revision. One decision a revision; the database holds that too.

    Raises:
        NotFound; Forbidden; Conflict (somebody decided, not held, stale version).
        Invalid: rows without a verdict are left; says how many and which.

    """
    with portal.db.write() as session:
        batch = _held(portal, session, actor, batch_id, version)
        revision = visible.current_revision(session, batch)
        verdicts: dict[int, set[Verdict]] = {}
        open_rows: set[int] = set()
        given = session.execute(
            sa.select(Correction.row_number, Correction.verdict).where(
                Correction.revision_id == revision.id
            )
        )
        for number, verdict in given:
            if verdict is None:
                open_rows.add(number)
            else:
                verdicts.setdefault(number, set()).add(cast("Verdict", verdict))
        if open_rows or not verdicts:
            shown = ", ".join(map(str, sorted(open_rows)[:MOST_ROWS_SAID])) + (
                " …" if len(open_rows) > MOST_ROWS_SAID else ""
            )
            raise Invalid(
                f"{len(open_rows)} baris belum diputuskan: baris {shown}.",
                f"{len(open_rows)} rows have no verdict yet: rows {shown}.",
                code="rows_undecided",
                fields={"rows": shown},
            )
        action = outcome(verdicts)
        returned = {number for number, one in verdicts.items() if "return" in one}
        rejected = {number for number, one in verdicts.items() if "reject" in one} - returned
        approved = set(verdicts) - returned - rejected
        now = portal.clock()
        past.note_approved(session, batch, revision)
        batch.state = MOVES["in_review", action].to
        batch.version += 1
        batch.decided_by, batch.decided_at = actor.user_id, now
        child = None
        if returned and action != "return":
            owner = session.get_one(User, batch.submitted_by or batch.created_by)
            hrd = Actor(owner.id, owner.name, owner.email, frozenset({batch.company_id}))
            child = copying.make_child(portal, session, hrd, batch, returned)
        session.add(
            Decision(
                batch_id=batch.id,
                revision_number=revision.number,
                outcome=action,
                decided_by=actor.user_id,
                decided_at=now,
                rows_approved=len(approved),
                rows_returned=len(returned),
                rows_rejected=len(rejected),
                child_batch_id=child.id if child else None,
            )
        )
        audit.record(
            portal,
            session,
            actor,
            "batch:decided",
            batch.id,
            company_id=batch.company_id,
            outcome=action,
            approved=len(approved),
            returned=len(returned),
            rejected=len(rejected),
            child=child.id if child else None,
            version=batch.version,
        )
        crashpoints.passing("decide:written")
        return Decided(
            action,
            batch.state,
            len(approved),
            len(returned),
            len(rejected),
            child.id if child else None,
            child.number if child else None,
        )


def reopen_returned(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None = None
) -> int:
    """Make a returned batch a draft again, as its next revision; returns the version.

    For HRD who mend documents only; a mended file goes through `add_revision`.
    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        visible.expect_version(batch, version)
        if batch.state != "returned":
            raise intake.closed(batch)
        copying.copy_revision(portal, session, actor, batch, batch)
        intake.reopen(portal, batch, actor)
        audit.record(
            portal,
            session,
            actor,
            "batch:reopened",
            batch.id,
            company_id=batch.company_id,
            revision=batch.revision_number,
        )
        return batch.version


def _wanted(
    session: Session,
    revision: Revision,
    rows: Sequence[int] | Literal["rest"],
    fields: Sequence[str] | None,
) -> list[Correction]:
    query = sa.select(Correction).where(Correction.revision_id == revision.id)
    if fields is not None:
        query = query.where(Correction.field.in_(FIELD.keys() & set(fields)))
    if rows == "rest":
        return list(session.scalars(query.where(Correction.verdict.is_(None))))
    asked = set(rows)
    listed = sorted(asked)
    wanted = [
        correction
        for start in range(0, len(listed), MOST_ASKED_AT_ONCE)
        for correction in session.scalars(
            query.where(Correction.row_number.in_(listed[start : start + MOST_ASKED_AT_ONCE]))
        )
    ]
    unknown = asked - {c.row_number for c in wanted}
    if unknown or not asked:
        shown = ", ".join(map(str, sorted(unknown)[:MOST_ROWS_SAID])) or "–"
        raise Invalid(
            f"Baris ini tidak ada atau tidak memuat koreksi: {shown}.",
            f"These rows don't exist or hold no correction: {shown}.",
            fields={"rows": shown},
        )
    return wanted


def _proofs(
    session: Session, batch: Batch, revision: Revision, numbers: set[int], document_id: str | None
) -> dict[int, str]:
    """Name, for each row with an E* finding, the document its approval rests on."""
    overridden = set(
        session.scalars(
            sa.select(FindingRow.row_number).where(
                FindingRow.revision_id == revision.id, FindingRow.severity == int(Severity.OVERRIDE)
            )
        )
    )
    wanted = overridden & numbers
    if not wanted:
        return {}
    placed: dict[int, str] = {}
    for document in documents.of_batch(session, batch.id):
        if document.kind == documents.SIGNED_LETTER:
            continue
        for place in document.placements:
            if place.row_number in wanted and document_id in {None, document.id}:
                placed[place.row_number] = document.id
    bare = sorted(wanted - set(placed))
    if bare:
        shown = ", ".join(map(str, bare[:MOST_ROWS_SAID]))
        raise Invalid(
            f"Baris {shown} hanya dapat disetujui berdasarkan dokumen pada baris itu.",
            f"Rows {shown} can only be approved on a document of that row.",
            code="document_missing",
            fields={"document": shown},
        )
    return placed


def _held(
    portal: Portal, session: Session, actor: Actor, batch_id: str, version: int | None
) -> Batch:
    """Find a batch under review by this actor, at the version they saw."""
    batch = visible.batch(session, actor, batch_id, action="batch.review")
    if batch.state != "in_review" or batch.reviewer_id != actor.user_id:
        if batch.state == "submitted":
            _refuse_barred(portal, session, batch, actor)
        raise _too_late(session, batch)
    visible.expect_version(batch, version)
    _refuse_barred(portal, session, batch, actor)
    return batch


def _barred(portal: Portal, session: Session, batch: Batch, actor: Actor) -> str | None:
    if actor.user_id in {batch.created_by, batch.last_edited_by, batch.submitted_by}:
        return "own_upload"
    here = [one for one in (batch.id, batch.parent_id) if one]
    brought = sa.or_(
        sa.exists().where(Revision.batch_id.in_(here), Revision.uploaded_by == actor.user_id),
        sa.exists().where(Document.batch_id == batch.id, Document.uploaded_by == actor.user_id),
    )
    if session.scalar(sa.select(brought)):
        return "own_upload"
    if portal.settings.reviewers_never_of_company and session.scalar(
        sa.select(Membership.id)
        .where(Membership.user_id == actor.user_id, Membership.company_id == batch.company_id)
        .limit(1)
    ):
        return "own_company"
    return None


def _refuse_barred(portal: Portal, session: Session, batch: Batch, actor: Actor) -> None:
    barred = _barred(portal, session, batch, actor)
    if barred == "own_upload":
        raise Forbidden(
            "Anda mengunggah atau mengubah pengajuan ini, jadi orang lain yang harus memeriksanya.",
            "You uploaded or edited this submission, so somebody else has to review it.",
            code="own_upload",
        )
    if barred == "own_company":
        raise Forbidden(
            "Pengajuan ini dari perusahaan Anda sendiri, jadi pemeriksa lain yang harus memeriksanya.",
            "This submission is from your own company, so another reviewer has to review it.",
            code="own_company",
        )


_STATE_WORDS = {
    "draft": ("ditarik kembali oleh HRD", "withdrawn by HR"),
    "submitted": (
        "belum diambil; ambil dahulu dari antrean",
        "not taken yet; take it from the queue first",
    ),
    "in_review": ("sedang diperiksa", "under review"),
    "returned": ("dikembalikan", "returned"),
    "approved": ("disetujui", "approved"),
    "partly_approved": ("disetujui sebagian", "partly approved"),
    "rejected": ("ditolak", "rejected"),
}


def _too_late(session: Session, batch: Batch) -> Conflict:
    """Say who was first, and what they did."""
    words, words_en = _STATE_WORDS.get(batch.state, ("ditutup", "closed"))
    who_id = batch.decided_by if batch.decided_at else batch.reviewer_id
    who = session.get(User, who_id) if who_id else None
    by, by_en = (f" oleh {who.name}", f" by {who.name}") if who else ("", "")
    return Conflict(
        f"Pengajuan {batch.number} {words}{by}. Tindakan Anda tidak dijalankan.",
        f"Submission {batch.number} is {words_en}{by_en}. Your action was not carried out.",
        code="already_" + batch.state,
    )


def history(portal: Portal, actor: Actor, batch_id: str) -> list[Act]:
    """Return what happened to a batch, the newest first, each act with its actor."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        return list(
            session.scalars(
                sa.select(Act)
                .options(joinedload(Act.actor))
                .where(Act.subject_kind == "batch", Act.subject_id == batch.id)
                .order_by(Act.id.desc())
            )
        )
