"""What a reviewer asks for over many rows: a worker does it, some rows at a time (decision 108).

A hundred thousand rows judged in one request would keep everybody else from writing for half a
minute. So the request writes down what is wanted; a worker does it in small units, each with how
far it came, and looks at each anew whether the reviewer still holds the batch. One at a time for
each batch; while it lasts the review can't be ended.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Revision
from hr_portal.adapters.database.work_models import ACTS, ReviewWork
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import accounts, jobs, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, NotFound

JOB: Final = "review"
LARGE: Final = 5_000
"""Rows up to which a verdict is given while somebody waits: about a second."""
MOST_LEFT_TOLD: Final = 1_000
"""Rows that were left and are named one by one."""

Act = Literal["verdict", "clear", "decide", "forward", "answer"]


@dataclass(frozen=True, slots=True)
class WorkView:
    """How a piece of work stands."""

    id: int
    act: str
    state: str
    """wanted, done or failed."""
    done: int
    total: int
    asked_at: dt.datetime
    corrections: int
    """That were written."""
    left: tuple[tuple[int, str, str, str], ...]
    """The first rows that were left: number, code, and the sentence in both languages."""
    left_count: int
    outcome: dict[str, Any] = field(default_factory=dict)
    problem: tuple[str, str] | None = None
    """Why it ended before its end, in both languages."""

    @property
    def percent(self) -> int:
        """Return how far it is, of a hundred."""
        return min(99, self.done * 100 // self.total) if self.total else 0


def ask(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    act: Act,
    ordered: dict[str, Any],
    *,
    total: int,
    sent: bytes | None = None,
) -> ReviewWork:
    """Write down what is wanted, in the transaction that has seen that the actor may.

    `sent` is a file that came with it; it is kept, sealed, until the work is over.

    Raises:
        Conflict: another piece of work on this batch is not over yet.

    """
    expect_idle(session, batch)
    work = ReviewWork(
        batch_id=batch.id, revision_id=revision.id, act=act, version=batch.version, total=total,
        outcome={}, asked_by=actor.user_id, asked_at=portal.clock(),
    )  # fmt: skip
    session.add(work)
    session.flush()
    key = portal.key(batch.company)
    work.ordered = key.seal(ordered_place(work), orjson.dumps(ordered))
    if sent is not None:
        work.sent = key.seal(sent_place(work), sent)
    jobs.add(portal, session, JOB, str(work.id))
    return work


def view(portal: Portal, actor: Actor, batch_id: str, number: int) -> WorkView:
    """Return how a piece of work on a batch stands, to who reviews there.

    Raises:
        NotFound; Forbidden.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        work = session.get(ReviewWork, number)
        if work is None or work.batch_id != batch.id:
            raise NotFound
        return _view(work)


def running(portal: Portal, actor: Actor, batch_id: str) -> WorkView | None:
    """Return the piece of work on a batch that is not over yet; None where there is none."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        work = wanted(session, batch.id)
        return None if work is None else _view(work)


def wanted(session: Session, batch_id: str) -> ReviewWork | None:
    """Find the piece of work on a batch that is not over yet."""
    return session.scalar(
        sa.select(ReviewWork).where(ReviewWork.batch_id == batch_id, ReviewWork.state == "wanted")
    )


def at_work() -> sa.ColumnElement[bool]:
    """Return the condition for batches of which a piece of work is not over yet."""
    return sa.exists().where(ReviewWork.batch_id == Batch.id, ReviewWork.state == "wanted")


def expect_idle(
    session: Session, batch: Batch, *, but: int | None = None, acts: tuple[str, ...] = ACTS
) -> None:
    """Refuse an act on a batch while a worker is at another one (of `acts`). Raises Conflict."""
    work = wanted(session, batch.id)
    if work is None or work.id == but or work.act not in acts:
        return
    raise Conflict(
        f"Tindakan sebelumnya atas {batch.number} masih dikerjakan portal ({_view(work).percent}%). "
        "Tunggu sampai selesai, lalu ulangi.",
        f"The portal is still at the act before this one on {batch.number} ({_view(work).percent}%). "
        "Wait until it is done, then repeat.",
        code="work_running",
        fields={"work": work.id},
    )


def who_asked(portal: Portal, work: ReviewWork) -> Actor:
    """Return who asked for a piece of work; NotFound where the account is gone or switched off."""
    actor = accounts.load_actor(portal, work.asked_by)
    if actor is None:
        raise NotFound
    return actor


def order_of(key: CompanyKey, work: ReviewWork) -> dict[str, Any]:
    """Return what was asked for."""
    held: dict[str, Any] = orjson.loads(key.open(ordered_place(work), work.ordered or b""))
    return held


def ordered_place(work: ReviewWork) -> str:
    """Return the place that what was asked for is sealed for."""
    return f"review_works|{work.id}|ordered"


def sent_place(work: ReviewWork) -> str:
    """Return the place that a file which came with a work is sealed for."""
    return f"review_works|{work.id}|sent"


def end(work: ReviewWork, problem: tuple[str, str] | None = None) -> None:
    """Mark a piece of work as over; what was asked for isn't kept, its words stand in the rows."""
    work.state = "failed" if problem else "done"
    work.ordered = work.sent = None
    if problem:
        work.problem, work.problem_en = problem


def _view(work: ReviewWork) -> WorkView:
    told = work.outcome
    return WorkView(
        work.id, work.act, work.state, work.done, work.total, work.asked_at,
        told.get("corrections", 0), tuple(tuple(one) for one in told.get("left", ())),
        told.get("left_count", 0), told,
        (work.problem, work.problem_en or "") if work.problem else None,
    )  # fmt: skip
