"""One person in several companies: which they work for now, and offers that they accept or not.

People work for one company at a time; what they see and do is that company's only. Who is in charge
of a company can offer its work to somebody with an account, and is told nothing about them: it is
for the person, signed in, to accept (decision 96).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database import tenancy
from hr_portal.adapters.database.account_models import MembershipOffer
from hr_portal.adapters.database.models import Batch, Company, Membership, User
from hr_portal.domain.permissions import Actor
from hr_portal.domain.told import REQUIRED
from hr_portal.services import accounts, audit, notices
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound

GOOD_FOR: Final = dt.timedelta(days=14)
"""So long an offer waits for its answer."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """A company a person belongs to."""

    company_id: str
    name: str
    npp: str
    is_lead: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A company that asks a person to work for it, too."""

    id: str
    company: str
    npp: str
    is_lead: bool
    offered_by: str
    offered_at: dt.datetime


@tenancy.under(tenancy.Wide("person"))
def workplaces(portal: Portal, actor: Actor) -> list[Workplace]:
    """Return all companies of the actor's, by name."""
    with portal.db.read() as session:
        found = session.execute(
            sa.select(Company, Membership.is_lead)
            .join(Membership, Membership.company_id == Company.id)
            .where(Membership.user_id == actor.user_id, Membership.role == "hrd")
            .order_by(Company.name, Company.division)
        )
        return [
            Workplace(one.id, one.name, one.npp, lead, one.id in actor.companies)
            for one, lead in found
        ]


def switch(portal: Portal, actor: Actor, company_id: str) -> None:
    """Keep that the actor works for another of their companies from now on.

    Raises NotFound for a company that isn't theirs.
    """
    with portal.db.write() as session:
        chosen = session.scalar(
            sa.update(Membership)
            .where(
                Membership.user_id == actor.user_id,
                Membership.company_id == company_id,
                Membership.role == "hrd",
            )
            .values(chosen_at=portal.clock())
            .returning(Membership.id)
        )
        if chosen is None:
            raise NotFound
        audit.record(
            portal, session, actor, "user:company_chosen", actor.user_id, company_id=company_id
        )


@tenancy.under(tenancy.Wide("person"))
def elsewhere(portal: Portal, actor: Actor, batch_id: str) -> Workplace | None:
    """Return which other company of the actor's a batch belongs to; None where it is of none."""
    if not actor.elsewhere:
        return None
    with portal.db.read() as session:
        company = session.scalar(
            sa.select(Company)
            .join(Batch, Batch.company_id == Company.id)
            .where(Batch.id == batch_id, Company.id.in_(actor.elsewhere))
        )
    if company is None:
        return None
    return Workplace(company.id, company.name, company.npp, is_lead=False, is_current=False)


def wait_for_turn(session: Session, company_id: str) -> None:
    """Hold a company's row: changes to its people wait for one another, whatever they are about."""
    # not FOR UPDATE: what merely refers to the company, such as an upload, need not wait
    session.execute(
        sa.select(Company.id).where(Company.id == company_id).with_for_update(key_share=True)
    )


# --- offers -------------------------------------------------------------------------------------


def offer(
    portal: Portal,
    session: Session,
    by: Actor,
    user: User,
    company_id: str,
    name: str,
    *,
    is_lead: bool,
) -> None:
    """Ask somebody who has an account to work for a company, in the transaction.

    Nothing about them is told: `name` is what the asker calls them.

    Raises:
        Invalid: no name. Conflict: they are asked already.

    """
    if not name.strip():
        raise Invalid("Nama wajib diisi.", "A name is required.", fields={"name": REQUIRED})
    now = portal.clock()
    wait_for_turn(session, company_id)
    held = session.scalar(
        sa.select(MembershipOffer).where(
            MembershipOffer.company_id == company_id, MembershipOffer.user_id == user.id
        )
    )
    if held is not None and held.offered_at > now - GOOD_FOR:
        raise Conflict(
            f"{user.email} sudah memiliki peran ini.", f"{user.email} has this role already."
        )
    if held is not None:
        session.delete(held)
        session.flush()
    made = MembershipOffer(
        company_id=company_id, user_id=user.id, name=name.strip(), is_lead=is_lead,
        offered_by=by.user_id, offered_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    notices.tell_owner(portal, session, "offered", user.id)
    audit.record(portal, session, by, "user:offered", made.id, company_id=company_id)


def remind(portal: Portal, session: Session, by: Actor, company_id: str, offer_id: str) -> bool:
    """Ask again about an offer, in the transaction; False where there is no such offer."""
    asked = session.scalar(
        sa.update(MembershipOffer)
        .where(MembershipOffer.id == offer_id, MembershipOffer.company_id == company_id)
        .values(offered_at=portal.clock())
        .returning(MembershipOffer.user_id)
    )
    if asked is None:
        return False
    notices.tell_owner(portal, session, "offered", asked)
    audit.record(portal, session, by, "user:offered", offer_id, company_id=company_id)
    return True


def offers_of(
    portal: Portal, session: Session, company_id: str
) -> list[tuple[MembershipOffer, str]]:
    """Return what a company has offered and waits for an answer, with the address of each."""
    found = session.execute(
        sa.select(MembershipOffer, User.email)
        .join(User, User.id == MembershipOffer.user_id)
        .where(
            MembershipOffer.company_id == company_id,
            MembershipOffer.offered_at > portal.clock() - GOOD_FOR,
        )
        .order_by(MembershipOffer.name, MembershipOffer.id)
    )
    return [(one, email) for one, email in found]


@tenancy.under(tenancy.Wide("person"))
def waiting(portal: Portal, actor: Actor) -> list[Offer]:
    """Return the offers that wait for the actor's answer, the newest first."""
    with portal.db.read() as session:
        found = session.execute(
            sa.select(MembershipOffer, Company, User.name)
            .join(Company, Company.id == MembershipOffer.company_id)
            .join(User, User.id == MembershipOffer.offered_by)
            .where(
                MembershipOffer.user_id == actor.user_id,
                MembershipOffer.offered_at > portal.clock() - GOOD_FOR,
            )
            .order_by(MembershipOffer.offered_at.desc())
        )
        return [
            Offer(one.id, company.name, company.npp, one.is_lead, asker, one.offered_at)
            for one, company, asker in found
        ]


@tenancy.under(tenancy.Wide("person"))
def answer(portal: Portal, actor: Actor, offer_id: str, *, accepts: bool) -> None:
    """Take the actor's answer to an offer; who accepts is HRD of that company from now on.

    Raises:
        NotFound: no such offer, not theirs, answered, withdrawn or too old.
        Invalid: a reviewer or admin accepts; as a colleague they could no longer decide about it.

    """
    if accepts and (actor.branches or actor.is_admin):
        raise Invalid(
            "Pemeriksa dan admin tidak dapat menerima undangan sebagai HRD. Tolak undangan ini, atau "
            "bicarakan dengan admin portal.",
            "Reviewers and admins can't accept an offer as HR staff. Decline it, or talk to the "
            "portal's admin.",
        )
    with portal.db.write() as session:
        mine = (
            MembershipOffer.id == offer_id,
            MembershipOffer.user_id == actor.user_id,
            MembershipOffer.offered_at > portal.clock() - GOOD_FOR,
        )
        wait_for_turn(
            session, session.scalar(sa.select(MembershipOffer.company_id).where(*mine)) or ""
        )
        taken = session.execute(
            sa.delete(MembershipOffer)
            .where(*mine)
            .returning(MembershipOffer.company_id, MembershipOffer.is_lead)
        ).one_or_none()
        if taken is None:
            raise NotFound
        if accepts:
            accounts.give_role(
                portal, session, session.get_one(User, actor.user_id), "hrd", actor,
                company_id=taken.company_id, is_lead=taken.is_lead,
            )  # fmt: skip
        audit.record(
            portal, session, actor, "user:offer_answered", actor.user_id,
            company_id=taken.company_id, accepted=accepts,
        )  # fmt: skip
