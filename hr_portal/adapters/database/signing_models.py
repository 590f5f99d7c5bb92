"""What letters are signed with, and the signed copies of letters."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hr_portal.adapters.database.models import Base, BigInt, File, Id, Letter, _one_of
from hr_portal.adapters.database.types import Sealed


class Certificate(Base):
    """A company's certificate with its key, as PKCS#12 under the company's own password.

    The password is never kept: who signs types it.
    """

    __tablename__ = "certificates"

    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"), primary_key=True)
    pkcs12: Mapped[bytes] = mapped_column(Sealed)
    subject: Mapped[str]
    issuer: Mapped[str]
    not_before: Mapped[dt.datetime]
    not_after: Mapped[dt.datetime]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the certificate itself, by which a signature is known as the company's."""
    added_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    added_at: Mapped[dt.datetime]


class SignedLetter(Base):
    """A signed copy of an issued letter: another file, beside the letter that stays as it was."""

    __tablename__ = "signed_letters"
    __table_args__ = (
        sa.UniqueConstraint("letter_id", "sha256"),
        _one_of("kind", ("certificate", "elsewhere", "scan"), "kind"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    letter_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("letters.id"), index=True)
    kind: Mapped[str]
    """Signed here with the certificate; a PDF signed or stamped elsewhere; a scan of paper."""
    file_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("files.id"))
    media_type: Mapped[str]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    verdicts: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    """What the validator found of each signature when the copy came in; [] for a scan."""
    added_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    added_at: Mapped[dt.datetime]

    letter: Mapped[Letter] = relationship()
    file: Mapped[File] = relationship()
