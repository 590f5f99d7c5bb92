"""Proposals of a draft: what taking them would change, shown first, then taken at once."""

import itertools
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from hr_portal.adapters.database.models import FindingRow, Revision
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.domain.rules import RULE, Lang, title
from hr_portal.domain.suggestions import COLUMN, Fix, column_fixes, fixes_of, is_proposal
from hr_portal.services import mending, mending_many, visible
from hr_portal.services.cells import (
    FEW_OF,
    MOST_ASKED,
    Cell,
    Change,
    Draft,
    Stored,
    Wanted,
    block_count,
    open_draft,
    typed,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound
from hr_portal.services.following import Along, Told, nobody
from hr_portal.services.mending import Mended
from hr_portal.services.row_sets import RowSet
from hr_portal.services.rowdata import open_detail, source_of

Source = tuple[str, str] | None
_STREAMED = 5_000
SHOWN = 10
"""Cells that a preview shows."""
SHOWN_OF_EACH = 3
"""Cells that it shows of each kind, where several kinds are taken at once."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which proposals: those of one rule (case, field), of one finding, or of all errors."""

    code: str | None = None
    case: str | None = None
    field: str | None = None
    finding_id: int | None = None
    severity: int | None = None

    @property
    def is_several(self) -> bool:
        """Tell whether proposals of several rules are chosen at once."""
        return self.severity is not None


ERRORS = Chosen(severity=int(Severity.ERROR))
"""All that must be mended; what a warning proposes is judged rule by rule."""


@dataclass(frozen=True, slots=True)
class Line:
    """One cell of a preview, as lists may show it."""

    row: int
    column: int
    header: str
    field: str | None
    before: str
    after: str
    source: tuple[str, str] | None
    """Where the proposed value comes from (Indonesian, English), if not from the cell itself."""


@dataclass(frozen=True, slots=True)
class OfferedKind:
    """The proposals of one kind among several: how many fit, and the first of their cells."""

    title: str
    field: str | None
    offered: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What taking proposals would change."""

    title: str
    findings: int
    """How many findings were chosen."""
    offered: int
    """How many of them have a proposal that still fits its cell."""
    cells: int
    rows: int
    lines: tuple[Line, ...]
    version: int
    kinds: tuple[OfferedKind, ...] = ()
    """Kind by kind, most frequent first, where several are chosen at once."""

    @property
    def left(self) -> int:
        """Return how many findings stay as they are."""
        return self.findings - self.offered


_Kind = tuple[str, str, str | None]
"""Code, case and field."""
_Seen = tuple[Fix, str | None, Source]


@dataclass(slots=True)
class _Planned:
    cells: Wanted = field(default_factory=Wanted)
    lines: list[_Seen] = field(default_factory=list)
    """The first of them."""
    findings: int = 0
    offered: Counter[_Kind] = field(default_factory=Counter)
    seen: dict[_Kind, list[_Seen]] = field(default_factory=dict)
    """The first of each kind."""
    spread: set[tuple[int, int, Stored]] = field(default_factory=set)
    """(First row of an employee, column, value) replaced on all of the employee's rows."""


def preview(
    portal: Portal, actor: Actor, batch_id: str, chosen: Chosen, *, lang: Lang = "id"
) -> Offer:
    """Return what taking the chosen proposals would change; changes nothing.

    Raises:
        NotFound: no such finding. Forbidden, Conflict: not theirs, or no draft.

    """
    return look(portal, actor, batch_id, chosen, lang=lang)[0]


def look(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    chosen: Chosen,
    *,
    lang: Lang = "id",
    told: Told = nobody,
) -> tuple[Offer, RowSet]:
    """As `preview`, with the rows that would be changed."""
    with portal.db.read() as session:
        draft = open_draft(portal, session, actor, batch_id, None)
        draft.told, draft.passed_by = told, True
        planned = _plan(draft, chosen)
        headers = draft.structure.headers

        def told_of(seen: list[_Seen]) -> tuple[Line, ...]:
            return tuple(
                Line(
                    fix.row,
                    fix.column,
                    headers[fix.column],
                    key,
                    draft.shown(Cell(fix.row, fix.column), fix.before),
                    draft.shown(Cell(fix.row, fix.column), fix.after),
                    source,
                )
                for fix, key, source in seen
            )

        kinds = planned.offered.most_common() if chosen.is_several else []
        rows = planned.cells.rows()
        return Offer(
            heading(chosen, lang),
            planned.findings,
            planned.offered.total(),
            len(planned.cells),
            len(rows),
            told_of(planned.lines),
            draft.batch.version,
            tuple(
                OfferedKind(
                    title(code, case, lang), key, count, told_of(planned.seen[code, case, key])
                )
                for (code, case, key), count in kinds
            ),
        ), rows


def preview_cells(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    cells: Mapping[tuple[int, int], str],
    *,
    is_counted: bool = True,
    told: Told = nobody,
) -> Offer:
    """Return what typing texts into cells would change; changes nothing.

    Unless `is_counted` all cells are taken for changed, and only those that are shown are opened.

    Raises:
        NotFound: there is no such row or column. Forbidden, Conflict, Invalid: as for typing.

    """
    with portal.db.read() as session:
        draft = open_draft(portal, session, actor, batch_id, None)
        draft.passed_by = True
        draft.open_rows(row for row, _ in cells)
        wanted = Wanted({Cell(*place): typed(text) for place, text in cells.items()})
        changes = draft.differing(wanted)
        if is_counted:
            whole = draft.revision.rows_total or 1
            return offer_of(draft, _followed(changes, lambda row: told(min(1.0, row / whole))))
        first = offer_of(draft, itertools.islice(changes, SHOWN))
        return replace(first, cells=len(wanted), rows=len(wanted.rows()))


def _followed(changes: Iterable[Change], told: Callable[[int], None]) -> Iterator[Change]:
    for one in changes:
        told(one.cell.row)
        yield one


def offer_of(draft: Draft, changes: Iterable[Change]) -> Offer:
    """Return changes of cells as a preview shows them."""
    lines: list[Line] = []
    rows, cells = array("i"), 0
    for one in changes:
        cells += 1
        rows.append(one.cell.row)
        if len(lines) < SHOWN:
            lines.append(
                Line(
                    one.cell.row,
                    one.cell.column,
                    draft.structure.headers[one.cell.column],
                    draft.field_of(one.cell),
                    draft.shown(one.cell, one.before.text),
                    draft.shown(one.cell, one.after.text),
                    None,
                )
            )
    return Offer("", 0, 0, cells, len(RowSet.of(rows)), tuple(lines), draft.batch.version)


def take(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    chosen: Chosen,
    *,
    version: int | None = None,
    only: RowSet | None = None,
    taken: Callable[[RowSet], None] = lambda _rows: None,
    along: Along | None = None,
) -> Mended:
    """Take the chosen proposals: each cell that still holds what the finding saw.

    With `only` those of these rows; `taken` is told the rows that are changed.

    Raises:
        NotFound: no such finding. Forbidden, Conflict: as `mending.edit_cells`.

    """

    def plan(draft: Draft) -> Wanted:
        wanted = _plan(draft, chosen).cells
        if only is not None:
            wanted.keep(only)
        taken(wanted.rows())
        return wanted

    what = {
        "code": chosen.code, "case": chosen.case, "field": chosen.field,
        "severity": chosen.severity,
    }  # fmt: skip
    told = {name: value for name, value in what.items() if value is not None}
    act = mending.Act("suggestion", told, plan)
    if along:
        return mending_many.perform(portal, actor, batch_id, act, version=version, along=along)
    return mending.perform(portal, actor, batch_id, act, version=version)


def count(portal: Portal, actor: Actor, batch_id: str, chosen: Chosen) -> int:
    """Return how many findings are chosen; where one is about a whole column, how many rows.

    Raises:
        NotFound, Forbidden.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        return _counted(visible.current_revision(session, batch), chosen)


def blocks(portal: Portal, actor: Actor, batch_id: str, chosen: Chosen) -> int:
    """Return in how many blocks the rows of the chosen findings lie; raises as `count`."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        wanted = _wanted(visible.current_revision(session, batch).id, chosen)
        return session.scalar(sa.select(block_count(FindingRow.row_number)).where(*wanted)) or 0


def _counted(revision: Revision, chosen: Chosen) -> int:
    if chosen.finding_id is not None:
        return 1
    asked = {
        "code": chosen.code, "case": chosen.case, "field": chosen.field,
        "severity": chosen.severity,
    }  # fmt: skip
    found = [
        one
        for one in revision.summary
        if all(value is None or one[name] == value for name, value in asked.items())
    ]
    if any(not one["first"] for one in found):
        return revision.rows_total
    return sum(one["findings"] for one in found)


def heading(chosen: Chosen, lang: Lang) -> str:
    """Return the words above an offer; without a case those of its rule."""
    if chosen.is_several:
        return "all that must be mended" if lang == "en" else "semua yang wajib diperbaiki"
    if chosen.code is None:
        return ""
    if chosen.case is not None:
        return title(chosen.code, chosen.case, lang)
    rule = RULE[chosen.code]
    return rule.title_en if lang == "en" else rule.title


def expect_known(chosen: Chosen) -> None:
    """Refuse a rule or case that the law has not, as a finding that isn't there."""
    if chosen.code is None:
        return
    rule = RULE.get(chosen.code)
    cases = {case.key for case in rule.cases} if rule else set()
    if rule is None or (chosen.case is not None and chosen.case not in cases):
        raise NotFound


def _wanted(revision_id: int, chosen: Chosen) -> list[sa.ColumnElement[bool]]:
    asked = (
        (FindingRow.id, chosen.finding_id),
        (FindingRow.code, chosen.code),
        (FindingRow.kind, chosen.case),
        (FindingRow.field, chosen.field),
        (FindingRow.severity, chosen.severity),
    )
    wanted = [FindingRow.revision_id == revision_id, FindingRow.confirmed_at.is_(None)]
    return wanted + [column == value for column, value in asked if value is not None]


def _plan(draft: Draft, chosen: Chosen) -> _Planned:
    expect_known(chosen)
    told, draft.told = draft.told, nobody
    session, revision_id = draft.session, draft.revision.id
    wanted = _wanted(revision_id, chosen)
    planned, expected = _Planned(), max(1, _counted(draft.revision, chosen))
    columns = (
        FindingRow.revision_id,
        FindingRow.row_number,
        FindingRow.column_index,
        FindingRow.code,
        FindingRow.kind,
        FindingRow.field,
        FindingRow.detail,
    )
    shared = None
    if expected > MOST_ASKED:  # of fewer they are looked up by their rows
        shared = mending.rows_of_employees(session, draft.key, revision_id)
    if expected * FEW_OF > draft.revision.rows_total:
        draft.open_all()
    found = session.execute(
        sa.select(*columns)
        .where(*wanted)
        .order_by(FindingRow.row_number, FindingRow.id)
        .execution_options(yield_per=_STREAMED)
    )
    while part := list(itertools.islice(found, _STREAMED)):
        proposals: list[_Proposal] = []
        for one in part:
            planned.findings += 1
            told(min(1.0, planned.findings / expected))
            proposals += _proposals(draft, one)
        _add_all(draft, planned, proposals, shared)
    if not planned.findings and chosen.finding_id is not None:
        raise NotFound
    return planned


_Proposal = tuple[Iterable[list[Fix]], _Kind, Source]
"""What hangs together, of which kind it is, where the value is from."""


def _proposals(draft: Draft, one: sa.Row[*tuple[Any, ...]]) -> Iterator[_Proposal]:
    """Yield what a finding proposes, if anything."""
    detail = open_detail(draft.key, one)
    if not is_proposal(detail["suggestion"], detail["params"]):
        return
    kind = (one.code, one.kind, one.field)
    if COLUMN in (detail["params"] or {}):
        draft.open_all()
        yield _of_column(draft, one.code, one.column_index, one.field), kind, None
        return
    fixes = fixes_of(
        one.row_number,
        one.column_index,
        detail["value"],
        detail["suggestion"],
        detail["params"],
    )
    yield [fixes], kind, source_of(detail)


def _of_column(draft: Draft, code: str, column: int, field: str | None) -> Iterator[list[Fix]]:
    """Walk what mending a whole column would change: its cells of the field."""
    for _, block in draft.walk():
        kinds = [int(kind) for kind in block.kinds[column]]
        for fix in column_fixes(code, column, block.numbers, block.raw[column], kinds):
            if draft.field_of(Cell(fix.row, fix.column)) == field:
                yield [fix]


def _add_all(
    draft: Draft,
    planned: _Planned,
    proposals: list[_Proposal],
    known: dict[int, tuple[int, ...]] | None,
) -> None:
    """Plan some proposals, with the other rows of their employees, whom `known` has if given."""
    rows = {
        fix.row for some, _, _ in proposals if isinstance(some, list) for one in some for fix in one
    }
    shared = known
    if shared is None:
        session, revision_id = draft.session, draft.revision.id
        is_whole = not all(isinstance(some, list) for some, _, _ in proposals)
        among = None if is_whole else rows
        shared = mending.rows_of_employees(session, draft.key, revision_id, among)
    groups = {shared[row][0]: shared[row] for row in rows if row in shared}
    draft.open_rows(rows.union(*groups.values()))
    for some, kind, source in proposals:
        taken = sum(_add(draft, planned, fixes, kind, source, shared) for fixes in some)
        # a finding about a column is one, whatever its cells are
        if taken:
            planned.offered[kind] += taken if isinstance(some, list) else 1


def _add(
    draft: Draft,
    planned: _Planned,
    fixes: list[Fix],
    kind: _Kind,
    source: Source,
    shared: dict[int, tuple[int, ...]],
) -> bool:
    """Plan one proposal, if all its cells are still as the finding saw them.

    Not where another would write something else into one of them: half a swap loses a value.
    """
    cells = [(fix, Cell(fix.row, fix.column)) for fix in fixes]
    if not all(draft.has(cell) and draft.stored(cell).text == fix.before for fix, cell in cells):
        return False
    if any(planned.cells.get(cell) not in {None, typed(fix.after)} for fix, cell in cells):
        return False
    first = planned.seen.setdefault(kind, [])
    for fix, cell in cells:
        role = draft.structure.roles[fix.column]
        line = (fix, role.field or kind[2], source)
        if len(first) < SHOWN_OF_EACH:
            first.append(line)
        if cell in planned.cells:
            continue
        seen = draft.stored(cell)
        planned.cells.put(cell, typed(fix.after))
        if len(planned.lines) < SHOWN:
            planned.lines.append(line)
        if role.part == "record":
            _spread(draft, planned, fix, seen, shared.get(fix.row, ()))
    return True


def _spread(
    draft: Draft, planned: _Planned, fix: Fix, seen: Stored, members: tuple[int, ...]
) -> None:
    """Plan a value on record for all rows of its employee: one person, one value."""
    spread = (members[0] if members else 0, fix.column, seen)
    if not members or spread in planned.spread:
        return
    planned.spread.add(spread)
    for other in (Cell(also, fix.column) for also in members):
        if other not in planned.cells and draft.stored(other) == seen:
            planned.cells.put(other, typed(fix.after))
