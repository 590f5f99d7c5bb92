"""What a reviewer wrote to whoever goes on with a batch: words among reviewers, never for HRD."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from hr_portal.adapters.database.models import Act, User
from hr_portal.domain.permissions import Actor
from hr_portal.services import visible
from hr_portal.services.context import Portal

_HANDED: Final = ("batch:passed_on", "batch:released")
_NEWER: Final = ("batch:decided", "batch:withdrawn", "batch:set_aside")
"""Acts after which a note has been read, or is about a revision that went."""


@dataclass(frozen=True, slots=True)
class Note:
    """Words of the reviewer who had the batch before."""

    by: str
    at: dt.datetime
    words: str


def note_for(portal: Portal, actor: Actor, batch_id: str) -> Note | None:
    """Return what was written when the batch was last handed on; None where nothing was.

    Raises:
        NotFound, Forbidden: not a batch that the actor may review.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
        found = session.execute(
            sa.select(Act, User.name)
            .join(User, User.id == Act.actor_id)
            .where(
                Act.subject_kind == "batch",
                Act.subject_id == batch.id,
                Act.action.in_((*_HANDED, *_NEWER)),
            )
            .order_by(Act.id.desc())
            .limit(1)
        ).one_or_none()
        if found is None or found[0].action in _NEWER or found[0].actor_id == actor.user_id:
            return None
        act, by = found
        words = str(act.details.get("note", ""))
        return Note(by, act.at, words) if words else None
