"""Revisions that are being made for a large act, before anybody sees them.

A large draft is copied in many transactions, so that others can write between them. What is made
lies in a revision of the batch whose number is below zero, which nothing shows: no batch stands
at it, and `visible.revisions_of` leaves it out. When all of it is there, one short transaction
gives it its number. What a killed or refused act has left is cleared away, again in units.
Decision 118.
"""

import itertools
from collections.abc import Callable, Iterable
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.listing_models import MarkedRows
from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Edit,
    EditAct,
    FindingRow,
    Revision,
    Row,
    RowBlock,
    RowList,
)
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import copying, crashpoints, visible
from hr_portal.services.cells import EDIT_COLUMNS, Change, Draft, seal_changes
from hr_portal.services.context import Portal
from hr_portal.services.copy_units import Copy, expected, units
from hr_portal.services.following import Along, Units
from hr_portal.services.row_sets import RowSet
from hr_portal.services.turns import Turns

MOST = 2
"""Revisions that one act makes."""
_HELD = 0.2
"""Seconds of holding the lock after which the others get their turn; many units take less."""
_CHANGES = 5_000
"""Changes of cells of one unit."""
_HOLD: tuple[tuple[sa.Table, str, int], ...] = tuple(
    (cast("sa.Table", model.__table__), at, most)
    for model, at, most in (
        (EditAct, "id", 5_000),
        (FindingRow, "id", 5_000),
        (Correction, "id", 5_000),
        (MarkedRows, "mark", 100),
        (RowList, "part", 100),
        (Row, "number", 5_000),
        (RowBlock, "block", 50),
    )
)
"""What lies in a revision, in the order in which it may be deleted, and how much of it at once."""


def make(
    portal: Portal,
    actor: Actor,
    along: Along,
    key: CompanyKey,
    old: Revision,
    parts: tuple[RowSet | None, ...],
) -> list[Copy]:
    """Copy parts of a revision's rows into unseen revisions, unit by unit; returns these.

    None is all of them.

    Raises:
        LeaseLostError: another worker has taken over, and clears this away.

    """
    clear(portal, old.batch_id, along)
    copies = []
    with along.unit() as session:
        for at, rows in enumerate(parts):
            new = copying.like(portal, actor, old, old.batch_id, _number(along.number, at))
            new.state = "reading"
            session.add(new)
            session.flush()
            copying.take_structure(key, old, new)
            copies.append(Copy(new.id, rows))
    with portal.db.read() as session:
        whole = expected(session, old.id, copies)
    turns = Turns(portal.db, _HELD)
    for at, write in enumerate(units(portal.db.read, key, old.id, copies)):
        with turns.unit(along.unit()) as session:
            write(session)
        crashpoints.passing("staging:unit")
        along.told(min(1.0, at / whole))
    for copy in copies:
        _ = copy.summary  # counted here, as whoever writes holds a lock
    return copies


def take(portal: Portal, session: Session, copy: Copy, batch_id: str, number: int) -> Revision:
    """Let a revision that is complete be seen, as one of a batch, in the act's transaction."""
    made = session.get_one(Revision, copy.revision_id)
    made.batch_id, made.number, made.state = batch_id, number, "checked"
    made.uploaded_at = made.checked_at = portal.clock()
    copying.finish(portal, session, made, copy)
    session.flush()
    return made


def make_again(
    portal: Portal,
    actor: Actor,
    along: Along,
    expect: Callable[[Session], Batch],
    end: Callable[[Session, Batch, Revision], None],
) -> None:
    """Let a batch go on with a copy of its revision, made unseen.

    `end` is done as it is shown, and gets the revision that was copied.

    `expect` returns the batch, locked where something is written, or refuses.

    Raises:
        What `expect` does; Conflict: the batch has another revision now. LeaseLostError.

    """
    with portal.db.read() as session:
        batch = expect(session)
        revision, key = visible.current_revision(session, batch), portal.key(batch.company)
    (copy,) = make(portal, actor, along, key, revision, (None,))
    with along.unit() as session:
        batch = expect(session)
        if visible.current_revision(session, batch).id != revision.id:
            raise visible.stale(batch)
        batch.revision_number += 1
        take(portal, session, copy, batch.id, batch.revision_number)
        end(session, batch, revision)
        crashpoints.passing("again:written")


def keep(
    portal: Portal,
    actor: Actor,
    along: Along,
    draft: Draft,
    act: EditAct,
    changes: Iterable[Change],
) -> None:
    """Keep what an act changes of each cell, unit by unit, under an act that nothing shows yet.

    Until `take_act` it lies in a revision of its own and counts as undone, so that no cell is
    taken for one that it has changed. The changes come in the order of the rows.
    """
    clear(portal, draft.batch.id, along)
    walk, last = iter(changes), -1
    while part := list(itertools.islice(walk, _CHANGES)):
        if not act.cells:
            _hide(portal, actor, along, draft, act)
        sealed = seal_changes(draft.key, draft.revision.id, act.id, part)
        with along.unit() as session:
            bulk_insert(session, Edit.__table__, EDIT_COLUMNS, sealed)  # type: ignore[arg-type]
        crashpoints.passing("staging:unit")
        portal.db.give_way()
        for one in part:
            act.rows += one.cell.row != last
            last = one.cell.row
        act.cells += len(part)
        along.told(min(1.0, last / draft.revision.rows_total))


def _hide(portal: Portal, actor: Actor, along: Along, draft: Draft, act: EditAct) -> None:
    hidden = copying.like(portal, actor, draft.revision, draft.batch.id, _number(along.number, 0))
    hidden.state = "reading"
    act.undone_at = portal.clock()
    with along.unit() as session:
        session.add(hidden)
        session.flush()
        act.revision_id = hidden.id
        session.add(act)
        session.flush()


def take_act(session: Session, act_id: int, revision: Revision) -> EditAct:
    """Let an act that was kept stand in its revision, in the transaction that ends it."""
    made = session.get_one(EditAct, act_id)
    hidden = made.revision_id
    made.revision_id, made.undone_at = revision.id, None
    session.flush()
    session.execute(sa.delete(Revision).where(Revision.id == hidden))
    return made


def clear(portal: Portal, batch_id: str, along: Along) -> None:
    """Delete what was made for an act and is of no use, unit by unit."""
    numbers = [_number(along.number, at) for at in range(MOST)]
    with portal.db.read() as session:
        left = sa.select(Revision.id).where(
            Revision.batch_id == batch_id, Revision.number.in_(numbers)
        )
        revisions = session.scalars(left).all()
    for revision_id in revisions:
        while _delete_edits(along.unit, revision_id):
            portal.db.give_way()
        for table, at, most in _HOLD:
            while _delete_some(along.unit, table, at, revision_id, most):
                portal.db.give_way()
        with along.unit() as session:
            session.execute(sa.delete(Revision).where(Revision.id == revision_id))


def _delete_some(unit: Units, table: sa.Table, at: str, revision_id: int, most: int) -> bool:
    of_revision, key = table.c.revision_id == revision_id, table.c[at]
    some = sa.select(key).where(of_revision).order_by(key).limit(most)
    with unit() as session:
        gone = session.execute(sa.delete(table).where(of_revision, key.in_(some)))
        return bool(gone.rowcount)  # type: ignore[attr-defined]


def _delete_edits(unit: Units, revision_id: int) -> bool:
    """Delete some of what acts of a revision have changed; it may lie in the one it stands for."""
    acts = sa.select(EditAct.id).where(EditAct.revision_id == revision_id)
    some = sa.select(Edit.id).where(Edit.act_id.in_(acts)).limit(_CHANGES)
    with unit() as session:
        gone = session.execute(sa.delete(Edit).where(Edit.id.in_(some)))
        return bool(gone.rowcount)  # type: ignore[attr-defined]


def _number(long_act: int, at: int) -> int:
    return -(long_act * MOST + at)
