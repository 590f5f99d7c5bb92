"""What the review keeps besides its verdicts."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hr_portal.adapters.database.models import Base, BigInt, File, Id, User, new_id
from hr_portal.adapters.database.types import Sealed


class FourEyesField(Base):
    """A field of a combination that two reviewers have to approve; see `services.four_eyes`."""

    __tablename__ = "four_eyes_fields"

    combination: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)


class OutletRow(Base):
    """An outlet as the installation has it; see `domain.outlets.Outlet`."""

    __tablename__ = "outlets"

    key: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    label: Mapped[str]
    label_en: Mapped[str]
    format: Mapped[str]
    columns: Mapped[list[Any]]
    """[[header, source]]."""
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    rows_a_file: Mapped[int]
    is_confirmed: Mapped[bool] = mapped_column(default=False)


class Handover(Base):
    """Approved corrections of a batch as they were given out, once: in which form, by whom."""

    __tablename__ = "handovers"
    __table_args__ = (sa.UniqueConstraint("batch_id", "outlet"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"))
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"))
    outlet: Mapped[str]
    label: Mapped[str]
    """What the outlet was called then."""
    rows: Mapped[int]
    left_out: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{field: corrections that this outlet doesn't carry}."""
    made_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    made_at: Mapped[dt.datetime]

    maker: Mapped[User] = relationship()
    files: Mapped[list["HandoverFile"]] = relationship(order_by="HandoverFile.id")


class HandoverFile(Base):
    """One file of a handover; its bytes lie in the store."""

    __tablename__ = "handover_files"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    handover_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("handovers.id"), index=True)
    file_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("files.id"))
    name: Mapped[str]
    rows: Mapped[int]

    file: Mapped[File] = relationship()


class AgencyAnswer(Base):
    """What the agency answered on a correction that was handed over; there is only ever one."""

    __tablename__ = "agency_answers"
    __table_args__ = (
        sa.CheckConstraint("answer IN ('accepted', 'refused')", name="answer"),
        sa.Index("ix_agency_answers_field", "field", "answered_at"),
    )

    correction_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("corrections.id"), primary_key=True, autoincrement=False
    )
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"), index=True)
    answer: Mapped[str]
    field: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """What its words come to, a key of `domain.refusals`; "" for none."""
    words: Mapped[bytes] = mapped_column(Sealed)
    """Sealed text: the agency's own words may name people."""
    answered_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    answered_at: Mapped[dt.datetime]
    child_batch_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("batches.id"))
    """The draft that a refused one went on in."""


class StandardReason(Base):
    """A reason for returns and rejections that reviewers may choose; a verdict copies its words."""

    __tablename__ = "standard_reasons"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    place: Mapped[int]
    text: Mapped[str]
    text_en: Mapped[str]
    removed_at: Mapped[dt.datetime | None]
    """None while it is offered; it is never deleted."""


class SetAside(Base):
    """A decision that an admin has set aside, so that its batch is judged again; never undone.

    The decision, its verdicts and its record stay as they were; who reads them is told.
    """

    __tablename__ = "set_asides"

    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), primary_key=True)
    revision_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the decision."""
    set_aside_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    set_aside_at: Mapped[dt.datetime]


class CountedDay(Base):
    """A day whose decisions are counted, and whether what was counted still holds."""

    __tablename__ = "counted_days"

    day: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    is_kept: Mapped[bool]


class FigureDay(Base):
    """What was decided on a day, added up for a branch or for a company; `services.figure_days`."""

    __tablename__ = "figure_days"
    __table_args__ = (
        sa.CheckConstraint("(company_id IS NULL) <> (branch_id IS NULL)", name="whose"),
        sa.Index("ix_figure_days_company", "company_id", "day"),
        sa.Index("ix_figure_days_branch", "branch_id", "day"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    day: Mapped[dt.date] = mapped_column(sa.Date)
    company_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("companies.id"))
    branch_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("branches.id"))
    figures: Mapped[dict[str, Any]]
    """Counts and seconds only; a `figure_days.Tally`."""


class CalendarDay(Base):
    """A day that an admin has called a public holiday, or a working day after all."""

    __tablename__ = "calendar_days"

    day: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    is_free: Mapped[bool]


class Message(Base):
    """What HRD and reviewers say to each other about a batch; never changed, never deleted."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.CheckConstraint("side IN ('hrd', 'reviewer')", name="side"),
        sa.CheckConstraint("NOT is_internal OR side = 'reviewer'", name="internal"),
        sa.Index("ix_messages_batch", "batch_id", "id"),
        sa.Index("ix_messages_key", "batch_id", "written_by", "idempotency_key", unique=True),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"))
    row_number: Mapped[int | None]
    """The sheet's own row; None = the whole batch."""
    side: Mapped[str]
    is_internal: Mapped[bool]
    """True for a note that only reviewers read."""
    text: Mapped[bytes] = mapped_column(Sealed)
    """Sealed: people write about people."""
    written_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    written_at: Mapped[dt.datetime]
    idempotency_key: Mapped[str | None]
    """What its writer called it, so that it isn't sent twice; None where they gave no key."""

    writer: Mapped[User] = relationship()
    files: Mapped[list["MessageFile"]] = relationship(order_by="MessageFile.place")


class MessageFile(Base):
    """A file sent with a message: the copy that we made of it, seen by who sees the message."""

    __tablename__ = "message_files"
    __table_args__ = (
        sa.UniqueConstraint("message_id", "place"),
        sa.Index("ix_message_files_batch", "batch_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    message_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("messages.id"))
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"))
    place: Mapped[int]
    """Within the message, from 1."""
    file_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("files.id"))
    file_name: Mapped[bytes] = mapped_column(Sealed)
    """Sealed: names of files name people."""
    media_type: Mapped[str]

    file: Mapped[File] = relationship()
