"""Acts on a draft that a worker does because they are large: see `models` for the rest."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt, Id
from hr_portal.adapters.database.types import Sealed

LONG_ACT_STATES = ("wanted", "ready", "applying", "done", "failed")


class LongAct(Base):
    """What somebody asked for, what it would change, and what became of it."""

    __tablename__ = "long_acts"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in LONG_ACT_STATES)),
            name="state",
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"), index=True)
    kind: Mapped[str]
    """One of `services.long_works.WORKS`."""
    state: Mapped[str] = mapped_column(default="wanted")
    percent: Mapped[int] = mapped_column(default=0)
    """How far a worker is with looking, then with doing."""
    asked: Mapped[bytes] = mapped_column(Sealed)
    """Sealed JSON of what is wanted, and the version of the batch that was seen."""
    offer: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed JSON of what it would change, once a worker has looked; its version is the batch's."""
    outcome: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """What it has changed, in numbers."""
    problem: Mapped[str | None]
    problem_en: Mapped[str | None]
    asked_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    asked_at: Mapped[dt.datetime]
