"""Rows of a revision marked by what they correct and what was found: see `models` for the rest."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt


class MarkedRows(Base):
    """The rows of a revision that have something in common, one bit a row."""

    __tablename__ = "marked_rows"

    revision_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("revisions.id"), primary_key=True
    )
    mark: Mapped[str] = mapped_column(primary_key=True)
    """What they have in common: shown:todo, data:hp, found:NIK-01:nik."""
    rows: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """As `services.row_sets` packs them."""
