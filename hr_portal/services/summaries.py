"""Findings counted by rule, case and field: what the to-do list is made of."""

from array import array
from collections import Counter as Tally
from collections.abc import Iterable

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import once
from hr_portal.adapters.database.models import FindingRow, Revision
from hr_portal.domain.report import Severity

Entry = tuple[str, str, str | None]
"""(code, case, field)."""
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


def has_file_wide(revision: Revision, severity: Severity) -> bool:
    """Tell whether there may be findings of the whole file; they have row 0, the first of all.

    Summaries from before entries named their first row don't know.
    """
    return any(one["severity"] == severity and not one.get("first", 0) for one in revision.summary)


def confirmed(session: Session, revision_id: int) -> dict[Entry, int]:
    """Count the confirmed findings of a revision by code, case and field.

    Grouped as the index of confirmed findings is: SQLite takes it for that, and would walk
    over all findings of the revision for a plain count.
    """
    asked = {"revision": revision_id}
    found = once(
        session, ("confirmed", revision_id), lambda: session.execute(_CONFIRMED, asked).all()
    )
    return {(code, case, field): count for code, case, field, count in found}


_CONFIRMED = (
    sa.select(FindingRow.code, FindingRow.kind, FindingRow.field, sa.func.count())
    .where(FindingRow.revision_id == sa.bindparam("revision"), FindingRow.confirmed_at.is_not(None))
    .group_by(FindingRow.code, FindingRow.kind, FindingRow.field)
)
"""Made once: every page of a draft asks it."""
