"""Second factors, recovery codes, links for joining, and companies that ask to join."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt, Id, new_id
from hr_portal.adapters.database.types import Sealed


class SecondFactor(Base):
    """The authenticator of a person: its secret, and the last step of it that was used."""

    __tablename__ = "second_factors"

    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(Sealed)
    last_step: Mapped[int] = mapped_column(BigInt, default=0)
    """Steps of 30 s since 1970; a code of this step or before is spent."""
    created_at: Mapped[dt.datetime]


class RecoveryCode(Base):
    """A code for the day the authenticator is lost; used once, kept by its HMAC."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), index=True)
    code: Mapped[bytes]
    used_at: Mapped[dt.datetime | None]


class EmailStep(Base):
    """That a person signs in with a code by e-mail, and the code that waits to be typed."""

    __tablename__ = "email_steps"

    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), primary_key=True)
    code: Mapped[bytes | None]
    """Its HMAC; None where none waits."""
    expires_at: Mapped[dt.datetime | None]
    asked_at: Mapped[dt.datetime | None]
    """When it was asked for; None once it was used."""
    turned_on_at: Mapped[dt.datetime | None]
    """None until a first code has arrived."""


class AccountLink(Base):
    """A link by which its holder makes a password: for joining, or for one that is forgotten."""

    __tablename__ = "account_links"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), index=True)
    purpose: Mapped[str]
    """"join" or "reset"."""
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    """When it, or another link of the same person, was used; from then on it is worth nothing."""


class Acceptance(Base):
    """That a person accepted an edition of the terms; kept as long as the person is."""

    __tablename__ = "acceptances"

    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the text that was shown."""
    accepted_at: Mapped[dt.datetime]


class MembershipOffer(Base):
    """A company asks somebody with an account to work for it, until they have answered."""

    __tablename__ = "membership_offers"
    __table_args__ = (sa.UniqueConstraint("company_id", "user_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"))
    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), index=True)
    name: Mapped[str]
    """What the asker calls them; their own name isn't told before they accept."""
    is_lead: Mapped[bool]
    offered_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    offered_at: Mapped[dt.datetime]


class Registration(Base):
    """A company that asks to be let in by its NPP, until an admin has decided about it."""

    __tablename__ = "registrations"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    npp: Mapped[str]
    division: Mapped[str]
    company_name: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    asked_at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    """waiting, accepted or refused."""
    decided_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
