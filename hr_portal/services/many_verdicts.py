"""One verdict over more rows than a request can judge, and taking it back: by a worker.

Each unit of work judges the next rows of the sheet as `judging` does, in a transaction with how
far it came, so a worker that is killed loses and repeats nothing. All bear the moment at which
the reviewer asked: to take the latest verdict back is to take back all of it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, cast

from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Correction, Revision
from hr_portal.adapters.database.work_models import ReviewWork
from hr_portal.domain.permissions import Actor
from hr_portal.services import (
    accounts,
    audit,
    changes,
    crashpoints,
    four_eyes,
    jobs,
    review_works,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound, ServiceError
from hr_portal.services.judging import (
    Only,
    asked_of,
    expect_proof,
    expect_rows,
    expect_verdict,
    judge,
    take_back,
)
from hr_portal.services.left_out import Left
from hr_portal.services.review_guards import held
from hr_portal.services.review_works import LARGE, MOST_LEFT_TOLD

ROWS_A_UNIT: Final = 2_000
UNITS_A_TURN: Final = 20
"""Units before other work of the worker gets its turn: some seconds."""
ONLY: Final[dict[str, Only]] = {
    "open": "undecided", "clean": "undecided", "found": "undecided", "second": "unseconded",
    "rows": None,
}  # fmt: skip
"""Which corrections of its rows an act over many means, by what was chosen."""


@dataclass(frozen=True, slots=True)
class Order:
    """One verdict over many rows, as it was asked for."""

    scope: str
    """open, clean, found or second: those that wait; rows: those named."""
    verdict: str
    reason: str = ""
    rows: tuple[int, ...] = ()
    seen_at: str | None = None
    """When the page was made that it was asked from, as ISO 8601."""
    fields: tuple[str, ...] | None = None
    document_id: str | None = None


def ask_verdicts(
    portal: Portal, actor: Actor, batch_id: str, order: Order, *, version: int | None
) -> int | None:
    """Have a worker give one verdict to many rows; returns the number of the work.

    None where it is so few that they are judged at once: nothing is written then.

    Raises:
        NotFound; Forbidden; Conflict (not held by the actor, stale version, another work).
        Invalid: an unknown verdict, no reason, rows or a document that don't exist.

    """
    reason = expect_verdict(order.verdict, order.reason)
    total = _count(portal, actor, batch_id, order)
    if total <= LARGE:
        return None
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, version)
        revision = visible.current_revision(session, batch)
        if order.scope == "rows":
            expect_rows(session, revision, order.rows)
        if order.verdict == "approve" and order.document_id is not None:
            expect_proof(session, batch, order.document_id, set(order.rows))
        ordered = {**asdict(order), "reason": reason}
        work = review_works.ask(
            portal, session, actor, batch, revision, "verdict", ordered, total=total
        )
        audit.record(
            portal, session, actor, "batch:verdicts_ordered", batch.id,
            company_id=batch.company_id, verdict=order.verdict, rows=total, work=work.id,
        )  # fmt: skip
        return work.id


def rows_of(
    portal: Portal, actor: Actor, batch_id: str, scope: str, seen_at: dt.datetime | None
) -> list[int] | Literal["rest"]:
    """Return the rows that a scope of many means, those judged since `seen_at` among them.

    [] where none is waiting. Raises NotFound.
    """
    if scope == "open":
        return "rest"
    if scope == "second":
        return changes.second_rows(portal, actor, batch_id)
    show = cast("changes.Show", scope)
    return changes.open_rows(portal, actor, batch_id, show=show, seen_at=seen_at)


def ask_clearing(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None, rows: Sequence[int]
) -> int:
    """Have a worker take back the verdicts of many rows; returns the work's number.

    Raises:
        NotFound; Forbidden; Conflict. Invalid: an unknown row.

    """
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, version)
        revision = visible.current_revision(session, batch)
        expect_rows(session, revision, rows)
        work = review_works.ask(
            portal, session, actor, batch, revision, "clear", {"rows": list(rows)}, total=len(rows)
        )
        audit.record(
            portal, session, actor, "batch:verdicts_ordered", batch.id,
            company_id=batch.company_id, verdict="clear", rows=len(rows), work=work.id,
        )  # fmt: skip
        return work.id


def work_on(portal: Portal, claimed: jobs.Claim, number: int) -> None:
    """Judge the next rows of a work; its job is queued again until all are done.

    Raises:
        LeaseLostError: another worker has taken over.

    """
    for _turn in range(UNITS_A_TURN):
        with portal.db.read() as session:
            work = session.get_one(ReviewWork, number)
            batch = session.get_one(Batch, work.batch_id)
            revision = session.get_one(Revision, work.revision_id)
            order = review_works.order_of(portal.key(batch.company), work)
            actor = accounts.load_actor(portal, work.asked_by)
            numbers = _next(session, work, revision, order)
        try:
            if _do(portal, actor, claimed, number, order, numbers):
                return
            portal.db.give_way()
        except (NotFound, Forbidden, Conflict, Invalid) as refusal:
            with portal.db.write() as session:
                _end(portal, session, actor, claimed, number, refusal)
            return
    with portal.db.write() as session:
        jobs.go_on(portal, session, claimed)


def _do(
    portal: Portal,
    actor: Actor | None,
    claimed: jobs.Claim,
    number: int,
    order: dict[str, Any],
    numbers: list[int],
) -> bool:
    """Judge some rows in one transaction; True where that was the end of it."""
    if actor is None:  # the account is gone or switched off
        raise NotFound
    with portal.db.write() as session:
        work = session.get_one(ReviewWork, number, with_for_update=True)
        if not numbers:
            _end(portal, session, actor, claimed, number, None)
            return True
        jobs.hold(portal, session, claimed)
        batch = held(portal, session, actor, work.batch_id, work.version)
        revision = visible.current_revision(session, batch)
        query = asked_of(revision).where(Correction.row_number.in_(numbers))
        if order.get("fields") is not None:
            query = query.where(Correction.field.in_(order["fields"]))
        wanted = session.execute(query).all()
        told = dict(work.outcome)
        if work.act == "clear":
            given = [one for one in wanted if one.verdict is not None]
            take_back(session, revision, actor, given)
            told["corrections"] = told.get("corrections", 0) + len(given)
        else:
            seen_at = order["seen_at"]
            judged = judge(
                session, actor, batch, revision, wanted, wanted,
                verdict=order["verdict"], reason=order["reason"], document_id=order["document_id"],
                only=ONLY[order["scope"]], partly=True, now=work.asked_at,
                seen_at=dt.datetime.fromisoformat(seen_at) if seen_at else None,
            )  # fmt: skip
            told["corrections"] = told.get("corrections", 0) + judged.corrections
            _note_left(told, judged.left)
        work.outcome = told
        work.done += len(numbers)
        work.last_row = numbers[-1]
        crashpoints.passing("review:unit")
        return False


def _note_left(told: dict[str, Any], left: Sequence[Left]) -> None:
    listed = list(told.get("left", ()))
    more = left[: MOST_LEFT_TOLD - len(listed)]
    listed += [[one.row, one.code, one.message, one.message_en] for one in more]
    told["left"], told["left_count"] = listed, told.get("left_count", 0) + len(left)


def _end(
    portal: Portal,
    session: Session,
    actor: Actor | None,
    claimed: jobs.Claim,
    number: int,
    refusal: ServiceError | None,
) -> None:
    work = session.get_one(ReviewWork, number, with_for_update=True)
    batch = session.get_one(Batch, work.batch_id)
    jobs.finish(session, claimed)
    order = review_works.order_of(portal.key(batch.company), work)
    review_works.end(work, (refusal.message, refusal.message_en) if refusal else None)
    is_clearing = work.act == "clear"
    audit.record(
        portal, session, actor, "batch:verdict_cleared" if is_clearing else "batch:verdict",
        batch.id, company_id=batch.company_id, rows=work.done,
        corrections=work.outcome.get("corrections", 0), work=work.id, ended=work.state,
        **({} if is_clearing else {"verdict": order["verdict"]}),
    )  # fmt: skip


def _count(portal: Portal, actor: Actor, batch_id: str, order: Order) -> int:
    """Count the rows; 0 where the whole batch is small."""
    if order.scope == "rows":
        return len(order.rows)
    with portal.db.read() as session:  # who comes too late is told so before anything is counted
        batch = held(portal, session, actor, batch_id, None)
        if visible.current_revision(session, batch).rows_total <= LARGE:
            return 0
    return changes.counts(portal, actor, batch_id).open_of(order.scope)


def _next(
    session: Session, work: ReviewWork, revision: Revision, order: dict[str, Any]
) -> list[int]:
    """Return the next rows that a work is about; [] = none is left."""
    last, scope = work.last_row, order.get("scope", "rows")
    if scope == "rows":
        return sorted(row for row in order["rows"] if row > last)[:ROWS_A_UNIT]
    if scope == "second":
        return four_eyes.rows_after(session, revision.id, work.asked_by, last, ROWS_A_UNIT)
    show = "all" if scope == "open" else scope
    seen_at = order["seen_at"] and dt.datetime.fromisoformat(order["seen_at"])
    return changes.open_after(session, revision, show, seen_at, last, ROWS_A_UNIT)
