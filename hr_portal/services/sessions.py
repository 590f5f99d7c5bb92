"""Sessions of the web, kept on the server under the hash of their id."""

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa

from hr_portal.adapters.database.models import SignIn, Throttle
from hr_portal.adapters.vault import SealBrokenError
from hr_portal.services.context import Portal
from hr_portal.services.hashing import hash_of
from hr_portal.services.throttling import CLOCKS_DIFFER, TRY_WINDOW

SEEN_EVERY = dt.timedelta(minutes=1)
REMEMBERED = dt.timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session_:  # noqa: N801 - `Session` is SQLAlchemy's here
    """A server-side session as the web reads it."""

    id: str
    user_id: str | None
    content: dict[str, Any]
    created_at: dt.datetime


def open_session(portal: Portal, content: dict[str, Any], *, user_id: str | None) -> str:
    """Begin a server-side session and return its secret 256-bit id."""
    session_id, now = secrets.token_urlsafe(32), portal.clock()
    with portal.db.write() as session:
        session.add(
            SignIn(
                id_hash=hash_of(session_id),
                user_id=user_id,
                content=_seal_session(portal, session_id, content),
                created_at=now,
                seen_at=now,
            )
        )
    return session_id


def read_session(portal: Portal, session_id: str) -> Session_ | None:
    """Return a live session; None where it is unknown, idle too long or too old."""
    now = portal.clock()
    with portal.db.glance() as session:
        row = session.execute(_KEPT, {"of": hash_of(session_id)}).one_or_none()
    if (
        row is None
        or now - row.seen_at > portal.settings.session_idle
        or now - row.created_at > portal.settings.session_absolute
        or max(row.seen_at, row.created_at) > now + CLOCKS_DIFFER
    ):
        return None
    content = content_of(portal, row)
    if content is None:
        return None
    if now - row.seen_at > SEEN_EVERY:
        with portal.db.write() as session:
            session.execute(
                sa.update(SignIn).where(SignIn.id_hash == row.id_hash).values(seen_at=now)
            )
    return Session_(session_id, row.user_id, content, row.created_at)


_kept = cast("sa.Table", SignIn.__table__).c
_KEPT: Final = sa.select(
    _kept.id_hash, _kept.user_id, _kept.content, _kept.created_at, _kept.seen_at
).where(_kept.id_hash == sa.bindparam("of"))
"""Made once, as every request asks it."""


def content_of(portal: Portal, row: SignIn | sa.Row[*tuple[Any, ...]]) -> dict[str, Any] | None:
    """Open what a session holds; None where its seal is broken."""
    try:
        opened = portal.vault.general.open("sessions|" + row.id_hash, row.content)
    except SealBrokenError:
        return None
    content: dict[str, Any] = json.loads(opened)
    return content


def session_key(session_id: str) -> str:
    """Return the hash under which a session is kept."""
    return hash_of(session_id)


def save_session(portal: Portal, session_id: str, content: dict[str, Any]) -> None:
    """Replace what a session holds."""
    with portal.db.write() as session:
        session.execute(
            sa.update(SignIn)
            .where(SignIn.id_hash == hash_of(session_id))
            .values(content=_seal_session(portal, session_id, content), seen_at=portal.clock())
        )


def end_session(portal: Portal, session_id: str) -> None:
    """End a session on the server; its cookie is worth nothing after."""
    with portal.db.write() as session:
        session.execute(sa.delete(SignIn).where(SignIn.id_hash == hash_of(session_id)))


def sweep_sessions(portal: Portal) -> int:
    """Remove sessions and throttles whose time is over; return how many sessions.

    Those of people stay for `REMEMBERED` after their end, worth nothing: see `ended_sessions`.
    """
    now = portal.clock()
    with portal.db.write() as session:
        session.execute(
            sa.delete(Throttle).where(
                sa.or_(
                    Throttle.window_from < now - TRY_WINDOW * 60,
                    Throttle.window_from > now + CLOCKS_DIFFER,
                )
            )
        )
        gone = session.execute(
            sa.delete(SignIn).where(
                sa.or_(
                    SignIn.seen_at < now - portal.settings.session_idle,
                    SignIn.created_at < now - portal.settings.session_absolute,
                    SignIn.seen_at > now + CLOCKS_DIFFER,
                ),
                sa.or_(
                    SignIn.user_id.is_(None),
                    SignIn.seen_at > now + CLOCKS_DIFFER,
                    SignIn.seen_at < now - portal.settings.session_idle - REMEMBERED,
                    SignIn.created_at < now - portal.settings.session_absolute - REMEMBERED,
                ),
            )
        )
        return int(gone.rowcount)  # type: ignore[attr-defined]


def _seal_session(portal: Portal, session_id: str, content: dict[str, Any]) -> bytes:
    return portal.vault.general.seal(
        "sessions|" + hash_of(session_id), json.dumps(content).encode()
    )
