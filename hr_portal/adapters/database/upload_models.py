"""ZIPs that arrive in parts, until they are whole. See `models` for the rest."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, Id, new_id
from hr_portal.adapters.database.types import Sealed

UPLOAD_STATES = ("open", "done", "ended")


class ArchiveUpload(Base):
    """A ZIP on its way: how large it will be, whose it is, and what became of it.

    `done`: all parts became `archive_id`. `ended`: given up by its sender, or refused as a whole.
    Its row goes, with what is left of its parts, once nobody has sent anything for a while.
    """

    __tablename__ = "archive_uploads"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in UPLOAD_STATES)),
            name="state",
        ),
        sa.CheckConstraint("(state = 'done') = (archive_id IS NOT NULL)", name="archive"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    state: Mapped[str] = mapped_column(default="open")
    file_name: Mapped[bytes] = mapped_column(Sealed)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    """Of the whole ZIP, as its sender says; each part is held to it."""
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the whole ZIP, where its sender says it."""
    archive_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("archives.id"))
    uploaded_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    begun_at: Mapped[dt.datetime]
    touched_at: Mapped[dt.datetime] = mapped_column(index=True)
    """When the last part came."""


class ArchivePart(Base):
    """A part that was acknowledged: a file of the store like any other, sealed for its own name."""

    __tablename__ = "archive_parts"

    upload_id: Mapped[str] = mapped_column(
        Id, sa.ForeignKey("archive_uploads.id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1."""
    stored: Mapped[str]
    """The random name in the store."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
