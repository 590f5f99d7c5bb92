"""Rows of a review that go on as a draft of HRD's: returned ones, and those the agency refused.

Many are copied before the act that sends them back takes the lock, unseen and unit by unit
(`staging`); the act itself shows them.
"""

from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import Batch, User
from hr_portal.adapters.database.work_models import ReviewWork
from hr_portal.domain.permissions import Actor
from hr_portal.services import copying, jobs, staging, visible
from hr_portal.services.context import Portal
from hr_portal.services.copy_units import Copy
from hr_portal.services.following import Along, nobody, nothing
from hr_portal.services.row_sets import RowSet

MANY: Final = 500
"""Rows from which on a draft is made before the lock is taken."""
_APART: Final = 500_000_000
"""So far the numbers of what is made for a work lie from those for a long act of the same batch."""

Stage = Callable[[Collection[int]], Copy | None]
"""Copies rows of a batch before they are sent back; None where they are few."""


def few(_rows: Collection[int]) -> Copy | None:
    """Copy nothing beforehand."""
    return None


def along(portal: Portal, claimed: jobs.Claim, work: ReviewWork) -> Along:
    """Return what goes along with a work of a reviewer that is done as a whole."""

    @contextmanager
    def unit() -> Generator[Session]:
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)
            yield session

    return Along(_APART + work.id, work.asked_at, {}, nothing, nobody, nothing, unit)


def stage(portal: Portal, batch_id: str, rows: Collection[int], follows: Along) -> Copy | None:
    """Copy rows of a batch unseen, where they are many.

    Raises:
        LeaseLostError: another worker has taken over, and clears this away.

    """
    if len(rows) <= MANY:
        return None
    with portal.db.read() as session:
        batch = session.get_one(Batch, batch_id, options=[joinedload(Batch.company)])
        revision, hrd = visible.current_revision(session, batch), _owner(session, batch)
    key = portal.key(batch.company)
    (copy,) = staging.make(portal, hrd, follows, key, revision, (RowSet.of(rows),))
    return copy


def draft(
    portal: Portal, session: Session, batch: Batch, rows: Collection[int], staged: Copy | None
) -> Batch:
    """Make rows of a batch a draft of whoever submitted it; `staged` holds them already."""
    hrd = _owner(session, batch)
    if staged is None:
        return copying.make_child(portal, session, hrd, batch, set(rows))
    child = copying.new_child(portal, session, hrd, batch, idempotency_key=None)
    made = staging.take(portal, session, staged, child.id, 1)
    copying.take_along(portal, session, batch, child, made, RowSet.of(rows))
    return child


def _owner(session: Session, batch: Batch) -> Actor:
    owner = session.get_one(User, batch.submitted_by or batch.created_by)
    return Actor(owner.id, owner.name, owner.email, frozenset({batch.company_id}))
