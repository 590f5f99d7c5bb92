"""E-mails that didn't reach their mail server: what an admin sees of them, and sends again.

A notice has an error from the first try that failed until it is sent; one of whose way nobody
knows the end keeps its error until an admin decides.
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Job, OutboxEntry, User
from hr_portal.domain.permissions import Actor, may
from hr_portal.services import audit, jobs, notices
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, NotFound
from hr_portal.services.paging import Page

UNSENT = (OutboxEntry.error.is_not(None), OutboxEntry.sent_at.is_(None))


@dataclass(frozen=True, slots=True)
class Unsent:
    """An e-mail that its server has not taken, or perhaps not."""

    id: int
    subject: str
    user_id: str
    name: str
    created_at: dt.datetime
    error: str
    next_try: dt.datetime | None
    """None where it isn't tried again by itself."""
    may_send_again: bool
    """False for what is of no use any more: a code, or a mail to an account switched off."""


def count(portal: Portal, actor: Actor) -> int:
    """Return how many there are. Raises Forbidden."""
    _only_admin(actor)
    with portal.db.read() as session:
        return _count(session)


def page(portal: Portal, actor: Actor, *, number: int, per_page: int) -> Page[Unsent]:
    """Return a page of them, the latest first. Raises Forbidden."""
    _only_admin(actor)
    with portal.db.read() as session:
        found = session.execute(
            sa.select(OutboxEntry, User, Batch.number, Job.state, Job.run_after)
            .join(User, User.id == OutboxEntry.user_id)
            .outerjoin(Batch, Batch.id == OutboxEntry.subject)
            .outerjoin(
                Job,
                sa.and_(Job.kind == notices.JOB, Job.subject == sa.cast(OutboxEntry.id, sa.String)),
            )
            .where(*UNSENT)
            .order_by(OutboxEntry.id.desc())
            .limit(per_page)
            .offset((number - 1) * per_page)
        ).all()
        items = [
            Unsent(
                entry.id,
                notices.NOTICES[entry.kind].subject.format(number=of_batch or ""),
                user.id,
                user.name,
                entry.created_at,
                entry.error or "",
                run_after if state == "queued" else None,
                state != "running" and notices.is_worth_sending(entry, user),
            )
            for entry, user, of_batch, state, run_after in found
        ]
        return Page(items, number, per_page, _count(session))


def send_again(portal: Portal, actor: Actor, entry_id: int) -> None:
    """Send one now, whatever became of it before; recorded.

    Raises:
        Forbidden: not an admin. NotFound. Conflict: sent meanwhile, on its way, or of no use.

    """
    _only_admin(actor)
    with portal.db.write() as session:
        entry = session.get(OutboxEntry, entry_id)
        if entry is None:
            raise NotFound
        job = session.scalar(
            sa.select(Job)
            .where(Job.kind == notices.JOB, Job.subject == str(entry_id))
            .with_for_update()
        )
        session.refresh(entry)  # as it stands under the lock
        is_unsent = entry.error is not None and entry.sent_at is None
        is_on_its_way = job is not None and job.state == "running"
        user = session.get_one(User, entry.user_id)
        if not is_unsent or is_on_its_way or not notices.is_worth_sending(entry, user):
            raise Conflict(
                "Surel ini sudah terkirim, sedang dikirim, atau tidak berguna lagi.",
                "This e-mail was sent, is on its way, or is of no use any more.",
            )
        entry.started_at, entry.error = None, None
        jobs.again(portal, session, notices.JOB, str(entry_id))
        audit.record(
            portal, session, actor, "mail:sent_again", str(entry_id), notice=entry.kind
        )  # fmt: skip


def _count(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry).where(*UNSENT)) or 0


def _only_admin(actor: Actor) -> None:
    if not may(actor, "installation.manage"):
        raise Forbidden("Hanya admin yang dapat melihat ini.", "Only an admin may see this.")
