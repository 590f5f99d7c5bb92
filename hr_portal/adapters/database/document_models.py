"""Archives of documents, what their names told, their pages, why one is missing: see `models`."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hr_portal.adapters.database.models import Base, BigInt, Id, User, new_id
from hr_portal.adapters.database.types import Sealed

ARCHIVE_STATES = ("waiting", "done", "refused", "stopped")
DEPICTION_STATES = ("waiting", "done", "failed")
JUDGEMENTS = ("open", "fits", "unfit")


class Clue(Base):
    """What a document's name told: whose it is, of what kind, and how sure that is.

    A document without a placement lies in the tray; its clue is the proposal.
    """

    __tablename__ = "clues"

    document_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("documents.id"), primary_key=True)
    path: Mapped[bytes] = mapped_column(Sealed)
    """The name with its folders, as uploaded."""
    rows: Mapped[list[Any]] = mapped_column(default=list)
    """Row numbers of the revision it was matched with."""
    kind: Mapped[str | None]
    certainty: Mapped[str]
    score: Mapped[int]
    told_by: Mapped[str]
    """sheet, nik, kpj, kk, row, name, or nothing."""
    doubt: Mapped[str]
    """A key of `domain.matching.DOUBTS`, or nothing."""


class Archive(Base):
    """A ZIP of documents, from its arrival until a worker has taken everything out of it."""

    __tablename__ = "archives"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in ARCHIVE_STATES)),
            name="state",
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    state: Mapped[str] = mapped_column(default="waiting")
    file_name: Mapped[bytes] = mapped_column(Sealed)
    stored: Mapped[str | None]
    """The random name in the store while it is being unpacked; its bytes are deleted then."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    files: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    """How many of its files have been judged; the worker goes on from here."""
    kept: Mapped[int] = mapped_column(default=0)
    placed: Mapped[int] = mapped_column(default=0)
    repeated: Mapped[int] = mapped_column(default=0)
    refused: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed JSON [[path, code, message, message_en]]."""
    uploaded_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    uploaded_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class HeldDocument(Base):
    """A document in quarantine: its original bytes, sealed, until the virus scanner has spoken.

    Clean, it becomes a document and this row goes; refused, its bytes go and the reason is shown.
    """

    __tablename__ = "held_documents"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    path: Mapped[bytes] = mapped_column(Sealed)
    """The name with its folders, as uploaded."""
    stored: Mapped[str | None]
    """The random name in the store; nothing once it was refused."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    by_name: Mapped[bool]
    """Whether its name tells where it belongs; else row and kind were chosen."""
    kind: Mapped[str | None]
    row_number: Mapped[int | None]
    cause: Mapped[str]
    """Why the scanner has not spoken yet: a `scanner.Cause`."""
    refused: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed JSON [code, message, message_en] of what may not be kept."""
    uploaded_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    uploaded_at: Mapped[dt.datetime]


class Explanation(Base):
    """Why documents that corrections ask for are not there; written once, never changed."""

    __tablename__ = "explanations"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    words: Mapped[bytes] = mapped_column(Sealed)
    """Sealed: people write about people."""
    given_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    given_at: Mapped[dt.datetime]

    giver: Mapped[User] = relationship()


class Explained(Base):
    """A kind of document that an employee of a batch goes without, and the explanation of it.

    It belongs to the employee, not the line: it stands for the next revision, too.
    """

    __tablename__ = "explained"

    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    kpj_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    explanation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("explanations.id"), index=True)

    explanation: Mapped[Explanation] = relationship()


class Depiction(Base):
    """How far the pages of a document have been drawn, and what is written in them."""

    __tablename__ = "depictions"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in DEPICTION_STATES)),
            name="state",
        ),
    )

    document_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("documents.id"), primary_key=True)
    state: Mapped[str] = mapped_column(default="waiting")
    pages: Mapped[int] = mapped_column(default=0)
    """Of the document; 0 until the first has been drawn."""
    done: Mapped[int] = mapped_column(default=0)
    text: Mapped[bytes | None] = mapped_column(Sealed)
    """The text of a PDF, sealed; never a proof, only a hint for the eye."""
    made_at: Mapped[dt.datetime | None]


class DrawnPage(Base):
    """One page of a document as a picture, whole and small; kept and purged like the document."""

    __tablename__ = "drawn_pages"

    document_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("documents.id"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1."""
    whole_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("files.id"), index=True)
    small_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("files.id"), index=True)
    width: Mapped[int]
    height: Mapped[int]
    looks: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    """How well it can be read, in figures without a trace of what is written."""


class Judgement(Base):
    """What the reviewer found of a document; the acts tell what was found before."""

    __tablename__ = "judgements"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in JUDGEMENTS)), name="state"
        ),
        sa.CheckConstraint("state <> 'unfit' OR reason IS NOT NULL", name="reason"),
    )

    document_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("documents.id"), primary_key=True)
    state: Mapped[str]
    reason: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed: people write about people."""
    given_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    given_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    giver: Mapped[User] = relationship()
