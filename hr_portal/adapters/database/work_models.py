"""What reviewers ask for over many rows, done by a worker: see `models` for the rest."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt, Id
from hr_portal.adapters.database.types import Sealed

ACTS = ("verdict", "clear", "decide", "forward", "answer", "reopen")
STATES = ("wanted", "done", "failed")
_WANTED = sa.text("state = 'wanted'")


class ReviewWork(Base):
    """An act that takes longer than a request: how far it is, what came of it.

    Of a reviewer, or of an admin who reopens a decision.
    """

    __tablename__ = "review_works"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in STATES)), name="state"
        ),
        sa.CheckConstraint("act IN ({})".format(", ".join(f"'{act}'" for act in ACTS)), name="act"),
        sa.Index(
            "ix_review_works_one_at_a_time", "batch_id", unique=True,
            sqlite_where=_WANTED, postgresql_where=_WANTED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"))
    act: Mapped[str]
    state: Mapped[str] = mapped_column(default="wanted")
    version: Mapped[int]
    """Of the batch, as who asked has seen it."""
    ordered: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed: what was asked for, whose reasons may name people; None once it is over."""
    sent: Mapped[bytes | None] = mapped_column(Sealed, deferred=True)
    """Sealed: the file that came with it; None without one, and once it is over."""
    last_row: Mapped[int] = mapped_column(default=0)
    """Up to which row it is done."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """Rows to do, as counted when it was asked for."""
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Counts, and the first rows that were left: [row, code, sentence, in English]."""
    problem: Mapped[str | None]
    problem_en: Mapped[str | None]
    asked_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    asked_at: Mapped[dt.datetime]
