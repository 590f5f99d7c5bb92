"""Versions of the table of required documents, and the draft of the next: see `models`."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hr_portal.adapters.database.models import Base, Id, User


class RequirementVersion(Base):
    """A version after the first, which is built in; written once, never changed."""

    __tablename__ = "requirement_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[dict[str, Any]]
    """As `domain.requirements.packed` has it."""
    note: Mapped[str]
    made_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    made_at: Mapped[dt.datetime]
    """Batches begun from then on are judged by it."""

    maker: Mapped[User] = relationship()


class RequirementDraft(Base):
    """What the next version is to be; at most one."""

    __tablename__ = "requirement_drafts"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    based_on: Mapped[int]
    cells: Mapped[dict[str, Any]]
    edition: Mapped[int]
    """Counts up with each change, so that two people don't undo each other's."""
    changed_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    changed_at: Mapped[dt.datetime]

    changer: Mapped[User] = relationship()
