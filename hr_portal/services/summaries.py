"""Findings counted by rule, case and field: what the to-do list is made of."""

from array import array
from collections import Counter as Tally
from collections.abc import Iterable

import numpy as np

Place = tuple[int, str, str, str | None]
"""(severity, code, case, field)."""


def summarise(findings: Iterable[tuple[Place, int, bool]]) -> list[dict[str, object]]:
    """Count findings, worst first, then most frequent first.

    Given are place, row number and whether something is proposed. Each entry: code,
    case, field, severity, findings, the rows they touch, the first of these, and for
    how many there is a proposal (`offers`).
    """
    counts: Tally[Place] = Tally()
    offers: Tally[Place] = Tally()
    touched: dict[Place, array[int]] = {}
    for place, row, is_offered in findings:
        counts[place] += 1
        offers[place] += is_offered
        touched.setdefault(place, array("i")).append(row)
    rows = {place: np.unique(np.asarray(numbers)) for place, numbers in touched.items()}
    return [
        {
            "code": code,
            "case": case,
            "field": field,
            "severity": severity,
            "findings": count,
            "rows": len(rows[severity, code, case, field]),
            "first": int(rows[severity, code, case, field][0]),
            "offers": offers[severity, code, case, field],
        }
        for (severity, code, case, field), count in sorted(
            counts.items(), key=lambda item: (-item[0][0], -item[1], item[0][1])
        )
    ]
