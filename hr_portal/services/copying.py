"""Copying a revision: for a batch that comes back, and for its returned rows.

What was submitted is never edited. The copy holds the same rows, corrections and
findings with their confirmations, and the edits made in the portal; without
verdicts, sealed for their new place.
"""

from collections import Counter as Tally

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Document,
    Edit,
    EditAct,
    FindingRow,
    Placement,
    Revision,
    Row,
    RowBlock,
    new_id,
)
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain import suggestions
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.services import (
    depicting,
    document_status,
    documents,
    explaining,
    intake,
    marked_rows,
    row_lists,
    row_texts,
    visible,
)
from hr_portal.services.cells import EDIT_COLUMNS, changes_of, seal_changes
from hr_portal.services.context import Portal
from hr_portal.services.rowdata import block_place, finding_place, walk_blocks
from hr_portal.services.summaries import Place, summarise

_FINDING = ("row_number", "column_index", "code", "kind", "severity", "field", "detail")
_CONFIRMED = ("confirmed_by", "confirmed_at", "confirmed_reason")


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
    marked_rows.make(session, new.id)
    new.edited = new.rechecked = _copy_edits(session, key, old.id, new.id, rows)
    new.rows_total = new.progress_done = new.progress_total = severities.total()
    new.rows_warning = severities[Severity.WARNING]
    new.rows_invalid = severities[Severity.OVERRIDE] + severities[Severity.ERROR]
    new.rows_valid = new.rows_total - new.rows_warning - new.rows_invalid
    row_texts.ask(portal, session, new)
    return new


def make_child(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    rows: set[int],
    *,
    idempotency_key: str | None = None,
) -> Batch:
    """Make some rows of a batch a draft of their own, with their documents; `actor` owns it."""
    now = portal.clock()
    child = Batch(
        id=new_id(),
        number=intake.next_number(portal, session),
        company_id=batch.company_id,
        branch_id=batch.branch_id,
        parent_id=batch.id,
        idempotency_key=idempotency_key,
        created_by=actor.user_id,
        created_at=now,
        last_edited_by=actor.user_id,
        last_edited_at=now,
        change_received_on=batch.change_received_on,
    )
    session.add(child)
    session.flush()
    made = copy_revision(portal, session, actor, batch, child, rows=rows)
    key = portal.key(batch.company)
    explaining.copy(session, key, batch, made, child)
    for document in documents.of_batch(session, batch.id):
        places = [
            p
            for p in document.placements
            if p.row_number in rows or (p.row_number is None and p.kpj_index is None)
        ]
        if not places or document.kind == documents.SIGNED_LETTER:
            continue
        copy_id = new_id()
        name = key.open(f"documents|{document.id}", document.file_name)
        session.add(
            Document(
                id=copy_id,
                batch_id=child.id,
                file_id=document.file_id,
                kind=document.kind,
                pages=document.pages,
                file_name=key.seal(f"documents|{copy_id}", name),
                media_type=document.media_type,
                uploaded_by=document.uploaded_by,
                uploaded_at=document.uploaded_at,
            )
        )
        session.flush()
        session.add_all(
            Placement(document_id=copy_id, row_number=p.row_number, kpj_index=p.kpj_index)
            for p in places
        )
        document_status.copy(session, key, document.id, copy_id)
        depicting.queue(portal, session, child.id)
    return child


def _copy_rows(
    session: Session, key: CompanyKey, old: int, new: int, rows: set[int] | None
) -> Tally[int]:
    severities: Tally[int] = Tally()
    blocks: list[tuple[object, ...]] = []
    block_of: dict[int, int] = {}
    for block in walk_blocks(session, key, old, among=_blocks_of(session, old, rows)):
        kept = block if rows is None else block.only(rows)
        if not kept.numbers:
            continue
        number = len(blocks)
        blocks.append((new, number, key.seal(block_place(new, number), kept.packed())))
        block_of.update(dict.fromkeys(kept.numbers, number))
    copied: list[tuple[object, ...]] = []
    found = session.execute(
        sa.select(Row.number, Row.severity, Row.name, Row.kpj_index, Row.nik_index)
        .where(Row.revision_id == old)
        .order_by(Row.number)
    )
    for number, severity, name, kpj_index, nik_index in found:
        if number in block_of:
            severities[severity] += 1
            copied.append((new, number, block_of[number], severity, name, kpj_index, nik_index))
    bulk_insert(session, RowBlock.__table__, ("revision_id", "block", "content"), blocks)  # type: ignore[arg-type]
    bulk_insert(
        session,
        Row.__table__,  # type: ignore[arg-type]
        ("revision_id", "number", "block", "severity", "name", "kpj_index", "nik_index"),
        copied,
    )
    return severities


def _blocks_of(session: Session, revision_id: int, rows: set[int] | None) -> set[int] | None:
    """Return the blocks in which some rows lie; None for all. Opening one costs most of a copy."""
    if rows is None:
        return None
    found = session.execute(sa.select(Row.number, Row.block).where(Row.revision_id == revision_id))
    return {block for number, block in found if number in rows}


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


def _copy_edits(
    session: Session, key: CompanyKey, old: int, new: int, rows: set[int] | None
) -> int:
    """Copy what was typed in the portal, act by act; returns how many acts."""
    copied = 0
    for act in session.scalars(
        sa.select(EditAct).where(EditAct.revision_id == old).order_by(EditAct.id)
    ).all():
        done = changes_of(session, key, old, act.id)
        changes = [one for one in done if rows is None or one.cell.row in rows]
        if not changes:
            continue
        again = EditAct(
            revision_id=new,
            kind=act.kind,
            what=act.what,
            cells=len(changes),
            rows=len({one.cell.row for one in changes}),
            made_by=act.made_by,
            made_at=act.made_at,
            undone_by=act.undone_by,
            undone_at=act.undone_at,
        )
        session.add(again)
        session.flush()
        bulk_insert(
            session,
            Edit.__table__,  # type: ignore[arg-type]
            EDIT_COLUMNS,
            seal_changes(key, new, again.id, changes),
        )
        copied += 1
    return copied


def _copy_findings(
    session: Session, key: CompanyKey, old: int, new: int, rows: set[int] | None
) -> list[dict[str, object]]:
    counted: list[tuple[Place, int, bool]] = []
    copied: list[tuple[object, ...]] = []
    is_confirmed = False
    columns = [getattr(FindingRow, name) for name in (*_FINDING, *_CONFIRMED)]
    found = session.execute(
        sa.select(*columns).where(FindingRow.revision_id == old).order_by(FindingRow.id)
    )
    for number, column, code, kind, severity, field, detail, *confirmation in found:
        if rows is not None and number and number not in rows:
            continue
        sealed, is_offered = detail, False
        if detail is not None:
            opened = key.open(finding_place(old, number, code, column), detail)
            sealed = key.seal(finding_place(new, number, code, column), opened)
            held = orjson.loads(opened)
            is_offered = suggestions.is_proposal(held["suggestion"], held["params"])
        counted.append(((severity, code, kind, field), number, is_offered))
        is_confirmed = is_confirmed or confirmation[0] is not None
        copied.append((new, number, column, code, kind, severity, field, sealed, *confirmation))
    names = ("revision_id", *_FINDING, *_CONFIRMED)
    if is_confirmed:  # a time has to go through its column's type; in one go, to keep the order
        session.execute(
            sa.insert(FindingRow), [dict(zip(names, one, strict=True)) for one in copied]
        )
    else:
        bulk_insert(session, FindingRow.__table__, names, copied)  # type: ignore[arg-type]
    return summarise(counted)
