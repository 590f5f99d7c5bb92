"""How a sign-in ended by itself, and whose it was, so that its owner is told and loses nothing."""

from dataclasses import dataclass
from typing import Literal

from hr_portal.adapters.database.models import SignIn
from hr_portal.services import sessions
from hr_portal.services.context import Portal


@dataclass(frozen=True, slots=True)
class Ended:
    """A sign-in that was left alone too long ("idle"), or lasted too long ("old")."""

    user_id: str
    why: Literal["idle", "old"]


def how_it_ended(portal: Portal, session_id: str) -> Ended | None:
    """Return how a person's session ended by itself within the last hours.

    None where it is alive, nobody's, or was ended by somebody: then nothing of it is left.
    """
    now = portal.clock()
    with portal.db.read() as session:
        row = session.get(SignIn, sessions.session_key(session_id))
    if row is None or row.user_id is None:
        return None
    if now - row.created_at > portal.settings.session_absolute:
        return Ended(row.user_id, "old")
    if now - row.seen_at > portal.settings.session_idle:
        return Ended(row.user_id, "idle")
    return None
