"""What of rows is kept once more, to be listed and found: see `models` for the rest."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt
from hr_portal.adapters.database.types import Sealed


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


class RowText(Base):
    """Some words of the names and addresses of a large revision, or where they stand: a shelf."""

    __tablename__ = "row_texts"

    revision_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("revisions.id"), primary_key=True
    )
    part: Mapped[int] = mapped_column(primary_key=True)
    """Which shelf of which 65,536 rows, see `services.row_texts`."""
    edited: Mapped[int]
    """The value of the revision's `edited` that it tells of."""
    content: Mapped[bytes] = mapped_column(Sealed)
    """As `services.packed_texts` packs it."""
