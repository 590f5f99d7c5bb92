"""What was probably meant, and when it may be offered.

A proposal hangs on a finding: `suggestion` is the text for its own cell, or the
parameter `fixes` lists several cells (two columns swapped). It never invents a digit: what
a program destroyed is only offered from another place, which `source` names.
"""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hr_portal.domain.cleaning import tidy
from hr_portal.domain.report import Finding
from hr_portal.domain.table import Kind

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
    """Return the cells that mending a whole column would change: W and P read as wanita and pria.

    `rows` are the sheet's own row numbers. Only COD-02 has such a proposal.
    """
    if code != "COD-02":
        return []
    found = []
    for row, value, kind in zip(rows, values, kinds, strict=True):
        meant = _WANITA_AND_PRIA.get(tidy(value, compatible=True).upper())
        if kind == Kind.TEXT and meant:
            found.append(Fix(row, column, value, meant))
    return found
