"""What figures count of days gone by, kept so that a page reads sums, not all decisions.

A day that has ended changes no more but when a decision of it is set aside, which makes the worker
count it again. Days not kept are counted as the page is asked for, by the same statements: what is
shown is never late. Kept apart by branch (reviewers) and by company (HRD); decision 106.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Correction, Decision, FindingRow, Revision
from hr_portal.adapters.database.review_models import CountedDay, FigureDay, SetAside
from hr_portal.services.context import Portal

WEEKS: Final = 12
ZONE: Final = ZoneInfo("Asia/Jakarta")
"""Whose days are counted, for all branches alike; no setting, or what is kept would change."""
SETTLED: Final = dt.timedelta(hours=1)
"""How long after its end a day is kept: a decision made at midnight is committed by then."""
_ONE: Final = dt.timedelta(days=1)


@dataclass(slots=True)
class Tally:
    """Decisions added up, whosesoever and of however many days."""

    approved: dict[dt.date, int] = field(default_factory=dict)
    """Rows by day."""
    by_branch: dict[str, list[int]] = field(default_factory=dict)
    """Seconds from submission to decision, of each decision."""
    by_kind: dict[str, list[int]] = field(default_factory=dict)
    """The same for each field that a batch corrects."""
    companies: dict[str, list[int]] = field(default_factory=dict)
    """[rows returned, rows]."""
    rules: dict[str, list[int]] = field(default_factory=dict)
    """By code: [rows returned, rows] of those that had such a finding."""

    def decided(self, one: Any) -> None:  # noqa: ANN401 - a row of `_decided`
        """Add one decision."""
        day = one.decided_at.astimezone(ZONE).date()
        self.approved[day] = self.approved.get(day, 0) + one.rows_approved
        _add(self.companies, one.company_id, one.rows_returned, one.rows)
        if one.submitted_at is not None:
            seconds = round((one.decided_at - one.submitted_at).total_seconds())
            self.by_branch.setdefault(one.branch_id, []).append(seconds)
            for key in one.corrected:
                self.by_kind.setdefault(key, []).append(seconds)

    def found(self, code: str, returned: int, rows: int) -> None:
        """Add rows that had a finding."""
        _add(self.rules, code, returned, rows)

    def kept(self) -> dict[str, Any]:
        """Return it as JSON keeps it, but for the days."""
        return {
            "approved": sum(self.approved.values()),
            "branches": self.by_branch,
            "kinds": self.by_kind,
            "companies": self.companies,
            "rules": self.rules,
        }

    def add(self, day: dt.date, kept: dict[str, Any]) -> None:
        """Add what was kept of a day."""
        self.approved[day] = self.approved.get(day, 0) + kept["approved"]
        for mine, others in ((self.by_branch, kept["branches"]), (self.by_kind, kept["kinds"])):
            for key, seconds in others.items():
                mine.setdefault(key, []).extend(seconds)
        for sums, more in ((self.companies, kept["companies"]), (self.rules, kept["rules"])):
            for key, (returned, rows) in more.items():
                held = sums.get(key)
                if held is None:
                    sums[key] = [returned, rows]
                else:
                    held[0] += returned
                    held[1] += rows


def first_day(now: dt.datetime) -> dt.date:
    """Return the Monday that the figures begin with."""
    today = now.astimezone(ZONE).date()
    return today - dt.timedelta(days=today.weekday(), weeks=WEEKS - 1)


def tally(
    session: Session,
    now: dt.datetime,
    seen: sa.ColumnElement[bool],
    kept_for: sa.ColumnElement[bool] | None,
) -> Tally:
    """Add up the decisions that `seen` lets through, from `first_day` until now.

    `kept_for` says whose kept days together are the same; None where there are none.
    """
    found, since = Tally(), first_day(now)
    is_kept = kept_for is not None
    kept = set(session.scalars(_days_kept(since))) if is_kept else set()
    if kept_for is not None:
        # as text: a page reads some hundred of them, and orjson does it in a quarter of the time
        figures = sa.cast(FigureDay.figures, sa.Text)
        for day, text in session.execute(
            sa.select(FigureDay.day, figures).where(kept_for, FigureDay.day >= since)
        ):
            if day in kept:
                found.add(day, orjson.loads(text))
    today = now.astimezone(ZONE).date()
    days = [since + at * _ONE for at in range((today - since).days + 1)]
    missing = [day for day in days if day not in kept]
    spans = [_span(first, last) for first, last in _runs(missing)]
    if spans:
        when = sa.or_(
            *(sa.and_(Decision.decided_at >= a, Decision.decided_at < b) for a, b in spans)
        )
        for one in session.execute(_decided(seen, when)):
            found.decided(one)
        for _company, _branch, code, rows, returned in session.execute(_by_rule(seen, when)):
            found.found(code, returned, rows)
    return found


def keep(portal: Portal) -> int:
    """Count the days that have ended and aren't kept yet; returns how many. Forgets the oldest."""
    now = portal.clock()
    since, ended = first_day(now), (now - SETTLED).astimezone(ZONE).date()
    with portal.db.read() as session:
        kept = set(session.scalars(_days_kept(since)))
        first = session.scalar(sa.select(sa.func.min(Decision.decided_at)))
        outdated = session.scalar(sa.select(sa.exists().where(CountedDay.day < since)))
    days = [since + at * _ONE for at in range((ended - since).days)]
    begun = first.astimezone(ZONE).date() if first else ended
    _keep_empty(portal, [day for day in days if day not in kept and day < begun])
    for day in days:
        if day not in kept and day >= begun:
            _keep_day(portal, day)
    if outdated:
        with portal.db.write() as session:
            for model in (FigureDay, CountedDay):
                session.execute(sa.delete(model).where(model.day < since))
    return len(set(days) - kept)


def note_decision(session: Session, decided_at: dt.datetime) -> None:
    """Let the day of a decision that is made be counted again, if it is kept already.

    It hardly ever is: where a decision takes past midnight, or tells what was decided before.
    """
    day = decided_at.astimezone(ZONE).date()
    session.execute(
        sa.update(CountedDay).where(CountedDay.day == day, CountedDay.is_kept).values(is_kept=False)
    )


def count_anew(session: Session, decided_at: dt.datetime) -> None:
    """Let the day of a decision be counted again; in the transaction that changes it.

    Whoever counts that day at this moment is waited for, or waits.
    """
    day = decided_at.astimezone(ZONE).date()
    _mark(session, day)
    session.execute(sa.update(CountedDay).where(CountedDay.day == day).values(is_kept=False))


def _keep_empty(portal: Portal, days: Sequence[dt.date]) -> None:
    """Keep days from before the first decision, of which there is nothing to count."""
    if days:
        with portal.db.write() as session:
            new = _insert(session)(CountedDay).on_conflict_do_nothing()
            session.execute(new, [{"day": day, "is_kept": True} for day in days])


def _keep_day(portal: Portal, day: dt.date) -> None:
    """Count one day for each branch and each company."""
    first, end = _span(day, day)
    when = sa.and_(Decision.decided_at >= first, Decision.decided_at < end)
    with portal.db.write() as session:
        _mark(session, day)
        mark = session.scalars(
            sa.select(CountedDay).where(CountedDay.day == day).with_for_update()
        ).one()
        if mark.is_kept:
            return  # by another worker
        tallies: dict[tuple[str | None, str | None], Tally] = {}
        for one in session.execute(_decided(sa.true(), when)):
            for whose in _both(one.company_id, one.branch_id):
                tallies.setdefault(whose, Tally()).decided(one)
        for company, branch, code, rows, returned in session.execute(_by_rule(sa.true(), when)):
            for whose in _both(company, branch):
                tallies[whose].found(code, returned, rows)
        session.execute(sa.delete(FigureDay).where(FigureDay.day == day))
        session.add_all(
            FigureDay(day=day, company_id=company, branch_id=branch, figures=sums.kept())
            for (company, branch), sums in tallies.items()
        )
        mark.is_kept = True


def _mark(session: Session, day: dt.date) -> None:
    new = _insert(session)(CountedDay).values(day=day, is_kept=False)
    session.execute(new.on_conflict_do_nothing())


def _insert(session: Session) -> Any:  # noqa: ANN401 - the two have no class in common
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def _decided(seen: sa.ColumnElement[bool], when: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the decisions that stand, with what is counted of each."""
    rows = Decision.rows_approved + Decision.rows_returned + Decision.rows_rejected
    return (
        sa.select(
            Decision.decided_at,
            _SUBMITTED.label("submitted_at"),
            Decision.rows_approved,
            Decision.rows_returned,
            rows.label("rows"),
            Batch.branch_id,
            Batch.company_id,
            Revision.fields.label("corrected"),
        )
        .join(Batch, Batch.id == Decision.batch_id)
        .join(Revision, _OF_REVISION)
        .where(seen, when, _STANDS)
    )


def _by_rule(seen: sa.ColumnElement[bool], when: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return (company, branch, code, rows that had such a finding, those of them returned)."""
    found = (
        sa.select(
            Batch.company_id,
            Batch.branch_id,
            FindingRow.revision_id,
            FindingRow.code,
            FindingRow.row_number,
        )
        .join(Revision, Revision.id == FindingRow.revision_id)
        .join(Decision, _OF_REVISION)
        .join(Batch, Batch.id == Decision.batch_id)
        .where(seen, when, _STANDS, FindingRow.row_number > 0)
        .distinct()
        .subquery()
    )
    came_back = sa.exists().where(
        Correction.revision_id == found.c.revision_id,
        Correction.row_number == found.c.row_number,
        Correction.verdict == "return",
    )
    whose = (found.c.company_id, found.c.branch_id, found.c.code)
    return sa.select(
        *whose, sa.func.count(), sa.func.sum(sa.case((came_back, 1), else_=0))
    ).group_by(*whose)


_OF_REVISION: Final = sa.and_(
    Revision.batch_id == Decision.batch_id, Revision.number == Decision.revision_number
)
_SUBMITTED: Final = sa.func.coalesce(
    Decision.submitted_at,
    sa.case((Batch.revision_number == Decision.revision_number, Batch.submitted_at)),
)
_STANDS: Final = ~sa.exists().where(
    SetAside.batch_id == Decision.batch_id, SetAside.revision_number == Decision.revision_number
)


def _days_kept(since: dt.date) -> sa.Select[Any]:
    return sa.select(CountedDay.day).where(CountedDay.day >= since, CountedDay.is_kept)


def _both(company: str, branch: str) -> tuple[tuple[str, None], tuple[None, str]]:
    """Return the (company, branch) of the two that count a decision."""
    return (company, None), (None, branch)


def _runs(days: Sequence[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield (first, last) of days that follow each other, of days in order."""
    start = 0
    for at, day in enumerate(days):
        if at + 1 == len(days) or days[at + 1] - day > _ONE:
            yield days[start], day
            start = at + 1


def _span(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return when the first day begins, and when the last is over."""
    begins, ends = (
        dt.datetime.combine(day, dt.time(), ZONE).astimezone(dt.UTC) for day in (first, last + _ONE)
    )
    return begins, ends


def _add(sums: dict[str, list[int]], key: str, returned: int, rows: int) -> None:
    held = sums.setdefault(key, [0, 0])
    held[0] += returned
    held[1] += rows
