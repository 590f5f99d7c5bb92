"""Messages on a batch or one of its rows, between HRD and reviewers; and reviewers' own notes."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import Batch, Row, new_id
from hr_portal.adapters.database.review_models import Message
from hr_portal.domain.permissions import Actor
from hr_portal.domain.workflow import SUBMITTED_ONCE
from hr_portal.services import audit, notices, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid

MOST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as its readers see it."""

    id: str
    row: int | None
    side: str
    """hrd or reviewer."""
    is_internal: bool
    text: str
    """As written, and perhaps about people: veil numbers where they are shown."""
    written_by: str | None
    """None where the reader is only told the side: a company is told the office alone."""
    is_mine: bool
    written_at: dt.datetime


def write(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    text: str,
    *,
    row: int | None = None,
    internal: bool = False,
) -> str:
    """Add a message to a batch that was submitted; returns its id.

    HRD's and reviewers' messages are read by both sides, and the other side is told
    by e-mail; an internal note is read by reviewers of the branch only. The batch's
    version stays.

    Raises:
        NotFound. Conflict: it was never submitted.
        Invalid: empty, too long, an unknown row, or a note by HRD.

    """
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > MOST_TEXT:
        raise Invalid(
            "Tulis pesan, paling panjang 10.000 huruf.",
            "Write a message of at most 10,000 characters.",
            code="message_empty" if not text else "message_long",
            fields={"text": "Wajib diisi" if not text else "Terlalu panjang"},
        )
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id)
        if batch.state not in SUBMITTED_ONCE:
            raise Conflict(
                f"Pengajuan {batch.number} belum diajukan, jadi belum ada yang membaca pesan.",
                f"Submission {batch.number} is not submitted, so nobody would read a message.",
                code="not_submitted",
            )
        side = "reviewer" if batch.branch_id in actor.branches else "hrd"
        if internal and side == "hrd":
            raise Invalid(
                "Catatan internal hanya untuk pemeriksa.",
                "Internal notes are for reviewers only.",
                fields={"internal": "Hanya pemeriksa"},
            )
        if row is not None:
            _expect_row(session, batch, row)
        message_id = new_id()
        key = portal.key(batch.company)
        session.add(
            Message(
                id=message_id,
                batch_id=batch.id,
                row_number=row,
                side=side,
                is_internal=internal,
                text=key.seal(_place(message_id), text.encode()),
                written_by=actor.user_id,
                written_at=portal.clock(),
            )
        )
        audit.record(
            portal, session, actor, "message:written", message_id, company_id=batch.company_id,
            batch=batch.id, row=row, internal=internal,
        )  # fmt: skip
        if not internal:
            _tell_others(portal, session, batch, side)
        return message_id


def listed(portal: Portal, actor: Actor, batch_id: str) -> list[MessageView]:
    """Return the messages of a batch that the actor may read, the oldest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        key = portal.key(batch.company)
        is_reviewer = batch.branch_id in actor.branches
        query = (
            sa.select(Message)
            .options(joinedload(Message.writer))
            .where(Message.batch_id == batch.id)
            .order_by(Message.written_at, Message.id)
        )
        if not is_reviewer:
            query = query.where(~Message.is_internal)
        return [
            MessageView(
                one.id,
                one.row_number,
                one.side,
                one.is_internal,
                key.open(_place(one.id), one.text).decode(),
                one.writer.name if is_reviewer or one.side == "hrd" else None,
                one.written_by == actor.user_id,
                one.written_at,
            )
            for one in session.scalars(query)
        ]


def _tell_others(portal: Portal, session: Session, batch: Batch, side: str) -> None:
    if side == "reviewer":
        notices.tell_company(portal, session, "asked", batch)
    elif batch.reviewer_id:
        notices.tell(portal, session, "asked", batch, [batch.reviewer_id])


def _expect_row(session: Session, batch: Batch, row: int) -> None:
    revision = visible.current_revision(session, batch)
    if session.get(Row, (revision.id, row)) is None:
        raise Invalid(
            f"Baris {row} tidak ada pada pengajuan ini. Pakai nomor baris seperti di Excel.",
            f"Row {row} isn't in this submission. Use the row number as in Excel.",
            fields={"row": "Tidak ada"},
        )


def _place(message_id: str) -> str:
    return f"messages|{message_id}"
