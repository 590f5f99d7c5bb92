"""Drafts that nobody touches go, told of before; what was handed in never does (K4)."""

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act, Batch, OutboxEntry
from hr_portal.services import (
    audit_chain,
    documents,
    idle_drafts,
    purging,
    reconciling,
    results,
    retention,
    submission,
)
from tests.services.test_retention import after, finish, stages
from tests.services.test_review import _png


def told(portal, kind):
    """Batch and people that were told of, as often as they were."""
    with portal.db.read() as session:
        return session.execute(
            sa.select(OutboxEntry.subject, OutboxEntry.user_id)
            .where(OutboxEntry.kind == kind)
            .order_by(OutboxEntry.id)
        ).all()


def state(world, batch):
    return world.view(batch).state


def test_a_draft_that_nobody_touches_is_told_of_then_cancelled_and_its_documents_go(world, portal):
    idle, touched, held = (world.draft(world.sheet(2, start=100 * i)) for i in (1, 2, 3))
    documents.add_document(portal, world.rahma, idle, _png(), "ktp.png", kind="ktp", row=2)
    retention.place_hold(portal, world.admin, world.view(held).number, reason="Sengketa")
    ends = lambda: idle_drafts.ends_at(portal, idle, world.view(idle).last_edited_at)  # noqa: E731
    after(world, days=75)
    assert told(portal, "draft_idle") == []
    assert ends() is None
    after(world, days=2)
    leads = {world.rahma.user_id}
    assert {user for batch, user in told(portal, "draft_idle") if batch == idle} >= leads
    assert {batch for batch, _ in told(portal, "draft_idle")} == {idle, touched}
    assert 13 <= (ends() - world.clock.now).days <= 14
    once = told(portal, "draft_idle")
    results.reveal(portal, world.rahma, touched, 2)  # whoever looks at somebody's number
    after(world, days=12)
    assert (state(world, idle), told(portal, "draft_idle")) == ("draft", once)
    seen = retention.standing(portal, world.admin)
    after(world, days=3)
    assert (state(world, idle), stages(portal, idle)) == ("cancelled", ["documents"])
    assert {state(world, one) for one in (touched, held)} == {"draft"}
    assert (seen.waiting, seen.withheld) == ((), ())
    assert {user for batch, user in told(portal, "draft_lapsed") if batch == idle} >= leads
    assert ends() is None
    masked = results.rows_page(portal, world.rahma, idle).items[0]
    assert "••••" in masked.employee["nik"]
    with portal.db.read() as session:
        acts = session.scalars(
            sa.select(Act.action).where(Act.subject_id == idle).order_by(Act.id.desc()).limit(2)
        ).all()
    assert acts == ["batch:purged", "batch:lapsed"]
    assert audit_chain.verify(portal).faults == ()
    assert reconciling.reconcile(portal, deep=True) == []
    after(world, days=61)  # what was touched is told of anew, and gets its two weeks
    assert len([one for one in told(portal, "draft_idle") if one[0] == touched]) > 1
    assert state(world, touched) == "draft"
    after(world, days=15)
    assert stages(portal, touched) == ["documents"]
    assert state(world, held) == "draft"
    after(world, days=366 * 5)
    assert stages(portal, idle) == ["documents", "log"], "the rest on schedule"


def test_what_was_handed_in_once_and_rows_sent_back_are_never_ended(world, portal):
    reviewed, withdrawn = (world.ready(world.sheet(2, start=100 * i)) for i in (1, 2))
    finish(world, reviewed, returned=[2])
    child = world.view(reviewed).children[0][0]
    submission.submit(portal, world.rahma, withdrawn, version=None, declaration=True)
    submission.withdraw(portal, world.rahma, withdrawn, reason="Salah berkas", version=None)
    for days in (77, 15, 90):
        after(world, days=days)
    assert {state(world, one) for one in (child, withdrawn)} == {"draft"}
    assert told(portal, "draft_idle") == []
    assert retention.standing(portal, world.admin).idle_drafts == 2


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_nothing_goes_that_nobody_was_told_of_and_none_where_the_setting_says_so(
    world, portal, make_settings
):
    batch = world.draft()
    world.clock.go(days=200)
    assert purging.queue_due(portal) == 0
    assert purging.purge(portal, batch, "documents") is None
    portal.settings = make_settings(database_url=portal.settings.database_url, retain_drafts_days=0)
    for days in (1, 15):
        after(world, days=days)
    assert (state(world, batch), told(portal, "draft_idle")) == ("draft", [])
    worker.sweep(portal)
    with portal.db.read() as session:
        assert session.scalar(sa.select(sa.func.count(Batch.id))) == 1
