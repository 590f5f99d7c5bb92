"""The second factor: codes of an authenticator (TOTP, RFC 6238), and codes for when it is lost.

Reviewers and admins must have one, but for the demo; HRD may. A code is good once, and one step
before and after its time (security.md A6 to A8).
"""

import secrets
import string

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.account_models import EmailStep, RecoveryCode, SecondFactor
from hr_portal.adapters.database.models import User
from hr_portal.domain.permissions import Actor
from hr_portal.domain.told import NO_MATCH
from hr_portal.services import accounts, audit, notices, own_account, throttling
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound, TooMany

ISSUER = "Portal Koreksi Data"
CODES = 10
CODE_SIGNS = 10
_ALPHABET = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("0o1il")))
STEP_SECONDS = 30
DIGITS = 6
WINDOW = 1


def new_secret() -> str:
    """Return a fresh secret of 160 bits in base32, not kept anywhere yet."""
    return pyotp.random_base32()


def address_of(actor: Actor, secret: str) -> str:
    """Return the address that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=actor.email, issuer_name=ISSUER)


def is_required(portal: Portal, actor: Actor) -> bool:
    """Say whether this person may not work without one: reviewers and admins, but in the demo."""
    return accounts.needs_second_factor(
        portal, is_admin=actor.is_admin, reviews=bool(actor.branches)
    )


def is_set_up(portal: Portal, user_id: str) -> bool:
    """Say whether a person has one."""
    with portal.db.read() as session:
        return session.get(SecondFactor, user_id) is not None


def codes_left(portal: Portal, user_id: str) -> int:
    """Return how many recovery codes are still good."""
    with portal.db.read() as session:
        unused = sa.select(sa.func.count(RecoveryCode.id)).where(
            RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
        )
        return session.scalar(unused) or 0


def set_up(
    portal: Portal, actor: Actor, secret: str, code: str, *, session_id: str | None = None
) -> list[str]:
    """Keep `secret` as the actor's second factor, shown to work by a code; return recovery codes.

    The codes are shown this once; only their HMAC is kept. All sessions of the person end but
    that of `session_id`.

    Raises:
        Conflict: there is one already. Invalid: the code isn't of this secret and this minute.

    """
    _count_try(portal, actor.user_id)
    step = _step_of(portal, secret, code)
    if step is None:
        raise Invalid(
            "Kode tidak cocok. Ketik enam angka yang sekarang tampil di aplikasi untuk portal ini. Bila "
            "tetap ditolak, samakan jam ponsel Anda dengan waktu jaringan, atau pindai ulang.",
            "The code doesn't match. Type the six digits that the app shows now for this portal. If it "
            "is still refused, set your phone's clock by the network, or scan again.",
            fields={"code": NO_MATCH},
        )
    codes = [_draw() for _ in range(CODES)]
    with portal.db.write() as session:
        if session.get(SecondFactor, actor.user_id) is not None:
            raise Conflict(
                "Verifikasi dua langkah sudah aktif untuk akun Anda.",
                "Two-step verification is already on for your account.",
            )
        session.add(
            SecondFactor(
                user_id=actor.user_id,
                secret=portal.vault.general.seal(f"totp|{actor.user_id}", secret.encode()),
                last_step=step,
                created_at=portal.clock(),
            )
        )
        session.execute(sa.delete(EmailStep).where(EmailStep.user_id == actor.user_id))
        _keep_codes(portal, session, actor.user_id, codes)
        throttling.forget_code_tries(session, actor.user_id)
        own_account.end_all(session, actor.user_id, but=session_id)
        notices.tell_owner(portal, session, "second_factor_on", actor.user_id)
        audit.record(portal, session, actor, "user:second_factor_on", actor.user_id)
    return codes


def new_codes(portal: Portal, actor: Actor) -> list[str]:
    """Draw new recovery codes in place of all older ones, and return them, this once.

    Raises NotFound for somebody without a second factor.
    """
    codes = [_draw() for _ in range(CODES)]
    with portal.db.write() as session:
        if session.get(SecondFactor, actor.user_id) is None:
            raise NotFound
        _keep_codes(portal, session, actor.user_id, codes)
        notices.tell_owner(portal, session, "recovery_codes_drawn", actor.user_id)
        audit.record(portal, session, actor, "user:recovery_codes_drawn", actor.user_id)
    return codes


def _keep_codes(portal: Portal, session: Session, user_id: str, codes: list[str]) -> None:
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(
        RecoveryCode(user_id=user_id, code=_kept(portal, user_id, code)) for code in codes
    )


def verify(portal: Portal, user_id: str, code: str) -> None:
    """Take a code of the authenticator, or a recovery code; each is good once.

    Whoever has too many tried at their account is told.

    Raises:
        TooMany: five tries within a minute. Invalid: wrong, spent, or too old.

    """
    try:
        _count_try(portal, user_id)
    except TooMany:
        notices.warn_of_tries(portal, user_id)
        raise
    typed = code.replace(" ", "").replace("-", "").strip().lower()
    now = portal.clock()
    with portal.db.read() as session:
        held = session.get(SecondFactor, user_id)
    if held is None:
        raise NotFound
    step = None
    if typed.isdigit():
        secret = portal.vault.general.open(f"totp|{user_id}", held.secret).decode()
        step = _step_of(portal, secret, typed)
    with portal.db.write() as session:
        if step is not None:
            # Two requests with one code: the row itself says which was first.
            spent = (
                sa.update(SecondFactor)
                .where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
                .values(last_step=step)
                .returning(SecondFactor.user_id)
            )
        else:
            spent = (
                sa.update(RecoveryCode)
                .where(
                    RecoveryCode.user_id == user_id,
                    RecoveryCode.code.in_(
                        [key.index(f"recovery|{user_id}", typed) for key in portal.vault.generals]
                    ),
                    RecoveryCode.used_at.is_(None),
                )
                .values(used_at=now)
                .returning(RecoveryCode.user_id)
            )
        if session.scalar(spent) is not None:
            throttling.forget_code_tries(session, user_id)
            audit.record(portal, session, None, "user:code_accepted", user_id)
            if step is None:
                notices.tell_owner(portal, session, "recovery_code_used", user_id)
                audit.record(portal, session, None, "user:recovery_code_used", user_id)
            return
        audit.record(portal, session, None, "user:code_refused", user_id)
    raise _wrong_code()


def prove(portal: Portal, actor: Actor, proof: str) -> None:
    """Take the actor's password, or a code of their second factor, as a sign that it is them.

    Raises:
        TooMany: too many tries within a minute. Invalid: neither.

    """
    typed = proof.replace(" ", "")
    if len(typed) == DIGITS and typed.isdigit() and is_set_up(portal, actor.user_id):
        verify(portal, actor.user_id, typed)
        return
    own_account.check_password(portal, actor, proof)


def remove(portal: Portal, actor: Actor, password: str) -> None:
    """Take the second factor off, against the password.

    Raises:
        Forbidden: this role may not be without. Invalid, TooMany: as `own_account.check_password`.

    """
    if is_required(portal, actor):
        raise Forbidden(
            "Pemeriksa dan admin wajib memakai verifikasi dua langkah.",
            "Reviewers and admins must use two-step verification.",
        )
    own_account.check_password(portal, actor, password)
    with portal.db.write() as session:
        _forget(portal, session, actor.user_id)
        audit.record(portal, session, actor, "user:second_factor_off", actor.user_id)


def reset(portal: Portal, by: Actor, user_id: str, *, reason: str) -> None:
    """Take a person's second factor off, who has lost it and their codes; ends all their sessions.

    Raises:
        Forbidden: `by` is no admin. NotFound. Invalid: no reason, or one's own account.

    """
    own_account.require_reason(by, user_id, reason)
    with portal.db.write() as session:
        if session.get(User, user_id) is None:
            raise NotFound
        _forget(portal, session, user_id)
        own_account.end_all(session, user_id)
        audit.record(
            portal, session, by, "user:second_factor_reset", user_id, reason=reason.strip()
        )


def _forget(portal: Portal, session: Session, user_id: str) -> None:
    session.execute(sa.delete(SecondFactor).where(SecondFactor.user_id == user_id))
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(sa.delete(EmailStep).where(EmailStep.user_id == user_id))
    notices.tell_owner(portal, session, "second_factor_off", user_id)


def _step_of(portal: Portal, secret: str, code: str) -> int | None:
    """Return the step whose code this is, of those that are good now."""
    totp, typed = pyotp.TOTP(secret, interval=STEP_SECONDS), code.replace(" ", "").strip()
    now = int(portal.clock().timestamp()) // STEP_SECONDS
    for step in range(now - WINDOW, now + WINDOW + 1):
        if secrets.compare_digest(totp.at(step * STEP_SECONDS).encode(), typed.encode()):
            return step
    return None


def _draw() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_SIGNS))


def _kept(portal: Portal, user_id: str, code: str) -> bytes:
    return portal.vault.general.index(f"recovery|{user_id}", code)


def _count_try(portal: Portal, user_id: str) -> None:
    throttling.count_tries(
        portal,
        {throttling.throttle_key("code", user_id): throttling.TRIES},
        lambda wait: TooMany(
            f"Terlalu banyak percobaan kode. Tunggu {wait} detik, lalu coba lagi.",
            f"Too many code attempts. Wait {wait} seconds, then try again.",
            retry_after=wait,
        ),
    )


def _wrong_code() -> Invalid:
    return Invalid(
        "Kode tidak cocok atau sudah terpakai. Ketik enam angka yang sekarang tampil di aplikasi "
        "autentikator, atau salah satu kode pemulihan yang belum dipakai. Bila tetap ditolak, "
        "samakan jam ponsel Anda dengan waktu jaringan.",
        "The code doesn't match or has been used. Type the six digits your authenticator shows now, "
        "or a recovery code you haven't used. If it is still refused, set your phone's clock by the "
        "network.",
        fields={"code": NO_MATCH},
    )
