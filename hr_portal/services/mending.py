"""Mending a draft in the portal: cells are typed, proposals taken, and any of it undone.

The file stays as it was uploaded; what is changed are the rows of the draft's current
revision. Each act keeps what stood there before, who changed it and when. Reading,
planning and checking happen before the transaction, which then holds the batch's
version against the one that was read: two at once, and the second reads who was first.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import Batch, Edit, EditAct, Revision, Row, User
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import (
    audit,
    crashpoints,
    documents,
    jobs,
    long_acts,
    rechecking,
    visible,
)
from hr_portal.services.cells import (
    EDIT_COLUMNS,
    Cell,
    Change,
    Draft,
    Wanted,
    block_count,
    changes_of,
    edited_cells,
    open_change,
    open_draft,
    seal_changes,
    typed,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.intake import closed

TRIES = 3
"""How often an act without a version is planned anew when somebody else was quicker."""
MOST_CELLS = 50_000
"""Cells that one act may name one by one (a pasted block); proposals have no such limit."""
MOST_ACTS = 50

Plan = Callable[[Draft], Wanted]


@dataclass(frozen=True, slots=True)
class Act:
    """An act on cells: of what kind, what of it is told, and what shall stand in which cell."""

    kind: str
    """cell, paste, suggestion or replace."""
    what: dict[str, Any]
    plan: Plan
    """Opens the rows it needs."""


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
    return perform(portal, actor, batch_id, typing(cells, pasted=pasted), version=version)


def typing(cells: Mapping[tuple[int, int], str], *, pasted: bool) -> Act:
    """Return the act that types texts into cells. Raises Invalid as `edit_cells`."""
    if len(cells) > MOST_CELLS:
        raise Invalid(
            f"Sekali kirim paling banyak {MOST_CELLS} sel. Bagi datanya, atau unggah ulang berkasnya.",
            f"At most {MOST_CELLS} cells at once. Split the data, or upload the file again.",
            fields={"cells": "Terlalu banyak"},
        )
    wanted = Wanted({Cell(*place): typed(text) for place, text in cells.items()})

    def plan(draft: Draft) -> Wanted:
        draft.open_rows(row for row, _ in cells)
        return wanted

    what = {"column": next(iter(cells))[1]} if len(cells) == 1 else {}
    return Act("paste" if pasted else "cell", what, plan)


def perform(
    portal: Portal, actor: Actor, batch_id: str, asked: Act, *, version: int | None
) -> Mended:
    """Do an act on cells: plan and check without a lock, then write it whole."""
    for _try in range(TRIES):
        with portal.db.read() as session:
            draft = _opened(portal, session, actor, batch_id, version)
            seen = state_of(draft.batch, draft.revision)
            made = _change(portal, draft, asked.plan(draft))
            if not made.changes:
                return Mended(None, 0, 0, draft.batch.version, rechecking.is_due(draft.revision))
        crashpoints.passing("edit:judged")
        act = new_act(portal, actor, draft.revision, asked)
        act.cells, act.rows = len(made.changes), len({one.cell.row for one in made.changes})
        with portal.db.write() as session:
            batch = _lock(session, actor, batch_id, version)
            revision = visible.current_revision(session, batch)
            if state_of(batch, revision) != seen:
                continue
            session.add(act)
            session.flush()
            sealed = seal_changes(draft.key, revision.id, act.id, made.changes)
            bulk_insert(session, Edit.__table__, EDIT_COLUMNS, sealed)  # type: ignore[arg-type]
            _finish(portal, session, actor, batch, revision, made)
            note_done(portal, session, actor, batch, act)
            done = Mended(act.id, act.cells, act.rows, batch.version, made.judged is None)
            crashpoints.passing("edit:written")
        crashpoints.passing("edit:committed")
        return done
    raise visible.stale(batch)


def undo(
    portal: Portal, actor: Actor, batch_id: str, act_id: int, *, version: int | None = None
) -> Mended:
    """Put the cells of an act back to what stood there before it.

    Raises:
        NotFound: there is no such act on the current revision.
        Conflict: it is undone already, or a later act has changed its cells; another version.

    """
    for _try in range(TRIES):
        with portal.db.read() as session:
            draft = _opened(portal, session, actor, batch_id, version)
            seen = state_of(draft.batch, draft.revision)
            act = act_of(session, draft.revision, act_id)
            before = Wanted()
            for one in changes_of(session, draft.key, draft.revision.id, act.id):
                before.put(one.cell, one.before)
            draft.open_rows(before.rows())
            made = _change(portal, draft, before, undone=act.id)
        with portal.db.write() as session:
            batch = _lock(session, actor, batch_id, version)
            revision = visible.current_revision(session, batch)
            if state_of(batch, revision) != seen:
                continue
            act = act_of(session, revision, act_id)
            act.undone_by, act.undone_at = actor.user_id, portal.clock()
            _finish(portal, session, actor, batch, revision, made)
            note_undone(portal, session, actor, batch, act)
            done = Mended(act.id, act.cells, act.rows, batch.version, made.judged is None)
            crashpoints.passing("undo:written")
        return done
    raise visible.stale(batch)


@dataclass(frozen=True, slots=True)
class _Made:
    """What an act makes of the cells, before it is written."""

    changes: list[Change]
    judged: rechecking.Judged | None
    """What the check says of it; None where a worker has to check."""
    blocks: dict[int, bytes]
    """The blocks of a draft that a worker has to check, as they shall be."""


def _opened(
    portal: Portal, session: Session, actor: Actor, batch_id: str, version: int | None
) -> Draft:
    draft = open_draft(portal, session, actor, batch_id, version)
    draft.passed_by = draft.revision.rows_total > rechecking.INLINE_ROWS
    return draft


def _change(portal: Portal, draft: Draft, wanted: Wanted, *, undone: int | None = None) -> _Made:
    """Change cells of a draft and judge it, if it is small; `undone` is the act that is."""
    if not draft.passed_by:
        changes = draft.change(wanted)
        if not changes:
            return _Made([], None, {})
        typed_now = changes if undone is None else ()
        edited = edited_cells(draft.session, draft.revision.id, without=undone, and_of=typed_now)
        return _Made(changes, rechecking.judge(portal, draft, edited), {})
    changes, blocks = [], {}
    for some, number, sealed in draft.changed(wanted):
        changes += some
        blocks[number] = sealed
    return _Made(changes, None, blocks)


def state_of(batch: Batch, revision: Revision) -> tuple[int, int, int]:
    """Return what is another after each act, and after each part of what a new check writes."""
    return batch.version, revision.id, revision.rechecked


def lock(session: Session, actor: Actor, batch_id: str, version: int | None) -> Batch:
    """Return a draft, locked, to change cells of it; raises as `perform`."""
    batch = visible.batch(session, actor, batch_id, action="batch.edit")
    visible.expect_version(batch, version)
    if batch.state != "draft":
        raise closed(batch)
    return batch


def _lock(session: Session, actor: Actor, batch_id: str, version: int | None) -> Batch:
    batch = lock(session, actor, batch_id, version)
    long_acts.expect_not_writing(session, visible.current_revision(session, batch).id)
    return batch


def new_act(portal: Portal, actor: Actor, revision: Revision, asked: Act) -> EditAct:
    """Return the record of an act that has changed nothing yet."""
    return EditAct(
        revision_id=revision.id,
        kind=asked.kind,
        what=asked.what,
        cells=0,
        rows=0,
        made_by=actor.user_id,
        made_at=portal.clock(),
    )


def note_done(portal: Portal, session: Session, actor: Actor, batch: Batch, act: EditAct) -> None:
    """Note in the audit that cells were changed."""
    audit.record(
        portal,
        session,
        actor,
        "batch:cells_changed",
        batch.id,
        company_id=batch.company_id,
        act=act.id,
        kind=act.kind,
        cells=act.cells,
        rows=act.rows,
        code=act.what.get("code"),
    )


def note_undone(portal: Portal, session: Session, actor: Actor, batch: Batch, act: EditAct) -> None:
    """Note in the audit that the cells of an act were put back."""
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


def _finish(
    portal: Portal, session: Session, actor: Actor, batch: Batch, revision: Revision, made: _Made
) -> None:
    """Write the cells with what the check found, or have a worker check them."""
    revision.edited += 1
    if made.judged is None:
        rechecking.write_blocks(session, revision.id, made.blocks)
        jobs.again(portal, session, rechecking.JOB, str(revision.id))
    else:
        rechecking.write(session, revision, made.judged)
    documents.touch(portal, batch, actor)


def act_of(session: Session, revision: Revision, act_id: int) -> EditAct:
    """Return an act that can be undone; raises as `undo`."""
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


def blocks_of(portal: Portal, actor: Actor, batch_id: str, act_id: int) -> int:
    """Return in how many blocks the cells lie that an act on the current revision has changed."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        its = (Edit.act_id == act_id, Edit.revision_id == revision.id)
        return session.scalar(sa.select(block_count(Edit.row_number)).where(*its)) or 0


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
    session: Session, key: CompanyKey, revision_id: int, among: Collection[int] | None = None
) -> dict[int, tuple[int, ...]]:
    """Return, by row, all rows of its employee (one KPJ), where there are several.

    Rows of one employee get the very same tuple. With `among` those of the employees of some rows,
    at most as many as one question may name.
    """
    theirs = sa.select(Row.kpj_index).where(
        Row.revision_id == revision_id, Row.number.in_(among or ())
    )
    shared = (
        theirs
        if among is not None
        else (
            sa.select(Row.kpj_index)
            .where(Row.revision_id == revision_id)
            .group_by(Row.kpj_index)
            .having(sa.func.count() > 1)
        )
    )
    groups: dict[bytes, list[int]] = {}
    for number, kpj in session.execute(
        sa.select(Row.number, Row.kpj_index).where(
            Row.revision_id == revision_id,
            Row.kpj_index != key.index("kpj", ""),
            Row.kpj_index.in_(shared),
        )
    ):
        groups.setdefault(kpj, []).append(number)
    found: dict[int, tuple[int, ...]] = {}
    for members in groups.values():
        if len(members) > 1:
            found.update(dict.fromkeys(members, tuple(members)))
    return found
