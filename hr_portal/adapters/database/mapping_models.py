"""The mapping sheet of a batch. See `models` for the rest."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, Id
from hr_portal.adapters.database.types import Sealed


class MappingSheet(Base):
    """Which file is whose, as the last mapping sheet of a batch says; a newer one replaces it."""

    __tablename__ = "mapping_sheets"

    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(Sealed)
    """Sealed JSON: its lines, as `domain.mapping_sheet.Line`."""
    taken_at: Mapped[dt.datetime]
