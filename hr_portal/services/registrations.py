"""Companies that ask to be let in by their NPP, and an admin who confirms or refuses.

Nothing is made before an admin has compared the NPP with the agency's register: neither company nor
account. Whoever asked becomes the one in charge of the company's people, and joins by a link.
"""

import re
import secrets
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.account_models import Registration
from hr_portal.adapters.database.models import Company
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.told import REQUIRED, Told
from hr_portal.services import accounts, audit, joining, places, throttling
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound, TooMany

LONGEST: Final = 200
MOST_WAITING: Final = 500
"""Registrations that may wait at once; more are no companies."""


def register(
    portal: Portal, *, npp: str, division: str, company: str, name: str, email: str, address: str
) -> None:
    """Keep a company's wish to join, for an admin to decide; one that waits already is kept once.

    The answer is the same whether or not the NPP or the e-mail is known.

    Raises:
        Invalid: a field can't be taken. TooMany: too many from this address within a minute.

    """
    values = {
        "npp": re.sub(r"[\s.-]", "", npp),
        "division": (division.strip() or "0").zfill(3),
        "company_name": company.strip(),
        "name": name.strip(),
    }
    problems = {
        key: Told(
            f"Wajib diisi, paling panjang {LONGEST} karakter",
            f"Required, {LONGEST} characters at most",
        )
        for key in ("company_name", "name")
        if not 0 < len(values[key]) <= LONGEST
    }
    if not re.fullmatch("[0-9]{8}", values["npp"]):
        problems["npp"] = places.NPP_SHAPE
    if not re.fullmatch("[0-9]{3}", values["division"]):
        problems["division"] = places.DIVISION_SHAPE
    try:
        values["email"] = accounts.clean_email(email)
    except Invalid as error:
        problems["email"] = Told(error.message, error.message_en)
    if problems:
        raise Invalid(
            "Pendaftaran belum lengkap; lihat isian yang ditandai.",
            "The registration is incomplete; see the marked fields.",
            fields=problems,
        )
    throttling.count_tries(
        portal, {throttling.throttle_key("register", address): throttling.TRIES}, _too_many
    )
    with portal.db.write() as session:
        waiting = sa.select(Registration).where(Registration.state == "waiting")
        same = [getattr(Registration, key) == values[key] for key in ("npp", "division", "email")]
        if session.scalar(waiting.where(*same)) is not None:
            return
        if len(session.scalars(waiting.limit(MOST_WAITING)).all()) >= MOST_WAITING:
            raise _too_many(3600)
        asked = Registration(**values, asked_at=portal.clock())
        session.add(asked)
        session.flush()
        audit.record(portal, session, None, "registration:asked", asked.id)


def waiting(portal: Portal, by: Actor) -> list[tuple[Registration, bool]]:
    """Return what waits, oldest first, each with whether its NPP and division exist already."""
    _require_admin(by)
    with portal.db.read() as session:
        is_known = sa.exists().where(
            Company.npp == Registration.npp, Company.division == Registration.division
        )
        rows = session.execute(
            sa.select(Registration, is_known)
            .where(Registration.state == "waiting")
            .order_by(Registration.asked_at)
        )
        return [(asked, bool(known)) for asked, known in rows]


def accept(portal: Portal, by: Actor, registration_id: str) -> joining.Invited:
    """Make the company and invite who asked as the one in charge of its people.

    Raises:
        Forbidden: no admin. NotFound. Conflict: decided before, or the company exists.

    """
    _require_admin(by)
    unknown = accounts.hash_password(secrets.token_urlsafe(32))
    with portal.db.write() as session:
        asked = _decide(portal, session, by, registration_id, "accepted")
        company_id = places.add_company(
            portal, session, name=asked.company_name, npp=asked.npp, division=asked.division, by=by
        )
        return joining.invite_within(
            portal, session, by, email=asked.email, name=asked.name, role="hrd",
            company_id=company_id, is_lead=True, unknown=unknown,
        )  # fmt: skip


def refuse(portal: Portal, by: Actor, registration_id: str, *, reason: str) -> None:
    """Turn a registration down, with a reason that the audit keeps.

    Raises:
        Forbidden: no admin. NotFound. Invalid: no reason. Conflict: decided before.

    """
    _require_admin(by)
    if not reason.strip():
        raise Invalid("Tulis alasannya.", "Write the reason.", fields={"reason": REQUIRED})
    with portal.db.write() as session:
        _decide(portal, session, by, registration_id, "refused", reason=reason.strip())


def _decide(
    portal: Portal, session: Session, by: Actor, registration_id: str, state: str, **more: str
) -> Registration:
    asked = session.get(Registration, registration_id)
    if asked is None:
        raise NotFound
    decided = session.scalar(
        sa.update(Registration)
        .where(Registration.id == registration_id, Registration.state == "waiting")
        .values(state=state, decided_by=by.user_id, decided_at=portal.clock())
        .returning(Registration.id)
    )
    if decided is None:
        raise _decided()
    audit.record(portal, session, by, f"registration:{state}", registration_id, **more)
    return asked


def _require_admin(by: Actor) -> None:
    if not may(by, "installation.manage"):
        raise Forbidden("Hanya admin yang dapat memutuskan ini.", "Only an admin may decide this.")


def _decided() -> Conflict:
    return Conflict("Pendaftaran ini sudah diputuskan.", "This registration was decided before.")


def _too_many(wait: int) -> TooMany:
    return TooMany(
        f"Terlalu banyak pendaftaran. Tunggu {wait} detik, lalu coba lagi.",
        f"Too many registrations. Wait {wait} seconds, then try again.",
        retry_after=wait,
    )
