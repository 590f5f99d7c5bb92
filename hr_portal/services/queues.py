"""The queue of a branch: what waits, what one has in hand, what was decided, what comes next."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from hr_portal.adapters.database.models import Batch, Revision
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.workflow import DECIDED
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden
from hr_portal.services.review_guards import barred


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
    """Why this reviewer may not take it (own_company, own_upload, passed_on), None = may."""
    timezone: str = "Asia/Jakarta"
    """Of the branch, for the target clock."""
    decided_at: dt.datetime | None = None
    version: int = 0
    wants_second: bool = False
    """True where one reviewer has judged it and a second has to."""


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
                barred(portal, session, batch, actor),
                batch.branch.timezone,
                batch.decided_at,
                batch.version,
                batch.state == "submitted" and batch.passed_by is not None,
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
            if barred(portal, session, batch, actor) is None:
                return batch.id
    return None
