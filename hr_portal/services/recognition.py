"""A file that comes back: the next revision of the batch it was made of, whatever its name.

A workbook of ours carries a mark of its batch. Dropped on "Buat pengajuan" it
becomes that batch's next revision, which the page says, with a way out.
"""

import datetime as dt
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Annotation, Batch, Letter, Revision, new_id
from hr_portal.domain.permissions import Actor, Place, may
from hr_portal.domain.workflow import EDITABLE
from hr_portal.services import audit, intake, marks, reading, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, NotFound
from hr_portal.services.intake import Taken

OPEN = EDITABLE | {"returned"}


def take_in(
    portal: Portal,
    actor: Actor,
    stream: BinaryIO,
    file_name: str,
    *,
    company_id: str | None = None,
    branch_id: str | None = None,
    layout: str = "auto",
    idempotency_key: str | None = None,
    change_received_on: dt.date | None = None,
) -> tuple[Taken, Batch | None]:
    """Take a spreadsheet in: as the next revision where it is marked as one, else as a new batch.

    A mark counts only for a draft or returned batch of the same company that the
    actor may edit; any other is ignored. Also gives back the batch that the mark
    names, where the actor may edit it. Raises as `intake.create_batch` does.
    """
    known = intake.repeated(portal, actor, idempotency_key)
    if known is not None:
        return known, None
    marked = marked_batch(portal, actor, stream, file_name)
    if marked is not None and marked.state in OPEN and company_id in {None, marked.company_id}:
        try:
            taken = intake.add_revision(
                portal, actor, marked.id, stream, file_name, layout=layout,
                idempotency_key=idempotency_key, recognised=True,
            )  # fmt: skip
        except (Conflict, Forbidden, NotFound):
            stream.seek(0)  # closed by somebody in between: then it is a batch of its own
        else:
            return taken, marked
    taken = intake.create_batch(
        portal, actor, stream, file_name, company_id=company_id, branch_id=branch_id,
        layout=layout, idempotency_key=idempotency_key, change_received_on=change_received_on,
    )  # fmt: skip
    return taken, marked


def marked_batch(portal: Portal, actor: Actor, stream: BinaryIO, file_name: str) -> Batch | None:
    """Return the batch whose mark an upload carries, if the actor may edit it; else None.

    The stream is left at its start.
    """
    mark = marks.read_mark(portal, stream, file_name, intake.limits_of(portal))
    if mark is None:
        return None
    with portal.db.read() as session:
        batch = session.scalar(
            sa.select(Batch).where(Batch.id == mark.batch_id, visible.batches_of(actor))
        )
        if batch is None:
            return None
        place = Place(batch.company_id, batch.branch_id)
        if not may(actor, "batch.edit", place):
            return None
        session.expunge(batch)
        return batch


def make_separate(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None = None
) -> Taken:
    """Make a batch of its own of a revision that was recognised; the batch goes back one.

    The revision moves with its file, rows and findings; documents stay with the
    batch and find their rows of the revision before.

    Raises:
        NotFound, Forbidden.
        Conflict: stale version, no draft, not recognised, or a letter speaks of it already.

    """
    stored: list[str] = []
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        visible.expect_version(batch, version)
        if batch.state not in EDITABLE:
            raise intake.closed(batch)
        rev = visible.current_revision(session, batch)
        if not rev.recognised or _has_letter(session, rev):
            raise Conflict(
                f"Revisi {rev.number} dari {batch.number} tidak dapat dipisahkan: suratnya sudah terbit, "
                "atau revisi ini diunggah sebagai revisi. "
                "Bila perlu pengajuan baru, unggah berkasnya di Buat pengajuan.",
                f"Revision {rev.number} of {batch.number} can't be separated: its letter is issued, or it was uploaded "
                "as a revision. Upload the file under New submission where a new one is needed.",
                code="not_recognised",
            )
        new = Batch(
            id=new_id(),
            number=intake.next_number(portal, session),
            company_id=batch.company_id,
            branch_id=batch.branch_id,
            # A repeated send of this upload then finds the new batch and makes no further revision.
            idempotency_key=rev.idempotency_key if rev.uploaded_by == actor.user_id else None,
            created_by=actor.user_id,
            created_at=portal.clock(),
            last_edited_by=actor.user_id,
            last_edited_at=portal.clock(),
            change_received_on=batch.change_received_on,
        )
        session.add(new)
        session.flush()
        stored = _forget_workbooks(session, rev)
        rev.batch_id, rev.number = new.id, 1
        rev.recognised, rev.compared = False, None
        batch.revision_number -= 1
        intake.reopen(portal, batch, actor)
        session.flush()
        before = visible.current_revision(session, batch)
        if before.state == "checked":
            reading.follow_placements(session, before)
        audit.record(
            portal, session, actor, "batch:separated", batch.id, company_id=batch.company_id,
            revision=before.number + 1, number=new.number,
        )  # fmt: skip
        audit.record(
            portal, session, actor, "batch:created", new.id, company_id=new.company_id,
            number=new.number, sha256=rev.sha256, bytes=rev.file_size,
        )  # fmt: skip
        taken = Taken(new.id, new.number, 1, new.state, rev.state, new.version, repeated=False)
    for name in stored:
        portal.files.delete(name)
    return taken


def _has_letter(session: Session, rev: Revision) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(Letter.revision_id == rev.id))))


def _forget_workbooks(session: Session, rev: Revision) -> list[str]:
    """Forget workbooks made of a revision: their mark names the batch it leaves."""
    held = session.scalars(sa.select(Annotation).where(Annotation.revision_id == rev.id)).all()
    for each in held:
        session.delete(each)
    return [each.stored for each in held if each.stored]
