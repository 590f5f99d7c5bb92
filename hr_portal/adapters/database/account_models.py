"""Second factors and recovery codes."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt, Id
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
