"""Copying a revision: for a batch that comes back, and for its returned rows.

What was submitted is never edited. The copy holds the same rows, corrections and
findings with their confirmations, without verdicts, sealed for their new place.
"""

from collections import Counter as Tally

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    FindingRow,
    Revision,
    Row,
    RowBlock,
)
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.services import row_lists, visible
from hr_portal.services.context import Portal
from hr_portal.services.rowdata import block_place, finding_place, walk_blocks


def copy_revision(
    portal: Portal,
    session: Session,
    actor: Actor,
    source: Batch,
    target: Batch,
    *,
    rows: set[int] | None = None,
) -> Revision:
    """Copy the current revision of `source` as the next one of `target`.

    With `rows` only those row numbers. Raises the revision number of a batch
    that is copied onto itself; a new batch gets its revision 1.
    """
    old, key = visible.current_revision(session, source), portal.key(source.company)
    if source.id == target.id:
        target.revision_number += 1
    new = Revision(
        batch_id=target.id,
        number=target.revision_number,
        state="checked",
        file_id=old.file_id,
        file_name=old.file_name,
        file_size=old.file_size,
        sha256=old.sha256,
        layout_asked=old.layout_asked,
        layout=old.layout,
        sheet=old.sheet,
        header_row=old.header_row,
        ruleset=old.ruleset,
        uploaded_by=actor.user_id,
        uploaded_at=portal.clock(),
        checked_at=portal.clock(),
        tidied=old.tidied,
        summary=[],
        fields={},
    )
    session.add(new)
    session.flush()
    if old.structure is not None:
        new.structure = key.seal(
            f"revisions|{new.id}", key.open(f"revisions|{old.id}", old.structure)
        )
    severities = _copy_rows(session, key, old.id, new.id, rows)
    row_lists.make(session, new.id)
    new.fields = dict(_copy_corrections(session, old.id, new.id, rows))
    new.summary = _copy_findings(session, key, old.id, new.id, rows)
    new.rows_total = new.progress_done = new.progress_total = severities.total()
    new.rows_warning = severities[Severity.WARNING]
    new.rows_invalid = severities[Severity.OVERRIDE] + severities[Severity.ERROR]
    new.rows_valid = new.rows_total - new.rows_warning - new.rows_invalid
    return new


def _copy_rows(
    session: Session, key: CompanyKey, old: int, new: int, rows: set[int] | None
) -> Tally[int]:
    severities: Tally[int] = Tally()
    blocks: list[tuple[object, ...]] = []
    block_of: dict[int, int] = {}
    for block in walk_blocks(session, key, old):
        kept = block if rows is None else block.only(rows)
        if not kept.numbers:
            continue
        number = len(blocks)
        blocks.append((new, number, key.seal(block_place(new, number), kept.packed())))
        block_of.update(dict.fromkeys(kept.numbers, number))
    copied: list[tuple[object, ...]] = []
    for row in session.scalars(sa.select(Row).where(Row.revision_id == old).order_by(Row.number)):
        if row.number in block_of:
            severities[row.severity] += 1
            copied.append(
                (
                    new,
                    row.number,
                    block_of[row.number],
                    row.severity,
                    row.name,
                    row.kpj_index,
                    row.nik_index,
                )
            )
    bulk_insert(session, RowBlock.__table__, ("revision_id", "block", "content"), blocks)  # type: ignore[arg-type]
    bulk_insert(
        session,
        Row.__table__,  # type: ignore[arg-type]
        ("revision_id", "number", "block", "severity", "name", "kpj_index", "nik_index"),
        copied,
    )
    return severities


def _copy_corrections(session: Session, old: int, new: int, rows: set[int] | None) -> Tally[str]:
    copied = [
        (new, number, field)
        for number, field in session.execute(
            sa.select(Correction.row_number, Correction.field)
            .where(Correction.revision_id == old)
            .order_by(Correction.id)
        )
        if rows is None or number in rows
    ]
    bulk_insert(
        session,
        Correction.__table__,  # type: ignore[arg-type]
        ("revision_id", "row_number", "field"),
        copied,
    )
    return Tally(field for _, _, field in copied)


def _copy_findings(
    session: Session, key: CompanyKey, old: int, new: int, rows: set[int] | None
) -> list[dict[str, object]]:
    counts: Tally[tuple[int, str, str, str | None]] = Tally()
    touched: dict[tuple[int, str, str, str | None], set[int]] = {}
    for f in session.scalars(
        sa.select(FindingRow).where(FindingRow.revision_id == old).order_by(FindingRow.id)
    ):
        if rows is not None and f.row_number and f.row_number not in rows:
            continue
        place = (f.severity, f.code, f.kind, f.field)
        counts[place] += 1
        touched.setdefault(place, set()).add(f.row_number)
        detail = None
        if f.detail is not None:
            plain = key.open(finding_place(old, f.row_number, f.code, f.column_index), f.detail)
            detail = key.seal(finding_place(new, f.row_number, f.code, f.column_index), plain)
        session.add(
            FindingRow(
                revision_id=new,
                row_number=f.row_number,
                column_index=f.column_index,
                code=f.code,
                kind=f.kind,
                severity=f.severity,
                field=f.field,
                detail=detail,
                confirmed_by=f.confirmed_by,
                confirmed_at=f.confirmed_at,
                confirmed_reason=f.confirmed_reason,
            )
        )
    session.flush()
    return [
        {
            "code": code,
            "case": case,
            "field": field,
            "severity": severity,
            "findings": n,
            "rows": len(touched[severity, code, case, field]),
            "first": min(touched[severity, code, case, field]),
        }
        for (severity, code, case, field), n in sorted(
            counts.items(), key=lambda item: (-item[0][0], -item[1], item[0][1])
        )
    ]
