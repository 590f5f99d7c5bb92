"""Rows kept as bits: sets as good as Python's, and marks that say what the rows themselves say."""

import itertools

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.adapters.database.listing_models import MarkedRows
from hr_portal.adapters.database.models import Row
from hr_portal.services import (
    coverage,
    marked_rows,
    mending,
    results,
    row_lists,
    row_totals,
    splitting,
    visible,
)
from hr_portal.services.row_sets import NO_ROWS, RowSet
from tests.services.test_row_lists import uneven

ROWS = st.sets(st.integers(0, 300))


@given(ROWS, ROWS)
def test_a_set_of_rows_is_a_set(one, other):
    a, b = RowSet.of(one), RowSet.of(other)
    assert list(a & b) == sorted(one & other)
    assert list(a | b) == sorted(one | other)
    assert list(a - b) == sorted(one - other)
    assert (a == b) == (one == other)
    assert a != one
    assert (len(a), bool(a)) == (len(one), bool(one))
    assert [number for number in range(400) if number in a] == list(a) == sorted(one)
    assert RowSet.unpacked(a.packed()) == a
    assert RowSet.any_of([a, NO_ROWS, b]) == a | b
    for start, stop in itertools.combinations((0, 1, 7, 8, 25, 100, 400), 2):
        assert a.part(start, stop) == sorted(one)[start:stop]
    assert [a.before(at) for at in range(400)] == [
        sum(number < at for number in one) for at in range(400)
    ]


def shown(portal, world, batch):
    """What every filter of outcome, rule and column shows, page by page, and the counts."""
    codes = {item.code for item in results.todo(portal, world.rahma, batch)}
    fields = {item.field for item in results.todo(portal, world.rahma, batch)}
    found = {}
    for show, code, field in itertools.product(row_lists.SHOWN, [None, *codes], [None, *fields]):
        pages = [
            results.rows_page(
                portal, world.rahma, batch, show=show, code=code, field=field, page=page, per_page=7
            )
            for page in (1, 3)
        ]
        found[show, code, field] = [([row.number for row in p.items], p.total) for p in pages]
    with portal.db.read() as session:
        held = visible.batch(session, world.rahma, batch)
        revision = visible.current_revision(session, held)
        found["lacking"] = {
            kind: [list(one.asked), list(one.missing)]
            for kind, one in coverage.by_kind(session, held, revision).items()
        }
        found["totals"] = row_totals._counted(session, revision)
    return found


def as_the_rows_say(portal, world, batch):
    """What the batch shows, once it is held against what its rows say without any marks."""
    with portal.db.read() as session:
        revision = world.view(batch).revision.id
        kept = session.execute(
            sa.select(MarkedRows.mark, MarkedRows.rows).where(MarkedRows.revision_id == revision)
        ).all()
    assert kept
    marked = shown(portal, world, batch)
    with portal.db.write() as session:
        session.execute(sa.delete(MarkedRows).where(MarkedRows.revision_id == revision))
    assert shown(portal, world, batch) == marked
    with portal.db.write() as session:
        marked_rows.remake(session, revision, marked_rows.stored(session, revision))
        again = session.execute(
            sa.select(MarkedRows.mark, MarkedRows.rows).where(MarkedRows.revision_id == revision)
        ).all()
    assert {name: RowSet.unpacked(rows) for name, rows in again} == {
        name: RowSet.unpacked(rows) for name, rows in kept
    }
    return marked


def test_marks_show_what_the_rows_show_after_a_check_an_edit_its_undoing_and_a_split(world, portal):
    batch = world.draft(world.sheet(60, line=uneven))
    before = as_the_rows_say(portal, world, batch)
    after = next(
        column
        for column, role in enumerate(results.structure(portal, world.rahma, batch).roles)
        if role.part == "after"
    )
    mended = mending.edit_cells(portal, world.rahma, batch, {(3, after): "081200000099"})
    assert as_the_rows_say(portal, world, batch) != before
    mending.undo(portal, world.rahma, batch, mended.act_id)
    assert as_the_rows_say(portal, world, batch) == before
    child = splitting.split(portal, world.rahma, batch, version=world.view(batch).version).child_id
    for half in (batch, child):
        as_the_rows_say(portal, world, half)
        world.work()
        as_the_rows_say(portal, world, half)


def test_a_row_whose_outcome_changes_takes_the_marks_of_its_revision_along(world, portal):
    batch, other = world.draft(), world.draft(world.sheet(3, start=300))
    with portal.db.write() as session:
        revision = world.view(batch).revision.id
        session.execute(sa.update(Row).where(Row.revision_id == revision).values(severity=2))
        left = set(session.scalars(sa.select(MarkedRows.revision_id)))
    assert left == {world.view(other).revision.id}
