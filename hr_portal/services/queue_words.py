"""What the queue looks for, kept with each batch that is handed in, so that an index holds it.

Numbers, company and letters of a batch are fixed while an office has it, and so is what it
corrects: kept when it comes to the office, and when its company takes another name (decision 114).
Folded as `str.casefold` does, which neither database can.
"""

from typing import Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import bulk_update
from hr_portal.adapters.database.models import Batch, Company, Letter, Revision

MORE: Final = "\t"
"""Begins words that are not all of them; nothing that is looked for holds it."""
MOST_BYTES: Final = 1_200
"""Of words in the index; PostgreSQL takes 2,704 bytes of an entry at most."""
_BATCHES: Final = cast("sa.Table", Batch.__table__)


def keep(session: Session, batch: Batch, revision: Revision) -> None:
    """Keep what this batch is found by, as it goes to the office.

    A new name that its company is given at the same time waits for this, or this for it.
    """
    name = session.scalars(
        sa.select(Company.name).where(Company.id == batch.company_id).with_for_update(read=True)
    ).one()
    letters = session.scalars(
        sa.select(Letter.number).where(Letter.batch_id == batch.id).order_by(Letter.number)
    )
    batch.searched, batch.searched_all = words_of(name, batch.number, *letters)
    keep_kinds(batch, revision)


def keep_kinds(batch: Batch, revision: Revision) -> None:
    """Keep what the batch corrects, and how many rows, where its words stay as they are."""
    batch.corrected, batch.is_warned = kinds_of(revision.fields), revision.rows_warning > 0
    batch.size = revision.rows_asking


def lock_of_company(session: Session, company_id: str) -> None:
    """Hold all batches of a company before its name changes: who hands one in holds it first."""
    session.execute(
        sa.select(Batch.id)
        .where(Batch.company_id == company_id)
        .order_by(Batch.id)
        .with_for_update()
    )


def rename(session: Session, company_id: str, name: str) -> None:
    """Keep the new name of a company with all its batches; its row is written before."""
    session.flush()
    kept = sa.func.coalesce(Batch.searched_all, Batch.searched)
    found = session.execute(
        sa.select(Batch.id, kept).where(Batch.company_id == company_id, kept.is_not(None))
    )
    changed = []
    for batch_id, words in found:
        _old, *others = words.split("\n")
        changed.append((*words_of(name, *others), batch_id))
    bulk_update(session, _BATCHES, ("searched", "searched_all"), ("id",), changed)


def words_of(company: str, number: str, *letters: str) -> tuple[str, str | None]:
    """Return the words for the index, and all of them where the index doesn't take them all."""
    lines = [" ".join(line.casefold().split()) for line in (company, number, *letters)]
    whole = "\n".join(lines)
    if len(whole.encode()) <= MOST_BYTES:
        return whole, None
    return MORE + whole.encode()[:MOST_BYTES].decode(errors="ignore"), whole


def kinds_of(fields: dict[str, int]) -> str:
    """Return the fields that are corrected, each between bars."""
    return "".join(f"|{key}" for key, count in sorted(fields.items()) if count) + "|"
