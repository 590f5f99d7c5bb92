"""Setting a decision aside, so that its batch is judged again: an admin's act, with a reason.

Nothing of the decision changes: its verdicts, its record and who gave them stay as they were, and
whoever reads them is told. The batch waits in the queue again as its next revision, without a
verdict. Rows that went back to HRD live on in their child batch and stay there. What was given
out is not called back: the agency has it. Decision 93.
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Decision,
    Revision,
    Row,
    User,
)
from hr_portal.adapters.database.review_models import Handover, SetAside
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.workflow import MOVES
from hr_portal.services import (
    audit,
    calendar,
    copying,
    figure_days,
    notices,
    past,
    queue_words,
    retention,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.reasons import reason_of


@dataclass(frozen=True, slots=True)
class Decided:
    """What an admin is shown of a batch before they set its decision aside; nobody's data."""

    id: str
    number: str
    state: str
    version: int
    revision: int
    company: str
    branch: str
    timezone: str
    decided_by: str | None
    decided_at: dt.datetime | None
    approved: int
    returned: int
    rejected: int
    child: str | None
    """The number of the batch that returned rows live on in."""
    refusal: Conflict | None
    """Why its decision can't be set aside; None where it can."""


def look_up(portal: Portal, actor: Actor, number: str) -> Decided:
    """Return how a batch was decided, and whether that can be set aside.

    Raises:
        Forbidden: not an admin. Invalid: there is no batch of that number.

    """
    _only_admin(actor)
    wanted = number.strip().upper()
    with portal.db.read() as session:
        batch = session.scalar(_batches().where(Batch.number == wanted))
        if batch is None:
            raise Invalid(
                f"Tidak ada pengajuan bernomor {number.strip()[:40] or '(kosong)'}. Nomornya seperti PKD-2026-00142.",
                f"There is no submission {number.strip()[:40] or '(empty)'}. Numbers look like PKD-2026-00142.",
                fields={"number": "Tidak ditemukan"},
            )
        return _told(session, batch)


def set_aside(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None, reason: str
) -> Decided:
    """Put a decided batch back into the queue, to be judged again as its next revision.

    Raises:
        Forbidden: not an admin. NotFound. Invalid: no reason, or one too long.
        Conflict: not decided, returned, given out by an outlet (names it), purged, or stale.

    """
    _only_admin(actor)
    reason = reason_of(reason)
    if not reason:
        raise Invalid(
            "Alasan membuka kembali wajib diisi; HRD dan pemeriksa membacanya apa adanya.",
            "A reason for reopening is required; HR and reviewers read it as written.",
            code="reason_missing",
            fields={"reason": "Wajib diisi"},
        )
    with portal.db.write() as session:
        batch = session.scalar(
            _batches()
            .where(Batch.id == batch_id)
            .with_for_update(of=Batch)
            .execution_options(populate_existing=True)
        )
        if batch is None:
            raise NotFound
        refusal = _refusal(session, batch)
        if refusal is not None:
            raise refusal
        visible.expect_version(batch, version)
        old = visible.current_revision(session, batch)
        before = batch.state
        session.add(
            SetAside(
                batch_id=batch.id,
                revision_number=old.number,
                set_aside_by=actor.user_id,
                set_aside_at=portal.clock(),
            )
        )
        if batch.decided_at is not None:
            figure_days.count_anew(session, batch.decided_at)
        session.flush()  # the database lets a decision go only with this row
        past.forget_approved(session, batch, old)
        batch.state = MOVES[batch.state, "set_aside"].to
        session.flush()
        owner = session.get_one(User, old.uploaded_by)
        hrd = Actor(owner.id, owner.name, owner.email, frozenset({batch.company_id}))
        kept = _not_returned(session, old)
        new = copying.copy_revision(portal, session, hrd, batch, batch, rows=kept)
        past.remember(portal, session, batch, new)
        batch.version += 1
        batch.reviewer_id = batch.taken_at = batch.passed_by = None
        batch.decided_by = batch.decided_at = None
        calendar.set_due(batch)
        queue_words.keep_kinds(batch, new)
        audit.record(
            portal, session, actor, "batch:set_aside", batch.id, company_id=batch.company_id,
            outcome=before, revision=new.number, rows=new.rows_asking, reason=reason,
            version=batch.version,
        )  # fmt: skip
        notices.tell_company(portal, session, "set_aside", batch)
        notices.tell_reviewers(portal, session, "set_aside", batch)
        session.flush()
        return _told(session, batch)


def _not_returned(session: Session, revision: Revision) -> set[int] | None:
    """Return the rows that did not go on in a child batch; None = all."""
    returned = set(
        session.scalars(
            sa.select(Correction.row_number)
            .where(Correction.revision_id == revision.id, Correction.verdict == "return")
            .distinct()
        )
    )
    if not returned:
        return None
    rows = session.scalars(sa.select(Row.number).where(Row.revision_id == revision.id))
    return set(rows) - returned


def _refusal(session: Session, batch: Batch) -> Conflict | None:
    if (batch.state, "set_aside") not in MOVES:
        given = session.scalars(
            sa.select(Handover).where(Handover.batch_id == batch.id).order_by(Handover.id)
        ).all()
        if given:
            labels = ", ".join(f"“{one.label}”" for one in given)
            return Conflict(
                f"Pengajuan {batch.number} sudah diteruskan lewat saluran {labels}, jadi keputusannya tidak dapat "
                "dibuka kembali. Perbaiki lewat pengajuan baru.",
                f"Submission {batch.number} was forwarded by the outlet {labels}, so its decision can't be "
                "reopened. Mend it by a new submission.",
                code="already_forwarded",
            )
        if batch.state == "returned":
            return Conflict(
                f"Pengajuan {batch.number} dikembalikan dan sudah menunggu perbaikan HRD.",
                f"Submission {batch.number} was returned and waits for HR to mend it already.",
                code="already_returned",
            )
        return Conflict(
            f"Pengajuan {batch.number} belum diputuskan, jadi tidak ada keputusan yang dapat dibuka kembali.",
            f"Submission {batch.number} is not decided, so there is no decision to reopen.",
            code="not_decided",
        )
    try:
        retention.expect_not_purged(session, batch)
    except Conflict as purged:
        return purged
    return None


def _told(session: Session, batch: Batch) -> Decided:
    decision = session.scalar(
        sa.select(Decision).where(
            Decision.batch_id == batch.id, Decision.revision_number == batch.revision_number
        )
    )
    by = session.get(User, decision.decided_by) if decision else None
    child = (
        session.get(Batch, decision.child_batch_id)
        if decision and decision.child_batch_id
        else None
    )
    counts = (
        (decision.rows_approved, decision.rows_returned, decision.rows_rejected)
        if decision
        else (0, 0, 0)
    )
    return Decided(
        batch.id, batch.number, batch.state, batch.version, batch.revision_number,
        batch.company.name, batch.branch.name, batch.branch.timezone,
        by.name if by else None, decision.decided_at if decision else None, *counts,
        child.number if child else None, _refusal(session, batch),
    )  # fmt: skip


def _batches() -> sa.Select[Batch]:
    return sa.select(Batch).options(joinedload(Batch.company), joinedload(Batch.branch))


def _only_admin(actor: Actor) -> None:
    if not may(actor, "installation.manage"):
        raise Forbidden(
            "Hanya admin yang dapat membuka kembali keputusan.",
            "Only an admin may reopen a decision.",
        )
