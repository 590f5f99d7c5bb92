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
    """Count findings: place, row number, and whether something is proposed; see `Counted`."""
    counted = Counted()
    for one in findings:
        counted.add(*one)
    return counted.entries()


class Counted:
    """Findings on their way to being a summary: a few bytes each, a million of them is nothing."""

    def __init__(self) -> None:
        self._offers: Tally[Place] = Tally()
        self._rows: dict[Place, array[int]] = {}

    def add(self, place: Place, row: int, is_offered: bool) -> None:  # noqa: FBT001 - of a tuple
        """Count a finding, and whether something is proposed."""
        self._offers[place] += is_offered
        self._rows.setdefault(place, array("i")).append(row)

    def entries(self) -> list[dict[str, object]]:
        """Return the summary, worst first, then most frequent first.

        Each entry: code, case, field, severity, findings, the rows they touch, the first of
        these, and for how many there is a proposal (`offers`).
        """
        counted = [(place, len(rows), np.unique(rows)) for place, rows in self._rows.items()]
        return [
            {
                "code": place[1],
                "case": place[2],
                "field": place[3],
                "severity": place[0],
                "findings": count,
                "rows": len(rows),
                "first": int(rows[0]),
                "offers": self._offers[place],
            }
            for place, count, rows in sorted(
                counted, key=lambda item: (-item[0][0], -item[1], item[0][1])
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
