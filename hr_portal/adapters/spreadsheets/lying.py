"""Tables that lie on their side, and forms of one person: the names of data stand below each other.

Neither is read: which of the columns beside it is who, and which is old or new, would be a
guess. It is said what was seen and how the table is turned.
"""

import re
from dataclasses import dataclass

from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters
from hr_portal.domain.columns import says_nothing
from hr_portal.domain.layouts import UNKNOWN, role_of

_ROWS = 60
_LEAST = 3
"""So many different names of data below each other are no list of people."""
_COUNTED = re.compile(r"[0-9]{0,3}[.)]?")


@dataclass(frozen=True, slots=True)
class Lying:
    """Where the names stand, what they are, and whether it is a form of one person."""

    column: str
    names: tuple[str, ...]
    is_form: bool


def lying(sheet: Sheet) -> Lying | None:
    """Find names of data down the first column (or the second, after numbers of lines)."""
    rows = [{at: text for at, (_, text) in cells.items()} for cells in sheet.head(_ROWS)]
    filled = sorted({at for cells in rows for at in cells})
    for at in filled[:2]:
        names = [cells[at] for cells in rows if at in cells and role_of(cells[at]) != UNKNOWN]
        meant = [role_of(name) for name in names]
        if len(set(meant)) >= _LEAST and len(set(meant)) == len(meant):
            beside = [
                sum(right > at and not says_nothing(text) for right, text in cells.items())
                for cells in rows
                if cells.get(at) in names
            ]
            # the old value and the new one lie beside each other, unless the names tell the side
            people = 1 if any(role.part == "after" for role in meant) else 2
            return Lying(column_letters(at), tuple(names), max(beside) <= people)
        if not all(_COUNTED.fullmatch(cells.get(at, "").strip()) for cells in rows):
            return None
    return None
