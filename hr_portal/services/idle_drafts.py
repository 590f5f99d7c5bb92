"""Drafts that nobody touches: told of first, then ended and purged like all that has ended.

Only what was never handed in: a draft that was submitted once, or that holds rows which a reviewer
has sent back, is somebody's open case and stays until HRD ends it (decision 99).
"""

import datetime as dt
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.keeping_models import is_held
from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Decision,
    Letter,
    Membership,
    OutboxEntry,
)
from hr_portal.domain.retention import DRAFT_WARNING
from hr_portal.services import audit, notices
from hr_portal.services.context import Portal

WARNED: Final = "draft_idle"
LAPSED: Final = "draft_lapsed"
MOST_AT_ONCE: Final = 200
"""Drafts that one sweep tells of."""

never_submitted = sa.and_(
    ~sa.exists().where(
        Act.subject_kind == "batch", Act.subject_id == Batch.id, Act.action == "batch:submitted"
    ),
    ~sa.exists().where(Decision.batch_id == Batch.parent_id),
)
"""Neither was it handed in, nor is it made of rows that were."""


def due(portal: Portal) -> sa.ColumnElement[bool]:
    """Return what is true of a draft whose time is over: untouched for the whole period, and told.

    Nothing goes that nobody was told of, also where the period was made shorter yesterday.
    """
    days = portal.settings.retain_drafts_days
    if not days:
        return sa.false()
    now = portal.clock()
    since = now - dt.timedelta(days=days)
    return sa.and_(_idle_since(since), _told_between(since, now - DRAFT_WARNING))


def warn(portal: Portal) -> int:
    """Tell of drafts that end two weeks from now unless somebody touches them; return how many.

    To who made and who last changed it, and to who is in charge of its company.
    """
    days = portal.settings.retain_drafts_days
    if not days:
        return 0
    now = portal.clock()
    since = now - dt.timedelta(days=days) + DRAFT_WARNING
    with portal.db.write() as session:
        untold = (
            sa.select(Batch)
            .where(_idle_since(since), ~is_held, ~_told_between(since, now))
            .order_by(Batch.last_edited_at, Batch.id)
        )
        found = notices.held_alone(session, untold, MOST_AT_ONCE)
        for batch in found:
            _tell(portal, session, WARNED, batch)
        return len(found)


def lapse(portal: Portal, session: Session, batch: Batch) -> None:
    """End a draft whose time is over, in the transaction in which its purge begins."""
    batch.state = "cancelled"
    batch.version += 1
    audit.record(
        portal, session, None, "batch:lapsed", batch.id, company_id=batch.company_id,
        days=portal.settings.retain_drafts_days,
    )  # fmt: skip
    _tell(portal, session, LAPSED, batch)


def ends_at(portal: Portal, batch_id: str, edited: dt.datetime) -> dt.datetime | None:
    """Return when a draft, last edited then, ends if nobody touches it; None before it was told."""
    days = portal.settings.retain_drafts_days
    if not days:
        return None
    since = portal.clock() - dt.timedelta(days=days) + DRAFT_WARNING
    if edited > since:
        return None  # nearly all: nothing is asked
    with portal.db.read() as session:
        told = session.scalar(
            sa.select(sa.func.max(OutboxEntry.created_at)).where(
                OutboxEntry.kind == WARNED,
                OutboxEntry.subject == batch_id,
                OutboxEntry.created_at > since,
                sa.exists().where(Batch.id == batch_id, _idle_since(since), ~is_held),
            )
        )
    if told is None:
        return None
    return max(edited + dt.timedelta(days=days), told + DRAFT_WARNING)


def _idle_since(moment: dt.datetime) -> sa.ColumnElement[bool]:
    """Say of a batch that it is such a draft and that no person has done anything to it since."""
    return sa.and_(
        Batch.state == "draft",
        Batch.last_edited_at <= moment,
        ~sa.exists().where(
            Act.subject_kind == "batch", Act.subject_id == Batch.id, Act.actor_id.is_not(None),
            Act.at > moment,
        ),
        ~sa.exists().where(Letter.batch_id == Batch.id, Letter.issued_at > moment),
        never_submitted,
    )  # fmt: skip


def _told_between(first: dt.datetime, last: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        OutboxEntry.kind == WARNED, OutboxEntry.subject == Batch.id,
        OutboxEntry.created_at > first, OutboxEntry.created_at <= last,
    )  # fmt: skip


def _tell(portal: Portal, session: Session, kind: str, batch: Batch) -> None:
    leads = session.scalars(
        sa.select(Membership.user_id).where(
            Membership.company_id == batch.company_id, Membership.is_lead
        )
    )
    notices.tell(portal, session, kind, batch, {batch.created_by, batch.last_edited_by, *leads})
