"""Acts on very many cells of a draft, done and undone by a worker in units.

What an act changes of each cell is kept first, unseen (`staging.keep`). From its beginning, which
is the moment at which it holds for the version that was seen, nobody else changes cells of the
draft and nothing of it is handed in: then block by block gets what was kept, and at the end the
act is there. A killed worker's successor does the blocks once more; where somebody may no longer,
or the draft is none any more, they get back what stood there before. Decision 118.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.mending_models import LongAct
from hr_portal.adapters.database.models import Batch, Edit, EditAct, Revision, Row
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import (
    crashpoints,
    documents,
    jobs,
    mending,
    rechecking,
    staging,
    visible,
)
from hr_portal.services.cells import Change, open_change, open_draft
from hr_portal.services.context import Portal
from hr_portal.services.copy_units import walk
from hr_portal.services.following import Along, Held, part_of
from hr_portal.services.long_acts import ACT
from hr_portal.services.mending import TRIES, Mended
from hr_portal.services.rowdata import block_place, open_blocks
from hr_portal.services.turns import Turns

PLANNED, KEPT = 0.4, 0.7
"""Shares of an act: until it is planned, and until what it changes is kept."""
_BLOCKS = 40
"""Of one unit: less than a tenth of a second of writing."""
_HELD = 0.1
"""Seconds of holding the lock after which the others get their turn."""


def perform(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    asked: mending.Act,
    *,
    version: int | None,
    along: Along,
) -> Mended:
    """Do an act on cells, as `mending.perform`, in units.

    Raises:
        As `mending.perform`; LeaseLostError: another worker has taken over.

    """
    begun = along.begun or _begin(portal, actor, batch_id, asked, version, along)
    if ACT not in begun:
        return Mended(None, 0, 0, begun["version"], begun["is_due"])
    _put_all(portal, begun, along, lambda session: _expected(session, actor, batch_id, begun))
    with along.unit() as session:
        batch, revision = _expected(session, actor, batch_id, begun)
        act = staging.take_act(session, begun[ACT], revision)
        mending.note_done(portal, session, actor, batch, act)
        return _end(portal, session, actor, batch, revision, act, along)


def undo(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    act_id: int,
    *,
    version: int | None,
    along: Along,
) -> Mended:
    """Put the cells of an act back, as `mending.undo`, in units.

    Raises:
        As `mending.undo`; LeaseLostError: another worker has taken over.

    """
    begun = along.begun or _begin_undoing(portal, actor, batch_id, act_id, version, along)
    _put_all(portal, begun, along, lambda session: _expected(session, actor, batch_id, begun))
    with along.unit() as session:
        batch, revision = _expected(session, actor, batch_id, begun)
        act = session.get_one(EditAct, act_id)
        act.undone_by, act.undone_at = actor.user_id, portal.clock()
        mending.note_undone(portal, session, actor, batch, act)
        return _end(portal, session, actor, batch, revision, act, along)


def clear(portal: Portal, batch_id: str, along: Along) -> None:
    """Take back what was written of an act of which nothing comes, and what was kept for it."""
    with portal.db.read() as session:
        begun: Held = session.get_one(LongAct, along.number).outcome or {}
    if ACT in begun:
        _put_all(portal, {**begun, "back": not begun["back"]}, along, lambda _session: None)
        with along.unit() as session:
            jobs.again(portal, session, rechecking.JOB, str(begun["revision"]))
            along.begin(session, {})
    staging.clear(portal, batch_id, along)


def _begin(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    asked: mending.Act,
    version: int | None,
    along: Along,
) -> Held:
    """Plan an act and keep what it changes; from the end of this on it is being written."""
    following = replace(along, told=part_of(along.told, PLANNED, KEPT))
    for _try in range(TRIES):
        with portal.db.read() as session:
            draft = open_draft(portal, session, actor, batch_id, version)
            draft.passed_by, draft.told = True, part_of(along.told, 0, PLANNED)
            seen = mending.state_of(draft.batch, draft.revision)
            act = mending.new_act(portal, actor, draft.revision, asked)
            changes = draft.differing(asked.plan(draft))
            staging.keep(portal, actor, following, draft, act, changes)
            if not act.cells:
                is_due = rechecking.is_due(draft.revision)
                return {"version": draft.batch.version, "is_due": is_due}
        crashpoints.passing("edit:judged")
        with along.unit() as session:
            batch = mending.lock(session, actor, batch_id, version)
            revision = visible.current_revision(session, batch)
            if mending.state_of(batch, revision) != seen:
                continue
            counts = {"cells": act.cells, "rows": act.rows}
            session.execute(sa.update(EditAct).where(EditAct.id == act.id).values(**counts))
            begun = _begun(portal, actor, batch, revision, act.id, back=False)
            along.begin(session, begun)
        crashpoints.passing("edit:begun")
        return begun
    raise visible.stale(batch)


def _begin_undoing(
    portal: Portal, actor: Actor, batch_id: str, act_id: int, version: int | None, along: Along
) -> Held:
    for _try in range(TRIES):
        with portal.db.read() as session:
            draft = open_draft(portal, session, actor, batch_id, version)
            seen = mending.state_of(draft.batch, draft.revision)
            mending.act_of(session, draft.revision, act_id)
        with along.unit() as session:
            batch = mending.lock(session, actor, batch_id, version)
            revision = visible.current_revision(session, batch)
            if mending.state_of(batch, revision) != seen:
                continue
            begun = _begun(portal, actor, batch, revision, act_id, back=True)
            along.begin(session, begun)
        crashpoints.passing("edit:begun")
        return begun
    raise visible.stale(batch)


def _begun(
    portal: Portal,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    act_id: int,
    *,
    back: bool,
) -> Held:
    """Let a draft wait for a new check, as its cells are others from now on."""
    revision.edited += 1
    documents.touch(portal, batch, actor)
    return {ACT: act_id, "revision": revision.id, "back": back}


def _expected(session: Session, actor: Actor, batch_id: str, begun: Held) -> tuple[Batch, Revision]:
    """Return what an act that was begun is to be written in; raises as `perform`."""
    batch = mending.lock(session, actor, batch_id, None)
    revision = visible.current_revision(session, batch)
    if revision.id != begun["revision"]:
        raise visible.stale(batch)
    return batch, revision


def _end(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    act: EditAct,
    along: Along,
) -> Mended:
    jobs.again(portal, session, rechecking.JOB, str(revision.id))
    documents.touch(portal, batch, actor)  # who saw it between two units has seen another state
    done = Mended(act.id, act.cells, act.rows, batch.version, is_due=True)
    along.also(session, done)
    crashpoints.passing("edit:written")
    return done


def _put_all(
    portal: Portal, begun: Held, along: Along, expect: Callable[[Session], object]
) -> None:
    """Put what an act has kept into the blocks, or with `back` what stood there before it.

    Doing it once more changes nothing.
    """
    revision_id: int = begun["revision"]
    with portal.db.read() as session:
        revision = session.get_one(
            Revision, revision_id, options=[joinedload(Revision.batch).joinedload(Batch.company)]
        )
        key, whole = portal.key(revision.batch.company), revision.rows_total
    turns, told = Turns(portal.db, _HELD), part_of(along.told, KEPT, 1)
    for changes in _changes(portal, key, revision_id, begun[ACT]):
        for blocks in _blocks(portal, key, revision_id, changes, back=begun["back"]):
            with turns.unit(along.unit()) as session:
                expect(session)
                rechecking.write_blocks(session, revision_id, blocks)
            crashpoints.passing("edit:unit")
        told(min(1.0, changes[-1].cell.row / (whole or 1)))


def _changes(
    portal: Portal, key: CompanyKey, revision_id: int, act_id: int
) -> Iterator[list[Change]]:
    columns = (Edit.act_id, Edit.revision_id, Edit.row_number, Edit.column_index, Edit.change)
    mine = (Edit.act_id == act_id, Edit.revision_id == revision_id)
    for part in walk(portal.db.read, columns, Edit.id, *mine):
        yield [open_change(key, one) for one in part]


def _blocks(
    portal: Portal, key: CompanyKey, revision_id: int, changes: list[Change], *, back: bool
) -> Iterator[dict[int, bytes]]:
    """Yield the blocks in which some changes lie, some at a time, as they shall be, sealed."""
    rows = [one.cell.row for one in changes]
    between = (Row.revision_id == revision_id, Row.number.between(min(rows), max(rows)))
    with portal.db.read() as session:  # most of these rows, mostly; to name them takes longer
        lies_in = dict(session.execute(sa.select(Row.number, Row.block).where(*between)).all())
    of_block: dict[int, list[Change]] = {}
    for one in changes:
        of_block.setdefault(lies_in[one.cell.row], []).append(one)
    numbers = sorted(of_block)
    for start in range(0, len(numbers), _BLOCKS):
        part = numbers[start : start + _BLOCKS]
        with portal.db.read() as session:
            opened = open_blocks(session, key, revision_id, part)
        for number, block in zip(part, opened, strict=True):
            slots = {row: slot for slot, row in enumerate(block.numbers)}
            for one in of_block[number]:
                text, kind = one.before if back else one.after
                block.put(one.cell.column, slots[one.cell.row], text, kind)
        places = [block_place(revision_id, number) for number in part]
        sealed = key.seal_many(places, (block.packed() for block in opened))
        yield dict(zip(part, sealed, strict=True))
