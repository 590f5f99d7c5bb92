"""Rows of a revision marked by what they correct and by what was found in them, kept as bits.

Which rows correct a datum or break a rule is asked on every page, of all rows at once: of a
million it takes seconds to read that off the corrections and findings. So it is kept beside them,
one bit a row, by whoever writes them: the check, a new check, a copy. The database drops the marks
of a revision when the outcome of one of its rows changes; without them, as in revisions of
earlier versions, the rows themselves are asked. Decision 103.
"""

from array import array
from collections.abc import Iterable, Mapping
from typing import Final, cast

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.listing_models import MarkedRows
from hr_portal.adapters.database.models import Correction, FindingRow, Row
from hr_portal.adapters.database.texts import place_in
from hr_portal.domain.report import ROW_EMPTY, Corrections, Report
from hr_portal.domain.texts import in_parts
from hr_portal.services import row_lists
from hr_portal.services.row_sets import RowSet

TABLE = cast("sa.Table", MarkedRows.__table__)
COLUMNS = ("revision_id", "mark", "rows")
_SHOWN, _DATA, _FOUND = "shown:", "data:", "found:"
_ALWAYS = f"{_SHOWN}todo"
"""A revision has this mark, or none at all."""
_MARKED = {show: between for show, between in row_lists.SHOWN.items() if show != "all"}
_AT_ONCE = 10_000
Record = tuple[object, ...]


def of_check(revision_id: int, report: Report) -> list[Record]:
    """Return the marks of a report as records."""
    held, numbers = report.row_severity != ROW_EMPTY, report.table.row_numbers
    marks = _by_outcome(numbers[held], report.row_severity[held])
    findings = report.findings
    told = zip(findings.row, findings.code, findings.field_key, strict=True)
    places = ((row, code, field) for row, code, field in told if row >= 0)
    marks |= {name: RowSet.of(numbers[rows]) for name, rows in _by_rule(places).items()}
    of_field, fields = fields_of(report.corrections)
    asked = numbers[np.asarray(report.corrections.row)]
    marks |= {f"{_DATA}{key}": RowSet.of(asked[of_field == at]) for at, key in enumerate(fields)}
    return _records(revision_id, marks)


def fields_of(asked: Corrections) -> tuple[NDArray[np.int32], list[str]]:
    """Return the place of each correction's field among the fields, and these."""
    places: dict[str, int] = {}
    of_field = np.zeros(len(asked), np.int32)
    for start, fields in in_parts(asked.field_key):
        for field in dict.fromkeys(fields):
            places.setdefault(field, len(places))
        numbered = np.fromiter(map(places.__getitem__, fields), np.int32, len(fields))
        of_field[start : start + len(fields)] = numbered
    return of_field, list(places)


def remake(session: Session, revision_id: int, records: list[Record]) -> None:
    """Put these marks of a revision in the place of those that it has."""
    session.execute(sa.delete(MarkedRows).where(MarkedRows.revision_id == revision_id))
    bulk_insert(session, TABLE, COLUMNS, records)


def stored(session: Session, revision_id: int) -> list[Record]:
    """Return the marks of a revision's rows as records, as the rows stand in this session."""
    held = session.execute(
        sa.select(Row.number, Row.severity)
        .where(Row.revision_id == revision_id)
        .execution_options(yield_per=_AT_ONCE)
    )
    numbers, severity = array("i"), array("B")
    for number, worst in held:
        numbers.append(number)
        severity.append(worst)
    marks = _by_outcome(np.asarray(numbers), np.asarray(severity))
    found = session.execute(
        sa.select(FindingRow.row_number, FindingRow.code, FindingRow.field)
        .where(FindingRow.revision_id == revision_id, FindingRow.row_number > 0)
        .execution_options(yield_per=_AT_ONCE)
    )
    rules = _by_rule((row, code, field) for row, code, field in found)
    marks |= {name: RowSet.of(rows) for name, rows in rules.items()}
    asked = _of_corrections(session, revision_id)
    marks |= {f"{_DATA}{field}": rows for field, rows in asked.items()}
    return _records(revision_id, marks)


def corrected(session: Session, revision_id: int) -> dict[str, RowSet]:
    """Return the rows that correct a datum, by its field."""
    held = kept_corrections(session, revision_id)
    return _of_corrections(session, revision_id) if held is None else held


def kept_corrections(session: Session, revision_id: int) -> dict[str, RowSet] | None:
    """Return the rows that are marked as correcting a datum; None where nothing is marked."""
    held = _kept(session, revision_id, _DATA)
    return held and {name.removeprefix(_DATA): rows for name, rows in held.items()}


def shown(
    session: Session, revision_id: int, show: str, code: str | None, field: str | None
) -> RowSet | None:
    """Return the rows of an outcome with a finding of a rule, a column, or both.

    None where nothing is marked, so that the rows themselves have to be asked.
    """
    rules = _kept(session, revision_id, f"{_FOUND}{code or ''}")
    if rules is None:
        return None
    wanted = (
        rows
        for name, rows in rules.items()
        for its_code, its_field in (name.removeprefix(_FOUND).split(":"),)
        if code in {None, its_code} and field in {None, its_field}
    )
    found = RowSet.any_of(wanted)
    return found if show == "all" else found & of_outcome(session, revision_id, show)


def of_outcome(session: Session, revision_id: int, show: str) -> RowSet:
    """Return the rows of an outcome: todo, error, warning or valid."""
    name = f"{_SHOWN}{show}"
    held = _kept(session, revision_id, name)
    if held is not None:
        return held[name]
    least, worst = _MARKED[show]
    rows = sa.select(Row.number).where(
        Row.revision_id == revision_id, Row.severity.between(least, worst)
    )
    return RowSet.of(session.scalars(rows.execution_options(yield_per=_AT_ONCE)))


def _kept(session: Session, revision_id: int, prefix: str) -> dict[str, RowSet] | None:
    """Return the marks that begin so; None where the revision has none at all."""
    held = session.execute(_MARKED_SO, {"revision": revision_id, "begins": prefix}).all()
    if not held:
        return None
    return {name: RowSet.unpacked(rows) for name, rows in held if name.startswith(prefix)}


_MARKED_SO: Final = sa.select(MarkedRows.mark, MarkedRows.rows).where(
    MarkedRows.revision_id == sa.bindparam("revision"),
    sa.or_(
        MarkedRows.mark == _ALWAYS,
        place_in(MarkedRows.mark, sa.bindparam("begins", type_=sa.String)) == 1,
    ),
)
"""Made once: every page of rows asks it."""


def _by_rule(places: Iterable[tuple[int, str, str | None]]) -> "dict[str, array[int]]":
    rows: dict[tuple[str, str | None], array[int]] = {}
    for row, code, field in places:
        known = rows.get((code, field))
        if known is None:
            known = rows[code, field] = array("i")
        known.append(row)
    return {f"{_FOUND}{code}:{field or ''}": held for (code, field), held in rows.items()}


def _of_corrections(session: Session, revision_id: int) -> dict[str, RowSet]:
    rows: dict[str, array[int]] = {}
    for number, field in session.execute(
        sa.select(Correction.row_number, Correction.field)
        .where(Correction.revision_id == revision_id)
        .execution_options(yield_per=_AT_ONCE)
    ):
        rows.setdefault(field, array("i")).append(number)
    return {field: RowSet.of(held) for field, held in rows.items()}


def _by_outcome(numbers: NDArray[np.int32], severity: NDArray[np.uint8]) -> dict[str, RowSet]:
    return {
        f"{_SHOWN}{show}": RowSet.of(numbers[(severity >= least) & (severity <= worst)])
        for show, (least, worst) in _MARKED.items()
    }


def _records(revision_id: int, marks: Mapping[str, RowSet]) -> list[Record]:
    return [(revision_id, name, rows.packed()) for name, rows in marks.items()]
