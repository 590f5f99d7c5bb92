"""What the review keeps besides its verdicts."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hr_portal.adapters.database.models import Base


class FourEyesField(Base):
    """A field of a combination that two reviewers have to approve; see `services.four_eyes`."""

    __tablename__ = "four_eyes_fields"

    combination: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
