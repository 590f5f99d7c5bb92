"""The people of one company, as who is in charge of them (penanggung jawab) manages them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.account_models import MembershipOffer
from hr_portal.adapters.database.models import Membership, User
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit, memberships, notices, own_account
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of a company's people."""

    user_id: str
    name: str
    email: str
    is_lead: bool
    is_active: bool
    is_invited: bool


def colleagues(portal: Portal, by: Actor, company_id: str) -> list[Colleague]:
    """Return a company's people by name. Raises NotFound where it isn't the actor's to manage."""
    _require_theirs(by, company_id)
    with portal.db.read() as session:
        found = session.execute(
            sa.select(Membership, User)
            .join(User, Membership.user_id == User.id)
            .where(Membership.company_id == company_id)
            .order_by(User.name, User.id)
        )
        people = [
            Colleague(
                user.id,
                user.name,
                user.email,
                held.is_lead,
                user.is_active,
                user.invited_at is not None,
            )
            for held, user in found
        ]
        people += [
            Colleague(one.id, one.name, email, one.is_lead, is_active=True, is_invited=True)
            for one, email in memberships.offers_of(portal, session, company_id)
        ]
        return sorted(people, key=lambda one: (one.name, one.user_id))


def take_out(portal: Portal, by: Actor, company_id: str, user_id: str) -> None:
    """Take a person out of the company at once; other companies of theirs stay.

    Raises:
        NotFound: not of this company. Invalid: they are the last one in charge.

    """
    with portal.db.write() as session:
        held = _held(session, by, company_id, user_id)
        if isinstance(held, MembershipOffer):
            session.delete(held)
            audit.record(
                portal, session, by, "user:offer_withdrawn", held.id, company_id=company_id
            )
            return
        _keep_a_lead(session, held)
        session.delete(held)
        own_account.end_all(session, user_id)
        notices.tell_owner(portal, session, "role_taken", user_id)
        audit.record(
            portal, session, by, "user:role_taken", user_id, company_id=company_id, role="hrd"
        )


def set_lead(portal: Portal, by: Actor, company_id: str, user_id: str, *, is_lead: bool) -> None:
    """Put a person in charge of the company's people, or no longer.

    Raises:
        NotFound: not of this company. Invalid: they are the last one in charge.

    """
    with portal.db.write() as session:
        held = _held(session, by, company_id, user_id)
        if not is_lead and isinstance(held, Membership):
            _keep_a_lead(session, held)
        held.is_lead = is_lead
        if isinstance(held, MembershipOffer):
            return  # they are told when they read the offer
        notices.tell_owner(portal, session, "role_given" if is_lead else "role_taken", user_id)
        audit.record(
            portal, session, by, "user:lead_set", user_id, company_id=company_id, is_lead=is_lead
        )


def end_sessions(portal: Portal, by: Actor, company_id: str, user_id: str) -> None:
    """End all sign-ins of one of the company's people. Raises NotFound for anybody else."""
    with portal.db.write() as session:
        if isinstance(_held(session, by, company_id, user_id), MembershipOffer):
            raise NotFound
        own_account.end_all(session, user_id)
        audit.record(portal, session, by, "user:session_ended", user_id, company_id=company_id)


def _require_theirs(by: Actor, company_id: str) -> None:
    if not by.is_admin and company_id not in by.leads:
        raise NotFound


def _held(
    session: Session, by: Actor, company_id: str, user_id: str
) -> Membership | MembershipOffer:
    """Find what a person is in the company, or is asked to be, for a change to it.

    Changes to the people of one company wait for one another at its row, whatever they are about;
    so neither of two leads who act against each other holds what the other one needs, and who has
    just lost the charge changes nothing more.
    """
    _require_theirs(by, company_id)
    memberships.wait_for_turn(session, company_id)
    if not by.is_admin:
        charge = sa.select(Membership.id).where(
            Membership.company_id == company_id,
            Membership.user_id == by.user_id,
            Membership.is_lead,
        )
        if session.scalar(charge) is None:
            raise NotFound
    held = session.scalar(
        sa.select(Membership).where(
            Membership.company_id == company_id, Membership.user_id == user_id
        )
    ) or session.scalar(
        sa.select(MembershipOffer).where(
            MembershipOffer.company_id == company_id, MembershipOffer.id == user_id
        )
    )
    if held is None:
        raise NotFound
    return held


def _keep_a_lead(session: Session, held: Membership) -> None:
    """Refuse to leave a company without anybody in charge who can sign in."""
    leads = session.scalars(
        sa.select(Membership.id)
        .join(User, Membership.user_id == User.id)
        .where(
            Membership.company_id == held.company_id,
            Membership.is_lead,
            Membership.id != held.id,
            User.is_active,
            User.invited_at.is_(None),
        )
    )
    if held.is_lead and leads.first() is None:
        raise Invalid(
            "Perusahaan harus punya sedikitnya satu penanggung jawab yang sudah bergabung. Tunjuk yang "
            "lain dahulu.",
            "A company needs at least one person in charge who has joined. Appoint another first.",
        )
