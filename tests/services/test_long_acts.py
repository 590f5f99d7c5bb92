"""Find and replace over a large draft: a worker looks, somebody says yes, it is done once."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.mending_models import Replacement
from hr_portal.adapters.database.models import Job
from hr_portal.services import intake, mending, replacements, results
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.replacing import Search

REASON = 8
WORD = Search("KTP-el", "KK", REASON)


def ask(world, batch, search=WORD):
    return replacements.ask(world.portal, world.rahma, batch, search)


def seen(world, batch, number, actor=None):
    return replacements.view(world.portal, actor or world.rahma, batch, number)


def test_a_worker_looks_and_then_does_what_was_shown(world, portal):
    batch = world.draft()
    number = ask(world, batch)
    assert (seen(world, batch, number).state, seen(world, batch, number).offer) == ("wanted", None)
    with pytest.raises(Conflict):
        replacements.apply(portal, world.rahma, batch, number)
    world.work()
    shown = seen(world, batch, number)
    assert (shown.state, shown.search, shown.offer.cells) == ("ready", WORD, 3)
    assert [line.row for line in shown.offer.lines] == [2, 3, 4]
    replacements.apply(portal, world.rahma, batch, number)
    assert seen(world, batch, number).state == "applying"
    replacements.apply(portal, world.rahma, batch, number)  # pressed twice
    world.work()
    assert seen(world, batch, number).state == "done"
    replacements.apply(portal, world.rahma, batch, number)
    world.work()
    (act,) = mending.acts(portal, world.rahma, batch)
    assert (act.kind, act.cells) == ("replace", 3)
    assert results.row_view(portal, world.rahma, batch, 2).cells[REASON].raw == "Sesuai KK"


def test_what_is_looked_for_is_sealed_and_the_job_holds_a_number(world, portal):
    number = ask(world, world.draft(), Search("SITI", "RINA"))
    with portal.db.read() as session:
        held = session.get_one(Replacement, number)
        assert b"SITI" not in held.search
        subjects = session.scalars(sa.select(Job.subject).where(Job.kind == "replace")).all()
    assert subjects == [str(number)]


def test_a_draft_that_changed_meanwhile_is_left_alone_and_told(world, portal):
    batch = world.draft()
    number = ask(world, batch)
    world.work()
    mending.edit_cells(portal, world.rahma, batch, {(2, REASON): "Kata saya"})
    with pytest.raises(Conflict):
        replacements.apply(portal, world.rahma, batch, number)
    late = ask(world, batch)
    world.work()
    replacements.apply(portal, world.rahma, batch, late)
    mending.edit_cells(portal, world.rahma, batch, {(2, REASON): "Kata kami"})
    world.work()
    told = seen(world, batch, late)
    assert told.state == "failed"
    assert "sudah berubah" in told.problem[0]
    assert results.row_view(portal, world.rahma, batch, 2).cells[REASON].raw == "Kata kami"
    closed = ask(world, batch)
    intake.cancel_batch(portal, world.rahma, batch)
    world.work()
    assert seen(world, batch, closed).state == "failed"


def test_strangers_other_batches_and_empty_searches_get_nothing(world, portal):
    batch, other = world.draft(), world.draft(world.sheet(2, start=300))
    number = ask(world, batch)
    for actor, where in ((world.wulan, batch), (world.rahma, other)):
        with pytest.raises(NotFound):
            seen(world, where, number, actor)
        with pytest.raises(NotFound):
            replacements.apply(portal, actor, where, number)
    with pytest.raises(NotFound):
        seen(world, batch, number + 100)
    with pytest.raises(Invalid):
        ask(world, batch, Search("", "x"))
