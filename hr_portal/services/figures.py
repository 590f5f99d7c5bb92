"""Figures about reviews: what waits, how long decisions take, what comes back, what is approved.

HRD count their companies, reviewers their branches, an admin everything. Of decisions, those of
the last twelve weeks.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import (
    Batch,
    Branch,
    Company,
    Correction,
    Decision,
    FindingRow,
    Revision,
)
from hr_portal.adapters.database.review_models import SetAside
from hr_portal.domain.permissions import Actor, may
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden

WEEKS = 12
AGES: tuple[int | None, ...] = (1, 3, 7, 14, None)
"""Days since submission that end a group of what waits; the last has no end."""
HOUR = dt.timedelta(hours=1)


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
    this_monday = now.date() - dt.timedelta(days=now.weekday())
    mondays = [this_monday - dt.timedelta(weeks=at) for at in reversed(range(WEEKS))]
    since = dt.datetime.combine(mondays[0], dt.time(), dt.UTC)
    seen = (
        sa.true()
        if actor.is_admin
        else sa.or_(Batch.company_id.in_(actor.companies), Batch.branch_id.in_(actor.branches))
    )
    of_revision = sa.and_(
        Revision.batch_id == Decision.batch_id, Revision.number == Decision.revision_number
    )
    stands = ~sa.exists().where(
        SetAside.batch_id == Decision.batch_id,
        SetAside.revision_number == Decision.revision_number,
    )
    with portal.db.read() as session:
        ages = _ages(session, seen, now)
        decided = session.execute(
            sa.select(
                Decision.decided_at,
                Decision.rows_approved,
                Decision.rows_returned,
                (Decision.rows_approved + Decision.rows_returned + Decision.rows_rejected).label(
                    "rows"
                ),
                sa.case(
                    (Batch.revision_number == Decision.revision_number, Batch.submitted_at)
                ).label("submitted_at"),
                Branch.name.label("branch"),
                Company.name.label("company"),
                Revision.fields.label("corrected"),
            )
            .join(Batch, Batch.id == Decision.batch_id)
            .join(Branch, Branch.id == Batch.branch_id)
            .join(Company, Company.id == Batch.company_id)
            .join(Revision, of_revision)
            .where(seen, Decision.decided_at >= since, stands)
        ).all()
        found = (
            sa.select(FindingRow.revision_id, FindingRow.code, FindingRow.row_number)
            .join(Revision, Revision.id == FindingRow.revision_id)
            .join(Decision, of_revision)
            .join(Batch, Batch.id == Decision.batch_id)
            .where(seen, Decision.decided_at >= since, stands, FindingRow.row_number > 0)
            .distinct()
            .subquery()
        )
        came_back = sa.exists().where(
            Correction.revision_id == found.c.revision_id,
            Correction.row_number == found.c.row_number,
            Correction.verdict == "return",
        )
        by_rule = session.execute(
            sa.select(found.c.code, sa.func.count(), sa.func.sum(sa.case((came_back, 1), else_=0)))
            .group_by(found.c.code)
        ).all()  # fmt: skip
    branches: dict[str, list[float]] = {}
    kinds: dict[str, list[float]] = {}
    companies: dict[str, list[int]] = {}
    weeks: Counter[dt.date] = Counter()
    for one in decided:
        day = one.decided_at.date()
        weeks[day - dt.timedelta(days=day.weekday())] += one.rows_approved
        held = companies.setdefault(one.company, [0, 0])
        held[0] += one.rows_returned
        held[1] += one.rows
        if one.submitted_at is not None:  # of a revision that was mended since, it is not known
            hours = (one.decided_at - one.submitted_at) / HOUR
            branches.setdefault(one.branch, []).append(hours)
            for key in one.corrected:
                kinds.setdefault(key, []).append(hours)
    return Figures(
        mondays[0],
        [(age, ages[age]) for age in AGES],
        _spreads(branches),
        _spreads(kinds),
        _shares((name, back, rows) for name, (back, rows) in companies.items()),
        _shares((code, back, total) for code, total, back in by_rule),
        [(monday, weeks[monday]) for monday in mondays],
    )


def _ages(
    session: Session, seen: sa.ColumnElement[bool], now: dt.datetime
) -> dict[int | None, int]:
    """Count what waits by its age, in the database."""
    ended = [age for age in AGES if age is not None]
    age = sa.case(
        *((Batch.submitted_at > now - dt.timedelta(days=days), days) for days in ended), else_=0
    )
    counted = session.execute(
        sa.select(age.label("age"), sa.func.count())
        .where(seen, Batch.state.in_(("submitted", "in_review")), Batch.submitted_at.is_not(None))
        .group_by(sa.literal_column("age"))
    )
    return Counter({days or None: count for days, count in counted})


def _spreads(found: dict[str, list[float]]) -> list[Spread]:
    return sorted(
        (_spread(label, sorted(hours)) for label, hours in found.items()),
        key=lambda one: -one.count,
    )


def _spread(label: str, hours: list[float]) -> Spread:
    count = len(hours)
    middle = (hours[(count - 1) // 2] + hours[count // 2]) / 2
    return Spread(label, count, middle, hours[math.ceil(0.9 * count) - 1])


def _shares(found: Iterable[tuple[str, int, int]]) -> list[Share]:
    shares = [Share(label, back, total) for label, back, total in found if total]
    return sorted(shares, key=lambda one: (-one.percent, one.label))
