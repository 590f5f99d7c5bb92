"""The numbers of a revision's rows, listed by outcome: any page is found at once.

OFFSET walks over all it skips and COUNT over all there is, which shows from some
100,000 rows on. So the numbers of the rows that a filter shows are kept in order,
in parts; a page is a slice of one or two of them. The database drops the lists of
a revision when the outcome of one of its rows changes; until `remake` makes them
anew, pages are found the slow way. Decision 43.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import Row, RowList
from hr_portal.domain.report import Severity

TABLE = cast("sa.Table", RowList.__table__)
COLUMNS = ("revision_id", "shown", "part", "numbers")
PART = 4096
"""Numbers of one part; 16 KiB."""
_NUMBER = np.dtype("<i4")
SHOWN: dict[str, tuple[int, int]] = {
    "all": (0, Severity.ERROR),
    "todo": (Severity.WARNING, Severity.ERROR),
    "error": (Severity.OVERRIDE, Severity.ERROR),
    "warning": (Severity.WARNING, Severity.WARNING),
    "valid": (0, Severity.NOTE),
}
"""Per filter the least and the worst severity of the rows it shows."""


@dataclass(frozen=True, slots=True)
class Found:
    """The row numbers of one page, and how many the filter shows in all."""

    numbers: list[int]
    total: int


def remake(session: Session, revision_id: int, made: list[tuple[object, ...]]) -> None:
    """Put these lists of a revision in the place of those that it has."""
    session.execute(sa.delete(RowList).where(RowList.revision_id == revision_id))
    bulk_insert(session, TABLE, COLUMNS, made)


def stored(session: Session, revision_id: int) -> list[tuple[object, ...]]:
    """Return the lists of a revision's rows as records, as the rows stand in this session."""
    held = session.execute(
        sa.select(Row.number, Row.severity)
        .where(Row.revision_id == revision_id)
        .order_by(Row.number)
    ).all()
    numbers = np.array([number for number, _ in held], _NUMBER)
    severity = np.array([severity for _, severity in held], np.uint8)
    return records(revision_id, numbers, severity)


def page(session: Session, revision_id: int, shown: str, start: int, count: int) -> Found | None:
    """Return the numbers from `start` on; None where there is no list to ask."""
    of_list = (RowList.revision_id == revision_id, RowList.shown == shown)
    first, last = start // PART, (start + count - 1) // PART
    # the last part comes along: all before it are full, so it tells how many there are in all
    end = sa.select(sa.func.max(RowList.part)).where(*of_list).scalar_subquery()
    found = session.execute(
        sa.select(RowList.part, RowList.numbers)
        .where(*of_list, sa.or_(RowList.part == end, RowList.part.between(first, last)))
        .order_by(RowList.part)
    ).all()
    if not found:
        return None
    held = np.frombuffer(b"".join(n for part, n in found if first <= part <= last), _NUMBER)
    begin = start - first * PART
    total = found[-1].part * PART + len(found[-1].numbers) // _NUMBER.itemsize
    return Found(held[begin : begin + count].tolist(), total)


def records(
    revision_id: int, numbers: NDArray[np.int32], severity: NDArray[np.uint8]
) -> list[tuple[object, ...]]:
    """Return the lists of rows as records; an empty list has one empty part."""
    made: list[tuple[object, ...]] = []
    for shown, (least, worst) in SHOWN.items():
        chosen = numbers[(severity >= least) & (severity <= worst)].astype(_NUMBER)
        made += [
            (revision_id, shown, part, chosen[part * PART : (part + 1) * PART].tobytes())
            for part in range(max(1, -(-len(chosen) // PART)))
        ]
    return made
