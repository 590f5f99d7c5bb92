"""Notices to people: written in the transaction of what they tell of, sent after it."""

from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import OutboxEntry
from hr_portal.services.context import Portal


def add(portal: Portal, session: Session, user_id: str, kind: str, subject: str = "") -> None:
    """Leave a notice for a person; `subject` is an id, never personal data."""
    session.add(OutboxEntry(kind=kind, user_id=user_id, subject=subject, created_at=portal.clock()))
