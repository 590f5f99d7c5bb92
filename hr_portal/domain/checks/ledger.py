"""Where the rules write what they find, in any order; read out in sheet order."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain.report import Findings, Params, Severity
from hr_portal.domain.rules import ORDER, severity
from hr_portal.domain.table import Table
from hr_portal.domain.texts import gather, take


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
        suggestions: Iterable[str | None] | None = None,
        params: Iterable[Params | None] | None = None,
    ) -> None:
        """Write one case down for cells (row and column index; -1 = none)."""
        count = len(rows)
        if not count:
            return
        found = self._found
        found.code.extend(repeat(code, count))
        found.case.extend(repeat(case, count))
        found.severity.extend(repeat(int(severity(code, case)), count))
        found.row.extend(rows)
        found.column.extend(columns)
        found.field_key.extend(repeat(field, count))
        found.value.extend(self._values(rows, columns))
        found.suggestion.extend(repeat(None, count) if suggestions is None else suggestions)
        found.params.extend(repeat(None, count) if params is None else params)

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
        rows, severities = np.asarray(self._found.row), np.asarray(self._found.severity)
        in_row = rows >= 0
        np.maximum.at(worst, rows[in_row], severities[in_row])
        return worst


def in_order(found: Findings) -> Findings:
    """Return findings by row, column, then the order of the law; equals keep their order."""
    if not len(found):
        return found
    law = np.fromiter((ORDER[code] for code in found.code), np.int32, len(found))
    by: NDArray[np.intp] = np.lexsort((law, np.asarray(found.column), np.asarray(found.row)))
    texts, numbers = found.columns()
    return Findings.of_columns(
        [gather(column, by) for column in texts],
        [array(column.typecode, np.asarray(column)[by].tobytes()) for column in numbers],
    )


Say = Callable[[int], Params | None]
Propose = Callable[[int], str | None]

__all__ = ["Ledger", "Params", "Propose", "Say", "Severity", "in_order"]
