"""ROW-05: a row that goes on in the row below, as a form or a PDF breaks it.

Nothing is put together: whether a blank stood between the pieces, nobody can tell. Both rows
are faulty, so that none goes on with half a value. Where only words beside the correction may
go on (a name on record, a reason), the upper row may be whole, which its sender confirms.
"""

from collections.abc import Collection

import numpy as np

from hr_portal.domain.cleaning import SEPARATORS, tidy
from hr_portal.domain.fields import FIELD
from hr_portal.domain.table import Kind, Role, Table
from hr_portal.domain.texts import digit_lengths

_WHOLE = {"kpj": 11, "nik": 16, "kk": 16}
_MOST_ROWS = 5
"""Of one employee: what is longer is a list without KPJ."""
_WORDS = frozenset({"name", "text"})
"""Kinds of fields whose value may go on anywhere; of others a second one is a value of its own."""


def find_torn(table: Table) -> dict[int, int]:
    """Return the rows that only go on from one above, each with the row where it begins."""
    if Role("record", "kpj") not in table.roles:
        return {}
    held = table.columns[table.roles.index(Role("record", "kpj"))]
    lengths = digit_lengths(held.values)
    adjacent = np.zeros(len(table), np.bool_)
    adjacent[1:] = np.diff(table.row_numbers) == 1
    both = lengths.astype(np.int64)
    both[1:] += np.maximum(lengths[:-1], 0)  # more digits than a KPJ has are no piece of one
    may_be_piece = (lengths == 0) | ((lengths > 0) & (both <= _WHOLE["kpj"]))
    maybe = np.flatnonzero(adjacent & may_be_piece & (lengths < _WHOLE["kpj"]))
    torn: dict[int, int] = {}
    for row in maybe.tolist():
        begun = torn.get(row - 1, row - 1)
        is_near = row - begun < _MOST_ROWS and held.kinds[begun] != Kind.EMPTY
        if is_near and _goes_on(table, begun, row):
            torn[row] = begun
    return torn


def _goes_on(table: Table, begun: int, row: int) -> bool:
    """Tell whether all that a row holds may be the rest of what stands above it."""
    above = range(begun, row)
    goes_on = False
    for column, role in enumerate(table.roles):
        text = text_at(table, row, column)
        if text:
            before = "".join(text_at(table, one, column) for one in above)
            if not _may_go_on(role, before, text):
                return False
            goes_on = goes_on or role.part != "unknown"
    return goes_on


def is_whole_perhaps(table: Table, rests: Collection[int]) -> bool:
    """Tell whether the row above may be whole: no number and no new value goes on below it."""
    return not any(
        text_at(table, row, column)
        for column, role in enumerate(table.roles)
        if role.field in _WHOLE or role.part == "after"
        for row in rests
    )


def text_at(table: Table, row: int, column: int) -> str:
    """Return the tidied text of a cell."""
    return tidy(table.columns[column].values[row], compatible=True)


def _may_go_on(role: Role, before: str, text: str) -> bool:
    if not before or role.part in {"number", "which", "company"}:
        return False
    if role.field in _WHOLE:
        both = (before + text).translate(SEPARATORS)
        return both.isascii() and both.isdigit() and len(both) == _WHOLE[role.field]
    return role.field is None or FIELD[role.field].kind in _WORDS
