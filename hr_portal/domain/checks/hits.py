"""How a predicate becomes findings: the chain, the place, the words' params.

Precedence (decisions): the first hit of a chain wins. A hit never hides a
worse one: after a warning or a note an error of the same chain still counts.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from hr_portal.domain.checks.ledger import Params, Propose, Say
from hr_portal.domain.checks.reading import Flags, Places, State
from hr_portal.domain.checks.sheet import Cells, Sheet
from hr_portal.domain.fields import FIELD
from hr_portal.domain.identifiers import Ints
from hr_portal.domain.rules import severity

_MOST_ROWS_NAMED = 5


def hit(
    sheet: Sheet,
    cells: Cells,
    code: str,
    where: Places | Flags,
    *,
    case: str = "",
    propose: Propose | None = None,
    say: Say | None = None,
    chained: bool = True,
) -> None:
    """Report a case at cells (mask or places) that are judged at all.

    `propose` and `say` are asked for the cells that are reported only.
    """
    places = np.flatnonzero(where) if where.dtype == np.bool_ else where
    if not len(places):
        return
    places = places[cells.checked[places]]
    if chained:
        level = int(severity(code, case))
        places = places[cells.worst[places] < level]
        cells.worst[places] = level
    if not len(places):
        return
    listed = np.sort(places).tolist()  # in the order of the sheet their texts lie together
    sheet.ledger.add(
        code, case, cells.rows[listed].tolist(), cells.columns[listed].tolist(), cells.key,
        map(propose, listed) if propose else None, map(say, listed) if say else None,
    )  # fmt: skip


def report_faults(sheet: Sheet, cells: Cells) -> None:
    """Report what the reader has found, and values of formulas (CELL-17).

    A name has no chain: a title and a foreign letter are two things to mend.
    """
    chained = FIELD[cells.key].kind != "name" if cells.key in FIELD else True
    for (code, case), fault in cells.reading.faults.items():
        places = np.array(fault.places, np.intp)
        proposed = dict(zip(fault.places, fault.suggestions, strict=True))
        said = dict(zip(fault.places, fault.params, strict=True))
        hit(
            sheet, cells, code, places, case=case, chained=chained, propose=proposed.get,
            say=said.get,
        )  # fmt: skip
        cells.worst[places] = np.maximum(cells.worst[places], int(severity(code, case)))
    if cells.computed is not None:
        usable = cells.computed & (cells.state != State.DAMAGED)
        hit(sheet, cells, "CELL-17", usable, chained=False)


def rows_named(sheet: Sheet, rows: Iterable[int], *, but: int = -1) -> str:
    """Return sheet row numbers for a sentence: "15, 18", at most five, without one.

    Looks at the first few only, so that 100,000 equal rows stay cheap.
    """
    others = (row for row in rows if row != but)
    first = list(islice(others, _MOST_ROWS_NAMED + 1))
    numbers = [str(int(sheet.table.row_numbers[row])) for row in first[:_MOST_ROWS_NAMED]]
    return ", ".join(numbers) + (", …" if len(first) > _MOST_ROWS_NAMED else "")


def once_per_employee(sheet: Sheet, rows: Places, *keys: Sequence[str] | Ints) -> Flags:
    """Tell which entries come first for their employee and keys.

    `rows` are row indexes, each of `keys` aligned with them. Rows of one
    employee that hold the same values are one fact.
    """
    keep = np.ones(len(rows), np.bool_)
    shared = np.flatnonzero(sheet.several[rows])
    seen: set[tuple[object, ...]] = set()
    for place in shared.tolist():
        fact = (int(sheet.employee[rows[place]]), *(key[place] for key in keys))
        keep[place] = fact not in seen
        seen.add(fact)
    return keep


def length_of(cells: Cells) -> Say:
    """Return what fills `{length}`: the length of the clean value."""

    def say(place: int) -> Params:
        return {"length": len(cells.clean[place])}

    return say
