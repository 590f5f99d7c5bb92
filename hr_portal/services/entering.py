"""What is being typed or pasted into a draft, judged and shown before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from hr_portal.adapters.database.models import Row
from hr_portal.domain.checking import check
from hr_portal.domain.permissions import Actor
from hr_portal.domain.rules import Lang, message, title
from hr_portal.services import past
from hr_portal.services.cells import Cell, Draft, Wanted, edited_cells, open_draft, typed
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound
from hr_portal.services.rowdata import Block

MOST_FELLOWS = 200
"""Rows of one employee that are looked at while somebody types."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of a cell as it is being typed."""

    code: str
    severity: str
    title: str
    message: str


def check_typed(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    row: int,
    column: int,
    text: str,
    *,
    lang: Lang = "id",
) -> list[Said]:
    """Return what the rules say of a cell if it held `text`; saves nothing.

    The row is judged with its other cells and the other rows of its employee. Rules over
    all rows (a NIK of somebody else, a whole column) speak when it is saved.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: as `mending.edit_cells`.

    """
    cell = Cell(row, column)
    with portal.db.read() as session:
        draft = open_draft(portal, session, actor, batch_id, None)
        fellows = _fellows(draft, row)
        draft.open_rows(fellows)
        if not draft.has(cell):
            raise NotFound
        draft.change(Wanted({cell: typed(text)}))
        edited = {one for one in edited_cells(session, draft.revision.id) if one.row in fellows}
        _keep_only(draft, fellows)
        table = draft.table(edited | {cell})
        today = portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).date()
        company = draft.batch.company
        report = check(table, today=today, npp=company.npp)
        past.judge(portal, session, company.id, batch_id, draft.key, report)
    at = table.row_numbers.tolist().index(row)
    return [
        Said(f.code, f.severity.json, title(f.code, f.case, lang), message(f, table, lang))
        for f in report.findings
        if f.row == at and f.column == column
    ]


def _fellows(draft: Draft, row: int) -> set[int]:
    """Return a row with the other rows of its employee."""
    found = draft.session.get(Row, (draft.revision.id, row))
    if found is None:
        raise NotFound
    if found.kpj_index == draft.key.index("kpj", ""):
        return {row}
    numbers = draft.session.scalars(
        sa.select(Row.number)
        .where(Row.revision_id == draft.revision.id, Row.kpj_index == found.kpj_index)
        .order_by(Row.number)
        .limit(MOST_FELLOWS)
    )
    return {row, *numbers}


def _keep_only(draft: Draft, rows: set[int]) -> None:
    blocks: dict[int, Block] = {n: block.only(rows) for n, block in draft.blocks.items()}
    draft.blocks = blocks


def read_block(text: str) -> list[list[str]]:
    """Return a block as Excel puts it on the clipboard: lines of cells between tabs.

    A cell with a tab, a line break or a quote stands in quotes, as Excel writes it.
    """
    rows: list[list[str]] = [[]]
    cell: list[str] = []
    quoted = False
    at, end = 0, len(text)
    while at < end:
        sign = text[at]
        if quoted:
            if sign != '"':
                cell.append(sign)
            elif text[at + 1 : at + 2] == '"':
                cell.append('"')
                at += 1
            else:
                quoted = False
        elif sign == '"' and not cell:
            quoted = True
        elif sign in "\t\n":
            rows[-1].append("".join(cell))
            cell = []
            if sign == "\n":
                rows.append([])
        elif sign != "\r":
            cell.append(sign)
        at += 1
    rows[-1].append("".join(cell))
    if rows[-1] == [""]:
        rows.pop()  # Excel ends its last line as well
    return rows


def place_block(
    block: Sequence[Sequence[str]], rows: Sequence[int], columns: Sequence[int]
) -> tuple[dict[tuple[int, int], str], int]:
    """Lay a block over rows and columns; returns its cells, and how many values don't fit."""
    cells: dict[tuple[int, int], str] = {}
    left_out = 0
    for at, line in enumerate(block):
        for place, text in enumerate(line):
            if at < len(rows) and place < len(columns):
                cells[rows[at], columns[place]] = text
            else:
                left_out += 1
    return cells, left_out
