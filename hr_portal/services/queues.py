"""The queue of a branch: what waits, what one has in hand, what was decided, what comes next."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from hr_portal.adapters.database.models import (
    Batch,
    Branch,
    Company,
    Correction,
    Employee,
    Fact,
    Letter,
    Revision,
)
from hr_portal.domain.deadlines import SOON, Deadline, Urgency
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.workflow import DECIDED, SUBMITTED_ONCE
from hr_portal.services import audit, calendar
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden, Invalid
from hr_portal.services.review_guards import barred_of

QueueState = Literal["open", "mine", "done", "all"]
BUCKETS: tuple[Urgency, ...] = ("late", "today", "soon", "later")
NIK_DIGITS, KPJ_DIGITS = 16, 11
MOST_FOUND = 100
LOOKED_AT_ONCE = 100
MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the queue down; all of it has to hold."""

    bucket: Urgency | None = None
    text: str = ""
    """Part of the number, the company's name or the letter's number; case doesn't matter."""
    field: str | None = None
    """Batches that correct this field."""
    with_warnings: bool = False
    held: Literal["free", "taken"] | None = None
    ids: Sequence[str] | None = None


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
    """Of the branch, for its clocks."""
    decided_at: dt.datetime | None = None
    version: int = 0
    wants_second: bool = False
    """True where one reviewer has judged it and a second has to."""
    deadlines: list[Deadline] = field(default_factory=list)
    """The most pressing first."""


def queue(
    portal: Portal,
    actor: Actor,
    *,
    state: QueueState = "open",
    page: int = 1,
    per_page: int = 25,
    wanted: Wanted | None = None,
) -> tuple[list[QueueEntry], int]:
    """Return the batches waiting at the actor's branches, oldest first, and how many.

    open: submitted or in review; mine: taken by the actor; done: decided ones, the
    latest first; all: open and decided.
    """
    _only_reviewers(actor)
    order = Batch.decided_at.desc() if state == "done" else Batch.submitted_at
    with portal.db.read() as session:
        conditions = _conditions(portal, session, actor, state, wanted or Wanted())
        total = (
            session.scalar(sa.select(sa.func.count()).select_from(Batch).where(*conditions)) or 0
        )
        # first which ones, from the batches alone; joined before it is cut, all would be joined
        shown = session.scalars(
            sa.select(Batch.id)
            .where(*conditions)
            .order_by(order, Batch.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        ).all()
        found = session.execute(
            sa.select(Batch, Revision)
            .join(Revision, _CURRENT)
            .options(
                joinedload(Batch.company), joinedload(Batch.branch), joinedload(Batch.reviewer)
            )
            .where(Batch.id.in_(shown))
            .order_by(order, Batch.id)
        ).all()
        why = barred_of(portal, session, [batch for batch, _revision in found], actor)
        is_free = calendar.free_days(session)
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
                why.get(batch.id),
                batch.branch.timezone,
                batch.decided_at,
                batch.version,
                batch.state == "submitted" and batch.passed_by is not None,
                calendar.deadlines_of(batch, is_free),
            )
            for batch, revision in found
        ], total


def counts(portal: Portal, actor: Actor) -> dict[str, int]:
    """Count open, mine and done, and the open ones by urgency."""
    _only_reviewers(actor)
    names: tuple[QueueState, ...] = ("open", "mine", "done")
    with portal.db.read() as session:
        here = sa.select(sa.func.count()).select_from(Batch)

        def count(state: QueueState, wanted: Wanted) -> int:
            conditions = _conditions(portal, session, actor, state, wanted)
            return session.scalar(here.where(*conditions)) or 0

        return {name: count(name, Wanted()) for name in names} | {
            bucket: count("open", Wanted(bucket)) for bucket in BUCKETS
        }


def find_person(portal: Portal, actor: Actor, number: str) -> list[QueueEntry]:
    """Return the batches at the actor's branches that speak of a NIK or KPJ; recorded.

    Raises:
        Forbidden: not a reviewer. Invalid: neither 16 nor 11 digits.

    """
    _only_reviewers(actor)
    digits = re.sub(r"[\s.\-]", "", number)
    if not (digits.isascii() and digits.isdigit() and len(digits) in {NIK_DIGITS, KPJ_DIGITS}):
        raise Invalid(
            "Tulis NIK lengkap (16 angka) atau KPJ lengkap (11 angka).",
            "Write a whole NIK (16 digits) or a whole KPJ (11 digits).",
            fields={"number": "16 atau 11 angka"},
        )
    kind = "nik" if len(digits) == NIK_DIGITS else "kpj"
    here = (Batch.branch_id.in_(actor.branches), Batch.state.in_(sorted(SUBMITTED_ONCE)))
    with portal.db.write() as session:
        found: list[str] = []
        companies = sa.select(Company).where(
            sa.exists().where(Batch.company_id == Company.id, *here)
        )
        for company in session.scalars(companies):
            index = portal.key(company).index(kind, digits)
            if kind == "kpj":
                person: sa.ColumnElement[bool] = Fact.kpj_index == index
            else:
                person = Fact.kpj_index.in_(
                    sa.select(Employee.kpj_index).where(
                        Employee.company_id == company.id, Employee.nik_index == index
                    )
                )
            found += session.scalars(
                sa.select(Batch.id)
                .join(Revision, Revision.batch_id == Batch.id)
                .join(Correction, Correction.revision_id == Revision.id)
                .join(Fact, Fact.correction_id == Correction.id)
                .where(Fact.company_id == company.id, person, *here)
                .distinct()
                .limit(MOST_FOUND)
            )
        audit.record(
            portal, session, actor, "queue:person_searched", actor.user_id,
            kind=kind, batches=found[:MOST_FOUND],
        )  # fmt: skip
    if not found:
        return []
    only = Wanted(ids=found[:MOST_FOUND])
    return queue(portal, actor, state="all", per_page=MOST_FOUND, wanted=only)[0]


def next_for(portal: Portal, actor: Actor) -> str | None:
    """Return the id of the oldest batch that nobody holds and the actor may take."""
    oldest = (
        sa.select(Batch)
        .where(Batch.branch_id.in_(actor.branches), Batch.state == "submitted")
        .order_by(Batch.submitted_at, Batch.id)
        .limit(LOOKED_AT_ONCE)
    )
    with portal.db.read() as session:
        start = 0
        while waiting := session.scalars(oldest.offset(start)).all():
            why = barred_of(portal, session, waiting, actor)
            free = next((batch.id for batch in waiting if batch.id not in why), None)
            if free is not None:
                return free
            start += LOOKED_AT_ONCE
    return None


_CURRENT = sa.and_(Revision.batch_id == Batch.id, Revision.number == Batch.revision_number)


def _only_reviewers(actor: Actor) -> None:
    if not may(actor, "branch.queue"):
        raise Forbidden("Antrean hanya untuk pemeriksa.", "The queue is for reviewers only.")


def _conditions(
    portal: Portal, session: Session, actor: Actor, state: QueueState, wanted: Wanted
) -> list[sa.ColumnElement[bool]]:
    waiting, decided = ("submitted", "in_review"), tuple(sorted(DECIDED))
    states = {"all": waiting + decided, "done": decided}.get(state, waiting)
    found: list[sa.ColumnElement[bool]] = [
        Batch.branch_id.in_(actor.branches),
        Batch.state.in_(states),
    ]
    if state == "mine":
        found.append(Batch.reviewer_id == actor.user_id)
    if wanted.bucket is not None:
        found.append(_in_bucket(portal, session, actor, wanted.bucket))
    if wanted.text.strip():
        found.append(_holding(wanted.text.strip()[:MOST_TEXT].lower()))
    if wanted.field is not None:
        found.append(_correcting(wanted.field))
    if wanted.with_warnings:
        found.append(_with_warnings())
    if wanted.held is not None:
        found.append(
            Batch.reviewer_id.is_(None) if wanted.held == "free" else Batch.reviewer_id.is_not(None)
        )
    if wanted.ids is not None:
        found.append(Batch.id.in_(wanted.ids))
    return found


def _correcting(key: str) -> sa.ColumnElement[bool]:
    other = aliased(Revision)
    return sa.exists().where(
        other.batch_id == Batch.id,
        other.number == Batch.revision_number,
        other.fields[key].as_integer() > 0,
    )


def _with_warnings() -> sa.ColumnElement[bool]:
    other = aliased(Revision)
    return sa.exists().where(
        other.batch_id == Batch.id, other.number == Batch.revision_number, other.rows_warning > 0
    )


def _holding(text: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.func.lower(Batch.number).contains(text, autoescape=True),
        sa.exists().where(
            Company.id == Batch.company_id,
            sa.func.lower(Company.name).contains(text, autoescape=True),
        ),
        sa.exists().where(
            Letter.batch_id == Batch.id,
            sa.func.lower(Letter.number).contains(text, autoescape=True),
        ),
    )


def _in_bucket(
    portal: Portal, session: Session, actor: Actor, bucket: Urgency
) -> sa.ColumnElement[bool]:
    """As `domain.deadlines.clock_at` sorts them; "today" is each branch's own day."""
    now = portal.clock()
    zones: dict[str, list[str]] = {}
    for branch_id, timezone in session.execute(
        sa.select(Branch.id, Branch.timezone).where(Branch.id.in_(actor.branches))
    ):
        zones.setdefault(timezone, []).append(branch_id)
    by_zone = []
    for timezone, branches in zones.items():
        tomorrow = now.astimezone(ZoneInfo(timezone)).date() + dt.timedelta(days=1)
        midnight = dt.datetime.combine(tomorrow, dt.time(), ZoneInfo(timezone))
        soon = max(midnight, now + SOON)
        due = {
            "late": Batch.due_at < now,
            "today": sa.and_(Batch.due_at >= now, Batch.due_at < midnight),
            "soon": sa.and_(Batch.due_at >= midnight, Batch.due_at <= soon),
            "later": Batch.due_at > soon,
        }[bucket]
        by_zone.append(sa.and_(Batch.branch_id.in_(branches), due))
    return sa.or_(sa.false(), *by_zone)
