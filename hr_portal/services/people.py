"""Employees found again by name and date of birth, where a KPJ or NIK got lost.

Only an index is kept (HMAC, keyed per company) and where the row lies; the numbers are read
from the sealed row itself, at the check. Two people who share name and date of birth are
nobody: then nothing is known.
"""

from collections.abc import Iterator
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Correction, Revision, Row
from hr_portal.adapters.database.people_models import Seen
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.checks.past import NUMBERS, person_of, wanting
from hr_portal.domain.history import Known, Person
from hr_portal.domain.report import Report
from hr_portal.domain.workflow import SUBMITTED_ONCE
from hr_portal.services.rowdata import EMPLOYEE_KEYS, Block, RowCells, open_rows
from hr_portal.services.standing import stands

SEEN_COLUMNS = ("company_id", "person_index", "kpj_index", "revision_id", "block", "row_number")
_MOST_CARDS = 3
"""KPJ that one person may have had; who has more is several."""
MOST_SOUGHT = 500
"""People looked for in one file; each may mean a block of rows to open."""
PERSON = ("nama", "tanggal_lahir")
TABLE = cast("sa.Table", Seen.__table__)
GOOD_FOR = sorted(SUBMITTED_ONCE - {"returned", "rejected"})
"""States of batches whose numbers count."""


def person_index(key: CompanyKey, person: Person) -> bytes:
    """Return the index of a person; case and blanks in the name don't count."""
    name, birth = person
    return key.index("person", f"{birth}|{' '.join(name.upper().split())}")


def seen_in(
    key: CompanyKey, company_id: str, revision_id: int, at: int, block: Block, known: set[str]
) -> Iterator[tuple[object, ...]]:
    """Yield what is kept of a block's people; each KPJ that `known` doesn't hold yet, once."""
    columns = (block.employee[EMPLOYEE_KEYS.index(one)] for one in ("kpj", *PERSON))
    for number, kpj, name, birth in zip(block.numbers, *columns, strict=True):
        if kpj and name and birth and kpj not in known:
            known.add(kpj)
            index = person_index(key, (name, birth))
            yield company_id, index, key.index("kpj", kpj), revision_id, at, number


def known_people(
    session: Session, company_id: str, batch_id: str | None, key: CompanyKey, report: Report
) -> dict[Person, Known]:
    """Return the numbers that earlier submissions have for the people whose own are in doubt.

    A number that a submission asked for counts once it is approved, unless the agency refused it.
    """
    rows = sorted({row for field in NUMBERS for row in wanting(report, field)})
    sought: dict[bytes, Person] = {}
    for at in rows:
        person = person_of(report, at)
        if person is not None and len(sought) < MOST_SOUGHT:
            sought[person_index(key, person)] = person
    found: dict[Person, Known] = {}
    for index, places in _latest(session, company_id, batch_id, list(sought)).items():
        known = _one(session, key, places)
        if known is not None:
            found[sought[index]] = known
    return found


Place = tuple[int, int, str]
"""Revision, row and number of the batch."""


def _latest(
    session: Session, company_id: str, batch_id: str | None, sought: list[bytes]
) -> dict[bytes, list[Place]]:
    """Return where each person was seen last under each of their KPJ, oldest first."""
    query = (
        sa.select(
            Seen.person_index, Seen.kpj_index, Seen.revision_id, Seen.row_number, Batch.number
        )
        .join(Revision, Revision.id == Seen.revision_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(
            Seen.company_id == company_id,
            Seen.person_index.in_(sought),
            Batch.state.in_(GOOD_FOR),
            Revision.number == Batch.revision_number,
        )
        .order_by(Seen.id)
    )
    if batch_id is not None:
        query = query.where(Batch.id != batch_id)
    latest: dict[bytes, dict[bytes, Place]] = {}
    for index, kpj, revision_id, row_number, number in session.execute(query):
        cards = latest.setdefault(index, {})
        cards.pop(kpj, None)
        cards[kpj] = revision_id, row_number, number
    return {index: list(cards.values()) for index, cards in latest.items()}


def _one(session: Session, key: CompanyKey, places: list[Place]) -> Known | None:
    """Return the numbers of the one person that lies at some places; None = they are several.

    Two KPJ are one person's where an approved correction has put one in place of the other.
    """
    if len(places) > _MOST_CARDS:
        return None
    known: dict[str | Place, Known] = {}
    for place in places:
        revision_id, row_number, number = place
        row = session.get_one(Row, (revision_id, row_number))
        cells = open_rows(session, key, [row])[row_number]
        kpj, nik = (_sound(session, row, cells, field) for field in NUMBERS)
        if (before := known.get(kpj)) is not None and not nik:
            nik = before.nik
        known[kpj or place] = Known(kpj, nik, number, row_number)
    return known.popitem()[1] if len(known) == 1 else None


def _sound(session: Session, row: Row, cells: RowCells, field: str) -> str:
    """Return a number of a row; "" where it still is a wish, or what retention has left of it.

    A KPJ that an approved correction has replaced is not the employee's any more.
    """
    value = cells.employee[field]
    if field in cells.changes:
        value = cells.changes[field][1] if _is_approved(session, row, field) else ""
    return value if value.isascii() and value.isdigit() else ""


def _is_approved(session: Session, row: Row, field: str) -> bool:
    asked = sa.exists().where(
        Correction.revision_id == row.revision_id,
        Correction.row_number == row.number,
        Correction.field == field,
        stands(),
    )
    return bool(session.scalar(sa.select(asked)))
