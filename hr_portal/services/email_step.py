"""A code by e-mail as the second step of signing in: the weaker choice, and for HRD only.

Who can read the mailbox has the link for a forgotten password and this code, too; so it stands for
no short password, and reviewers and admins can't use it.
"""

import datetime as dt
import math
from typing import Final

import sqlalchemy as sa

from hr_portal.adapters.database.account_models import EmailStep, SecondFactor
from hr_portal.domain.permissions import Actor
from hr_portal.domain.told import NO_MATCH
from hr_portal.services import audit, email_codes, notices, own_account, throttling
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, TooMany

WINDOW: Final = throttling.CODE_TRIES["email-code"]
CODES: Final = 5
"""So many codes are sent, and so many tries are taken, within ten minutes."""
PAUSE: Final = dt.timedelta(minutes=1)
"""So long an e-mail may be under way before another is sent in its place."""


def is_on(portal: Portal, user_id: str) -> bool:
    """Say whether a person signs in with a code by e-mail."""
    with portal.db.read() as session:
        found = session.get(EmailStep, user_id)
        return found is not None and found.turned_on_at is not None


def begin(portal: Portal, actor: Actor, *, again: bool = False) -> None:
    """Send the actor a code that shows that their e-mails arrive; nothing is turned on yet.

    With `again`, another in place of the last.

    Raises:
        Forbidden: a reviewer or admin. Conflict: they have an authenticator. TooMany.

    """
    if actor.branches or actor.is_admin:
        raise Forbidden(
            "Pemeriksa dan admin wajib memakai aplikasi autentikator.",
            "Reviewers and admins must use an authenticator.",
        )
    with portal.db.write() as session:
        if session.get(SecondFactor, actor.user_id) is not None:
            raise Conflict(
                "Aplikasi autentikator sudah aktif untuk akun Anda; itu lebih kuat.",
                "An authenticator is on for your account already; it is stronger.",
            )
        if session.get(EmailStep, actor.user_id) is None:
            session.add(EmailStep(user_id=actor.user_id))
    (send_again if again else send)(portal, actor.user_id)


def send(portal: Portal, user_id: str) -> None:
    """Queue an e-mail with a code, unless one is under way; the code before is worth nothing.

    Raises:
        TooMany: above five in ten minutes.

    """
    if seconds_to_wait(portal, user_id) == 0:
        _queue(portal, user_id)


def send_again(portal: Portal, user_id: str) -> None:
    """Queue another e-mail with a code; the code before is worth nothing from now on.

    Raises:
        TooMany: within a minute of the last, or above five in ten minutes.

    """
    wait = seconds_to_wait(portal, user_id)
    if wait:
        raise TooMany(
            f"Surel sebelumnya baru saja dikirim. Tunggu {wait} detik, lalu minta lagi.",
            f"The last e-mail was sent just now. Wait {wait} seconds, then ask again.",
            retry_after=wait,
        )
    _queue(portal, user_id)


def seconds_to_wait(portal: Portal, user_id: str) -> int:
    """Return in how many seconds another code may be asked for; 0 where it may be now."""
    with portal.db.read() as session:
        step = session.get(EmailStep, user_id)
        asked_at = None if step is None else step.asked_at
    left = dt.timedelta() if asked_at is None else asked_at + PAUSE - portal.clock()
    return max(0, math.ceil(left.total_seconds()))


def _queue(portal: Portal, user_id: str) -> None:
    _count(portal, "email-code-sent", user_id)
    with portal.db.write() as session:
        session.execute(
            sa.update(EmailStep)
            .where(EmailStep.user_id == user_id)
            .values(code=None, expires_at=None, asked_at=portal.clock())
        )
        notices.tell_owner(portal, session, "sign_in_code", user_id)


def confirm(portal: Portal, actor: Actor, code: str, *, session_id: str | None) -> None:
    """Turn it on by the code that arrived; all other sign-ins end and the person is told.

    Raises:
        Invalid, TooMany: as `verify`.

    """
    verify(portal, actor.user_id, code)
    with portal.db.write() as session:
        session.execute(
            sa.update(EmailStep)
            .where(EmailStep.user_id == actor.user_id)
            .values(turned_on_at=portal.clock())
        )
        own_account.end_all(session, actor.user_id, but=session_id)
        notices.tell_owner(portal, session, "second_factor_on", actor.user_id)
        audit.record(portal, session, actor, "user:email_step_on", actor.user_id)


def verify(portal: Portal, user_id: str, code: str) -> None:
    """Take a code; each is good once.

    Raises:
        TooMany: five tries within ten minutes. Invalid: wrong, spent, or too old.

    """
    try:
        _count(portal, "email-code", user_id)
    except TooMany:
        notices.warn_of_tries(portal, user_id)
        raise
    with portal.db.write() as session:
        if email_codes.spend(portal, session, user_id, code):
            throttling.forget_code_tries(session, user_id)
            audit.record(portal, session, None, "user:code_accepted", user_id)
            return
        audit.record(portal, session, None, "user:code_refused", user_id)
    raise Invalid(
        "Kode tidak cocok, sudah terpakai, atau lewat 10 menit. Ketik enam angka dari surel yang "
        "terakhir dikirim, atau minta kode baru.",
        "The code doesn't match, was used, or is older than 10 minutes. Type the six digits of the "
        "latest e-mail, or ask for a new code.",
        fields={"code": NO_MATCH},
    )


def turn_off(portal: Portal, actor: Actor, password: str) -> None:
    """Turn it off, against the password. Raises as `own_account.check_password`."""
    own_account.check_password(portal, actor, password)
    with portal.db.write() as session:
        session.execute(sa.delete(EmailStep).where(EmailStep.user_id == actor.user_id))
        notices.tell_owner(portal, session, "second_factor_off", actor.user_id)
        audit.record(portal, session, actor, "user:email_step_off", actor.user_id)


def _count(portal: Portal, what: str, user_id: str) -> None:
    throttling.count_tries(
        portal,
        {throttling.throttle_key(what, user_id): CODES},
        lambda wait: TooMany(
            f"Terlalu banyak kode. Tunggu {wait} detik, lalu coba lagi.",
            f"Too many codes. Wait {wait} seconds, then try again.",
            retry_after=wait,
        ),
        window=WINDOW,
    )
