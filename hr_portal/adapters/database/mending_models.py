"""Finding and replacing over a large draft, done by a worker: see `models` for the rest."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt, Id
from hr_portal.adapters.database.types import Sealed

REPLACEMENT_STATES = ("wanted", "ready", "applying", "done", "failed")


class Replacement(Base):
    """A text to be found and replaced: what it would change, and what became of it."""

    __tablename__ = "replacements"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in REPLACEMENT_STATES)),
            name="state",
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"), index=True)
    state: Mapped[str] = mapped_column(default="wanted")
    search: Mapped[bytes] = mapped_column(Sealed)
    """Sealed JSON {find, replacement, column, is_whole}."""
    offer: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed JSON of what it would change, once a worker has looked; its version is the batch's."""
    problem: Mapped[str | None]
    problem_en: Mapped[str | None]
    asked_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    asked_at: Mapped[dt.datetime]
