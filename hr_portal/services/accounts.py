"""People: signing in, tokens, and who may be what where."""

import datetime as dt
import secrets
import threading
from typing import Any, Final, Literal, cast

import argon2
import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session, selectinload

from hr_portal.adapters.database.account_models import Acceptance, MembershipOffer, SecondFactor
from hr_portal.adapters.database.models import (
    Branch,
    Company,
    Membership,
    SignIn,
    Token,
    User,
    new_id,
)
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.terms import CURRENT
from hr_portal.domain.told import NO_MATCH, REQUIRED, Told
from hr_portal.services import audit, devices, passwords, throttling
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.hashing import hash_of

PASSWORD_BYTES = 24  # 32 signs
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_hashing = threading.BoundedSemaphore(2)
"""Each hash takes 19 MiB; more at once than cores gains nothing."""
_DUMMY = _hasher.hash("nobody has this password")


# --- signing in ------------------------------------------------------------------------------


def sign_in(
    portal: Portal,
    email: str,
    password: str,
    *,
    address: str,
    device: str = "",
    request_id: str | None = None,
) -> Actor:
    """Check a password and return the actor; wrong and unknown answer alike.

    `device` is what the browser keeps of an earlier sign-in (services/devices.py): who is known by
    it has tries of their own, whatever strangers try on the account.

    Raises:
        TooMany: five wrong tries within a minute on this account or from this address.
        Invalid: the e-mail or the password is wrong, or the account is switched off.

    """
    known = devices.known(portal, email, device)
    throttling.count_sign_in_tries(portal, email, address, device=known)
    with portal.db.read() as session:
        user = session.scalar(sa.select(User).where(User.email == email.strip().lower()))
    if not is_password_of(user, password) or user is None or not user.is_active:
        with portal.db.write() as session:
            audit.record(portal, session, None, "user:sign_in_refused", user.id if user else "-")
        raise Invalid(
            "Surel atau kata sandi tidak cocok. Periksa huruf besar dan kecilnya, lalu coba lagi.",
            "E-mail or password doesn't match. Check capital letters, then try again.",
            code="sign_in_refused",
        )
    with portal.db.write() as session:
        throttling.forget_tries(session, email, address, device=known)
        if _hasher.check_needs_rehash(user.password_hash):
            session.execute(
                sa.update(User)
                .where(User.id == user.id)
                .values(password_hash=hash_password(password))
            )
        actor = _actor(portal, session, user.id, request_id)
        audit.record(portal, session, actor, "user:signed_in", user.id)
    if actor is None:
        raise NotFound
    return actor


def _verify(hashed: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(hashed, password)
        except argon2.exceptions.VerificationError:
            return False


def hash_password(password: str) -> str:
    """Hash a password with Argon2id (19 MiB, t=2, p=1)."""
    with _hashing:
        return _hasher.hash(password)


def is_password_of(user: User | None, password: str) -> bool:
    """Compare a password; takes the same time where there is nobody."""
    return _verify(user.password_hash if user else _DUMMY, password[: passwords.MAX_PASSWORD])


def load_actor(portal: Portal, user_id: str, *, request_id: str | None = None) -> Actor | None:
    """Return who a user is now; None where the account is gone or switched off."""
    with portal.db.read() as session:
        return _actor(portal, session, user_id, request_id)


def load_actor_at(
    portal: Portal, user_id: str, company_id: str | None, *, request_id: str | None = None
) -> Actor | None:
    """As `load_actor`, acting for one company: that one, or else the one they chose last."""
    with portal.db.read() as session:
        actor = _actor(portal, session, user_id, request_id)
        if actor is None or len(actor.companies) < 2:  # noqa: PLR2004 - nothing to choose from
            return actor
        if company_id is None or company_id not in actor.companies:
            held = session.scalars(
                sa.select(Membership).where(
                    Membership.user_id == user_id, Membership.company_id.in_(actor.companies)
                )
            )
            long_ago = dt.datetime.min.replace(tzinfo=dt.UTC)
            last = max(held, key=lambda one: (one.chosen_at or long_ago, -one.id))
            company_id = str(last.company_id)
        return actor.at(company_id)


def _person(*, by_token: bool) -> sa.Select[Any]:
    """Return the statement for all that makes a person who they are, a row for each membership.

    `person` is their id, or the hash of a token of theirs. Made once, as every request asks it.
    """
    users, held, accepted, factors, tokens = (
        cast("sa.Table", one.__table__)
        for one in (User, Membership, Acceptance, SecondFactor, Token)
    )
    person: sa.ColumnElement[str] = sa.bindparam("person", type_=users.c.id.type)
    if by_token:
        person = (
            sa.select(tokens.c.user_id)
            .where(tokens.c.token_hash == person, tokens.c.revoked_at.is_(None))
            .scalar_subquery()
        )
    is_current = sa.and_(
        accepted.c.user_id == users.c.id,
        accepted.c.edition == sa.bindparam("edition", type_=accepted.c.edition.type),
    )
    return (
        sa.select(
            users.c.id, users.c.name, users.c.email, users.c.is_active, users.c.must_change,
            users.c.has_short_password, held.c.role, held.c.company_id, held.c.branch_id,
            held.c.is_lead, accepted.c.user_id.label("accepted_by"),
            factors.c.user_id.label("factor_of"),
        )
        .select_from(users)
        .outerjoin(held, held.c.user_id == users.c.id)
        .outerjoin(accepted, is_current)
        .outerjoin(factors, factors.c.user_id == users.c.id)
        .where(users.c.id == person)
    )  # fmt: skip


_PERSON: Final = _person(by_token=False)
_OWNER: Final = _person(by_token=True)


def _actor(
    portal: Portal,
    session: Session,
    person: str,
    request_id: str | None,
    asking: sa.Select[Any] = _PERSON,
) -> Actor | None:
    asked = {"person": person, "edition": CURRENT.number}
    held = session.connection().execute(asking, asked).all()  # no objects: half of the work
    if not held or not held[0].is_active:
        return None
    return Actor(
        user_id=held[0].id,
        name=held[0].name,
        email=held[0].email,
        companies=frozenset(m.company_id for m in held if m.role == "hrd" and m.company_id),
        leads=frozenset(m.company_id for m in held if m.is_lead and m.company_id),
        branches=frozenset(m.branch_id for m in held if m.role == "reviewer" and m.branch_id),
        is_admin=any(m.role == "admin" for m in held),
        request_id=request_id,
        lacks=_lacks(portal, held[0], {m.role for m in held}),
    )


def needs_second_factor(portal: Portal, *, is_admin: bool, reviews: bool) -> bool:
    """Say whether a role may not work without a second factor; in the demo none has to."""
    return not portal.settings.demo and (is_admin or reviews)


def _lacks(
    portal: Portal, person: sa.Row[Any], roles: set[str | None]
) -> Literal["", "terms", "password", "longer_password", "second_factor"]:
    if person.accepted_by is None:
        return "terms"
    if person.must_change:
        return "password"
    wanted = needs_second_factor(portal, is_admin="admin" in roles, reviews="reviewer" in roles)
    if not (wanted or person.has_short_password) or person.factor_of is not None:
        return ""
    return "second_factor" if wanted else "longer_password"


def new_password_values(password: str) -> dict[str, Any]:
    """Return the columns of a person who has made themselves a new password."""
    return {
        "password_hash": hash_password(password),
        "has_short_password": len(password) < passwords.MIN_ALONE,
        "must_change": False,
        "invited_at": None,
    }


# --- tokens ------------------------------------------------------------------------------------


def create_token(portal: Portal, email: str, *, label: str = "") -> str:
    """Make a bearer token for a user and return it; only its hash is kept. Its owner is told."""
    from hr_portal.services import notices  # which draw links, and so know this module

    token = "pkd_" + secrets.token_urlsafe(32)
    with portal.db.write() as session:
        user = session.scalar(
            sa.select(User).where(User.email == email.strip().lower(), User.is_active)
        )
        if user is None:
            raise Invalid(
                f"Tidak ada akun aktif dengan surel {email}. Lihat daftarnya dengan: hr-portal users list",
                f"There is no active account with the e-mail {email}. See: hr-portal users list",
                fields={"user": "unknown"},
            )
        session.add(
            Token(
                token_hash=hash_of(token), user_id=user.id, label=label, created_at=portal.clock()
            )
        )
        notices.tell_owner(portal, session, "token_made", user.id)
        audit.record(portal, session, None, "token:created", user.id)
    return token


def actor_of_token(portal: Portal, token: str, *, request_id: str | None = None) -> Actor | None:
    """Return who a bearer token stands for; None if unknown or revoked."""
    with portal.db.read() as session:
        return _actor(portal, session, hash_of(token), request_id, _OWNER)


# --- people and places ---------------------------------------------------------------------------


def draw_password(portal: Portal, of: passwords.Owner) -> str:
    """Return a random first password that `create_user` takes for this person.

    Thirty-two random signs may happen to hold a name of four letters; then it is drawn again.
    """
    while True:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        try:
            passwords.check(portal, password, of)
        except Invalid:
            continue
        return password


def create_user(
    portal: Portal,
    *,
    email: str,
    name: str,
    password: str,
    role: str,
    company_id: str | None = None,
    branch_id: str | None = None,
    is_lead: bool = False,
    by: Actor | None = None,
    temporary: bool = False,
) -> str:
    """Add a person with one role at one place and return the user's id.

    An e-mail that is known already gets the further role; name and password stay. A `temporary`
    password has to be changed before anything else.

    Raises:
        Forbidden: `by` is given and is not an admin.
        Invalid: a value can't be taken; `fields` says which.

    """
    _require_admin(by)
    address = clean_email(email)
    _check_role(role, company_id, branch_id)
    with portal.db.write() as session:
        _check_place(session, company_id, branch_id)
        user = session.scalar(sa.select(User).where(User.email == address))
        if user is None:
            company = session.get(Company, company_id) if company_id else None
            names = (company.name,) if company else ()
            passwords.check(portal, password, passwords.Owner(address, name, names))
            user = add_person(portal, session, address, name, hash_password(password))
            user.must_change = temporary
        give_role(
            portal, session, user, role, by,
            company_id=company_id, branch_id=branch_id, is_lead=is_lead,
        )  # fmt: skip
        return user.id


def add_person(
    portal: Portal, session: Session, address: str, name: str, password_hash: str
) -> User:
    """Add a person without any role in the transaction; raises Invalid without a name."""
    if not name.strip():
        raise Invalid("Nama wajib diisi.", "A name is required.", fields={"name": REQUIRED})
    user = User(
        id=new_id(),
        email=address,
        name=name.strip(),
        password_hash=password_hash,
        created_at=portal.clock(),
    )
    session.add(user)
    session.flush()
    return user


def give_role(
    portal: Portal,
    session: Session,
    user: User,
    role: str,
    by: Actor | None,
    *,
    company_id: str | None = None,
    branch_id: str | None = None,
    is_lead: bool = False,
) -> None:
    """Give a person a role at a place in the transaction.

    Raises:
        Invalid: the role doesn't fit the place. NotFound: no such place. Conflict: they have it.

    """
    _check_role(role, company_id, branch_id)
    _check_place(session, company_id, branch_id)
    held = session.scalar(
        sa.select(Membership.id).where(
            Membership.user_id == user.id,
            Membership.role == role,
            Membership.company_id.is_not_distinct_from(company_id),
            Membership.branch_id.is_not_distinct_from(branch_id),
        )
    )
    if held is not None:
        raise Conflict(
            f"{user.email} sudah memiliki peran ini.", f"{user.email} has this role already."
        )
    session.add(
        Membership(
            user_id=user.id, role=role, company_id=company_id, branch_id=branch_id, is_lead=is_lead
        )
    )
    if company_id:  # nothing is left to consent to
        session.execute(
            sa.delete(MembershipOffer).where(
                MembershipOffer.company_id == company_id, MembershipOffer.user_id == user.id
            )
        )
    audit.record(
        portal, session, by, "user:role_given", user.id,
        company_id=company_id, role=role, branch=branch_id, is_lead=is_lead,
    )  # fmt: skip


def _require_admin(by: Actor | None) -> None:
    if by is not None and not may(by, "installation.manage"):
        raise Forbidden("Hanya admin yang dapat mengubah ini.", "Only an admin may change this.")


def clean_email(email: str) -> str:
    """Return an address in the form in which it is kept; raises Invalid where it is none."""
    try:
        # .example and .test are what demo and test data use; nothing is sent here
        return validate_email(
            email.strip(), check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid(
            "Alamat surel tidak lengkap; contoh yang benar: nama@perusahaan.co.id.",
            "The e-mail address is incomplete; for example: name@company.co.id.",
            fields={"email": Told("Bukan alamat surel", "No e-mail address")},
        ) from error


def _check_role(role: str, company_id: str | None, branch_id: str | None) -> None:
    wanted = {"hrd": (True, False), "reviewer": (False, True), "admin": (False, False)}.get(role)
    if wanted != (company_id is not None, branch_id is not None):
        raise Invalid(
            "Peran HRD butuh perusahaan, pemeriksa butuh kantor cabang, admin tanpa keduanya.",
            "HRD needs a company, a reviewer needs a branch, an admin neither.",
            fields={"role": NO_MATCH},
        )


def _check_place(session: Session, company_id: str | None, branch_id: str | None) -> None:
    if (company_id and session.get(Company, company_id) is None) or (
        branch_id and session.get(Branch, branch_id) is None
    ):
        raise NotFound


def list_users(portal: Portal) -> list[dict[str, Any]]:
    """Return all people with their roles, for admins and the command line."""
    with portal.db.read() as session:
        users = session.scalars(
            sa.select(User)
            .options(
                selectinload(User.memberships).selectinload(Membership.company),
                selectinload(User.memberships).selectinload(Membership.branch),
            )
            .order_by(User.name, User.id)
        ).all()
        with_factor = set(session.scalars(sa.select(SecondFactor.user_id)))
        return [
            {
                "id": user.id,
                "email": user.email,
                "name": user.name,
                "is_active": user.is_active,
                "is_invited": user.invited_at is not None,
                "has_second_factor": user.id in with_factor,
                "roles": [
                    {
                        "role": m.role,
                        "place": m.company.name if m.company else m.branch.name if m.branch else "",
                        "company_id": m.company_id,
                        "branch_id": m.branch_id,
                        "is_lead": m.is_lead,
                    }
                    for m in user.memberships
                ],
            }
            for user in users
        ]


def set_user_active(portal: Portal, user_id: str, *, active: bool, by: Actor) -> None:
    """Switch an account on or off; off ends all its sessions at once. Its owner is told."""
    from hr_portal.services import notices  # which draw links, and so know this module

    _require_admin(by)
    if user_id == by.user_id:
        raise Invalid(
            "Anda tidak dapat menonaktifkan akun Anda sendiri.",
            "You can't switch off your own account.",
        )
    with portal.db.write() as session:
        user = session.get(User, user_id)
        if user is None:
            raise NotFound
        was_active, user.is_active = user.is_active, active
        if not active:
            session.execute(sa.delete(SignIn).where(SignIn.user_id == user_id))
        if was_active is not active:
            notices.tell_owner(
                portal, session, "switched_on" if active else "switched_off", user_id
            )
        audit.record(portal, session, by, "user:switched", user_id, active=active)
