"""Receipts and records of decisions that branches gave back, and notices made ahead."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hr_portal.adapters.database.models import Base, Batch, BigInt, File, Id
from hr_portal.adapters.database.types import Sealed


class Paper(Base):
    """A receipt or a record of a decision; its number, facts and bytes never change."""

    __tablename__ = "papers"
    __table_args__ = (
        sa.UniqueConstraint("branch_id", "kind", "year", "sequence"),
        sa.UniqueConstraint("batch_id", "kind", "revision_id"),
        sa.CheckConstraint("kind IN ('tanda_terima', 'berita_acara')", name="kind"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"))
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"))
    branch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("branches.id"))
    kind: Mapped[str]
    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str]
    issued_at: Mapped[dt.datetime]
    issued_on: Mapped[dt.date] = mapped_column(sa.Date)
    """In the branch's time zone."""
    snapshot: Mapped[bytes] = mapped_column(Sealed)
    """Sealed: reasons may name people."""
    token: Mapped[str] = mapped_column(sa.String(26), unique=True)
    code: Mapped[str] = mapped_column(sa.String(12), unique=True)
    company_name: Mapped[str]
    branch_name: Mapped[str]
    rows: Mapped[int]
    rows_approved: Mapped[int]
    rows_returned: Mapped[int]
    rows_rejected: Mapped[int]
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the PDF; None until somebody first asks for it."""
    file_id: Mapped[int | None] = mapped_column(BigInt, sa.ForeignKey("files.id"))

    file: Mapped[File | None] = relationship()
    batch: Mapped[Batch] = relationship()


class NoticeBundle(Base):
    """The notices of all rows of one decision, a PDF each, as a worker makes them."""

    __tablename__ = "notice_bundles"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "decided_at"),
        sa.CheckConstraint("state IN ('wanted', 'ready', 'failed')", name="state"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"))
    decided_at: Mapped[dt.datetime]
    """Of the decision that they tell of, or of the agency's latest answer on it."""
    state: Mapped[str] = mapped_column(default="wanted")
    rows: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]


class NoticePiece(Base):
    """Some notices of a bundle in one ZIP in the store, in the order of their rows."""

    __tablename__ = "notice_pieces"
    __table_args__ = (sa.UniqueConstraint("bundle_id", "last_row"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    bundle_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("notice_bundles.id"))
    last_row: Mapped[int]
    file_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("files.id"))

    file: Mapped[File] = relationship()
