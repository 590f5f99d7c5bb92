"""What people do with their own account: password and sign-ins; and an admin's help with both.

Every change asks for the password again, ends the person's other sign-ins and leaves a notice
(security.md A11, B5, B7).
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import SignIn, User
from hr_portal.domain.permissions import Actor
from hr_portal.domain.told import NO_MATCH, REQUIRED, Told
from hr_portal.services import (
    account_links,
    accounts,
    audit,
    notices,
    passwords,
    sessions,
    throttling,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden, Invalid, NotFound

MIN_REASON = 5
BROWSER = "browser"
"""Where a session keeps the names of its browser and system."""


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of a person's sign-ins."""

    id: str
    """The hash of the session's id; good for ending it, not for using it."""
    begun_at: dt.datetime
    seen_at: dt.datetime
    is_this: bool
    browser: str
    system: str
    """What the browser called itself at the sign-in, by which its owner knows it again."""


def check_password(portal: Portal, actor: Actor, password: str) -> None:
    """Hold the actor's password against what was typed.

    Raises:
        TooMany: five tries within a minute. Invalid: it is another.

    """
    # counted apart from the sign-in: who guesses there must not keep its owner from this
    throttling.count_sign_in_tries(portal, actor.email, actor.user_id, device=actor.user_id)
    with portal.db.read() as session:
        user = session.get(User, actor.user_id)
    if user is None or not accounts.is_password_of(user, password):
        raise Invalid(
            "Kata sandi Anda yang sekarang tidak cocok.",
            "Your present password doesn't match.",
            fields={"current": NO_MATCH},
        )
    with portal.db.write() as session:
        throttling.forget_tries(session, actor.email, actor.user_id, device=actor.user_id)


def change_password(
    portal: Portal, actor: Actor, *, current: str, new: str, session_id: str | None
) -> None:
    """Replace the actor's password; all their sign-ins end but the one of `session_id`.

    Raises:
        TooMany, Invalid: as `check_password`; the new one is weak, or the old one again.

    """
    check_password(portal, actor, current)
    with portal.db.read() as session:
        of = passwords.owner(session, session.get_one(User, actor.user_id))
    passwords.check(portal, new, of)
    if new == current:
        raise Invalid(
            "Kata sandi baru sama dengan yang lama.",
            "The new password is the old one.",
            fields={"password": Told("Sama dengan yang lama", "Same as the old one")},
        )
    changed = accounts.new_password_values(new)
    with portal.db.write() as session:
        session.execute(sa.update(User).where(User.id == actor.user_id).values(changed))
        account_links.spend_all(portal, session, actor.user_id)
        end_all(session, actor.user_id, but=session_id)
        notices.tell_owner(portal, session, "password_changed", actor.user_id)
        audit.record(portal, session, actor, "user:password_changed", actor.user_id)


def least(portal: Portal, actor: Actor) -> int:
    """Return the fewest characters that a new password of the actor's may have."""
    with portal.db.read() as session:
        return passwords.owner(session, session.get_one(User, actor.user_id)).least


def sessions_of(portal: Portal, actor: Actor, session_id: str | None) -> list[OwnSession]:
    """Return the actor's sign-ins that are alive, this one first, then the latest seen."""
    now = portal.clock()
    mine = sessions.session_key(session_id) if session_id else ""
    with portal.db.read() as session:
        rows = session.scalars(
            sa.select(SignIn)
            .where(
                SignIn.user_id == actor.user_id,
                SignIn.seen_at >= now - portal.settings.session_idle,
                SignIn.created_at >= now - portal.settings.session_absolute,
            )
            .order_by(SignIn.seen_at.desc())
        ).all()
    found = []
    for row in rows:
        content = sessions.content_of(portal, row) or {}
        browser, system = content.get(BROWSER) or ("", "")
        found.append(
            OwnSession(
                row.id_hash, row.created_at, row.seen_at, row.id_hash == mine, browser, system
            )
        )
    return sorted(found, key=lambda one: not one.is_this)


def end_session(portal: Portal, actor: Actor, ended: str) -> None:
    """End one of the actor's own sign-ins. Raises NotFound for any other."""
    with portal.db.write() as session:
        gone = session.scalar(
            sa.delete(SignIn)
            .where(SignIn.id_hash == ended, SignIn.user_id == actor.user_id)
            .returning(SignIn.user_id)
        )
        if gone is None:
            raise NotFound
        audit.record(portal, session, actor, "user:session_ended", actor.user_id)


def end_other_sessions(portal: Portal, actor: Actor, session_id: str | None) -> None:
    """End all of the actor's sign-ins but this one."""
    with portal.db.write() as session:
        end_all(session, actor.user_id, but=session_id)
        audit.record(portal, session, actor, "user:session_ended", actor.user_id)


def make_new_password(portal: Portal, by: Actor, user_id: str, *, reason: str) -> str:
    """Give a person who forgot theirs a new password, shown this once; their sign-ins end.

    They have to change it when they sign in. Their second factor stays, and so many tries as they
    had are forgotten, so that a locked-out person gets in at once.

    Raises:
        Forbidden: `by` is no admin. NotFound. Invalid: no reason, or one's own account.

    """
    require_reason(by, user_id, reason)
    with portal.db.read() as session:
        user = session.get(User, user_id)
        if user is None:
            raise NotFound
        of = passwords.owner(session, user)
    password = accounts.draw_password(portal, of)
    hashed = accounts.hash_password(password)
    with portal.db.write() as session:
        session.execute(
            sa.update(User)
            .where(User.id == user_id)
            .values(
                password_hash=hashed, must_change=True, has_short_password=False, invited_at=None
            )
        )
        account_links.spend_all(portal, session, user_id)
        end_all(session, user_id)
        throttling.forget_tries(session, user.email, user_id)
        notices.tell_owner(portal, session, "password_reset", user_id)
        audit.record(portal, session, by, "user:password_reset", user_id, reason=reason.strip())
    return password


def unlock(portal: Portal, by: Actor, user_id: str, *, reason: str) -> None:
    """Forget the tries that keep a person out, of password and code; the audit keeps the reason.

    Raises:
        Forbidden: `by` is no admin. NotFound. Invalid: no reason, or one's own account.

    """
    require_reason(by, user_id, reason)
    with portal.db.write() as session:
        user = session.get(User, user_id)
        if user is None:
            raise NotFound
        throttling.forget_tries(session, user.email, user_id)
        throttling.forget_tries(session, user.email, user_id, device=user_id)
        throttling.forget_code_tries(session, user_id)
        notices.tell_owner(portal, session, "unlocked", user_id)
        audit.record(portal, session, by, "user:unlocked", user_id, reason=reason.strip())


def end_sessions_of(portal: Portal, by: Actor, user_id: str, *, reason: str) -> None:
    """End all sign-ins of a person, whose account stays on; the audit keeps the reason.

    Raises:
        Forbidden: `by` is no admin. NotFound. Invalid: no reason, or one's own account.

    """
    require_reason(by, user_id, reason)
    with portal.db.write() as session:
        if session.get(User, user_id) is None:
            raise NotFound
        end_all(session, user_id)
        notices.tell_owner(portal, session, "sessions_ended", user_id)
        audit.record(portal, session, by, "user:session_ended", user_id, reason=reason.strip())


def require_reason(by: Actor, user_id: str, reason: str) -> None:
    """Let only an admin pass, with a reason, and not for their own account."""
    if not by.is_admin:
        raise Forbidden(
            "Hanya admin yang dapat mengatur akun orang lain.",
            "Only an admin can manage other people's accounts.",
        )
    if by.user_id == user_id:
        raise Invalid(
            "Akun Anda sendiri diatur pada halaman Akun saya.",
            "Your own account is managed on the page My account.",
        )
    if len(reason.strip()) < MIN_REASON:
        raise Invalid(
            "Tulis alasannya, misalnya: lupa kata sandi, identitas sudah dipastikan lewat telepon.",
            "Write the reason, for example: forgot the password, identity confirmed by phone.",
            fields={"reason": REQUIRED},
        )


def end_all(session: Session, user_id: str, *, but: str | None = None) -> None:
    """End a person's sign-ins in the transaction, all but that of the session id `but`."""
    ended = sa.delete(SignIn).where(SignIn.user_id == user_id)
    if but is not None:
        ended = ended.where(SignIn.id_hash != sessions.session_key(but))
    session.execute(ended)
