"""Corrections as people look them through: semula and menjadi, with their verdicts.

The table before submission, the reviewer's bench and the page of the outcome read
from here. Counting, filtering and paging are done in the database; only the
corrections of one page are opened.
"""

import datetime as dt
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from hr_portal.adapters.database.engine import once
from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Decision,
    Revision,
    Row,
    User,
)
from hr_portal.adapters.database.review_models import SetAside
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.services import four_eyes, marked_rows, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound
from hr_portal.services.paging import Page
from hr_portal.services.row_sets import NO_ROWS, RowSet
from hr_portal.services.row_totals import totals
from hr_portal.services.rowdata import open_rows as open_cells

Show = Literal["all", "open", "second", "found", "clean", "approve", "return", "reject"]
SHOWN: tuple[str, ...] = get_args(Show)
MARKED = ("all", "found", "clean")
"""What is shown whatever the verdicts are."""
APPROVED, REJECTED, RETURNED, OPEN = range(4)
"""What a correction weighs: a row stands where the heaviest of its corrections stands."""


@dataclass(frozen=True, slots=True)
class Change:
    """One correction with its values, clean and whole."""

    field: str
    before: str
    after: str
    verdict: str | None
    reason: str
    document_id: str | None
    """The document that an approval against a finding rests on."""
    decided_by: str | None = None
    """Who gave the verdict; tell it to reviewers only, as the next one."""
    seconded_by: str | None = None
    """Who approved it as the second reviewer."""
    waits_second: bool = False
    """True for an approval that still needs a second reviewer."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One row with its corrections."""

    number: int
    name: str
    severity: str
    verdict: str | None
    """Of the row: None while any correction is open, then return, reject, approve."""
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows with corrections a revision has, by verdict and by findings."""

    total: int
    open: int
    approve: int
    reject: int
    returned: int
    found: int
    """Rows with a warning or worse."""
    found_open: int
    """Of these, the ones without a verdict."""
    verdicts: frozenset[str]
    """The verdicts that any correction has; they say how the review would end."""
    second: int = 0
    """Rows with an approval that needs a second reviewer."""
    second_mine: int = 0
    """Of these, the ones that another has approved: the asking actor may second them."""

    @property
    def clean(self) -> int:
        """Return how many rows have nothing but notes."""
        return self.total - self.found

    @property
    def clean_open(self) -> int:
        """Return how many rows without findings wait for a verdict."""
        return self.open - self.found_open

    def of(self, show: str) -> int:
        """Return how many rows a filter shows."""
        return int(getattr(self, {"all": "total", "return": "returned"}.get(show, show)))

    def open_of(self, show: str) -> int:
        """Return how many rows of a filter wait for a verdict."""
        known = {
            "all": self.open,
            "open": self.open,
            "found": self.found_open,
            "clean": self.clean_open,
            "second": self.second_mine,
        }
        return known.get(show, 0)


@dataclass(frozen=True, slots=True)
class Reason:
    """One verdict with one reason, and the rows that share it."""

    verdict: str
    reason: str
    rows: int
    corrections: int
    fields: tuple[str, ...]
    first_rows: tuple[int, ...]
    """The first ten."""


@dataclass(frozen=True, slots=True)
class DecisionView:
    """How a review of a batch ended."""

    outcome: str
    revision: int
    decided_at: dt.datetime
    decided_by: str
    approved: int
    returned: int
    rejected: int
    child_id: str | None
    child_number: str | None
    set_aside_at: dt.datetime | None = None
    """When an admin has reopened it; the batch is then judged again."""


def changes_page(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    show: Show = "all",
    field: str | None = None,
    page: int = 1,
    per_page: int = 25,
    revision: int | None = None,
    total: int | None = None,
) -> Page[ChangeRow]:
    """Return one page of the rows that hold corrections, in the order of the sheet.

    `show` filters by verdict or findings, `field` by what is corrected; `total` is how many
    there are, where `counts` has told.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.revision(session, actor, batch, revision)
        key, start = portal.key(batch.company), (page - 1) * per_page
        marked = _marked(session, rev, show, field)
        if marked is not None:
            asked = {"revision": rev.id, "numbers": marked.part(start, start + per_page)}
            rows = session.scalars(_ROWS_OF_PAGE, asked).all()
            return Page(_rows(session, key, rev, rows), page, per_page, len(marked))
        wanted = _filter(rev, show, field)
        if total is None and show == "all" and field is None:
            total = totals(session, batch, rev)[0]
        elif total is None:
            counted = sa.select(sa.func.count()).select_from(Row).where(*wanted)
            total = session.scalar(counted) or 0
        chosen = sa.select(Row).where(*wanted)
        if show == "all" and field is None:  # from the index alone, in its order
            listed = _corrected(rev).limit(per_page).offset(start)
            chosen, start = (
                sa.select(Row).where(Row.revision_id == rev.id, Row.number.in_(listed)),
                0,
            )
        rows = session.scalars(chosen.order_by(Row.number).limit(per_page).offset(start)).all()
        return Page(_rows(session, key, rev, rows), page, per_page, total)


def _marked(session: Session, rev: Revision, show: str, field: str | None) -> RowSet | None:
    """Return the rows that a filter shows by what is marked; None where verdicts decide."""
    if show not in MARKED:
        return None
    kept = functools.partial(marked_rows.kept_corrections, session, rev.id)
    of_field = once(session, ("marked corrections", rev.id), kept)
    if of_field is None:
        return None
    asked = RowSet.any_of(of_field.values()) if field is None else of_field.get(field, NO_ROWS)
    if show == "all":
        return asked
    found = marked_rows.of_outcome(session, rev.id, "todo")
    return asked & found if show == "found" else asked - found


def one_row(portal: Portal, actor: Actor, batch_id: str, number: int) -> ChangeRow:
    """Return one row of the current revision with its corrections.

    Raises:
        NotFound: no such row, or nothing is corrected on it.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.current_revision(session, batch)
        row = session.scalar(sa.select(Row).where(*_filter(rev, "all", None), Row.number == number))
        if row is None:
            raise NotFound
        return _rows(session, portal.key(batch.company), rev, [row])[0]


def page_of_row(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    number: int,
    *,
    show: Show = "all",
    per_page: int = 25,
) -> int:
    """Return the page of a filtered list on which a row stands, or would stand."""
    with portal.db.read() as session:
        rev = visible.current_revision(session, visible.batch(session, actor, batch_id))
        marked = _marked(session, rev, show, None)
        if marked is not None:
            return marked.before(number) // per_page + 1
        listed = sa.select(Row.number).where(*_filter(rev, show, None), Row.number < number)
        if show == "all":
            listed = _corrected(rev).where(Correction.row_number < number)
        before = session.scalar(sa.select(sa.func.count()).select_from(listed.subquery()))
        return (before or 0) // per_page + 1


def counts(portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None) -> Counts:
    """Count the rows of a revision by verdict and by findings."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.revision(session, actor, batch, revision)
        total, total_found = totals(session, batch, rev)
        verdicts = session.scalars(_VERDICTS, {"revision": rev.id})
        given = frozenset(verdict for verdict in verdicts if verdict)
        judged = _judged(session, rev) if given else {}
        by_state = {
            state: judged.get((state, True), 0) + judged.get((state, False), 0)
            for state in (APPROVED, REJECTED, RETURNED)
        }
        found = sum(count for (_state, is_found), count in judged.items() if is_found)
        # where nothing is approved, nothing waits for a second reviewer
        waiting = four_eyes.approvers_waiting(session, rev.id) if "approve" in given else ()
        return Counts(
            total=total,
            open=total - sum(by_state.values()),
            approve=by_state[APPROVED],
            reject=by_state[REJECTED],
            returned=by_state[RETURNED],
            found=total_found,
            found_open=total_found - found,
            verdicts=given,
            second=len({row for row, _by in waiting}),
            second_mine=len({row for row, by in waiting if by != actor.user_id}),
        )


def _judged(session: Session, rev: Revision) -> dict[tuple[int, bool], int]:
    """Count the rows with verdicts, by (how they stand, whether they have findings)."""
    rows = _row_verdicts(rev).subquery()
    judged: dict[tuple[int, bool], int] = {}
    for state, severity, count in session.execute(
        sa.select(rows.c.state, Row.severity, sa.func.count())
        .join(Row, sa.and_(Row.revision_id == rev.id, Row.number == rows.c.row_number))
        .where(rows.c.state != OPEN)
        .group_by(rows.c.state, Row.severity)
    ):
        place = state, severity >= Severity.WARNING
        judged[place] = judged.get(place, 0) + count
    return judged


def beside(
    portal: Portal, actor: Actor, batch_id: str, number: int, *, show: Show = "all"
) -> tuple[int | None, int | None, int | None]:
    """Return the row before, the row after and the next open one, within a filter.

    The next open row is looked for behind `number` first, then from the start.
    """
    with portal.db.read() as session:
        rev = visible.current_revision(session, visible.batch(session, actor, batch_id))
        asked: dict[str, Any] = {"number": number}
        if show == "all":
            around, from_start = _beside_of_all()
            asked["revision"] = rev.id
        else:
            listed = sa.select(Row.number).where(*_filter(rev, show, None))
            waiting = listed.where(_has(rev, Correction.verdict.is_(None)))
            around, from_start = _beside(Row.number, listed, waiting)
        before, after, following = session.execute(around, asked).one()
        if following is None:
            following = session.scalar(from_start, asked)
        return before, after, following


def _beside(
    at: Any,  # noqa: ANN401 - a column of rows or of corrections
    listed: sa.Select[int],
    waiting: sa.Select[int],
) -> tuple[sa.Select[Any], sa.Select[int]]:
    """Return what asks for the rows before, after and next to do, and for that from the start."""
    # each one the first in its order: a least or greatest of a join is sought among all rows
    number: sa.BindParameter[int] = sa.bindparam("number")
    first, last = at.asc(), at.desc()
    around = sa.select(
        *(
            one.limit(1).scalar_subquery()
            for one in (
                listed.where(at < number).order_by(last),
                listed.where(at > number).order_by(first),
                waiting.where(at > number).order_by(first),
            )
        )
    )
    return around, waiting.where(at < number).order_by(first).limit(1)


@functools.cache
def _beside_of_all() -> tuple[sa.Select[Any], sa.Select[int]]:
    """As `_beside`, among all rows: nothing but corrections has to be looked at."""
    at = Correction.row_number
    listed = sa.select(at).where(Correction.revision_id == sa.bindparam("revision"))
    return _beside(at, listed, listed.where(Correction.verdict.is_(None)))


def open_rows(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    show: Show = "all",
    seen_at: dt.datetime | None = None,
) -> list[int]:
    """Return the numbers of a filter's rows that wait for a verdict, or did so at `seen_at`."""
    with portal.db.read() as session:
        rev = visible.current_revision(session, visible.batch(session, actor, batch_id))
        return list(session.scalars(_open(rev, show, seen_at)))


def open_after(
    session: Session, rev: Revision, show: str, seen_at: dt.datetime | None, last: int, most: int
) -> list[int]:
    """Return the next rows behind `last` that `open_rows` would give, so many at most."""
    return list(session.scalars(_open(rev, show, seen_at).where(Row.number > last).limit(most)))


def _open(rev: Revision, show: str, seen_at: dt.datetime | None) -> sa.Select[int]:
    waits = _has(rev, Correction.verdict.is_(None))
    if seen_at is not None:
        waits = sa.or_(waits, _has(rev, Correction.decided_at > seen_at))
    return sa.select(Row.number).where(*_filter(rev, show, None), waits).order_by(Row.number)


def second_rows(portal: Portal, actor: Actor, batch_id: str) -> list[int]:
    """Return the rows that another has approved and the actor may approve as the second."""
    with portal.db.read() as session:
        rev = visible.current_revision(session, visible.batch(session, actor, batch_id))
        return four_eyes.rows_waiting(session, rev.id, but=actor.user_id)


def reasons(
    portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None
) -> list[Reason]:
    """Return why rows were returned or rejected, the most frequent reason first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.revision(session, actor, batch, revision)
        grouped: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for verdict, reason, number, field in session.execute(
            sa.select(
                Correction.verdict, Correction.reason, Correction.row_number, Correction.field
            )
            .where(Correction.revision_id == rev.id, Correction.verdict.in_(("return", "reject")))
            .order_by(Correction.row_number, Correction.id)
        ):
            grouped.setdefault((verdict or "", reason), []).append((number, field))
        return sorted(
            (_reason(*key, places) for key, places in grouped.items()), key=lambda one: -one.rows
        )


def latest_decision(
    portal: Portal, actor: Actor, batch_id: str, *, child_id: str | None = None
) -> DecisionView | None:
    """Return how the latest review of a batch ended; None where none has.

    With `child_id` the review whose returned rows that batch holds.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        query = (
            sa.select(Decision, User.name, Batch.number, SetAside.set_aside_at)
            .join(User, User.id == Decision.decided_by)
            .outerjoin(Batch, Batch.id == Decision.child_batch_id)
            .outerjoin(
                SetAside,
                sa.and_(
                    SetAside.batch_id == Decision.batch_id,
                    SetAside.revision_number == Decision.revision_number,
                ),
            )
            .where(Decision.batch_id == batch.id)
            .order_by(Decision.revision_number.desc())
            .limit(1)
        )
        if child_id is not None:
            query = query.where(Decision.child_batch_id == child_id)
        found = session.execute(query).one_or_none()
        if found is None:
            return None
        one, by, child_number, set_aside_at = found
        return DecisionView(
            one.outcome,
            one.revision_number,
            one.decided_at,
            by,
            one.rows_approved,
            one.rows_returned,
            one.rows_rejected,
            one.child_batch_id,
            child_number,
            set_aside_at,
        )


def _filter(rev: Revision, show: str, field: str | None) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = [Row.revision_id == rev.id]
    if show in {"found", "clean"}:
        found = Row.severity >= int(Severity.WARNING)
        wanted.append(found if show == "found" else ~found)
    waits, returned = (
        _has(rev, Correction.verdict.is_(None)),
        _has(rev, Correction.verdict == "return"),
    )
    rejected = _has(rev, Correction.verdict == "reject")
    wanted += {
        "open": [waits],
        "second": [_has(rev, four_eyes.waiting())],
        "return": [returned, ~waits],
        "reject": [rejected, ~returned, ~waits],
        "approve": [_has(rev), ~rejected, ~returned, ~waits],
    }.get(show, [_has(rev)])
    if field is not None:
        wanted.append(_has(rev, Correction.field == field))
    return wanted


def _corrected(rev: Revision) -> sa.Select[int]:
    """Return the numbers of all rows that hold corrections, in the order of the sheet."""
    return (
        sa.select(Correction.row_number)
        .where(Correction.revision_id == rev.id)
        .distinct()
        .order_by(Correction.row_number)
    )


def _has(rev: Revision, *wanted: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether a row has a correction like this."""
    return sa.exists().where(
        Correction.revision_id == rev.id, Correction.row_number == Row.number, *wanted
    )


def _row_verdicts(rev: Revision) -> sa.Select[Any, Any]:
    """Say how each row that has any verdict stands; those without are not looked at."""
    weight = sa.case(
        (Correction.verdict.is_(None), OPEN),
        (Correction.verdict == "return", RETURNED),
        (Correction.verdict == "reject", REJECTED),
        else_=APPROVED,
    )
    other = _other_correction()
    judged = sa.select(other.row_number).where(
        other.revision_id == rev.id, other.verdict.is_not(None)
    )
    return (
        sa.select(Correction.row_number, sa.func.max(weight).label("state"))
        .where(Correction.revision_id == rev.id, Correction.row_number.in_(judged))
        .group_by(Correction.row_number)
    )


@functools.cache
def _other_correction() -> type[Correction]:
    """Return corrections beside those that are asked for, as an alias made once."""
    return aliased(Correction)


_ROWS_OF_PAGE: Final = (
    sa.select(Row)
    .where(
        Row.revision_id == sa.bindparam("revision"),
        Row.number.in_(sa.bindparam("numbers", expanding=True)),
    )
    .order_by(Row.number)
)
_VERDICTS: Final = (
    sa.select(Correction.verdict)
    .where(Correction.revision_id == sa.bindparam("revision"), Correction.verdict.is_not(None))
    .distinct()
)
"""Made once: the bench asks them for each row."""


@functools.cache
def _changes_of_rows() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for the corrections of some rows, made once: every page asks it."""
    first, second = aliased(User), aliased(User)
    return (
        sa.select(
            Correction.row_number,
            Correction.field,
            Correction.verdict,
            Correction.reason,
            Correction.override_document_id,
            first.name,
            second.name,
            four_eyes.waiting(),
        )
        .select_from(Correction)
        .outerjoin(first, first.id == Correction.decided_by)
        .outerjoin(second, second.id == Correction.seconded_by)
        .where(
            Correction.revision_id == sa.bindparam("revision"),
            Correction.row_number.in_(sa.bindparam("numbers", expanding=True)),
        )
        .order_by(Correction.row_number, Correction.id)
    )


def _rows(session: Session, key: CompanyKey, rev: Revision, rows: Iterable[Row]) -> list[ChangeRow]:
    listed = list(rows)
    changes: dict[int, list[Change]] = {row.number: [] for row in listed}
    opened = open_cells(session, key, listed)
    values = {"revision": rev.id, "numbers": list(changes)}
    for number, field, verdict, reason, document_id, by, seconded_by, waits in session.execute(
        _changes_of_rows(), values
    ):
        before, after = opened[number].changes[field]
        changes[number].append(
            Change(field, before, after, verdict, reason, document_id, by, seconded_by, bool(waits))
        )
    return [
        ChangeRow(
            row.number,
            row.name,
            Severity(row.severity).json if row.severity else "valid",
            _row_verdict({change.verdict for change in changes[row.number]}),
            tuple(changes[row.number]),
        )
        for row in listed
    ]


def _row_verdict(verdicts: set[str | None]) -> str | None:
    if None in verdicts:
        return None
    return next((verdict for verdict in ("return", "reject") if verdict in verdicts), "approve")


def _reason(verdict: str, reason: str, places: list[tuple[int, str]]) -> Reason:
    numbers = list(dict.fromkeys(number for number, _ in places))
    return Reason(
        verdict,
        reason,
        len(numbers),
        len(places),
        tuple(dict.fromkeys(field for _, field in places)),
        tuple(numbers[:10]),
    )
