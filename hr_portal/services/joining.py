"""Joining and coming back by a link in an e-mail: invitation, activation, a forgotten password.

A link leads around nothing: the second factor stays, and no answer tells whether an address has an
account (security.md A9).
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.account_models import AccountLink
from hr_portal.adapters.database.models import Membership, OutboxEntry, User
from hr_portal.domain.permissions import Actor, Place, may
from hr_portal.domain.told import Told
from hr_portal.services import (
    account_links,
    accounts,
    audit,
    memberships,
    notices,
    own_account,
    passwords,
    sessions,
    terms,
    throttling,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden, Gone, Invalid, NotFound, TooMany

OFFERS: Final = "/perusahaan-saya"
"""Where a person answers what companies offer them."""
REST: Final = dt.timedelta(minutes=5)
"""So long no second e-mail for a forgotten password goes to one person."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of an invitation."""

    user_id: str
    is_new: bool
    """They are asked to join, or to consent; otherwise only the role was added."""
    link: str
    """The link itself, where e-mails go to the console; shown this once. Else empty.

    Never that of somebody who belongs to another company too: it opens their whole account.
    """


@dataclass(frozen=True, slots=True)
class LinkView:
    """Whose password a link makes, and what is asked of it."""

    email: str
    purpose: str
    least: int


def invite(
    portal: Portal,
    by: Actor,
    *,
    email: str,
    name: str,
    role: str,
    company_id: str | None = None,
    branch_id: str | None = None,
    is_lead: bool = False,
) -> Invited:
    """Ask a person to join with a role, by an e-mail with a link.

    An admin invites anybody, and gives the role to a known person at once. Who is in charge of a
    company invites HRD of that company; somebody who has an account is asked for their consent
    first (`memberships.offer`), and the answer tells nothing of that.

    Raises:
        Forbidden: neither of these. Invalid, NotFound, Conflict: as `accounts.give_role`.

    """
    require_charge(by, company_id if role == "hrd" else None)
    unknown = accounts.hash_password(secrets.token_urlsafe(32))
    with portal.db.write() as session:
        return invite_within(
            portal, session, by, email=email, name=name, role=role, company_id=company_id,
            branch_id=branch_id, is_lead=is_lead and role == "hrd", unknown=unknown,
        )  # fmt: skip


def invite_within(
    portal: Portal,
    session: Session,
    by: Actor,
    *,
    email: str,
    name: str,
    role: str,
    company_id: str | None = None,
    branch_id: str | None = None,
    is_lead: bool = False,
    unknown: str,
) -> Invited:
    """As `invite`, in the transaction; `unknown` is the hash of a password that nobody knows."""
    address = accounts.clean_email(email)
    user = session.scalar(sa.select(User).where(User.email == address))
    if user is None:
        user = accounts.add_person(portal, session, address, name, unknown)
        user.invited_at = portal.clock()
    elif not by.is_admin and company_id and not _is_of(session, user.id, company_id):
        memberships.offer(portal, session, by, user, company_id, name, is_lead=is_lead)
        shown = "" if portal.settings.mail_url else f"{portal.settings.base_url}{OFFERS}"
        return Invited(user.id, is_new=True, link=shown)
    accounts.give_role(
        portal, session, user, role, by,
        company_id=company_id, branch_id=branch_id, is_lead=is_lead,
    )  # fmt: skip
    if user.invited_at is None:
        notices.tell_owner(portal, session, "role_given", user.id)
        return Invited(user.id, is_new=False, link="")
    return Invited(user.id, is_new=True, link=_send(portal, session, by, user))


def invite_again(portal: Portal, by: Actor, user_id: str, company_id: str | None = None) -> Invited:
    """Send another link to somebody who hasn't joined yet.

    Raises:
        Forbidden: as `invite`. NotFound: not invited, or not of that company.

    """
    require_charge(by, company_id)
    with portal.db.write() as session:
        if company_id and memberships.remind(portal, session, by, company_id, user_id):
            shown = "" if portal.settings.mail_url else f"{portal.settings.base_url}{OFFERS}"
            return Invited(user_id, is_new=True, link=shown)
        user = session.get(User, user_id)
        if user is None or user.invited_at is None or not _is_of(session, user_id, company_id):
            raise NotFound
        return Invited(user_id, is_new=True, link=_send(portal, session, by, user))


def ask_for_reset(portal: Portal, email: str, *, address: str) -> None:
    """Send a link for a new password where there is such an account; says nothing about it.

    Raises:
        TooMany: too many from this address, or for this account, within a minute.

    """
    wanted = email.strip().lower()
    throttling.count_tries(
        portal,
        {
            throttling.throttle_key("reset", wanted): throttling.TRIES,
            throttling.throttle_key("reset-address", address): throttling.TRIES * 4,
        },
        _too_many,
    )
    now = portal.clock()
    with portal.db.write() as session:
        user = session.scalar(sa.select(User).where(User.email == wanted, User.is_active))
        audit.record(portal, session, None, "user:reset_wanted", user.id if user else "-")
        if user is None:
            return
        kind = "reset_wanted" if user.invited_at is None else "invited"
        lately = sa.select(OutboxEntry.id).where(
            OutboxEntry.user_id == user.id,
            OutboxEntry.kind == kind,
            OutboxEntry.created_at > now - REST,
        )
        if session.scalar(lately.limit(1)) is None:
            notices.tell_owner(portal, session, kind, user.id)


def read_link(portal: Portal, token: str) -> LinkView:
    """Say what a link is for. Raises NotFound for an unknown one, Gone for one that is over."""
    with portal.db.read() as session:
        link, user = _find(portal, session, token)
        return LinkView(user.email, link.purpose, passwords.owner(session, user).least)


def use_link(portal: Portal, token: str, password: str, *, agreed: bool = False) -> None:
    """Make the password of the link's owner; ends all sign-ins, keeps the second factor.

    Who joins accepts the terms with it (`agreed`); a forgotten password asks nothing of them.

    Raises:
        NotFound, Gone: as `read_link`. Invalid: the password can't be taken, or who joins doesn't
            agree; the link stays good.

    """
    with portal.db.read() as session:
        link, user = _find(portal, session, token)
        of, user_id, purpose = passwords.owner(session, user), user.id, link.purpose
    passwords.check(portal, password, of)
    if purpose == "join" and not agreed:
        raise Invalid(
            "Baca ketentuan penanganan data, lalu centang persetujuan Anda.",
            "Read the terms of data handling, then tick that you accept them.",
            fields={"agreed": Told("Wajib dicentang", "Must be ticked")},
        )
    made = accounts.new_password_values(password)
    now = portal.clock()
    with portal.db.write() as session:
        # Two who send one link at once: the row itself says which was first.
        spent = session.scalar(
            sa.update(AccountLink)
            .where(
                AccountLink.token_hash == sessions.session_key(token),
                AccountLink.used_at.is_(None),
                AccountLink.expires_at > now,
            )
            .values(used_at=now)
            .returning(AccountLink.user_id)
        )
        if spent is None:
            raise Gone
        account_links.spend_all(portal, session, user_id)
        session.execute(sa.update(User).where(User.id == user_id).values(made))
        own_account.end_all(session, user_id)
        throttling.forget_tries(session, of.email, user_id)
        if purpose == "join":
            terms.keep(portal, session, user_id, by=None)
        else:
            notices.tell_owner(portal, session, "password_changed", user_id)
        done = "user:joined" if purpose == "join" else "user:password_changed"
        audit.record(portal, session, None, done, user_id, by_link=True)


def require_charge(by: Actor, company_id: str | None) -> None:
    """Let an admin pass, and who is in charge of this company's people."""
    if by.is_admin or (company_id and may(by, "company.people", Place(company_id))):
        return
    raise Forbidden(
        "Hanya admin atau penanggung jawab perusahaan yang dapat mengatur pengguna.",
        "Only an admin or who is in charge of the company may manage its people.",
    )


def _send(portal: Portal, session: Session, by: Actor, user: User) -> str:
    notices.tell_owner(portal, session, "invited", user.id)
    audit.record(portal, session, by, "user:invited", user.id)
    if portal.settings.mail_url or not (by.is_admin or _is_only_of(session, user.id, by.leads)):
        return ""
    return account_links.draw(portal, session, user.id, "join")


def _find(portal: Portal, session: Session, token: str) -> tuple[AccountLink, User]:
    link = session.get(AccountLink, sessions.session_key(token))
    user = session.get(User, link.user_id) if link else None
    if link is None or user is None:
        raise NotFound
    if link.used_at is not None or link.expires_at <= portal.clock() or not user.is_active:
        raise Gone
    return link, user


def _is_only_of(session: Session, user_id: str, companies: frozenset[str]) -> bool:
    held = session.scalars(sa.select(Membership.company_id).where(Membership.user_id == user_id))
    return all(one in companies for one in held)


def _is_of(session: Session, user_id: str, company_id: str | None) -> bool:
    if company_id is None:
        return True
    held = sa.select(Membership.id).where(
        Membership.user_id == user_id, Membership.company_id == company_id
    )
    return session.scalar(held.limit(1)) is not None


def _too_many(wait: int) -> TooMany:
    return TooMany(
        f"Terlalu banyak permintaan. Tunggu {wait} detik, lalu coba lagi.",
        f"Too many requests. Wait {wait} seconds, then try again.",
        retry_after=wait,
    )
