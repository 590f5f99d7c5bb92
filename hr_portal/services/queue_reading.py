"""How the queue is read from its indexes: which batches a page shows, how many there are.

Statements that every page asks are built once, for as many branches as somebody has, and hold no
value: building one takes longer than running it.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Branch
from hr_portal.adapters.database.types import UTC
from hr_portal.domain.deadlines import SOON, Urgency
from hr_portal.domain.permissions import Actor
from hr_portal.domain.workflow import DECIDED
from hr_portal.services.queue_narrowing import (
    BATCHES,
    Shape,
    Wanted,
    conditions_of,
    shape_of,
)

QueueState = Literal["open", "mine", "done", "all"]
BUCKETS: Final[tuple[Urgency, ...]] = ("late", "today", "soon", "later")
WAITING: Final = ("submitted", "in_review")
ENDED: Final = tuple(sorted(DECIDED))
_MOST_ARMS = 64
_EPOCH, _MICROSECOND = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.timedelta(microseconds=1)
_NEVER: Final = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
_MARK = re.compile(r"(\d{1,16})-([0-9a-f]{32})")

_batch = BATCHES.c


@dataclass(frozen=True, slots=True)
class Asked:
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
class Listed:
    """Which batches a page shows, and what lies around it."""

    ids: list[str]
    total: int
    earlier: str | None = None
    """Where the page before ends, for `before`; None on the first."""
    later: str | None = None
    """Where the page after begins, for `after`; None on the last."""


# --- the clocks ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Zone:
    """Branches whose day ends at the same moment, and what of their queue is how urgent.

    As `domain.deadlines.clock_at` sorts them; "today" is each branch's own day.
    """

    branches: list[str]
    now: dt.datetime
    midnight: dt.datetime

    def of(self, bucket: Urgency) -> tuple[dt.datetime, dt.datetime]:
        """Return from when on, and until before when, what is due is of this bucket."""
        soon = max(self.midnight, self.now + SOON) + _MICROSECOND  # the moment itself is in it
        ends = (_EPOCH, self.now, self.midnight, soon, _NEVER)
        at = BUCKETS.index(bucket)
        return ends[at], ends[at + 1]


def zones(session: Session, actor: Actor, now: dt.datetime) -> list[Zone]:
    """Return the zones of the actor's branches."""
    found: dict[str, list[str]] = {}
    asked = session.execute(_ZONES, {"branches": sorted(actor.branches)})
    for branch_id, timezone in asked:
        found.setdefault(timezone, []).append(branch_id)
    return [
        Zone(
            branches,
            now,
            dt.datetime.combine(
                now.astimezone(ZoneInfo(timezone)).date() + dt.timedelta(days=1),
                dt.time(),
                ZoneInfo(timezone),
            ),
        )
        for timezone, branches in found.items()
    ]


def _any(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, expanding=True)


def _time(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=UTC())


_branch = cast("sa.Table", Branch.__table__).c
_ZONES: Final = sa.select(_branch.id, _branch.timezone).where(_branch.id.in_(_any("branches")))


# --- counts ----------------------------------------------------------------------------------


def counts(session: Session, actor: Actor, where: Sequence[Zone]) -> dict[str, int]:
    """Count open, mine and done, and the open ones by urgency: one statement, ranges of indexes."""
    values: dict[str, Any] = {"branches": sorted(actor.branches), "me": actor.user_id}
    for at, zone in enumerate(where):
        values |= {
            f"branches_{at}": zone.branches,
            f"now_{at}": zone.now,
            f"midnight_{at}": zone.midnight,
            f"soon_{at}": zone.of("soon")[1],
        }
    found = session.execute(_counting(len(where)), values).one()
    undated, mine, done, *dated = found
    by_bucket = {name: sum(dated[at :: len(BUCKETS)]) for at, name in enumerate(BUCKETS)}
    return {"open": undated + sum(dated), "mine": mine, "done": done} | by_bucket


def narrowed_counts(
    session: Session, actor: Actor, wanted: Wanted, where: Sequence[Zone]
) -> dict[str, int]:
    """Count as `counts` does what of each is wanted; a bucket that `wanted` names is set aside."""

    def count(state: QueueState, bucket: Urgency | None = None) -> int:
        asked = Asked(state, 1, 1, replace(wanted, bucket=bucket))
        return _total(session, actor, asked, where)

    lists: tuple[QueueState, ...] = ("open", "mine", "done")
    return {name: count(name) for name in lists} | {name: count("open", name) for name in BUCKETS}


@lru_cache(maxsize=32)
def _counting(how_many: int) -> sa.Select[Any]:
    """Return the statement for so many zones: undated, mine, done, then each zone's buckets."""

    def count(branches: str, *what: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        here = _batch.branch_id.in_(_any(branches))
        return sa.select(sa.func.count()).select_from(BATCHES).where(here, *what).scalar_subquery()

    waits, due = _is_any(WAITING), _batch.due_at
    found = [
        count("branches", waits, due.is_(None)),
        count("branches", waits, _batch.reviewer_id == sa.bindparam("me")),
        count("branches", _is_any(ENDED)),
    ]
    for at in range(how_many):
        now, midnight, soon = (_time(f"{name}_{at}") for name in ("now", "midnight", "soon"))
        ranges = (
            (due < now,), (due >= now, due < midnight), (due >= midnight, due < soon), (due >= soon,),
        )  # fmt: skip
        found += [count(f"branches_{at}", waits, *within) for within in ranges]
    counted: Any = found
    return sa.select(*counted)


def _is_any(states: Sequence[str]) -> sa.ColumnElement[bool]:
    """Say that a batch is in one of these states, in words that a plan made ahead knows."""
    return _batch.state.in_([sa.literal_column(f"'{one}'") for one in states])


# --- lists -----------------------------------------------------------------------------------


def listed(session: Session, actor: Actor, asked: Asked, where: Sequence[Zone]) -> Listed:
    """Return which batches a page shows, and how many there are."""
    latest_first = asked.state == "done"
    mark, total = _mark(asked.before or asked.after), asked.total
    backwards = bool(asked.before) and mark is not None
    order = _Order(
        "decided_at" if latest_first else "submitted_at", is_forwards=backwards == latest_first
    )
    rows = _rows(session, actor, asked, where, mark, order)
    if total is None and mark is None and asked.page == 1 and len(rows) <= asked.per_page:
        total = len(rows)  # all that there are, so nothing is left to count
    if total is None:
        total = _total(session, actor, asked, where)
    found = [(row[0], row[1]) for row in rows if row[1] is not None]
    has_more = len(found) > asked.per_page
    found = found[: asked.per_page]
    if backwards:
        found.reverse()
    comes_from = asked.page > 1 if mark is None else not backwards
    is_first, is_last = (not has_more, False) if backwards else (not comes_from, not has_more)
    return Listed(
        [one for one, _at in found],
        total,
        None if is_first or not found else _marked(*found[0]),
        None if is_last or not found else _marked(*found[-1]),
    )


def _total(session: Session, actor: Actor, asked: Asked, where: Sequence[Zone]) -> int:
    """Count what a list holds."""
    if asked.state == "mine" or asked.wanted.bucket is not None or asked.wanted.ids is not None:
        conditions, values = _conditions(actor, asked, where)
        counted = sa.select(sa.func.count()).where(*conditions)
    else:
        shape, values = shape_of(asked.wanted)
        counted = _counted(_states(asked.state), shape)
        values["branches"] = sorted(actor.branches)
    return session.scalar(counted, values) or 0


@lru_cache(maxsize=256)
def _counted(states: tuple[str, ...], shape: Shape) -> sa.Select[Any]:
    """Return the statement that counts what is narrowed down so, in any bucket."""
    here = _batch.branch_id.in_(_any("branches"))
    return sa.select(sa.func.count()).where(here, _is_any(states), *conditions_of(shape))


def first_waiting(
    session: Session, actor: Actor, count: int, after: tuple[dt.datetime, str] | None = None
) -> list[tuple[str, dt.datetime]]:
    """Return id and time of what nobody holds at the actor's branches, the oldest first.

    `after` is where to begin: time and id of the last one seen.
    """
    branches, order = sorted(actor.branches), _Order("submitted_at", is_forwards=True)
    if len(branches) <= _MOST_ARMS:
        found = _firsts(session, branches, ("submitted",), order, count, after)
    else:
        here = (_batch.branch_id.in_(branches), _batch.state == "submitted")
        waiting = order.of(sa.select(_batch.id, _batch.submitted_at).where(*here), _literal(after))
        found = session.execute(waiting.limit(count)).all()
    return [(one, at) for one, at in found]


def first_held(session: Session, actor: Actor) -> list[str]:
    """Return the id of what the actor has held longest at their branches, if anything."""
    asked = {"branches": sorted(actor.branches), "me": actor.user_id}
    return list(session.scalars(_HELD, asked))


_HELD: Final = (
    sa.select(_batch.id)
    .where(
        _batch.branch_id.in_(_any("branches")),
        _is_any(WAITING),
        _batch.reviewer_id == sa.bindparam("me"),
    )
    .order_by(_batch.submitted_at, _batch.id)
    .limit(sa.literal_column("1", sa.Integer))
)


_Mark = tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]
"""Time and id, each a value or its name."""


def _literal(mark: tuple[dt.datetime, str] | None) -> _Mark | None:
    return (sa.literal(mark[0], UTC()), sa.literal(mark[1])) if mark else None


@dataclass(frozen=True, slots=True)
class _Order:
    """By which time a list is ordered, and which way."""

    time: str
    is_forwards: bool

    def by(self, columns: Any) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:  # noqa: ANN401 - of a table or select
        at, one = columns[self.time], columns.id
        return (at, one) if self.is_forwards else (at.desc(), one.desc())

    def of(self, chosen: sa.Select[Any], mark: "_Mark | None") -> sa.Select[Any]:
        """Return what is chosen in this order, from behind a mark."""
        if mark is not None:
            place, behind = sa.tuple_(_batch[self.time], _batch.id), sa.tuple_(*mark)
            chosen = chosen.where(place > behind if self.is_forwards else place < behind)
        return chosen.order_by(*self.by(_batch))


def _rows(
    session: Session,
    actor: Actor,
    asked: Asked,
    where: Sequence[Zone],
    mark: tuple[dt.datetime, str] | None,
    order: _Order,
) -> Sequence[Any]:
    """Return (id, time) of a page, and one more, which tells whether there is another."""
    skipped = 0 if mark else (asked.page - 1) * asked.per_page
    branches, states, most = sorted(actor.branches), _states(asked.state), asked.per_page + 1
    if (
        asked.wanted.ids is None
        and asked.state != "mine"
        and not skipped
        and len(branches) * len(states) <= _MOST_ARMS
    ):
        dated = {}
        if asked.wanted.bucket:
            dated = {one: zone.of(asked.wanted.bucket) for zone in where for one in zone.branches}
        return _firsts(session, branches, states, order, most, mark, dated, asked.wanted)
    conditions, values = _conditions(actor, asked, where)
    chosen = order.of(sa.select(_batch.id, _batch[order.time]).where(*conditions), _literal(mark))
    return session.execute(chosen.limit(most).offset(skipped), values).all()


def _firsts(
    session: Session,
    branches: Sequence[str],
    states: tuple[str, ...],
    order: _Order,
    most: int,
    mark: tuple[dt.datetime, str] | None,
    dated: Mapping[str, tuple[dt.datetime, dt.datetime]] | None = None,
    wanted: Wanted = Wanted(),  # noqa: B008 - never changed
) -> Sequence[Any]:
    """Return (id, time) of the first of these branches and states; `dated`: only what is due so."""
    shape, values = shape_of(wanted)
    for at, branch in enumerate(branches):
        values[f"branch_{at}"] = branch
        if dated:
            values[f"first_{at}"], values[f"last_{at}"] = dated[branch]
    if mark:
        values["mark_at"], values["mark_id"] = mark
    merged = _merged(
        len(branches), states, order, most, shape, is_dated=bool(dated), is_marked=mark is not None
    )
    return session.execute(merged, values).all()


@lru_cache(maxsize=256)
def _merged(
    branches: int,
    states: tuple[str, ...],
    order: _Order,
    most: int,
    shape: Shape,
    *,
    is_dated: bool,
    is_marked: bool,
) -> sa.Select[Any]:
    """Return the statement that takes the first of each branch and state, then the first of those.

    Each lies in its index in the right order, so as many are read as are shown, however many wait.
    How many is a part of the statement: PostgreSQL plans without the values once it has seen a few,
    and reads all where it doesn't know that few are wanted.
    """
    limit = sa.literal_column(str(most), sa.Integer)
    mark = (_time("mark_at"), sa.bindparam("mark_id", type_=sa.String)) if is_marked else None
    arms, narrowing = [], conditions_of(shape)
    for at in range(branches):
        here: list[sa.ColumnElement[bool]] = [_batch.branch_id == sa.bindparam(f"branch_{at}")]
        if is_dated:
            here += [_batch.due_at >= _time(f"first_{at}"), _batch.due_at < _time(f"last_{at}")]
        for state in states:
            is_state = _batch.state == sa.literal_column(f"'{state}'")
            arm = sa.select(_batch.id, _batch[order.time]).where(*here, is_state, *narrowing)
            arms.append(sa.select(order.of(arm, mark).limit(limit).subquery()))
    of_all = sa.union_all(*arms).subquery()
    return sa.select(of_all).order_by(*order.by(of_all.c)).limit(limit)


def _marked(batch_id: str, at: dt.datetime) -> str:
    """Name a place in a list: the time it is ordered by, in microseconds, and the id."""
    return f"{(at - _EPOCH) // _MICROSECOND}-{batch_id}"


def _mark(text: str) -> tuple[dt.datetime, str] | None:
    """Read the name of a place; None for what is none."""
    found = _MARK.fullmatch(text)
    return (_EPOCH + int(found[1]) * _MICROSECOND, found[2]) if found else None


# --- what is looked for ----------------------------------------------------------------------


def _states(state: QueueState) -> tuple[str, ...]:
    return {"all": WAITING + ENDED, "done": ENDED}.get(state, WAITING)


def _conditions(
    actor: Actor, asked: Asked, where: Sequence[Zone]
) -> tuple[list[sa.ColumnElement[bool]], dict[str, Any]]:
    """Return what has to hold of a batch of the list, and the values that it names."""
    wanted = asked.wanted
    shape, values = shape_of(wanted)
    found = [
        _batch.branch_id.in_(actor.branches), _is_any(_states(asked.state)), *conditions_of(shape),
    ]  # fmt: skip
    if asked.state == "mine":
        found.append(_batch.reviewer_id == actor.user_id)
    if wanted.bucket is not None:
        found.append(_in_bucket(wanted.bucket, where))
    if wanted.ids is not None:
        found.append(_batch.id.in_(wanted.ids))
    return found, values


def _in_bucket(bucket: Urgency, where: Sequence[Zone]) -> sa.ColumnElement[bool]:
    parts: list[sa.ColumnElement[bool]] = [sa.false()]
    for zone in where:
        first, last = zone.of(bucket)
        here = _batch.branch_id.in_(zone.branches)
        parts.append(sa.and_(here, _batch.due_at >= first, _batch.due_at < last))
    return sa.or_(*parts)
