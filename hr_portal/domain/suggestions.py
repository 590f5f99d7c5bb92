"""What was probably meant, and when it may be offered.

A proposal hangs on a finding: `suggestion` is the text for its own cell, unless the
parameter `fixes` lists the cells (two columns swapped, or one of a row's). It never invents a
digit: what a program destroyed is only offered from another place, which `source` names.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hr_portal.domain.cleaning import tidy
from hr_portal.domain.dates import read_typed_date, shown
from hr_portal.domain.fields import field_by_header
from hr_portal.domain.report import Finding
from hr_portal.domain.table import Kind, Role, Table

FIXES = "fixes"
"""Parameter of a finding whose proposal is about other cells than its own."""

COLUMN = "column_fix"
"""Parameter of a finding whose proposal is about a whole column (see `column_fixes`)."""


class Fix(NamedTuple):
    """One cell of a proposal: where, what must still stand there, and what to write."""

    row: int
    """The sheet's own row number."""
    column: int
    before: str
    after: str


def is_proposal(suggestion: str | None, params: Mapping[str, str | int] | None) -> bool:
    """Tell whether a finding says what to write instead."""
    return bool(suggestion) or not {FIXES, COLUMN}.isdisjoint(params or {})


def is_offered(finding: Finding) -> bool:
    """Tell whether a finding of a report says what to write instead."""
    return is_proposal(finding.suggestion, finding.params)


def fixes_of(
    row: int,
    column: int,
    value: str,
    suggestion: str | None,
    params: Mapping[str, str | int] | None,
) -> list[Fix]:
    """Return the cells that taking a finding's proposal would change; [] = there is none."""
    listed = (params or {}).get(FIXES)
    if listed is not None:
        return [Fix(*one) for one in json.loads(str(listed))]
    if not suggestion or row < 1 or column < 0:
        return []
    return [Fix(row, column, value, suggestion)]


_WANITA_AND_PRIA = {"W": "P", "P": "L"}


def column_fixes(
    code: str, column: int, rows: Sequence[int], values: Sequence[str], kinds: Sequence[int]
) -> list[Fix]:
    """Return the cells that mending a whole column would change.

    COD-02 reads W and P as wanita and pria; DAT-14 exchanges day and month of the date
    cells. `rows` are the sheet's own row numbers. No other rule has such a proposal.
    """
    meant = _COLUMN_FIXES.get(code)
    if meant is None:
        return []
    return [
        Fix(row, column, value, text)
        for row, value, kind in zip(rows, values, kinds, strict=True)
        if (text := meant(value, kind)) is not None
    ]


def _sex_meant(value: str, kind: int) -> str | None:
    word = tidy(value, compatible=True).upper() if kind == Kind.TEXT else ""
    return _WANITA_AND_PRIA.get(word)


def _date_meant(value: str, kind: int) -> str | None:
    """Return a date cell with day and month exchanged; None where that changes nothing."""
    day = read_typed_date(value).day if kind == Kind.DATE else None
    if day is None or day.day == day.month:
        return None
    return shown(day.replace(day=day.month, month=day.day))


_COLUMN_FIXES: Mapping[str, Callable[[str, int], str | None]] = {
    "COD-02": _sex_meant,
    "DAT-14": _date_meant,
}


def fixes_in(finding: Finding, table: Table) -> list[Fix]:
    """Return the cells of a table that taking a finding's proposal would change."""
    params, column = finding.params or {}, finding.column
    if COLUMN not in params:
        number = int(table.row_numbers[finding.row]) if finding.row >= 0 else 0
        return fixes_of(number, column, finding.value, finding.suggestion, params)
    held, numbers = table.columns[column], table.row_numbers.tolist()
    found = column_fixes(finding.code, column, numbers, held.values, held.kinds.tolist())
    which = [at for at, role in enumerate(table.roles) if role == Role("which")]
    if table.roles[column].field is None and which:
        named = [field_by_header(text) for text in table.columns[which[0]].values]
        about = {
            number
            for number, one in zip(numbers, named, strict=True)
            if one is not None and one.key == finding.field
        }
        return [fix for fix in found if fix.row in about]
    return found
