"""The queue of a branch: what waits, what one has in hand, what was decided, what comes next."""

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database import tenant_guard
from hr_portal.adapters.database.models import (
    Batch,
    Branch,
    Company,
    Correction,
    Employee,
    Fact,
    Membership,
    Revision,
    User,
)
from hr_portal.domain.deadlines import Deadline
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.workflow import SUBMITTED_ONCE
from hr_portal.services import audit, calendar
from hr_portal.services import queue_reading as reading
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden, Invalid
from hr_portal.services.queue_narrowing import BATCHES, Wanted
from hr_portal.services.queue_reading import Asked, Listed, QueueState
from hr_portal.services.review_guards import barred_of

NIK_DIGITS, KPJ_DIGITS = 16, 11
MOST_FOUND = 100
LOOKED_AT_FIRST, LOOKED_AT_ONCE = 10, 100
_BRANCHES: Final[sa.BindParameter[Any]] = sa.bindparam("branches", expanding=True)
_REVIEWERS: Final = (
    sa.select(User.id, User.name, User.is_active)
    .where(
        User.id.in_(
            sa.select(Membership.user_id).where(
                Membership.role == "reviewer", Membership.branch_id.in_(_BRANCHES)
            )
        ),
        sa.or_(
            User.is_active,
            sa.exists().where(
                Batch.reviewer_id == User.id,
                Batch.state == "in_review",
                Batch.branch_id.in_(_BRANCHES),
            ),
        ),
    )
    .order_by(User.name, User.id)
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
    reviewer_id: str | None
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


class QueuePage(NamedTuple):
    """One page of the queue."""

    entries: list[QueueEntry]
    total: int
    earlier: str | None
    """Where the page before ends, for `before`; None on the first."""
    later: str | None
    """Where the page after begins, for `after`; None on the last."""


class Reviewer(NamedTuple):
    """Who reviews at a branch, by whom a queue is narrowed down."""

    user_id: str
    name: str
    is_active: bool
    """False where the account is switched off, but still holds a batch."""


class Overview(NamedTuple):
    """A page of the queue with what stands around it."""

    page: QueuePage
    counts: dict[str, int]
    """Of open, mine, done, and of the open ones by urgency."""
    mine: QueueEntry | None
    """The oldest of those that the actor holds."""
    following: QueueEntry | None
    """What `Ambil berikutnya` would give."""
    reviewers: list[Reviewer]
    """At the actor's branches; where accounts were switched off, those that hold a batch."""


def queue(
    portal: Portal,
    actor: Actor,
    *,
    state: QueueState = "open",
    page: int = 1,
    per_page: int = 25,
    wanted: Wanted | None = None,
    after: str = "",
    before: str = "",
) -> QueuePage:
    """Return the batches waiting at the actor's branches, oldest first, and how many.

    open: submitted or in review; mine: taken by the actor; done: decided ones, the
    latest first; all: open and decided. `after` or `before`, from a page's `later` and
    `earlier`, lead on from there however long the list is; a `page` alone is counted out.
    """
    _only_reviewers(actor)
    with portal.db.read() as session:
        asked = Asked(state, page, per_page, wanted or Wanted(), after, before)
        return _page(portal, session, actor, asked)


def overview(
    portal: Portal,
    actor: Actor,
    *,
    state: QueueState,
    page: int,
    per_page: int,
    wanted: Wanted,
    after: str = "",
    before: str = "",
) -> Overview:
    """Return a page as `queue` does, with the counts, what the actor holds and what comes next."""
    _only_reviewers(actor)
    with portal.db.read() as session:
        where = reading.zones(session, actor, portal.clock())
        counted = reading.counts(session, actor, where)
        # what is counted anyway isn't counted again
        bare = state == "mine" or wanted == Wanted(wanted.bucket)
        total = counted[wanted.bucket or state] if bare else None
        asked = Asked(state, page, per_page, wanted, after, before, total)
        listed = reading.listed(session, actor, asked, where)
        mine: list[str] = []
        if counted["mine"]:
            mine = reading.first_held(session, actor)
        first = []
        if state != "done":
            first = [one for one, _at in reading.first_waiting(session, actor, LOOKED_AT_FIRST)]
        # all that the page shows is fetched at once
        ids = list(dict.fromkeys([*listed.ids, *mine, *first]))
        entries = {one.batch_id: one for one in _entries(portal, session, actor, ids)}
        next_id = next((one for one in first if entries[one].barred is None), None)
        if next_id is None and len(first) == LOOKED_AT_FIRST:
            next_id = _next_for(portal, session, actor)
            if next_id is not None and next_id not in entries:
                entries[next_id] = _entries(portal, session, actor, [next_id])[0]
        return Overview(
            _shown(listed, [entries[one] for one in listed.ids]),
            counted,
            next((entries[one] for one in mine), None),
            entries[next_id] if next_id else None,
            _reviewers(session, actor) if state == "open" else [],
        )


def _reviewers(session: Session, actor: Actor) -> list[Reviewer]:
    found = session.execute(_REVIEWERS, {"branches": sorted(actor.branches)})
    return [Reviewer(*one) for one in found]


def counts(portal: Portal, actor: Actor, wanted: Wanted | None = None) -> dict[str, int]:
    """Count open, mine and done, and the open ones by urgency, narrowed down by all but that."""
    _only_reviewers(actor)
    with portal.db.read() as session:
        where = reading.zones(session, actor, portal.clock())
        if wanted is None or wanted == Wanted():
            return reading.counts(session, actor, where)
        return reading.narrowed_counts(session, actor, wanted, where)


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
    return queue(portal, actor, state="all", per_page=MOST_FOUND, wanted=only).entries


def next_for(portal: Portal, actor: Actor) -> str | None:
    """Return the id of the oldest batch that nobody holds and the actor may take.

    Raises Forbidden: not a reviewer.
    """
    _only_reviewers(actor)
    with portal.db.read() as session:
        return _next_for(portal, session, actor)


def _only_reviewers(actor: Actor) -> None:
    if not may(actor, "branch.queue"):
        raise Forbidden("Antrean hanya untuk pemeriksa.", "The queue is for reviewers only.")


def _page(portal: Portal, session: Session, actor: Actor, asked: Asked) -> QueuePage:
    listed = reading.listed(session, actor, asked, reading.zones(session, actor, portal.clock()))
    return _shown(listed, _entries(portal, session, actor, listed.ids))


def _shown(listed: Listed, entries: list[QueueEntry]) -> QueuePage:
    return QueuePage(entries, listed.total, listed.earlier, listed.later)


_OF_BATCH: Final = (
    "id", "number", "company_id", "branch_id", "parent_id", "state", "version", "change_received_on",
    "created_by", "created_at", "last_edited_by", "submitted_by", "submitted_at", "reviewer_id",
    "passed_by", "decided_at",
)  # fmt: skip
"""What of a batch the queue shows, and who may take it depends on."""
_IDS: Final[sa.BindParameter[str]] = sa.bindparam("ids", expanding=True)


def _shown_of(batches: sa.Table) -> sa.Select[Any]:
    """Return the statement for what the queue shows of some batches; made once."""
    revisions, companies, branches, users = (
        cast("sa.Table", one.__table__) for one in (Revision, Company, Branch, User)
    )
    one, current = batches.c, revisions.c
    is_current = sa.and_(current.batch_id == one.id, current.number == one.revision_number)
    return (
        sa.select(
            *(one[name] for name in _OF_BATCH),
            companies.c.name.label("company_name"),
            branches.c.name.label("branch_name"),
            branches.c.timezone,
            users.c.name.label("reviewer_name"),
            one["size"].label("rows"),
            current.rows_warning,
            current.fields.label("corrected"),
        )
        .join_from(batches, revisions, is_current)
        .join(companies, companies.c.id == one.company_id)
        .join(branches, branches.c.id == one.branch_id)
        .outerjoin(users, users.c.id == one.reviewer_id)
        .where(one.branch_id.in_(_BRANCHES), one.id.in_(_IDS))
    )


_SHOWN: Final = _shown_of(BATCHES)
_OF: Final = sa.select(*(BATCHES.c[name] for name in _OF_BATCH)).where(
    BATCHES.c.branch_id.in_(_BRANCHES), BATCHES.c.id.in_(_IDS)
)


def _found(
    session: Session, statement: sa.Select[Any], actor: Actor, ids: Sequence[str]
) -> list[Any]:
    """Return some batches of a list of the actor's branches, in no order."""
    asked = {"ids": ids, "branches": sorted(actor.branches)}
    found = session.execute(statement, asked).all()
    tenant_guard.know(found)
    return list(found)


def _entries(
    portal: Portal, session: Session, actor: Actor, ids: Sequence[str]
) -> list[QueueEntry]:
    """Return these batches as the queue shows them, in this order."""
    if not ids:
        return []
    listed = _found(session, _SHOWN, actor, ids)
    found = {one.id: one for one in listed}
    why = barred_of(portal, session, listed, actor)
    is_free = calendar.free_days(session)
    return [
        QueueEntry(
            one.id,
            one.number,
            one.company_name,
            one.branch_name,
            one.state,
            one.rows,
            one.rows_warning,
            dict(one.corrected),
            one.submitted_at or one.created_at,
            one.reviewer_id,
            one.reviewer_name,
            one.reviewer_id == actor.user_id,
            why.get(one.id),
            one.timezone,
            one.decided_at,
            one.version,
            one.state == "submitted" and one.passed_by is not None,
            calendar.clocks(one.submitted_at, one.change_received_on, one.timezone, is_free),
        )
        for one in (found[batch_id] for batch_id in ids)
    ]


def _next_for(portal: Portal, session: Session, actor: Actor) -> str | None:
    last: tuple[dt.datetime, str] | None = None
    for count in itertools.chain([LOOKED_AT_FIRST], itertools.repeat(LOOKED_AT_ONCE)):
        found = reading.first_waiting(session, actor, count, last)
        if not found:
            break
        last = (found[-1][1], found[-1][0])
        ids = [one for one, _at in found]
        why = barred_of(portal, session, _found(session, _OF, actor, ids), actor)
        free = next((one for one in ids if one not in why), None)
        if free is not None:
            return free
    return None
