"""Numbers of letters that a company has used outside the portal."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt, Id


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
