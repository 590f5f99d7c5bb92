"""What uploaders are advised about the pictures of a batch: from figures of drawn pages."""

from collections import defaultdict
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.document_models import DrawnPage
from hr_portal.adapters.database.models import Document
from hr_portal.domain.picture_advice import Advice, advice


def of_batch(
    session: Session, batch_id: str, document_id: str | None = None
) -> dict[str, tuple[Advice, ...]]:
    """Return the advice on each document of a batch, or on one, that there is advice on.

    Judged anew each time, so that the kind counts as it is now. Nothing of a document that is
    yet to be drawn.
    """
    query = _LOOKS
    if document_id is not None:
        query = query.where(Document.id == document_id)
    looks: dict[str, list[dict[str, int] | None]] = defaultdict(list)
    about: dict[str, tuple[str, int | None]] = {}
    for key, kind, pages, figures in session.execute(query, {"batch": batch_id}):
        about[key] = kind, pages
        looks[key].append(figures)
    found = {key: tuple(advice(*about[key], looks[key])) for key in about}
    return {key: told for key, told in found.items() if told}


_LOOKS: Final = (
    sa.select(Document.id, Document.kind, Document.pages, DrawnPage.looks)
    .join(DrawnPage, DrawnPage.document_id == Document.id)
    .where(Document.batch_id == sa.bindparam("batch"), Document.removed_at.is_(None))
    .order_by(Document.id, DrawnPage.page)
)
"""Made once: the bench asks it for each row."""
