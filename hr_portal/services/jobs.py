"""The jobs table as a queue: added with the change, claimed by lease, finished once.

A worker that dies at any instant loses nothing: its lease runs out and another
takes the row. One that stalls past its lease and then finishes changes nothing:
every renewal and finish names the version that was claimed. Leases and waits go by
one clock for all workers, the database's (`Portal.lease_time`).
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Job
from hr_portal.services.context import Portal


class LeaseLostError(Exception):
    """Another worker has this job now; what we made of it must be dropped."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker holds, at the version it claimed."""

    id: int
    kind: str
    subject: str
    version: int
    attempts: int


def add(portal: Portal, session: Session, kind: str, subject: str, *, delay: float = 0) -> None:
    """Queue work in the session's transaction; `subject` is an id or two, nothing else."""
    session.add(
        Job(
            kind=kind,
            subject=subject,
            run_after=portal.lease_time(session) + dt.timedelta(seconds=delay),
            created_at=portal.clock(),
        )
    )


def again(portal: Portal, session: Session, kind: str, subject: str) -> None:
    """Queue work anew, whatever became of it before; a worker at it loses its lease."""
    known = session.scalar(
        sa.select(Job).where(Job.kind == kind, Job.subject == subject).with_for_update()
    )
    if known is None:
        add(portal, session, kind, subject)
        return
    known.state, known.lease_until, known.error = "queued", None, None
    known.attempts, known.run_after = 0, portal.lease_time(session)
    known.version += 1


def again_if_idle(portal: Portal, session: Session, kind: str, subject: str) -> None:
    """Queue work anew unless it waits or is being done; what has failed gets another chance."""
    known = session.scalar(sa.select(Job).where(Job.kind == kind, Job.subject == subject))
    if known is None or known.state in {"done", "failed"}:
        again(portal, session, kind, subject)


def failure(session: Session, kind: str, subject: str) -> str | None:
    """Return the kind of error by which work was given up; None where it was not."""
    return session.scalar(
        sa.select(Job.error).where(Job.kind == kind, Job.subject == subject, Job.state == "failed")
    )


def claim(portal: Portal) -> Claim | None:
    """Take the oldest job that is due, or whose lease ran out; None if there is none."""
    with portal.db.read() as session:
        now = portal.lease_time(session)
        due = sa.or_(
            sa.and_(Job.state == "queued", Job.run_after <= now),
            sa.and_(Job.state == "running", Job.lease_until < now),
        )
        if session.scalar(sa.select(Job.id).where(due).limit(1)) is None:
            return None  # an idle worker takes no write lock
    with portal.db.write() as session:
        job = session.scalar(
            sa.select(Job)
            .where(due)
            .order_by(Job.run_after, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if job is None:
            return None
        job.state = "running"
        job.lease_until = now + dt.timedelta(seconds=portal.settings.lease_seconds)
        job.attempts += 1
        job.version += 1
        return Claim(job.id, job.kind, job.subject, job.version, job.attempts)


def hold(portal: Portal, session: Session, claimed: Claim) -> None:
    """Renew the lease inside the session's transaction.

    Raises:
        LeaseLostError: another worker has claimed the job since.

    """
    until = portal.lease_time(session) + dt.timedelta(seconds=portal.settings.lease_seconds)
    _change(session, claimed, lease_until=until)


def finish(session: Session, claimed: Claim) -> None:
    """Mark the job done, with the change it made, in the session's transaction."""
    _change(session, claimed, state="done", lease_until=None, error=None)


def retry(
    portal: Portal,
    session: Session,
    claimed: Claim,
    error: str,
    *,
    delay: float,
    is_try: bool = True,
) -> None:
    """Put the job back for another try in `delay` seconds; `error` names a kind, no data.

    Without `is_try` what was done does not count as a try.
    """
    tries = {} if is_try else {"attempts": 0}
    _change(
        session,
        claimed,
        state="queued",
        lease_until=None,
        error=error,
        run_after=portal.lease_time(session) + dt.timedelta(seconds=delay),
        **tries,
    )


def go_on(portal: Portal, session: Session, claimed: Claim) -> None:
    """Put a job that has more to do at the end of the queue, so that others get their turn."""
    _change(
        session, claimed, state="queued", lease_until=None, error=None, attempts=0,
        run_after=portal.lease_time(session),
    )  # fmt: skip


def fail(session: Session, claimed: Claim, error: str) -> None:
    """Give the job up; `error` names a kind, no data."""
    _change(session, claimed, state="failed", lease_until=None, error=error)


def _change(session: Session, claimed: Claim, **values: object) -> None:
    done = session.execute(
        sa.update(Job)
        .where(Job.id == claimed.id, Job.version == claimed.version, Job.state == "running")
        .values(**values)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise LeaseLostError
