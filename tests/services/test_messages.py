"""Messages between HRD and reviewers: both sides read them, notes stay inside, nothing is lost."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import OutboxEntry
from hr_portal.adapters.database.review_models import Message
from hr_portal.services import messages, review
from hr_portal.services.errors import Conflict, Invalid, NotFound


def told(portal):
    with portal.db.read() as session:
        asked = sa.select(OutboxEntry.user_id).where(OutboxEntry.kind == "asked")
        return list(session.scalars(asked.order_by(OutboxEntry.id)))


def test_both_sides_read_messages_and_a_company_is_told_the_office_alone(world, portal):
    batch = world.submitted(world.sheet(2))
    review.take(portal, world.bayu, batch)
    messages.write(portal, world.bayu, batch, " Mohon KTP yang utuh ", row=3)
    messages.write(portal, world.rahma, batch, "Sudah kami siapkan")
    seen = messages.listed(portal, world.surya, batch)
    assert [(one.text, one.row, one.side, one.written_by) for one in seen] == [
        ("Mohon KTP yang utuh", 3, "reviewer", None),
        ("Sudah kami siapkan", None, "hrd", world.rahma.name),
    ]
    assert messages.listed(portal, world.lestari, batch)[0].written_by == world.bayu.name
    assert told(portal) == [world.rahma.user_id, world.bayu.user_id]
    with portal.db.read() as session:
        assert not any(b"KTP" in one for one in session.scalars(sa.select(Message.text)))


def test_an_internal_note_is_for_reviewers_only_and_tells_nobody(world, portal):
    batch = world.submitted(world.sheet(1))
    messages.write(portal, world.bayu, batch, "Perusahaan ini sering salah kirim", internal=True)
    assert messages.listed(portal, world.rahma, batch) == []
    assert [one.is_internal for one in messages.listed(portal, world.lestari, batch)] == [True]
    assert told(portal) == []
    with pytest.raises(Invalid):
        messages.write(portal, world.rahma, batch, "Catatan", internal=True)


def test_a_message_needs_words_a_known_row_and_a_batch_that_somebody_reads(world, portal):
    batch = world.submitted(world.sheet(1))
    for text, row in (("  ", None), ("x" * 10_001, None), ("Baris itu", 99)):
        with pytest.raises(Invalid):
            messages.write(portal, world.rahma, batch, text, row=row)
    with pytest.raises(NotFound):
        messages.write(portal, world.wulan, batch, "Halo")
    with pytest.raises(Conflict, match="not_submitted"):
        messages.write(portal, world.rahma, world.draft(world.sheet(1, 300)), "Halo")


def test_what_was_said_stays(world, portal):
    batch = world.submitted(world.sheet(1))
    messages.write(portal, world.rahma, batch, "Mohon diperiksa")
    for statement in (sa.update(Message).values(side="reviewer"), sa.delete(Message)):
        with pytest.raises(sa.exc.DBAPIError), portal.db.write() as session:
            session.execute(statement)
