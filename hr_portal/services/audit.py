"""Acts: what happened, written in the transaction in which it happened."""

from typing import Any

from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Act
from hr_portal.domain.permissions import Actor
from hr_portal.services.context import Portal


def record(
    portal: Portal,
    session: Session,
    actor: Actor | None,
    action: str,
    subject_id: str,
    *,
    company_id: str | None = None,
    **details: Any,  # noqa: ANN401 - numbers, codes and states of many kinds
) -> None:
    """Add an act ("batch:submitted") to the session's transaction.

    `details` are numbers, codes, states and ids; personal data never goes here.
    `actor` is None for what the portal does by itself.
    """
    session.add(
        Act(
            at=portal.clock(),
            actor_id=actor.user_id if actor else None,
            company_id=company_id,
            action=action,
            subject_kind=action.split(":", 1)[0],
            subject_id=subject_id,
            details=details,
            request_id=actor.request_id if actor else None,
        )
    )
