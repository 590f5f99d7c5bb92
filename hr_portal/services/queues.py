"""The queue of a branch: what waits, what one has in hand, what was decided, what comes next."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from hr_portal.adapters.database import tenancy
from hr_portal.adapters.database.models import (
    Batch,
    Branch,
    Company,
    Correction,
    Employee,
    Fact,
    Letter,
    Revision,
    User,
)
from hr_portal.adapters.database.types import UTC
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
LOOKED_AT_FIRST, LOOKED_AT_ONCE = 10, 100
MOST_TEXT, MOST_WORDS = 200, 8
_EPOCH, _MICROSECOND = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.timedelta(microseconds=1)
_MARK = re.compile(r"(\d{1,16})-([0-9a-f]{32})")
_OF_BATCH = (
    "id", "number", "company_id", "parent_id", "state", "version", "change_received_on",
    "created_by", "created_at", "last_edited_by", "submitted_by", "submitted_at", "reviewer_id",
    "passed_by", "decided_at",
)  # fmt: skip
"""What of a batch the queue shows, and who may take it depends on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the queue down; all of it has to hold."""

    bucket: Urgency | None = None
    text: str = ""
    """Words, each a part of its number, its company's name or a letter's number, in any case."""
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


class QueuePage(NamedTuple):
    """One page of the queue."""

    entries: list[QueueEntry]
    total: int
    earlier: str | None
    """Where the page before ends, for `before`; None on the first."""
    later: str | None
    """Where the page after begins, for `after`; None on the last."""


class Overview(NamedTuple):
    """A page of the queue with what stands around it."""

    page: QueuePage
    counts: dict[str, int]
    """Of open, mine, done, and of the open ones by urgency."""
    mine: QueueEntry | None
    """The oldest of those that the actor holds."""
    following: QueueEntry | None
    """What `Ambil berikutnya` would give."""


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
        asked = _Asked(state, page, per_page, wanted or Wanted(), after, before)
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
        counted = _counts(portal, session, actor)
        # what is counted anyway isn't counted again
        bare = state == "mine" or wanted == Wanted(wanted.bucket)
        total = counted[wanted.bucket or state] if bare else None
        listed = _listed(
            portal, session, actor, _Asked(state, page, per_page, wanted, after, before, total)
        )
        mine = _Listed([], 0)
        if counted["mine"]:
            mine = _listed(portal, session, actor, _Asked("mine", 1, 1, Wanted()))
        first = _first_waiting(session, actor) if state != "done" else []
        # all that the page shows is fetched at once
        ids = list(dict.fromkeys([*listed.ids, *mine.ids, *first]))
        entries = {one.batch_id: one for one in _entries(portal, session, actor, ids)}
        next_id = next((one for one in first if entries[one].barred is None), None)
        if next_id is None and len(first) == LOOKED_AT_FIRST:
            next_id = _next_for(portal, session, actor)
            if next_id is not None and next_id not in entries:
                entries[next_id] = _entries(portal, session, actor, [next_id])[0]
        return Overview(
            listed.page([entries[one] for one in listed.ids]),
            counted,
            next((entries[one] for one in mine.ids), None),
            entries[next_id] if next_id else None,
        )


def counts(portal: Portal, actor: Actor) -> dict[str, int]:
    """Count open, mine and done, and the open ones by urgency."""
    _only_reviewers(actor)
    with portal.db.read() as session:
        return _counts(portal, session, actor)


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
    """Return the id of the oldest batch that nobody holds and the actor may take."""
    with portal.db.read() as session:
        return _next_for(portal, session, actor)


_CURRENT = sa.and_(Revision.batch_id == Batch.id, Revision.number == Batch.revision_number)


def _only_reviewers(actor: Actor) -> None:
    if not may(actor, "branch.queue"):
        raise Forbidden("Antrean hanya untuk pemeriksa.", "The queue is for reviewers only.")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which page of which list."""

    state: QueueState
    page: int
    per_page: int
    wanted: Wanted
    after: str = ""
    before: str = ""
    total: int | None = None
    """How many there are, where that is known."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """Which batches a page shows, and what lies around it."""

    ids: list[str]
    total: int
    earlier: str | None = None
    later: str | None = None

    def page(self, entries: list[QueueEntry]) -> QueuePage:
        """Return the page with these entries on it."""
        return QueuePage(entries, self.total, self.earlier, self.later)


def _page(portal: Portal, session: Session, actor: Actor, asked: _Asked) -> QueuePage:
    listed = _listed(portal, session, actor, asked)
    return listed.page(_entries(portal, session, actor, listed.ids))


def _listed(portal: Portal, session: Session, actor: Actor, asked: _Asked) -> _Listed:
    latest_first = asked.state == "done"
    time = Batch.decided_at if latest_first else Batch.submitted_at
    place = sa.tuple_(time, Batch.id)
    conditions = _conditions(portal, session, actor, asked.state, asked.wanted)
    mark, total = _mark(asked.before or asked.after), asked.total
    # only from the index: which ones, and one more, which tells whether there is another page
    columns: list[Any] = [Batch.id, time]
    if total is None and mark is None:
        columns.append(sa.func.count().over())  # what few batches have is looked for once
    chosen = sa.select(*columns).where(*conditions).limit(asked.per_page + 1)
    backwards = bool(asked.before) and mark is not None
    forwards_in_time = backwards == latest_first
    if mark is None:
        chosen = chosen.offset((asked.page - 1) * asked.per_page)
    else:
        at = sa.tuple_(sa.literal(mark[0], UTC()), sa.literal(mark[1]))
        chosen = chosen.where(place > at if forwards_in_time else place < at)
    order = (time, Batch.id) if forwards_in_time else (time.desc(), Batch.id.desc())
    rows = session.execute(chosen.order_by(*order)).all()
    found = [(row[0], row[1]) for row in rows if row[1] is not None]
    if total is None and mark is None and rows:
        total = rows[0][2]
    if total is None:
        counted = sa.select(sa.func.count()).select_from(Batch).where(*conditions)
        total = session.scalar(counted) or 0
    has_more = len(found) > asked.per_page
    found = found[: asked.per_page]
    if backwards:
        found.reverse()
    comes_from = asked.page > 1 if mark is None else not backwards
    is_first, is_last = (not has_more, False) if backwards else (not comes_from, not has_more)
    return _Listed(
        [one for one, _at in found],
        total,
        None if is_first or not found else _marked(*found[0]),
        None if is_last or not found else _marked(*found[-1]),
    )


def _marked(batch_id: str, at: dt.datetime) -> str:
    """Name a place in a list: the time it is ordered by, in microseconds, and the id."""
    return f"{(at - _EPOCH) // _MICROSECOND}-{batch_id}"


def _mark(text: str) -> tuple[dt.datetime, str] | None:
    """Read the name of a place; None for what is none."""
    found = _MARK.fullmatch(text)
    return (_EPOCH + int(found[1]) * _MICROSECOND, found[2]) if found else None


def _entries(
    portal: Portal, session: Session, actor: Actor, ids: Sequence[str]
) -> list[QueueEntry]:
    """Return these batches as the queue shows them, in this order."""
    found = {
        one.id: one
        for one in session.execute(
            sa.select(
                *(getattr(Batch, name) for name in _OF_BATCH),
                Company.name.label("company_name"),
                Branch.name.label("branch_name"),
                Branch.timezone,
                User.name.label("reviewer_name"),
                (Revision.rows_total - Revision.rows_empty).label("rows"),
                Revision.rows_warning,
                Revision.fields.label("corrected"),
            )
            .join(Revision, _CURRENT)
            .join(Company, Company.id == Batch.company_id)
            .join(Branch, Branch.id == Batch.branch_id)
            .outerjoin(User, User.id == Batch.reviewer_id)
            .where(Batch.id.in_(ids))
        )
    }
    listed: list[Any] = list(found.values())
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


def _counts(portal: Portal, session: Session, actor: Actor) -> dict[str, int]:
    """Count what waits in one walk over the index, each batch once, and what is decided."""
    now, today, soon = portal.clock(), [], []
    for branches, midnight in _midnights(session, actor, now):
        here = Batch.branch_id.in_(branches)
        today.append((sa.and_(here, Batch.due_at < midnight), "today"))
        soon.append((sa.and_(here, Batch.due_at <= max(midnight, now + SOON)), "soon"))
    late = (Batch.due_at < now, "late")
    bucket = sa.case(late, *today, *soon, (Batch.due_at.is_not(None), "later"), else_="")
    is_mine = sa.case((Batch.reviewer_id == actor.user_id, 1), else_=0)
    waits = _conditions(portal, session, actor, "open", Wanted())
    found = session.execute(
        sa.select(bucket.label("bucket"), sa.func.count(), sa.func.sum(is_mine))
        .where(*waits)
        .group_by(sa.literal_column("bucket"))
    ).all()
    decided = sa.select(sa.func.count()).where(
        *_conditions(portal, session, actor, "done", Wanted())
    )
    buckets = {name: count for name, count, _mine in found}
    return {
        "open": sum(buckets.values()),
        "mine": sum(mine for _name, _count, mine in found),
        "done": session.scalar(decided) or 0,
    } | {one: buckets.get(one, 0) for one in BUCKETS}


def _waiting(actor: Actor) -> sa.Select[str, dt.datetime | None]:
    """Ask for what nobody holds at the actor's branches, the oldest first."""
    return (
        sa.select(Batch.id, Batch.submitted_at)
        .where(Batch.branch_id.in_(actor.branches), Batch.state == "submitted")
        .order_by(Batch.submitted_at, Batch.id)
    )


def _first_waiting(session: Session, actor: Actor) -> list[str]:
    return [one for one, _at in session.execute(_waiting(actor).limit(LOOKED_AT_FIRST))]


def _next_for(portal: Portal, session: Session, actor: Actor) -> str | None:
    place = sa.tuple_(Batch.submitted_at, Batch.id)
    waiting = _waiting(actor)
    last: tuple[str, dt.datetime] | None = None
    for count in itertools.chain([LOOKED_AT_FIRST], itertools.repeat(LOOKED_AT_ONCE)):
        onward = waiting.limit(count)
        if last is not None:
            at = sa.tuple_(sa.literal(last[1], UTC()), sa.literal(last[0]))
            onward = onward.where(place > at)
        found = session.execute(onward).all()
        if not found:
            break
        last = found[-1].id, found[-1].submitted_at
        ids = [one for one, _at in found]
        listed = session.execute(
            sa.select(*(getattr(Batch, name) for name in _OF_BATCH)).where(Batch.id.in_(ids))
        ).all()
        why = barred_of(portal, session, listed, actor)
        free = next((one for one in ids if one not in why), None)
        if free is not None:
            return free
    return None


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
        found.append(_in_buckets(portal, session, actor)[wanted.bucket])
    if wanted.text.strip():
        found += _holding(session, wanted.text[:MOST_TEXT])
    if wanted.field is not None or wanted.with_warnings:
        found.append(_of_revision(wanted))
    if wanted.held is not None:
        found.append(
            Batch.reviewer_id.is_(None) if wanted.held == "free" else Batch.reviewer_id.is_not(None)
        )
    if wanted.ids is not None:
        found.append(Batch.id.in_(wanted.ids))
    return found


def _of_revision(wanted: Wanted) -> sa.ColumnElement[bool]:
    """Say what the current revision has, in one look at it."""
    other = aliased(Revision)
    asked = [other.batch_id == Batch.id, other.number == Batch.revision_number]
    if wanted.with_warnings:
        asked.append(other.rows_warning > 0)
    if wanted.field is not None:  # most don't name it at all, which is seen without reading JSON
        asked.append(sa.cast(other.fields, sa.Text).contains(f'"{wanted.field}"', autoescape=True))
        asked.append(other.fields[wanted.field].as_integer() > 0)
    return sa.exists().where(*asked)


def _holding(session: Session, text: str) -> list[sa.ColumnElement[bool]]:
    """Say that each word is a part of the number, the company's name or a letter's number.

    Names are compared here, so that both databases know the same capitals.
    """
    with tenancy.under(tenancy.Wide("names")):
        named = session.execute(sa.select(Company.id, Company.name)).all()
    found = []
    for word in text.casefold().split()[:MOST_WORDS]:
        companies = [one for one, name in named if word in name.casefold()]
        if len(companies) == len(named):
            continue  # "PT" is in every name
        found.append(
            sa.or_(
                Batch.number.contains(word.upper(), autoescape=True),
                Batch.company_id.in_(companies),
                sa.exists().where(
                    Letter.batch_id == Batch.id,
                    sa.func.lower(Letter.number).contains(word, autoescape=True),
                ),
            )
        )
    return found


def _in_buckets(
    portal: Portal, session: Session, actor: Actor
) -> dict[Urgency, sa.ColumnElement[bool]]:
    """As `domain.deadlines.clock_at` sorts them; "today" is each branch's own day."""
    now = portal.clock()
    found: dict[Urgency, list[sa.ColumnElement[bool]]] = {one: [sa.false()] for one in BUCKETS}
    for branches, midnight in _midnights(session, actor, now):
        soon, here = max(midnight, now + SOON), Batch.branch_id.in_(branches)
        found["late"].append(sa.and_(here, Batch.due_at < now))
        found["today"].append(sa.and_(here, Batch.due_at >= now, Batch.due_at < midnight))
        found["soon"].append(sa.and_(here, Batch.due_at >= midnight, Batch.due_at <= soon))
        found["later"].append(sa.and_(here, Batch.due_at > soon))
    return {bucket: sa.or_(*conditions) for bucket, conditions in found.items()}


def _midnights(
    session: Session, actor: Actor, now: dt.datetime
) -> Iterator[tuple[list[str], dt.datetime]]:
    """Walk the zones of the actor's branches: which are there, and when today ends there."""
    zones: dict[str, list[str]] = {}
    for branch_id, timezone in session.execute(
        sa.select(Branch.id, Branch.timezone).where(Branch.id.in_(actor.branches))
    ):
        zones.setdefault(timezone, []).append(branch_id)
    for timezone, branches in zones.items():
        tomorrow = now.astimezone(ZoneInfo(timezone)).date() + dt.timedelta(days=1)
        yield branches, dt.datetime.combine(tomorrow, dt.time(), ZoneInfo(timezone))
