"""Mending a draft in the portal: cells are typed, proposals taken, and any of it undone.

The file stays as it was uploaded; what is changed are the rows of the draft's current
revision. Each act keeps what stood there before, who changed it and when. Reading,
planning and checking happen before the transaction, which then holds the batch's
version against the one that was read: two at once, and the second reads who was first.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import Batch, Edit, EditAct, Revision, Row, User
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit, crashpoints, documents, jobs, rechecking, staging, visible
from hr_portal.services.cells import (
    EDIT_COLUMNS,
    Cell,
    Change,
    Draft,
    Stored,
    changes_of,
    edited_cells,
    open_change,
    open_draft,
    seal_changes,
    typed,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.following import Along, Also, Told, nobody, nothing, part_of
from hr_portal.services.intake import closed

TRIES = 3
"""How often an act without a version is planned anew when somebody else was quicker."""
MOST_CELLS = 50_000
"""Cells that one act may name one by one (a pasted block); proposals have no such limit."""
MOST_ACTS = 50

OPENED, PLANNED = 0.4, 0.8
"""Shares of a large act: until the findings or earlier changes are read, and the rows are open."""

Plan = Callable[[Draft], Mapping[Cell, Stored]]


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of an act on cells."""

    act_id: int | None
    """None where nothing had to be changed."""
    cells: int
    rows: int
    version: int
    is_due: bool
    """True where a worker still has to check the rows anew."""


@dataclass(frozen=True, slots=True)
class ActView:
    """One change made in the portal, as lists show it."""

    id: int
    kind: str
    """cell, paste, suggestion or replace."""
    what: dict[str, Any]
    cells: int
    rows: int
    made_by: str
    made_at: dt.datetime
    undone_by: str | None
    undone_at: dt.datetime | None
    is_undoable: bool
    """Nothing that was changed later lies on its cells, and the batch is a draft."""


@dataclass(frozen=True, slots=True)
class EditView:
    """One change of a cell, for the history of its row."""

    column: int
    before: str
    after: str
    act: ActView


def edit_cells(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    cells: Mapping[tuple[int, int], str],
    *,
    version: int | None = None,
    pasted: bool = False,
) -> Mended:
    """Type texts into cells: {(sheet row number, column from 0): text}; "" empties one.

    Raises:
        NotFound, Forbidden: not theirs; or there is no such row or column.
        Conflict: another version, or no draft. Invalid: a text that is too long, too many cells.

    """
    if len(cells) > MOST_CELLS:
        raise Invalid(
            f"Sekali kirim paling banyak {MOST_CELLS} sel. Bagi datanya, atau unggah ulang berkasnya.",
            f"At most {MOST_CELLS} cells at once. Split the data, or upload the file again.",
            fields={"cells": "Terlalu banyak"},
        )
    wanted = {Cell(*place): typed(text) for place, text in cells.items()}

    def plan(draft: Draft) -> Mapping[Cell, Stored]:
        draft.open_rows(cell.row for cell in wanted)
        return wanted

    what = {"column": next(iter(wanted)).column} if len(wanted) == 1 else {}
    kind = "paste" if pasted else "cell"
    return perform(portal, actor, batch_id, plan, kind=kind, what=what, version=version)


def perform(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    plan: Plan,
    *,
    kind: str,
    what: dict[str, Any],
    version: int | None,
    along: Along | None = None,
) -> Mended:
    """Do an act on cells: plan and check without a lock, then write it whole.

    `plan` opens the rows it needs and returns what shall stand in which cell. With `along` what
    it changes of each cell is kept beforehand, unit by unit, and counts with the act.
    """
    for _try in range(TRIES):
        with portal.db.read() as session:
            draft = open_draft(portal, session, actor, batch_id, version)
            draft.told, seen = along.told if along else nobody, _state(draft.batch, draft.revision)
            changes = draft.change(plan(draft))
            if not changes:
                return Mended(None, 0, 0, draft.batch.version, rechecking.is_due(draft.revision))
            outcome = None
            if draft.revision.rows_total <= rechecking.INLINE_ROWS:
                edited = edited_cells(session, draft.revision.id)
                outcome = rechecking.judge(portal, draft, edited | {one.cell for one in changes})
            touched = {} if outcome else rechecking.seal_touched(draft)  # before the lock
        crashpoints.passing("edit:judged")
        act = _new_act(portal, actor, draft.revision, kind, what, changes)
        if along:
            following = replace(along, told=part_of(along.told, PLANNED, 1))
            staging.keep(portal, actor, following, draft, act, changes)
        with along.unit() if along else portal.db.write() as session:
            batch = _lock(session, actor, batch_id, version)
            revision = visible.current_revision(session, batch)
            if _state(batch, revision) != seen:
                continue
            if along:
                act = staging.take_act(session, act, revision)
            else:
                session.add(act)
                session.flush()
                sealed = seal_changes(draft.key, revision.id, act.id, changes)
                bulk_insert(session, Edit.__table__, EDIT_COLUMNS, sealed)  # type: ignore[arg-type]
            _finish(portal, session, actor, batch, revision, outcome, touched)
            audit.record(
                portal,
                session,
                actor,
                "batch:cells_changed",
                batch.id,
                company_id=batch.company_id,
                act=act.id,
                kind=kind,
                cells=act.cells,
                rows=act.rows,
                code=what.get("code"),
            )
            done = Mended(act.id, act.cells, act.rows, batch.version, outcome is None)
            if along:
                along.also(session, done)
            crashpoints.passing("edit:written")
        crashpoints.passing("edit:committed")
        return done
    raise visible.stale(batch)


def undo(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    act_id: int,
    *,
    version: int | None = None,
    told: Told = nobody,
    also: Also = nothing,
) -> Mended:
    """Put the cells of an act back to what stood there before it.

    Raises:
        NotFound: there is no such act on the current revision.
        Conflict: it is undone already, or a later act has changed its cells; another version.

    """
    for _try in range(TRIES):
        with portal.db.read() as session:
            draft = open_draft(portal, session, actor, batch_id, version)
            seen = _state(draft.batch, draft.revision)
            act = _act_of(session, draft.revision, act_id)
            draft.told = part_of(told, OPENED, PLANNED)
            before = {}
            for at, one in enumerate(changes_of(session, draft.key, draft.revision.id, act.id)):
                before[one.cell] = one.before
                told(OPENED * at / act.cells)
            draft.open_rows(cell.row for cell in before)
            draft.change(before)
            outcome = None
            if draft.revision.rows_total <= rechecking.INLINE_ROWS:
                edited = edited_cells(session, draft.revision.id, without=act.id)
                outcome = rechecking.judge(portal, draft, edited)
            touched = {} if outcome else rechecking.seal_touched(draft)
        with portal.db.write() as session:
            batch = _lock(session, actor, batch_id, version)
            revision = visible.current_revision(session, batch)
            if _state(batch, revision) != seen:
                continue
            act = _act_of(session, revision, act_id)
            act.undone_by, act.undone_at = actor.user_id, portal.clock()
            _finish(portal, session, actor, batch, revision, outcome, touched)
            audit.record(
                portal,
                session,
                actor,
                "batch:cells_restored",
                batch.id,
                company_id=batch.company_id,
                act=act.id,
                kind=act.kind,
                cells=act.cells,
            )
            done = Mended(act.id, act.cells, act.rows, batch.version, outcome is None)
            also(session, done)
            crashpoints.passing("undo:written")
        return done
    raise visible.stale(batch)


def _state(batch: Batch, revision: Revision) -> tuple[int, int, int]:
    """Return what is another after each act, and after each part of what a new check writes."""
    return batch.version, revision.id, revision.rechecked


def _lock(session: Session, actor: Actor, batch_id: str, version: int | None) -> Batch:
    batch = visible.batch(session, actor, batch_id, action="batch.edit")
    visible.expect_version(batch, version)
    if batch.state != "draft":
        raise closed(batch)
    return batch


def _new_act(
    portal: Portal,
    actor: Actor,
    revision: Revision,
    kind: str,
    what: dict[str, Any],
    changes: list[Change],
) -> EditAct:
    return EditAct(
        revision_id=revision.id,
        kind=kind,
        what=what,
        cells=len(changes),
        rows=len({one.cell.row for one in changes}),
        made_by=actor.user_id,
        made_at=portal.clock(),
    )


def _finish(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    outcome: rechecking.Outcome | None,
    touched: dict[int, bytes],
) -> None:
    """Write the cells with what the check found, or have a worker check them."""
    revision.edited += 1
    if outcome is None:
        rechecking.write_blocks(session, revision.id, touched)
        jobs.again(portal, session, rechecking.JOB, str(revision.id))
    else:
        rechecking.write(session, revision, outcome)
    documents.touch(portal, batch, actor)


def _act_of(session: Session, revision: Revision, act_id: int) -> EditAct:
    act = session.get(EditAct, act_id, populate_existing=True)
    if act is None or act.revision_id != revision.id:
        raise NotFound
    if act.undone_at is not None:
        raise Conflict(
            "Perubahan ini sudah dibatalkan.", "This change is undone already.", code="undone"
        )
    over = _laid_over(session, act)
    if over:
        raise Conflict(
            f"{over} sel dari perubahan ini sudah diubah lagi sesudahnya. Batalkan dahulu perubahan yang lebih baru.",
            f"{over} cells of this change were changed again later. Undo the newer change first.",
            code="changed_again",
        )
    return act


def _laid_over(session: Session, act: EditAct) -> int:
    """Count the cells of an act that later acts, which stand, have changed again."""
    newer = session.scalars(
        sa.select(EditAct.id).where(
            EditAct.revision_id == act.revision_id,
            EditAct.id > act.id,
            EditAct.undone_at.is_(None),
        )
    ).all()
    if not newer:
        return 0
    mine, later = aliased(Edit), aliased(Edit)
    same_cell = sa.and_(
        later.revision_id == mine.revision_id,
        later.row_number == mine.row_number,
        later.column_index == mine.column_index,
    )
    return (
        session.scalar(
            sa.select(sa.func.count(sa.distinct(mine.id)))
            .join(later, same_cell)
            .where(mine.act_id == act.id, later.act_id.in_(newer))
        )
        or 0
    )


def cells_of(portal: Portal, actor: Actor, batch_id: str, act_id: int) -> int:
    """Return how many cells an act on the current revision has changed; 0 where none stands."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        wanted = (
            EditAct.id == act_id,
            EditAct.revision_id == revision.id,
            EditAct.undone_at.is_(None),
        )
        return session.scalar(sa.select(EditAct.cells).where(*wanted)) or 0


def acts(
    portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None
) -> list[ActView]:
    """Return what was changed in the portal in a revision, the latest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.revision(session, actor, batch, revision)
        found = session.scalars(
            sa.select(EditAct)
            .where(EditAct.revision_id == rev.id)
            .order_by(EditAct.id.desc())
            .limit(MOST_ACTS)
        ).all()
        return _act_views(session, actor, batch, rev, list(found))


def latest(portal: Portal, actor: Actor, batch_id: str) -> tuple[ActView | None, int]:
    """Return the latest change of the current revision that stands, and how many stand."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.current_revision(session, batch)
        found = session.execute(
            sa.select(EditAct, sa.func.count().over())
            .where(EditAct.revision_id == rev.id, EditAct.undone_at.is_(None))
            .order_by(EditAct.id.desc())
            .limit(1)
        ).one_or_none()
        if found is None:
            return None, 0
        last, count = found
        return _act_views(session, actor, batch, rev, [last])[0], count


def row_history(
    portal: Portal, actor: Actor, batch_id: str, number: int, *, revision: int | None = None
) -> list[EditView]:
    """Return what was changed in a row in the portal, the latest first; whole values."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        rev = visible.revision(session, actor, batch, revision)
        key = portal.key(batch.company)
        found = session.execute(
            sa.select(Edit, EditAct)
            .join(EditAct)
            .where(
                Edit.revision_id == rev.id,
                Edit.row_number == number,
                EditAct.revision_id == rev.id,  # not of an act that is still being made
            )
            .order_by(EditAct.id.desc(), Edit.column_index)
        ).all()
        views = {
            one.id: one for one in _act_views(session, actor, batch, rev, [act for _, act in found])
        }
        return [
            EditView(edit.column_index, change.before.text, change.after.text, views[act.id])
            for edit, act in found
            for change in [open_change(key, edit)]
        ]


def _act_views(
    session: Session, actor: Actor, batch: Batch, rev: Revision, found: list[EditAct]
) -> list[ActView]:
    people = {one.made_by for one in found} | {one.undone_by for one in found if one.undone_by}
    named = sa.select(User.id, User.name).where(User.id.in_(people))
    names: dict[str, str] = dict(session.execute(named).all())
    is_open = (
        batch.state == "draft"
        and batch.company_id in actor.companies
        and rev.number == batch.revision_number
    )
    views = []
    for one in found:
        over = is_open and one.undone_at is None and _laid_over(session, one)
        views.append(
            ActView(
                one.id,
                one.kind,
                dict(one.what),
                one.cells,
                one.rows,
                names[one.made_by],
                one.made_at,
                names.get(one.undone_by or ""),
                one.undone_at,
                is_open and one.undone_at is None and not over,
            )
        )
    return views


def rows_of_employees(
    session: Session, key: CompanyKey, revision_id: int
) -> dict[int, tuple[int, ...]]:
    """Return, by row, all rows of its employee (one KPJ), where there are several.

    Rows of one employee get the very same tuple.
    """
    shared = (
        sa.select(Row.kpj_index)
        .where(Row.revision_id == revision_id, Row.kpj_index != key.index("kpj", ""))
        .group_by(Row.kpj_index)
        .having(sa.func.count() > 1)
    )
    groups: dict[bytes, list[int]] = {}
    for number, kpj in session.execute(
        sa.select(Row.number, Row.kpj_index).where(
            Row.revision_id == revision_id, Row.kpj_index.in_(shared)
        )
    ):
        groups.setdefault(kpj, []).append(number)
    found: dict[int, tuple[int, ...]] = {}
    for members in groups.values():
        found.update(dict.fromkeys(members, tuple(members)))
    return found
