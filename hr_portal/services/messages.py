"""Messages on a batch or one of its rows, between HRD and reviewers; and reviewers' own notes."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from hr_portal.adapters.database.models import Batch, Row, new_id
from hr_portal.adapters.database.review_models import Message, MessageFile
from hr_portal.adapters.files import StoredFile
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.domain.workflow import SUBMITTED_ONCE
from hr_portal.services import audit, notices, retention, scanning, visible
from hr_portal.services.context import Portal
from hr_portal.services.documents import made_safe, read_document
from hr_portal.services.errors import Conflict, Invalid, NotFound, TooLarge
from hr_portal.services.intake import clean_file_name, keep_file, let_go

MOST_TEXT = 10_000
MOST_FILES = 5
Sent = Sequence[tuple[BinaryIO, str]]
"""Files as they come: their bytes and their names."""
_Kept = tuple[str, str, StoredFile]
"""The name of a file, its media type, and where its clean copy lies."""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a message as its readers see it."""

    id: int
    file_name: str
    media_type: str
    size: int
    is_kept: bool
    """False once retention has deleted its bytes."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that did not go along with its message, and why."""

    file_name: str
    code: str
    message: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Written:
    """A message that was sent, and which of its files were refused."""

    id: str
    refused: tuple[Refused, ...]
    is_repeated: bool = False
    """True where it had been sent with this key before: nothing new was made."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody wants to send, as far as it tells one message from another."""

    text: str
    row: int | None
    internal: bool
    files: int | None
    """None where some of them may stay behind."""
    key: str | None


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
    files: tuple[FileView, ...] = ()


def write(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    text: str,
    *,
    row: int | None = None,
    internal: bool = False,
    files: Sent = (),
    whole: bool = False,
    idempotency_key: str | None = None,
) -> Written:
    """Add a message to a batch that was submitted, with files made safe.

    HRD's and reviewers' messages are read by both sides, and the other side is told
    by e-mail; an internal note is read by reviewers of the branch only. A file that is
    refused stays behind, and is named; the message goes with the others, or with `whole`
    not at all. The batch's version stays. Sent again with the same key, it is the one of before.

    Raises:
        NotFound. Conflict: it was never submitted, or is purged; `whole` with a silent scanner;
            the key stands on another message of the actor's.
        Invalid: empty, too long, too many files, an unknown row, or a note by HRD.

    """
    text = _expect_text(text)
    if len(files) > MOST_FILES:
        raise Invalid(
            f"Satu pesan membawa paling banyak {MOST_FILES} berkas; ini {len(files)}. Kirim sisanya dengan pesan lain.",
            f"A message carries at most {MOST_FILES} files; these are {len(files)}. Send the rest with another.",
            fields={"file": "Terlalu banyak"},
        )
    count = len(files) if whole or not files else None
    said = _Said(text, row, internal, count, idempotency_key)
    with portal.db.read() as session:  # before files are looked at, which takes a while
        batch, _side = _may_write(session, actor, batch_id, row, internal=internal)
        before = _before(session, portal.key(batch.company), batch, actor, said)
        if before is not None:
            return before
        if files:
            retention.expect_not_purged(session, batch)
    kept: list[_Kept] = []
    refused: list[Refused] = []
    try:
        for stream, given in files:
            name = clean_file_name(given)
            try:
                kept.append(_put(portal, actor, batch, stream, name))
            except (Invalid, TooLarge, Conflict) as error:
                if whole:
                    raise
                refused.append(Refused(name, error.code, error.message, error.message_en))
        made = _send(portal, actor, batch_id, said, kept)
    except BaseException:
        _let_go(portal, kept)
        raise
    if made.is_repeated:  # sent twice at once: the other one was first
        _let_go(portal, kept)
        return made
    return Written(made.id, tuple(refused))


def _put(portal: Portal, actor: Actor, batch: Batch, stream: BinaryIO, name: str) -> _Kept:
    """Store the clean copy of a file; raises Invalid, TooLarge or Conflict where it has none."""
    data = read_document(portal, stream, name)
    scanning.expect_clean_now(portal, actor, batch, data, name)
    safe = made_safe(data, name)
    key, limit = portal.key(batch.company).file_key, len(safe.data) + 1
    return name, safe.media_type, portal.files.put(io.BytesIO(safe.data), key, limit=limit)


def _let_go(portal: Portal, kept: list[_Kept]) -> None:
    for _name, _type, stored in kept:
        let_go(portal, stored)


def _before(
    session: Session, key: CompanyKey, batch: Batch, actor: Actor, said: _Said
) -> Written | None:
    """Find what the actor has sent with this key; raises Conflict where it said otherwise."""
    if said.key is None:
        return None
    found = session.scalar(
        sa.select(Message)
        .options(selectinload(Message.files))
        .where(
            Message.batch_id == batch.id,
            Message.written_by == actor.user_id,
            Message.idempotency_key == said.key,
        )
    )
    if found is None:
        return None
    text = key.open(_place(found.id), found.text).decode()
    files = None if said.files is None else len(found.files)
    if _Said(text, found.row_number, found.is_internal, files, said.key) != said:
        raise Conflict(
            "Dengan Idempotency-Key ini Anda sudah mengirim pesan lain pada pengajuan ini, jadi pesan ini tidak "
            "dikirim. Pakai kunci baru untuk setiap pesan.",
            "You have sent another message on this submission with this Idempotency-Key, so this one was not "
            "sent. Use a new key for each message.",
            code="key_used",
            fields={"Idempotency-Key": "Sudah dipakai"},
        )
    return Written(found.id, (), is_repeated=True)


def _send(portal: Portal, actor: Actor, batch_id: str, said: _Said, kept: list[_Kept]) -> Written:
    with portal.db.write() as session:
        batch, side = _may_write(session, actor, batch_id, said.row, internal=said.internal)
        key = portal.key(batch.company)
        before = _before(session, key, batch, actor, said)
        if before is not None:
            return before
        if kept:
            retention.expect_not_purged(session, batch)
        message_id = new_id()
        message = Message(
            id=message_id,
            batch_id=batch.id,
            row_number=said.row,
            side=side,
            is_internal=said.internal,
            text=key.seal(_place(message_id), said.text.encode()),
            written_by=actor.user_id,
            written_at=portal.clock(),
            idempotency_key=said.key,
        )
        _keep(portal, session, batch, key, message, kept)
        audit.record(
            portal, session, actor, "message:written", message_id, company_id=batch.company_id,
            batch=batch.id, row=said.row, internal=said.internal,
            sha256=[one.sha256 for _n, _t, one in kept],
        )  # fmt: skip
        if not said.internal:
            _tell_others(portal, session, batch, side)
        return Written(message_id, ())


def _keep(
    portal: Portal,
    session: Session,
    batch: Batch,
    key: CompanyKey,
    message: Message,
    kept: list[_Kept],
) -> None:
    session.add(message)
    session.flush()
    for place, (name, media_type, stored) in enumerate(kept, start=1):
        session.add(
            MessageFile(
                message_id=message.id,
                batch_id=batch.id,
                place=place,
                file_id=keep_file(portal, session, batch.company, stored),
                file_name=key.seal(_file_place(message.id, place), name.encode()),
                media_type=media_type,
            )
        )


def open_file(
    portal: Portal, actor: Actor, batch_id: str, file: int
) -> tuple[FileView, Iterator[bytes]]:
    """Return a file of a message and its bytes; the look is an act.

    Raises:
        NotFound: no such file, or its message is not the actor's to read.
        Conflict: its time of keeping is over.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id)
        query = (
            sa.select(MessageFile)
            .join(Message, Message.id == MessageFile.message_id)
            .options(joinedload(MessageFile.file))
            .where(MessageFile.id == file, MessageFile.batch_id == batch.id)
        )
        if batch.branch_id not in actor.branches:
            query = query.where(~Message.is_internal)
        found = session.scalar(query)
        if found is None:
            raise NotFound
        retention.expect_kept(found.file)
        key = portal.key(batch.company)
        audit.record(
            portal, session, actor, "message:file_opened", found.message_id,
            company_id=batch.company_id, batch=batch.id, file=found.place,
        )  # fmt: skip
        view, stored = _file_view(key, found), found.file.name
    return view, portal.files.chunks(stored, key.file_key)


def listed(portal: Portal, actor: Actor, batch_id: str) -> list[MessageView]:
    """Return the messages of a batch that the actor may read, the oldest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        key = portal.key(batch.company)
        is_reviewer = batch.branch_id in actor.branches
        query = (
            sa.select(Message)
            .options(
                joinedload(Message.writer),
                selectinload(Message.files).joinedload(MessageFile.file),
            )
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
                tuple(_file_view(key, file) for file in one.files),
            )
            for one in session.scalars(query)
        ]


def _expect_text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > MOST_TEXT:
        raise Invalid(
            "Tulis pesan, paling panjang 10.000 huruf.",
            "Write a message of at most 10,000 characters.",
            code="message_empty" if not text else "message_long",
            fields={"text": "Wajib diisi" if not text else "Terlalu panjang"},
        )
    return text


def _may_write(
    session: Session, actor: Actor, batch_id: str, row: int | None, *, internal: bool
) -> tuple[Batch, str]:
    """Return the batch and the side the actor writes from, or refuse."""
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
    return batch, side


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


def _file_place(message_id: str, place: int) -> str:
    return f"message_files|{message_id}|{place}"


def _file_view(key: CompanyKey, one: MessageFile) -> FileView:
    name = key.open(_file_place(one.message_id, one.place), one.file_name).decode()
    return FileView(one.id, name, one.media_type, one.file.size, one.file.purged_at is None)
