"""Going on with some rows of a draft, while the others become a draft of their own.

Mostly with the valid ones; where one letter can't hold all corrections, with as many as it can
(`halves` says which rows those are). Both halves begin with the findings that were made on the
whole file, and a worker judges each anew by its own rows (decision 41).
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import (
    Batch,
    FindingRow,
    Placement,
    Revision,
    Row,
)
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.services import (
    audit,
    copying,
    crashpoints,
    documents,
    intake,
    letter_views,
    rechecking,
    staging,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.following import Along, Also, Told, nobody, nothing, part_of
from hr_portal.services.halves import Halves, Why, blocked_of, divided, parted, parted_by_need
from hr_portal.services.paging import Page
from hr_portal.services.row_sets import RowSet
from hr_portal.services.rowdata import open_structure, without

_WEIGHED = 0.05
"""Share of a large split until it is known which rows go where."""


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A row that becomes part of the new draft."""

    number: int
    name: str
    why: Why


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """What a split would do with a draft as it is now."""

    version: int
    kept: int
    """Rows that go on, the warnings among them."""
    moved: dict[Why, int]
    rows: Page[MovedRow]
    refused: list[tuple[int, str, str]]
    """Rows of the file that could not be read; they are listed with the new draft."""
    warnings_kept: int
    """Warnings not confirmed yet, of the rows that go on."""
    documents_moved: int
    documents_copied: int
    """On rows of both halves, or on the whole batch."""
    letter: str | None
    """The number of the letter that will have to be issued anew."""
    blocked: tuple[str, str] | None
    """Why there is nothing to split, in both languages."""

    @property
    def total_moved(self) -> int:
        """Return how many rows become the new draft."""
        return sum(self.moved.values())


@dataclass(frozen=True, slots=True)
class Split:
    """What became of a draft: it goes on with fewer rows, the others in a child."""

    kept: int
    moved: int
    refused: int
    version: int
    child_id: str
    child_number: str
    repeated: bool
    """True where this had been done before: nothing new was made."""


def plan(
    portal: Portal, actor: Actor, batch_id: str, *, page: int = 1, per_page: int = 50
) -> SplitPlan:
    """Say what a split would do: how many rows and which, documents, warnings, letter.

    Raises:
        NotFound, Forbidden; Conflict: the batch is no draft any more.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        if batch.state != "draft":
            raise intake.closed(batch)
        weighed = _weigh(portal, session, batch)
        return _page(portal, session, batch, weighed, page, per_page)


def look(portal: Portal, actor: Actor, batch_id: str, told: Told) -> dict[str, Any]:
    """As `plan`, of all rows, as JSON can hold it; `plan_of` cuts its pages.

    Raises:
        NotFound, Forbidden; Conflict: the batch is no draft any more.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        if batch.state != "draft":
            raise intake.closed(batch)
        weighed = _weigh(portal, session, batch, told)
        moved = {why: rows.as_text() for why, rows in weighed.halves.moved.items()}
        kept = weighed.halves.kept.as_text()
        told_of = {one.name: getattr(weighed, one.name) for one in fields(weighed)}
        return {**told_of, "halves": [kept, moved]}


def plan_of(
    portal: Portal, actor: Actor, batch_id: str, held: dict[str, Any], *, page: int, per_page: int
) -> SplitPlan:
    """Return a page of what `look` has found.

    Raises:
        NotFound, Forbidden; Conflict: the batch has changed since.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        visible.expect_version(batch, held["version"])
        kept, moved = held["halves"]
        halves = Halves(
            RowSet.of_text(kept), {why: RowSet.of_text(rows) for why, rows in moved.items()}
        )
        blocked = tuple(held["blocked"]) if held["blocked"] else None
        weighed = _Weighed(**{**held, "halves": halves, "blocked": blocked})
        return _page(portal, session, batch, weighed, page, per_page)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What a split would do, but for the names on a page."""

    version: int
    halves: Halves
    warnings_kept: int
    documents_moved: int
    documents_copied: int
    letter: str | None
    blocked: tuple[str, str] | None


def _weigh(portal: Portal, session: Session, batch: Batch, told: Told = nobody) -> _Weighed:
    revision = visible.current_revision(session, batch)
    halves = parted_by_need(session, portal.key(batch.company), revision, part_of(told, 0, 0.9))
    letter = letter_views.current_letter(session, batch.id)
    moved, copied = _documents(session, batch, halves)
    return _Weighed(
        batch.version,
        halves,
        _open_warnings(session, revision, halves),
        moved,
        copied,
        letter.number if letter else None,
        blocked_of(session, revision, halves),
    )


def _page(
    portal: Portal, session: Session, batch: Batch, weighed: _Weighed, page: int, per_page: int
) -> SplitPlan:
    revision, halves = visible.current_revision(session, batch), weighed.halves
    counts: dict[Why, int] = {"error": 0, "document": 0, "together": 0}
    counts |= {why: len(rows) for why, rows in halves.moved.items()}
    moved = halves.every_moved
    shown = moved.part((page - 1) * per_page, page * per_page)
    names = dict(
        session.execute(
            sa.select(Row.number, Row.name).where(
                Row.revision_id == revision.id, Row.number.in_(shown)
            )
        ).all()
    )
    rows = [MovedRow(number, names[number], halves.why(number)) for number in shown]
    return SplitPlan(
        weighed.version,
        len(halves.kept),
        counts,
        Page(rows, page, per_page, len(moved)),
        open_structure(portal.key(batch.company), revision).refused,
        weighed.warnings_kept,
        weighed.documents_moved,
        weighed.documents_copied,
        weighed.letter,
        weighed.blocked,
    )


def rows_kept(portal: Portal, actor: Actor, batch_id: str) -> int | None:
    """Return how many rows of a draft would go on, as `plan` says; None where it is too large.

    Counting means looking at every row, which a page can do for some thousand of them.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        if revision.rows_total > rechecking.INLINE_ROWS:
            return None
        halves = parted_by_need(session, portal.key(batch.company), revision)
        return 0 if blocked_of(session, revision, halves) else len(halves.kept)


def split(
    portal: Portal, actor: Actor, batch_id: str, *, version: int, also: Also = nothing
) -> Split:
    """Let a draft go on with its valid rows; the others become a child draft at once.

    Done once a version: the same person who asks again is told what was done.

    Raises:
        NotFound, Forbidden; Conflict (no draft, stale version).
        Invalid: there is nothing to split, or an error concerns the whole file.

    """
    with portal.db.write() as session:
        batch, before = _expected(session, actor, batch_id, version)
        if before is not None:
            also(session, before)
            return before
        revision, key = visible.current_revision(session, batch), portal.key(batch.company)
        halves = parted(session, key, revision)
        moved = set(halves.every_moved)
        name = _name(batch_id, version)
        child = copying.make_child(portal, session, actor, batch, moved, idempotency_key=name)
        rest = visible.current_revision(session, child)
        stays = copying.copy_revision(portal, session, actor, batch, batch, rows=set(halves.kept))
        done = _end(portal, session, actor, batch, child, halves, (revision, stays, rest))
        also(session, done)
        crashpoints.passing("split:written")
        return done


def split_in_units(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    version: int,
    along: Along,
    by_letter: bool = False,
) -> Split:
    """As `split`, of a large draft: both halves are made unseen, in units, and shown at once.

    Others may write meanwhile; where that changes the draft, nothing comes of it. With `by_letter`
    as many rows go on as one letter holds the corrections of, whatever is wrong with them.

    Raises:
        As `split`; LeaseLostError: another worker has taken over.

    """
    with portal.db.read() as session:
        batch, before = _expected(session, actor, batch_id, version)
        if before is None:
            revision, key = visible.current_revision(session, batch), portal.key(batch.company)
            part = divided if by_letter else parted
            halves = part(session, key, revision, part_of(along.told, 0, _WEIGHED))
    if before is not None:
        with along.unit() as session:
            along.also(session, before)
        return before
    moved = halves.every_moved
    following = replace(along, told=part_of(along.told, _WEIGHED, 1))
    kept_copy, moved_copy = staging.make(
        portal, actor, following, key, revision, (halves.kept, moved)
    )
    with along.unit() as session:
        batch, _ = _expected(session, actor, batch_id, version)
        name = _name(batch_id, version)
        child = copying.new_child(portal, session, actor, batch, idempotency_key=name)
        rest = staging.take(portal, session, moved_copy, child.id, 1)
        copying.take_along(portal, session, batch, child, rest, moved)
        batch.revision_number += 1
        stays = staging.take(portal, session, kept_copy, batch.id, batch.revision_number)
        done = _end(portal, session, actor, batch, child, halves, (revision, stays, rest))
        along.also(session, done)
        crashpoints.passing("split:written")
    return done


def done_before(portal: Portal, actor: Actor, batch_id: str, version: int) -> Split | None:
    """Return what this person's split of a draft at a version has done; None where there is none.

    Raises:
        NotFound, Forbidden.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        return _known(session, actor, batch, version)


def _name(batch_id: str, version: int) -> str:
    return f"split:{batch_id}:{version}"


def _expected(
    session: Session, actor: Actor, batch_id: str, version: int
) -> tuple[Batch, Split | None]:
    """Return the draft to split, and what was done if it was before; raises as `split`."""
    batch = visible.batch(session, actor, batch_id, action="batch.edit")
    before = _known(session, actor, batch, version)
    if before is not None:
        return batch, before
    visible.expect_version(batch, version)
    if batch.state != "draft":
        raise intake.closed(batch)
    return batch, None


def _end(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    child: Batch,
    halves: Halves,
    revisions: tuple[Revision, Revision, Revision],
) -> Split:
    """Finish what becomes of both halves; `revisions` are what was split, what stays, the rest."""
    whole, stays, rest = revisions
    moved = halves.every_moved
    rest.rows_refused = whole.rows_refused
    _drop_refused(portal.key(batch.company), stays)
    for half in (stays, rest):
        rechecking.ask(portal, session, half)
    _take_off_documents(portal, session, batch, moved)
    intake.reopen(portal, batch, actor)
    counts = {"kept": len(halves.kept), "moved": len(moved), "refused": rest.rows_refused}
    audit.record(
        portal, session, actor, "batch:split", batch.id, company_id=batch.company_id,
        child=child.id, number=child.number, revision=batch.revision_number, **counts,
    )  # fmt: skip
    audit.record(
        portal, session, actor, "batch:split_off", child.id, company_id=batch.company_id,
        parent=batch.id, number=batch.number, **counts,
    )  # fmt: skip
    return Split(
        len(halves.kept), len(moved), rest.rows_refused, batch.version, child.id, child.number,
        repeated=False,
    )  # fmt: skip


def _open_warnings(session: Session, revision: Revision, halves: Halves) -> int:
    moved = halves.every_moved
    found = session.scalars(
        sa.select(FindingRow.row_number).where(
            FindingRow.revision_id == revision.id,
            FindingRow.severity == int(Severity.WARNING),
            FindingRow.confirmed_at.is_(None),
        )
    )
    return sum(number not in moved for number in found)


def _documents(session: Session, batch: Batch, halves: Halves) -> tuple[int, int]:
    """Count the documents that go with the moved rows alone, and those that both halves get."""
    moved = copied = 0
    gone = halves.every_moved
    for document in documents.of_batch(session, batch.id):
        if document.kind == documents.SIGNED_LETTER or not document.placements:
            continue
        goes = [
            place.row_number is not None and place.row_number in gone
            for place in document.placements
        ]
        whole = any(place.row_number is None for place in document.placements)
        moved += all(goes) and not whole
        copied += whole or (any(goes) and not all(goes))
    return moved, copied


def _take_off_documents(portal: Portal, session: Session, batch: Batch, moved: RowSet) -> None:
    """Let go of what now lies on the child's rows; it stays to be read in earlier acts."""
    for document in documents.of_batch(session, batch.id):
        gone = [
            place
            for place in document.placements
            if place.row_number is not None and place.row_number in moved
        ]
        if not gone:
            continue
        if len(gone) == len(document.placements):
            document.removed_at = portal.clock()
        else:
            session.execute(sa.delete(Placement).where(Placement.id.in_([p.id for p in gone])))


def _drop_refused(key: CompanyKey, revision: Revision) -> None:
    """Rows that could not be read are the other half's to mend, and listed there."""
    without(key, revision, "refused")


def _known(session: Session, actor: Actor, batch: Batch, version: int) -> Split | None:
    child = session.scalar(
        sa.select(Batch).where(
            Batch.created_by == actor.user_id,
            Batch.idempotency_key == _name(batch.id, version),
            Batch.parent_id == batch.id,
        )
    )
    if child is None:
        return None
    first = session.scalars(
        sa.select(Revision).where(Revision.batch_id == child.id, Revision.number == 1)
    ).one()
    stays = visible.current_revision(session, batch)
    return Split(
        stays.rows_total - stays.rows_empty, first.rows_total, first.rows_refused, batch.version,
        child.id, child.number, repeated=True,
    )  # fmt: skip
