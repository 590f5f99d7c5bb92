"""What a company's history says at submission that it couldn't say at the check.

HIS-01 to HIS-03 hold as of the check. Another batch of the company may have been submitted
or decided since; then the draft is checked anew before it goes.
"""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Company, Correction, FindingRow, Revision
from hr_portal.domain.permissions import Actor
from hr_portal.services import visible
from hr_portal.services.context import Portal
from hr_portal.services.past import PENDING, Asked, acted_since, current, facts_on, parts

CODES = ("HIS-01", "HIS-02", "HIS-03")
Fresh = dict[tuple[int, str, str], str]
"""By row, code and field: the number of the batch that says so."""


@dataclass(frozen=True, slots=True)
class News:
    """Rows of which the history says more now, and the batches that make it say so."""

    rows: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen before anybody had to wait: other batches, and whether they say more."""

    asked: Asked
    others: dict[str, int]
    """The versions of the batches that were submitted or decided since the check, by id."""
    fresh: Fresh
    """What these say that the check did not know."""


def look(portal: Portal, actor: Actor, batch_id: str, asked: Asked) -> Looked:
    """Ask the history before the lock is taken, so that `news` looks at what comes after alone."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        others = _others(session, batch)  # first: what changes after it has another version
        if not others or batch.version != asked.version:
            return Looked(asked, {}, {})
        revision = session.get_one(Revision, asked.revision_id)
        return Looked(asked, others, _fresh(session, batch, revision, asked, list(others)))


def news(
    portal: Portal, session: Session, batch: Batch, revision: Revision, looked: Looked
) -> News | None:
    """Tell what a draft's check did not know yet; None = nothing.

    Call it in the transaction that submits: until that ends, nobody else of the company gets
    past this point, so that of two drafts with the same correction the second is told.
    """
    locked = sa.select(Company.id).where(Company.id == batch.company_id)
    session.execute(locked.with_for_update(key_share=True))
    others = _others(session, batch)
    fresh, seen = looked.fresh, looked.others
    if looked.asked.version != batch.version or (fresh and not seen.items() <= others.items()):
        fresh, seen = {}, {}  # what was found may hold no longer
    changed = [other for other, version in others.items() if seen.get(other) != version]
    if changed:
        asked = current(portal, session, batch, revision, looked.asked)
        fresh = {**fresh, **_fresh(session, batch, revision, asked, changed)}
    if not fresh:
        return None
    return News(len({row for row, *_ in fresh}), tuple(sorted(set(fresh.values()))))


def _others(session: Session, batch: Batch) -> dict[str, int]:
    """Return the versions of the company's batches that went on since a draft's check, by id."""
    first = batch
    while first.parent is not None:  # a copy's findings are as old as the batch it was made of
        first = first.parent
    found = session.execute(
        sa.select(Batch.id, Batch.version).where(
            Batch.company_id == batch.company_id,
            Batch.id != batch.id,
            acted_since(first.created_at),
        )
    )
    return dict(found.all())


def _fresh(
    session: Session,
    batch: Batch,
    revision: Revision,
    asked: Asked,
    others: list[str],
) -> Fresh:
    """Return what some other batches say and a revision's findings don't."""
    found = _found(session, batch, others, asked)
    return _unknown(session, revision, found) if found else {}


def _found(
    session: Session, batch: Batch, others: list[str], asked: Asked
) -> dict[tuple[int, str, str], str]:
    """Return what other batches say of corrections: (id, code, field) → batch."""
    wanted: defaultdict[tuple[object, object], list[tuple[int, object]]] = defaultdict(list)
    cards: dict[bytes, set[bytes]] = defaultdict(set)
    for before, now in asked.cards:
        cards[before].add(now)
    for correction_id, _company, kpj, field, value in asked.facts:
        assert isinstance(correction_id, int)  # noqa: S101 - as `past` writes facts
        assert isinstance(kpj, bytes)  # noqa: S101
        wanted[kpj, field].append((correction_id, value))
        cards[kpj].add(kpj)
    found: dict[tuple[int, str, str], str] = {}
    told = facts_on(session, batch.company_id, batch.id, sorted(cards), others)
    for card, field, value, state, number in told:
        theirs = (one for kpj in cards[card] for one in wanted.get((kpj, field), ()))
        for correction_id, after in theirs:
            if state in PENDING:
                found[correction_id, "HIS-01", field] = number
                continue
            if after == value:
                found[correction_id, "HIS-02", field] = number
            if field == "nik":
                found[correction_id, "HIS-03", field] = number
    return found


def _unknown(session: Session, revision: Revision, found: dict[tuple[int, str, str], str]) -> Fresh:
    """Return what of it the revision's findings don't say: (row, code, field) → batch."""
    known = {
        (row, code, field)
        for row, code, field in session.execute(
            sa.select(FindingRow.row_number, FindingRow.code, FindingRow.field).where(
                FindingRow.revision_id == revision.id, FindingRow.code.in_(CODES)
            )
        )
    }
    rows: dict[int, int] = {}
    for part in parts(sorted({correction for correction, *_ in found})):
        query = sa.select(Correction.id, Correction.row_number).where(Correction.id.in_(part))
        rows |= dict(session.execute(query).all())
    return {
        (rows[correction], code, field): number
        for (correction, code, field), number in found.items()
        if (rows[correction], code, field) not in known
    }
