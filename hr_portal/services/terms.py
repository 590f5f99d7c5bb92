"""Who has accepted which edition of the terms, and when."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hr_portal.adapters.database.account_models import Acceptance
from hr_portal.domain.permissions import Actor
from hr_portal.domain.terms import CURRENT
from hr_portal.services import audit
from hr_portal.services.context import Portal


def accept(portal: Portal, actor: Actor) -> None:
    """Keep that the actor accepts the current edition; a second time changes nothing."""
    with portal.db.write() as session:
        keep(portal, session, actor.user_id, by=actor)


def keep(portal: Portal, session: Session, user_id: str, *, by: Actor | None) -> None:
    """As `accept`, in the transaction; `by` is None for who joins and isn't signed in yet."""
    make = sqlite.insert if portal.db.is_sqlite else postgresql.insert
    kept = session.scalar(
        make(Acceptance)
        .values(
            user_id=user_id,
            edition=CURRENT.number,
            sha256=CURRENT.sha256,
            accepted_at=portal.clock(),
        )
        .on_conflict_do_nothing()
        .returning(Acceptance.edition)
    )
    if kept is not None:
        audit.record(portal, session, by, "user:terms_accepted", user_id, edition=kept)


def accepted_at(portal: Portal, actor: Actor) -> dt.datetime | None:
    """Return when the actor accepted the current edition; None where they haven't."""
    with portal.db.read() as session:
        return session.scalar(
            sa.select(Acceptance.accepted_at).where(
                Acceptance.user_id == actor.user_id, Acceptance.edition == CURRENT.number
            )
        )
