"""Copying a revision: for a batch that comes back, and for its returned rows.

What was submitted is never edited. The copy holds the same rows, corrections and
findings with their confirmations, and the edits made in the portal; without
verdicts, sealed for their new place.
"""

from contextlib import nullcontext

from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Document, Placement, Revision, new_id
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.services import (
    depicting,
    document_status,
    documents,
    explaining,
    explaining_many,
    intake,
    row_texts,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.copy_units import Copy, units
from hr_portal.services.row_sets import RowSet


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
    new = like(portal, actor, old, target.id, target.revision_number)
    session.add(new)
    session.flush()
    take_structure(key, old, new)
    copy = Copy(new.id, None if rows is None else RowSet.of(rows))
    for write in units(lambda: nullcontext(session), key, old.id, [copy]):
        write(session)
    finish(portal, session, new, copy)
    return new


def like(portal: Portal, actor: Actor, old: Revision, batch_id: str, number: int) -> Revision:
    """Return a revision like another, without rows."""
    return Revision(
        batch_id=batch_id,
        number=number,
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


def take_structure(key: CompanyKey, old: Revision, new: Revision) -> None:
    """Give a copy, which has its id, the headers and whatever is said of the whole sheet."""
    if old.structure is not None:
        plain = key.open(f"revisions|{old.id}", old.structure)
        new.structure = key.seal(f"revisions|{new.id}", plain)


def finish(portal: Portal, session: Session, new: Revision, copy: Copy) -> None:
    """Note in a revision what was copied into it."""
    severities = copy.severities
    new.fields = dict(copy.fields)
    new.summary = copy.summary
    new.edited = new.rechecked = copy.acts
    new.rows_total = new.progress_done = new.progress_total = severities.total()
    new.rows_warning = severities[Severity.WARNING]
    new.rows_invalid = severities[Severity.OVERRIDE] + severities[Severity.ERROR]
    new.rows_valid = new.rows_total - new.rows_warning - new.rows_invalid
    row_texts.ask(portal, session, new)


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
    child = new_child(portal, session, actor, batch, idempotency_key=idempotency_key)
    made = copy_revision(portal, session, actor, batch, child, rows=rows)
    take_along(portal, session, batch, child, made, rows)
    return child


def new_child(
    portal: Portal, session: Session, actor: Actor, batch: Batch, *, idempotency_key: str | None
) -> Batch:
    """Make a draft of a batch's rows, which has no revision yet."""
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
    return child


def take_along(
    portal: Portal,
    session: Session,
    batch: Batch,
    child: Batch,
    made: Revision,
    rows: set[int] | RowSet,
) -> None:
    """Give a child what lies on its rows: explanations and documents; `made` is its revision."""
    key = portal.key(batch.company)
    awaited = explaining_many.awaits(session, batch)
    if awaited or made.rows_total > explaining_many.MOST_COPIED:
        explaining_many.ask_copy(portal, session, child, awaited)
    else:
        explaining.copy(session, key, batch, made, child)
    for document in documents.of_batch(session, batch.id):
        places = [
            p
            for p in document.placements
            if (p.row_number is None and p.kpj_index is None)
            or (p.row_number is not None and p.row_number in rows)
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
