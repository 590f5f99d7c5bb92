"""Where a company's employees were seen by name and date of birth: see `models` for the rest."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base, BigInt, Id


class Seen(Base):
    """An employee on a row of a submitted revision, found by name and date of birth.

    Goes with the rows it points to.
    """

    __tablename__ = "people_seen"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["revision_id", "block"],
            ["row_blocks.revision_id", "row_blocks.block"],
            name="fk_people_seen_block",
            ondelete="CASCADE",
        ),
        sa.Index("ix_people_seen_person", "company_id", "person_index"),
        sa.Index("ix_people_seen_block", "revision_id", "block"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"))
    person_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    """HMAC of name and date of birth, keyed for the company."""
    kpj_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    revision_id: Mapped[int] = mapped_column(BigInt)
    block: Mapped[int]
    row_number: Mapped[int]
