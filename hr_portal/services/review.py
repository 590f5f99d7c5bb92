"""The review: taking, verdicts per correction, and the decision that ends it.

Guards come first in every act: state, version, who may. Uploader, submitter and
last editor never decide; nor, by default, anyone of the batch's company. Every
change is one conditional update with its act in the same transaction.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Correction,
    Decision,
    Document,
    Revision,
    Row,
)
from hr_portal.domain.permissions import Actor
from hr_portal.domain.wording import first_of
from hr_portal.domain.workflow import MOVES, Verdict, outcome
from hr_portal.services import (
    audit,
    copying,
    crashpoints,
    figure_days,
    four_eyes,
    intake,
    notices,
    papers,
    past,
    review_works,
    sent_back,
    staging,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.copy_units import Copy
from hr_portal.services.errors import Invalid
from hr_portal.services.following import Along
from hr_portal.services.judging import (
    MOST_ROWS_TOLD,
    give_verdicts,
    take_back,
    wanted_of,
)
from hr_portal.services.reasons import reason_of
from hr_portal.services.review_guards import held, refuse_barred, too_late


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
            raise too_late(session, batch)
        visible.expect_version(batch, version)
        refuse_barred(portal, session, batch, actor)
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
        notices.tell_begun(portal, session, batch)
        return batch.version


def release(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None = None, note: str = ""
) -> None:
    """Put a batch back into the queue; verdicts given so far are kept.

    The note is for whoever goes on with it, and for reviewers only.

    Raises:
        NotFound; Forbidden; Conflict (not held by the actor, stale version, a worker is still at
        an act of theirs over many rows). Invalid: the note is too long.

    """
    note = reason_of(note)
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, version)
        review_works.expect_idle(session, batch)
        batch.state, batch.reviewer_id, batch.taken_at = (
            MOVES["in_review", "release"].to,
            None,
            None,
        )
        batch.version += 1
        audit.record(
            portal, session, actor, "batch:released", batch.id, company_id=batch.company_id,
            **({"note": note} if note else {}),
        )  # fmt: skip


def let_go_of_idle(portal: Portal) -> int:
    """Put batches back into the queue whose reviewer has done nothing for long; returns how many.

    Nothing: no verdict, no document opened, no row revealed, since they took it, and nothing that
    a worker is still at for them. Verdicts given so far are kept.
    """
    since = portal.clock() - portal.settings.hold_idle
    did = sa.exists().where(
        Act.actor_id == Batch.reviewer_id,
        Act.at >= since,
        sa.or_(
            sa.and_(Act.subject_kind == "batch", Act.subject_id == Batch.id),
            sa.and_(
                Act.subject_kind == "document",
                Act.subject_id.in_(
                    sa.select(Document.id).where(Document.batch_id == Batch.id).correlate(Batch)
                ),
            ),
        ),
    )
    with portal.db.write() as session:
        idle = session.scalars(
            sa.select(Batch)
            .where(
                Batch.state == "in_review", Batch.taken_at < since, ~did, ~review_works.at_work()
            )
            .with_for_update(of=Batch)
        ).all()
        for batch in idle:
            batch.state = MOVES["in_review", "release"].to
            batch.reviewer_id, batch.taken_at = None, None
            batch.version += 1
            audit.record(
                portal, session, None, "batch:hold_expired", batch.id,
                company_id=batch.company_id, version=batch.version,
            )  # fmt: skip
        return len(idle)


def pass_on(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None, note: str = ""
) -> int:
    """Hand a judged batch on to a second reviewer; returns how many rows wait for them.

    It goes back into the queue with all verdicts, for anybody but the actor.
    The note is for reviewers only.

    Raises:
        NotFound; Forbidden; Conflict (not held by the actor, stale version).
        Invalid: rows without a verdict are left, no row needs a second reviewer,
        or the actor is the one who may second some.

    """
    note = reason_of(note)
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, version)
        review_works.expect_idle(session, batch)
        revision = visible.current_revision(session, batch)
        _all_verdicts(session, revision)
        alone = four_eyes.rows_waiting(session, revision.id)
        if not alone:
            raise Invalid(
                "Tidak ada baris yang memerlukan pemeriksa kedua. Putuskan pengajuan ini langsung.",
                "No row needs a second reviewer. Decide this submission right away.",
                code="no_second_needed",
            )
        others = four_eyes.rows_waiting(session, revision.id, but=actor.user_id)
        if others:
            shown = first_of(others)
            raise Invalid(
                f"Anda pemeriksa kedua untuk baris {shown}. Setujui, kembalikan, atau tolak baris itu dahulu.",
                f"You are the second reviewer of rows {shown}. Approve, return or reject these first.",
                code="second_is_you",
                fields={"rows": shown},
            )
        batch.state = MOVES["in_review", "pass_on"].to
        batch.reviewer_id, batch.taken_at, batch.passed_by = None, None, actor.user_id
        batch.version += 1
        audit.record(
            portal,
            session,
            actor,
            "batch:passed_on",
            batch.id,
            company_id=batch.company_id,
            rows=len(alone),
            note=note,
            version=batch.version,
        )
        notices.tell_reviewers(portal, session, "second_wanted", batch, but=actor.user_id)
        return len(alone)


def has_second(portal: Portal, actor: Actor, batch_id: str) -> bool:
    """Say whether the batch's branch has another reviewer who could be the second."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        return four_eyes.others_at(session, batch.branch_id, actor.user_id)


def clear_verdicts(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    version: int | None,
    rows: Sequence[int],
    given_at: dt.datetime | None = None,
) -> int:
    """Take the verdicts of rows back: they wait again; returns how many corrections.

    What the actor approved as the second reviewer loses its second only. With `given_at`, what
    was given at another moment stays.

    Raises:
        NotFound; Forbidden; Conflict (not held by the actor, stale version).
        Invalid: an unknown row.

    """
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, version)
        revision = visible.current_revision(session, batch)
        given = [
            one
            for one in wanted_of(session, revision, rows, None)
            if one.verdict is not None
            and (given_at is None or given_at in {one.decided_at, one.seconded_at})
        ]
        take_back(session, revision, actor, given)
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


@dataclass(frozen=True, slots=True)
class Latest:
    """The actor's latest verdict, which may have been one over many rows."""

    at: dt.datetime
    rows: list[int]


def last_given(portal: Portal, actor: Actor, batch_id: str) -> list[int]:
    """Return the rows of the actor's latest verdict; [] = none. Raises as `latest_given`."""
    latest = latest_given(portal, actor, batch_id)
    return latest.rows if latest else []


def latest_given(portal: Portal, actor: Actor, batch_id: str) -> Latest | None:
    """Return the actor's latest verdict on the current revision; None = none was given.

    Raises:
        NotFound; Forbidden; Conflict (not held by the actor).

    """
    with portal.db.read() as session:
        batch = held(portal, session, actor, batch_id, None)
        here = Correction.revision_id == visible.current_revision(session, batch).id
        latest: dict[dt.datetime, sa.ColumnElement[bool]] = {}
        for who, when in (
            (Correction.decided_by, Correction.decided_at),
            (Correction.seconded_by, Correction.seconded_at),
        ):
            mine = sa.and_(here, who == actor.user_id)
            at = session.scalar(sa.select(sa.func.max(when)).where(mine))
            if at is not None:
                latest[at] = sa.and_(mine, when == at)
        if not latest:
            return None
        at = max(latest)
        numbers = sa.select(Correction.row_number).where(latest[at])
        rows = list(session.scalars(numbers.distinct().order_by(Correction.row_number)))
        return Latest(at, rows) if rows else None  # taken back between two questions


def has_given(portal: Portal, actor: Actor, batch_id: str) -> bool:
    """Say whether the actor has given a verdict on the current revision."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        mine = sa.exists().where(
            Correction.revision_id == visible.current_revision(session, batch).id,
            Correction.verdict.is_not(None),
            sa.or_(Correction.decided_by == actor.user_id, Correction.seconded_by == actor.user_id),
        )
        return bool(session.scalar(sa.select(mine)))


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


def ask_decision(portal: Portal, actor: Actor, batch_id: str, *, version: int | None) -> int | None:
    """Have a worker end the review of a large batch; returns the number of the work.

    None where the batch is so small that `decide` answers at once: nothing is written then.

    Raises:
        NotFound; Forbidden; Conflict (not held, stale version, another work).

    """
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, version)
        revision = visible.current_revision(session, batch)
        if revision.rows_total <= review_works.LARGE:
            return None
        total = revision.rows_asking
        work = review_works.ask(portal, session, actor, batch, revision, "decide", {}, total=total)
        return work.id


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a review would end by the verdicts given, and what to read takes long for many."""

    action: str
    approved: int
    returned: frozenset[int]
    rejected: int
    niks: dict[bytes, bytes | None]
    """As `past.approved_niks`."""
    told: papers.RecordFacts


def decide(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    version: int | None,
    work: int | None = None,
    stage: sent_back.Stage = sent_back.few,
    at_end: Callable[[Session, Decided], None] | None = None,
) -> Decided:
    """End the review by its verdicts; returned rows become a child batch at once.

    All rows returned: the batch itself goes back, to be mended as its next
    revision. One decision a revision; the database holds that too. With `work`, which keeps
    everybody from judging meanwhile, the verdicts are counted before others have to wait, and
    `stage` copies what is returned;
    `at_end` is done in the same transaction.

    Raises:
        NotFound; Forbidden; Conflict (somebody decided, not held, stale version).
        Invalid: rows without a verdict, or without their second reviewer, are
        left; says how many and which.

    """
    ending, staged = None, None
    if work is not None:
        with portal.db.read() as session:
            batch = held(portal, session, actor, batch_id, version, work=work)
            ending = _ending(session, batch, visible.current_revision(session, batch))
        if ending.action != "return":
            staged = stage(ending.returned)
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, version, work=work)
        review_works.expect_idle(session, batch, but=work)
        revision = visible.current_revision(session, batch)
        ending = ending or _ending(session, batch, revision)
        decided = _end(portal, session, actor, batch, revision, ending, staged)
        if at_end is not None:
            at_end(session, decided)
        crashpoints.passing("decide:written")
        return decided


def _ending(session: Session, batch: Batch, revision: Revision) -> _Ending:
    """Say how the review would end; raises Invalid where it can't yet."""
    verdicts = _all_verdicts(session, revision)
    alone = four_eyes.rows_waiting(session, revision.id)
    if alone:
        shown = first_of(alone)
        raise Invalid(
            f"{len(alone)} baris perlu disetujui juga oleh pemeriksa kedua: baris {shown}. "
            "Teruskan pengajuan ini ke pemeriksa lain.",
            f"{len(alone)} rows need a second reviewer's approval: rows {shown}. "
            "Pass this submission on to another reviewer.",
            code="second_missing",
            fields={"rows": shown},
        )
    returned = {number for number, one in verdicts.items() if "return" in one}
    rejected = {number for number, one in verdicts.items() if "reject" in one} - returned
    approved = len(verdicts) - len(returned) - len(rejected)
    return _Ending(
        outcome(verdicts), approved, frozenset(returned), len(rejected),
        past.approved_niks(session, batch, revision), papers.record_facts(session, revision),
    )  # fmt: skip


def _end(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    ending: _Ending,
    staged: Copy | None,
) -> Decided:
    now = portal.clock()
    past.note_approved(session, batch, ending.niks)
    batch.state = MOVES["in_review", ending.action].to
    batch.version += 1
    batch.decided_by, batch.decided_at = actor.user_id, now
    child = None
    if ending.returned and ending.action != "return":
        child = sent_back.draft(portal, session, batch, ending.returned, staged)
    counts = ending.approved, len(ending.returned), ending.rejected
    papers.issue_record(
        portal, session, batch, revision, counts=counts, child=child.number if child else "",
        told=ending.told,
    )  # fmt: skip
    session.add(
        Decision(
            batch_id=batch.id,
            revision_number=revision.number,
            outcome=ending.action,
            decided_by=actor.user_id,
            decided_at=now,
            submitted_at=batch.submitted_at,
            rows_approved=counts[0],
            rows_returned=counts[1],
            rows_rejected=counts[2],
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
        outcome=ending.action,
        approved=counts[0],
        returned=counts[1],
        rejected=counts[2],
        child=child.id if child else None,
        version=batch.version,
    )
    figure_days.note_decision(session, now)
    told = "returned" if ending.action == "return" else "decided"
    notices.tell_company(portal, session, told, batch)
    return Decided(
        ending.action,
        batch.state,
        *counts,
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
        batch = expect_returned(session, actor, batch_id, version)
        copying.copy_revision(portal, session, actor, batch, batch)
        _reopened(portal, session, actor, batch)
        return batch.version


def reopen_in_units(portal: Portal, actor: Actor, batch_id: str, *, along: Along) -> None:
    """As `reopen_returned`, of a large batch: its copy is made unseen, in units, and shown at once.

    Raises:
        As `reopen_returned`; LeaseLostError: another worker has taken over.

    """

    def end(session: Session, batch: Batch, _copied: Revision) -> None:
        _reopened(portal, session, actor, batch)
        along.also(session, {})

    staging.make_again(
        portal, actor, along, lambda session: expect_returned(session, actor, batch_id, None), end
    )


def expect_returned(session: Session, actor: Actor, batch_id: str, version: int | None) -> Batch:
    """Return a batch that was returned; raises as `reopen_returned`."""
    batch = visible.batch(session, actor, batch_id, action="batch.edit")
    visible.expect_version(batch, version)
    if batch.state != "returned":
        raise intake.closed(batch)
    return batch


def _reopened(portal: Portal, session: Session, actor: Actor, batch: Batch) -> None:
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


def _all_verdicts(session: Session, revision: Revision) -> dict[int, set[Verdict]]:
    """Return each row's verdicts, or raise Invalid where some are missing."""
    verdicts: dict[int, set[Verdict]] = {}
    open_rows: set[int] = set()
    for number, verdict in session.execute(
        sa.select(Correction.row_number, Correction.verdict).where(
            Correction.revision_id == revision.id
        )
    ):
        if verdict is None:
            open_rows.add(number)
        else:
            verdicts.setdefault(number, set()).add(cast("Verdict", verdict))
    if open_rows or not verdicts:
        shown = first_of(sorted(open_rows))
        raise Invalid(
            f"{len(open_rows)} baris belum diputuskan: baris {shown}.",
            f"{len(open_rows)} rows have no verdict yet: rows {shown}.",
            code="rows_undecided",
            fields={"rows": shown},
        )
    return verdicts
