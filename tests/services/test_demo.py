"""The demo shows every state that this portal reaches, and fills nothing twice."""

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Batch, Revision
from hr_portal.services.errors import NotFound


def test_the_demo_has_a_batch_in_every_state(portal):
    demo.fill(portal)
    with portal.db.read() as session:
        assert set(session.scalars(sa.select(Batch.state))) == {
            "draft", "submitted", "in_review", "returned", "approved", "partly_approved", "rejected", "cancelled"
        }  # fmt: skip
        assert set(session.scalars(sa.select(Revision.state))) == {"checked", "unreadable"}
    with pytest.raises(NotFound):
        demo.fill(portal)
