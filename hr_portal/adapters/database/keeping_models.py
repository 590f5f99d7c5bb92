"""Holds, purges, files that have to go, breaches: what keeping asks. See `models` for the rest."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hr_portal.adapters.database.models import Base, Batch, BigInt, Company, Id, User, new_id


class LegalHold(Base):
    """A batch, or a whole company, that is not purged until somebody lifts this."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        sa.CheckConstraint("(batch_id IS NULL) <> (company_id IS NULL)", name="one_place"),
        sa.CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name="lifted"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    batch_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    company_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("companies.id"), index=True)
    reason: Mapped[str]
    placed_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    placed_at: Mapped[dt.datetime]
    lifted_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    lifted_at: Mapped[dt.datetime | None]
    lifted_reason: Mapped[str] = mapped_column(default="")

    batch: Mapped[Batch | None] = relationship()
    company: Mapped[Company | None] = relationship()
    placer: Mapped[User] = relationship(foreign_keys=[placed_by])


is_held = sa.exists().where(
    LegalHold.lifted_at.is_(None),
    sa.or_(LegalHold.batch_id == Batch.id, LegalHold.company_id == Batch.company_id),
)
"""True of a batch that a hold keeps: its own, or its company's."""


class Purge(Base):
    """A stage of retention that a batch has reached: begun, and once it is over, ended."""

    __tablename__ = "purges"
    __table_args__ = (sa.CheckConstraint("stage IN ('documents', 'log')", name="stage"),)

    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    begun_at: Mapped[dt.datetime]
    blocks: Mapped[int] = mapped_column(default=0)
    """Blocks of rows that are done; a worker that takes over goes on from here."""
    ended_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    files: Mapped[int] = mapped_column(default=0)
    """Files whose bytes went with it; those that another batch still needs are not counted."""


class DoomedFile(Base):
    """A file of the store that no row needs any more; its bytes are deleted, then this row."""

    __tablename__ = "doomed_files"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    since: Mapped[dt.datetime]


class Incident(Base):
    """A breach of personal data: what it reached, since when it is known, whether it was told."""

    __tablename__ = "incidents"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    title: Mapped[str]
    known_at: Mapped[dt.datetime]
    """From here on the 3 x 24 hours run."""
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    companies: Mapped[list[Any]]
    """Ids; empty = all."""
    batches: Mapped[list[Any]]
    """Ids; empty = all of those companies."""
    only_touched: Mapped[bool]
    """Only batches with an act in the period, not all that were kept then."""
    made_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    made_at: Mapped[dt.datetime]
    told_at: Mapped[dt.datetime | None]
    """When the people affected and the authority were told."""


class KeyRotation(Base):
    """A company's data key being changed: what was sealed by the ones before is sealed anew."""

    __tablename__ = "key_rotations"

    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"), primary_key=True)
    begun_at: Mapped[dt.datetime]
    passes: Mapped[int] = mapped_column(default=0)
    """How often everything was gone over to its end."""
    place: Mapped[int] = mapped_column(default=0)
    """The table that is gone over now, see `services.rotation`."""
    cursor: Mapped[list[Any]] = mapped_column(default=list)
    """The primary key of the last row of it that is done."""
    resealed: Mapped[int] = mapped_column(default=0)
    """Values and files in this pass; an older key goes after a pass that found none."""
    total: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[dt.datetime | None]
