"""A person's own bearer tokens, and the short right to fetch files of many identifiers by them.

A program has nobody to ask who it is. So its owner, asked on the page, gives the token the right
for an hour (security.md A11); without it such files are refused with a sentence.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from hr_portal.adapters.database.models import Token
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit, sessions
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden, NotFound

RIGHT: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OwnToken:
    """One of a person's tokens."""

    id: str
    label: str
    created_at: dt.datetime
    exports_until: dt.datetime | None
    """Until when it may fetch files of many identifiers; None where it may not now."""


def own(portal: Portal, actor: Actor) -> list[OwnToken]:
    """Return the actor's tokens that are not revoked, the oldest first."""
    now = portal.clock()
    with portal.db.read() as session:
        found = session.scalars(
            sa.select(Token)
            .where(Token.user_id == actor.user_id, Token.revoked_at.is_(None))
            .order_by(Token.created_at, Token.id)
        )
        return [
            OwnToken(
                one.id,
                one.label,
                one.created_at,
                one.exports_until if one.exports_until and one.exports_until > now else None,
            )
            for one in found
        ]


def allow_exports(portal: Portal, actor: Actor, token_id: str) -> None:
    """Let one of the actor's own tokens fetch such files for an hour from now.

    Raises NotFound for any other token.
    """
    with portal.db.write() as session:
        allowed = session.scalar(
            sa.update(Token)
            .where(Token.id == token_id, Token.user_id == actor.user_id, Token.revoked_at.is_(None))
            .values(exports_until=portal.clock() + RIGHT)
            .returning(Token.id)
        )
        if allowed is None:
            raise NotFound
        audit.record(portal, session, actor, "token:exports_allowed", token_id)


def require_exports(portal: Portal, token: str) -> None:
    """Raise Forbidden where a token has no right to such files now; the demo's are not asked.

    Nobody knows the passwords of the demo's people, so nobody could give the right there.
    """
    if portal.settings.demo:
        return
    with portal.db.read() as session:
        until = session.scalar(
            sa.select(Token.exports_until).where(Token.token_hash == sessions.session_key(token))
        )
    if until is None or until <= portal.clock():
        raise Forbidden(
            "Berkas ini memuat banyak identitas lengkap. Izinkan dahulu untuk token ini pada halaman "
            "Akun saya; izin berlaku satu jam.",
            "This file holds many whole identifiers. Allow it for this token on the page My account "
            "first; the right lasts an hour.",
            code="step_up_needed",
        )
