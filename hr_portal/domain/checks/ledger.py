"""Where the rules write what they find, in any order; read out in sheet order."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain.report import Findings, Severity
from hr_portal.domain.rules import ORDER, severity
from hr_portal.domain.table import Table
from hr_portal.domain.texts import take

_T = TypeVar("_T")
Params = dict[str, str | int]


class Ledger:
    """Findings as they come, by columns."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._found = Findings()

    def add(
        self,
        code: str,
        case: str,
        rows: Sequence[int],
        columns: Sequence[int],
        field: str | None,
        suggestions: Sequence[str | None] | None = None,
        params: Sequence[Params | None] | None = None,
    ) -> None:
        """Write one case down for cells (row and column index; -1 = none)."""
        count = len(rows)
        found = self._found
        found.code += [code] * count
        found.case += [case] * count
        found.severity += [int(severity(code, case))] * count
        found.row += rows
        found.column += columns
        found.field_key += [field] * count
        found.value += self._values(rows, columns)
        found.suggestion += suggestions if suggestions is not None else [None] * count
        found.params += params if params is not None else [None] * count

    def _values(self, rows: Sequence[int], columns: Sequence[int]) -> list[str]:
        """Return the cells at some places as found, "" where there is none."""
        values = np.full(len(rows), "", object)
        of_row, of_column = np.array(rows, np.intp), np.array(columns, np.intp)
        for column in np.unique(of_column[(of_row >= 0) & (of_column >= 0)]).tolist():
            here = np.flatnonzero((of_column == column) & (of_row >= 0))
            here = here[np.argsort(of_row[here], kind="stable")]
            values[here] = take(self._table.columns[column].values, of_row[here])
        listed: list[str] = values.tolist()
        return listed

    def in_order(self) -> Findings:
        """Return all findings by row, column, then the order of the law."""
        return in_order(self._found)

    def row_severity(self, count: int) -> NDArray[np.uint8]:
        """Return the worst severity of each row, 0 = nothing found."""
        worst = np.zeros(count, np.uint8)
        rows = np.array(self._found.row, np.intp)
        in_row = rows >= 0
        severities = np.array(self._found.severity, np.uint8)
        np.maximum.at(worst, rows[in_row], severities[in_row])
        return worst


def in_order(found: Findings) -> Findings:
    """Return findings by row, column, then the order of the law; equals keep their order."""
    if not len(found):
        return found
    order = [ORDER[code] for code in found.code]
    by: NDArray[np.intp] = np.lexsort((order, found.column, found.row))
    places = by.tolist()
    return Findings(
        code=_take(found.code, places),
        case=_take(found.case, places),
        severity=_take(found.severity, places),
        row=_take(found.row, places),
        column=_take(found.column, places),
        field_key=_take(found.field_key, places),
        value=_take(found.value, places),
        suggestion=_take(found.suggestion, places),
        params=_take(found.params, places),
    )


def _take(values: list[_T], places: list[int]) -> list[_T]:
    return [values[place] for place in places]


Say = Callable[[int], Params | None]
Propose = Callable[[int], str | None]

__all__ = ["Ledger", "Params", "Propose", "Say", "Severity", "in_order"]
