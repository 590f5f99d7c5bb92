"""Numbers of letters that a company has used outside the portal."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt, Id, new_id


class OutsideNumber(Base):
    """A number used on a letter that the portal didn't make; it is never given out again."""

    __tablename__ = "outside_numbers"
    __table_args__ = (
        sa.UniqueConstraint("company_id", "number"),
        sa.UniqueConstraint("company_id", "series", "period", "sequence"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"))
    number: Mapped[str]
    series: Mapped[str]
    period: Mapped[str]
    sequence: Mapped[int | None]
    """None where the number doesn't follow the company's pattern."""
    used_on: Mapped[dt.date] = mapped_column(sa.Date)
    note: Mapped[str] = mapped_column(default="")
    registered_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    registered_at: Mapped[dt.datetime]


class LetterRun(Base):
    """Many letters asked for at once: made one by one by a worker, given out as one ZIP."""

    __tablename__ = "letter_runs"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str]
    """`permohonan`: a letter of request a draft; `formulir`: a form an employee."""
    made_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), index=True)
    made_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class LetterRunItem(Base):
    """One of them: what it is of, and the letter, or why there is none."""

    __tablename__ = "letter_run_items"

    run_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("letter_runs.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    person: Mapped[int] = mapped_column(default=0)
    """Place of the employee in Lampiran I, from 1; 0 where the letter is of the whole draft."""
    letter_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("letters.id"))
    problem: Mapped[str | None]
    problem_en: Mapped[str | None]
