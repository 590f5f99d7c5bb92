"""Figures about reviews: what waits, how long decisions take, what comes back, what is approved.

HRD count their companies, reviewers their branches, an admin everything. Of decisions, those of
the last twelve weeks.
"""

import datetime as dt
import itertools
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database import tenancy
from hr_portal.adapters.database.models import Batch, Branch, Company
from hr_portal.adapters.database.plans import unindexed
from hr_portal.adapters.database.review_models import FigureDay
from hr_portal.domain.permissions import Actor, may
from hr_portal.services import figure_days
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden
from hr_portal.services.figure_days import WEEKS

AGES: tuple[int | None, ...] = (1, 3, 7, 14, None)
"""Days since submission that end a group of what waits; the last has no end."""
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Spread:
    """How long decisions took, in hours."""

    label: str
    count: int
    median: float
    p90: float
    """Nine in ten took no longer."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some rows were returned."""

    label: str
    returned: int
    total: int

    @property
    def percent(self) -> float:
        """Return the share in percent."""
        return 100 * self.returned / self.total


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one actor, as they stand now."""

    since: dt.date
    open_by_age: list[tuple[int | None, int]]
    """(days that end the group, batches), as `AGES`."""
    times_by_branch: list[Spread]
    times_by_kind: list[Spread]
    """By field; a batch counts for each field that it corrects."""
    returned_by_company: list[Share]
    returned_by_rule: list[Share]
    """By code, of the rows that had such a finding."""
    approved_by_week: list[tuple[dt.date, int]]
    """(Monday, rows), the oldest first, weeks without any too."""


def figures(portal: Portal, actor: Actor) -> Figures:
    """Return the figures of what the actor may see; Forbidden for who may see none."""
    if not may(actor, "figures.read"):
        raise Forbidden("Ikhtisar ini bukan untuk akun Anda.", "This overview is not for you.")
    now = portal.clock()
    waiting = sa.true() if actor.is_admin else _of(actor, Batch.company_id, Batch.branch_id)
    decided = waiting
    kept_for: sa.ColumnElement[bool] | None = FigureDay.branch_id.is_not(None)
    if not actor.is_admin:  # few days are counted: found by their dates, not by whose they are
        decided = _of(actor, unindexed(Batch.company_id), unindexed(Batch.branch_id))
        kept_for = _of(actor, FigureDay.company_id, FigureDay.branch_id)
        if actor.companies and actor.branches:
            kept_for = None  # one decision may be counted in both
    with portal.db.read() as session:
        ages = _ages(session, waiting, now)
        sums = figure_days.tally(session, now, decided, kept_for)
        branches = dict(session.execute(sa.select(Branch.id, Branch.name)).all())
        companies = _names(session, sums.companies)
    monday = figure_days.first_day(now)
    mondays = [monday + dt.timedelta(weeks=at) for at in range(WEEKS)]
    weeks: Counter[dt.date] = Counter()
    for day, rows in sums.approved.items():
        weeks[day - dt.timedelta(days=day.weekday())] += rows
    return Figures(
        monday,
        [(age, ages[age]) for age in AGES],
        _spreads({branches[key]: seconds for key, seconds in sums.by_branch.items()}),
        _spreads(sums.by_kind),
        _shares((companies[key], back, rows) for key, (back, rows) in sums.companies.items()),
        _shares((code, back, rows) for code, (back, rows) in sums.rules.items()),
        [(monday, weeks[monday]) for monday in mondays],
    )


def _of(
    actor: Actor, company: sa.SQLColumnExpression[Any], branch: sa.SQLColumnExpression[Any]
) -> sa.ColumnElement[bool]:
    """Say that something is theirs, in words that an index of one of both answers."""
    whose = ((company, actor.companies), (branch, actor.branches))
    return sa.or_(sa.false(), *(column.in_(own) for column, own in whose if own))


def _names(session: Session, companies: Iterable[str]) -> dict[str, str]:
    """Return the names of companies whose decisions were counted for this reader."""
    with tenancy.under(tenancy.Wide("figures")):
        found = session.execute(
            sa.select(Company.id, Company.name).where(Company.id.in_(sorted(companies)))
        )
        return dict(found.all())


def _ages(
    session: Session, seen: sa.ColumnElement[bool], now: dt.datetime
) -> dict[int | None, int]:
    """Count what waits by its age, as ranges of an index."""
    marks, at = (
        [now - dt.timedelta(days=age) for age in AGES if age is not None],
        Batch.submitted_at,
    )
    within = (
        at > marks[0],
        *(sa.and_(at <= later, at > earlier) for later, earlier in itertools.pairwise(marks)),
        at <= marks[-1],
    )
    waits = Batch.state.in_(("submitted", "in_review"))
    counts: list[Any] = [
        sa.select(sa.func.count()).select_from(Batch).where(seen, waits, one).scalar_subquery()
        for one in within
    ]
    return dict(zip(AGES, session.execute(sa.select(*counts)).one(), strict=True))


def _spreads(found: dict[str, list[int]]) -> list[Spread]:
    return sorted(
        (_spread(label, sorted(seconds)) for label, seconds in found.items()),
        key=lambda one: (-one.count, one.label),
    )


def _spread(label: str, seconds: list[int]) -> Spread:
    count = len(seconds)
    middle = (seconds[(count - 1) // 2] + seconds[count // 2]) / 2
    return Spread(label, count, middle / HOUR, seconds[math.ceil(0.9 * count) - 1] / HOUR)


def _shares(found: Iterable[tuple[str, int, int]]) -> list[Share]:
    shares = [Share(label, back, total) for label, back, total in found if total]
    return sorted(shares, key=lambda one: (-one.percent, one.label))
