"""A ZIP that arrives in parts: what was acknowledged stays, and only the rest is sent again.

Each part is a file of the store, sealed before it is acknowledged (security.md section 2;
decision 82). Once all are there the ZIP goes the way of any other: looked at, taken in, unpacked
by a worker.
"""

import datetime as dt
from dataclasses import dataclass
from io import BufferedReader
from typing import BinaryIO, NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.keeping_models import DoomedFile
from hr_portal.adapters.database.models import Batch, new_id
from hr_portal.adapters.database.upload_models import UPLOAD_STATES, ArchivePart, ArchiveUpload
from hr_portal.adapters.documents import refusals
from hr_portal.adapters.documents.joining import Joined
from hr_portal.adapters.documents.limits import MIB
from hr_portal.adapters.files import FileDamagedError, FileTooLargeError
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import archives, audit, crashpoints, filing, purging, visible
from hr_portal.services.archives import ArchiveView
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound, TooLarge
from hr_portal.services.intake import clean_file_name

PART_BYTES = 8 * MIB
"""Of each part but the last, which has the rest."""
MOST_OPEN = 5
"""ZIPs that one person may have on their way to one batch."""
STATES = UPLOAD_STATES


@dataclass(frozen=True, slots=True)
class PartView:
    """A part that was acknowledged."""

    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class UploadView:
    """A ZIP on its way, as its sender sees it."""

    id: str
    batch_id: str
    file_name: str
    size: int
    state: str
    parts: int
    """How many it has, all in all."""
    acknowledged: tuple[PartView, ...]
    archive_id: str | None
    begun_at: dt.datetime
    part_bytes: int = PART_BYTES

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of the parts that have still to come."""
        there = {one.number for one in self.acknowledged}
        return tuple(number for number in range(1, self.parts + 1) if number not in there)


def begin(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    file_name: str,
    size: int,
    *,
    sha256: str | None = None,
) -> UploadView:
    """Begin to send a ZIP of `size` bytes in parts, or go on with it.

    The same name and size, by the same person, is the upload that is on its way already: its
    view tells which parts need not come again. Nothing is kept but what is told here.

    Raises:
        NotFound, Forbidden, Conflict: not theirs, no longer a draft, or too many on their way.
        Invalid, TooLarge: it could not be taken at that size.

    """
    name = clean_file_name(file_name)
    if size > portal.settings.max_archive_bytes:
        limit = portal.settings.max_archive_bytes // MIB
        told = refusals.refuse("zip-bytes", name, limit=limit)
        raise TooLarge(told.message, told.message_en, code=told.code)
    if size < 1:
        told = refusals.refuse("zip-damaged", name)
        raise Invalid(told.message, told.message_en, code=told.code, fields={"size": "0"})
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        filing.expect_draft(session, batch)
        key = portal.key(batch.company)
        begun = _open_of(session, actor, batch)
        for one in begun:
            if one.size == size and _name(one, key) == name and one.sha256 in {None, sha256}:
                return _view(session, one, key)
        if len(begun) >= MOST_OPEN:
            raise Conflict(
                f"Sudah ada {MOST_OPEN} ZIP yang pengirimannya belum selesai pada pengajuan ini. Lanjutkan "
                "atau batalkan salah satunya di halaman Dokumen, lalu kirim ZIP ini.",
                f"{MOST_OPEN} ZIPs are still on their way to this submission. Finish or cancel one of them "
                "on the documents page, then send this one.",
                code="uploads_open",
            )
        upload_id, now = new_id(), portal.clock()
        made = ArchiveUpload(
            id=upload_id,
            batch_id=batch.id,
            file_name=key.seal(f"archive_uploads|{upload_id}", name.encode()),
            size=size,
            sha256=sha256,
            state="open",
            uploaded_by=actor.user_id,
            begun_at=now,
            touched_at=now,
        )
        session.add(made)
        session.flush()
        audit.record(
            portal, session, actor, "archive:begun", upload_id, company_id=batch.company_id,
            batch=batch.id, size=size,
        )  # fmt: skip
        return _view(session, made, key)


def put_part(
    portal: Portal, actor: Actor, upload_id: str, number: int, stream: BinaryIO, sha256: str
) -> UploadView:
    """Take one part in; what this returns has been synced to the disk, sealed.

    A part that is there already is not kept twice. `sha256` is the part's, in hex.

    Raises:
        NotFound: no such upload of this actor's.
        Conflict: it is over, the batch no draft, or another content came as this part before.
        Invalid: no such part, not its size, or the bytes are not those of the hash.

    """
    with portal.db.read() as session:
        found, batch = _mine(session, actor, upload_id)
        expected = _expect_part(session, found, batch, number)
        key = portal.key(batch.company)
        if _expect_same(session, found, number, sha256):
            return _view(session, found, key)
    try:
        stored = portal.files.put(stream, key.file_key, limit=expected)
    except FileTooLargeError:
        _refuse_size(number, expected)
    try:
        if stored.size != expected:
            _refuse_size(number, expected)
        if stored.sha256 != sha256:
            raise Invalid(  # noqa: TRY301 - its bytes are removed below
                f"Bagian {number} tidak tiba utuh: isinya tidak cocok dengan sidik SHA-256-nya. Kirim "
                "bagian itu sekali lagi; bagian lain tetap tersimpan.",
                f"Part {number} did not arrive whole: its bytes don't fit its SHA-256. Send that part "
                "again; the others are kept.",
                code="part_damaged", fields={"sha256": "Tidak cocok"},
            )  # fmt: skip
        crashpoints.passing("part:stored")
        with portal.db.write() as session:
            found, batch = _mine(session, actor, upload_id)
            _expect_part(session, found, batch, number)
            is_there = _expect_same(session, found, number, sha256)
            found.touched_at = portal.clock()
            if not is_there:
                session.add(
                    ArchivePart(
                        upload_id=found.id, number=number, stored=stored.name, sha256=sha256,
                        size=expected,
                    )
                )  # fmt: skip
                session.flush()
            view = _view(session, found, key)
    except BaseException:
        _delete_unless_held(portal, upload_id, number, stored.name)
        raise
    if is_there:
        portal.files.delete(stored.name)  # another tab was first with the same part
    crashpoints.passing("part:committed")
    return view


def complete(portal: Portal, actor: Actor, upload_id: str) -> ArchiveView:
    """Take the ZIP in, now that all its parts are there; asked again, the same archive.

    A ZIP that is refused as a whole ends its upload: its parts are deleted. With a full disk
    they stay, and it is asked again.

    Raises:
        NotFound, Conflict: as `put_part`; or parts are missing (`parts_missing`, named).
        Invalid: as `archives.take_archive`; or the whole has not the hash it was begun with.

    """
    with portal.db.read() as session:
        found, batch = _mine(session, actor, upload_id)
        key = portal.key(batch.company)
        view = _view(session, found, key)
        if view.state != "done":
            _expect_open(found)
            filing.expect_draft(session, batch)
        whole = found.sha256
        parts = _parts(session, upload_id)
    if view.archive_id is not None:
        return archives.archive_view(portal, actor, view.archive_id)
    if view.missing:
        first = ", ".join(map(str, view.missing[:10]))
        raise Conflict(
            f"Belum lengkap: {len(view.missing)} dari {view.parts} bagian belum diterima (bagian {first}"
            f"{' …' if len(view.missing) > 10 else ''}). Kirim bagian itu, lalu selesaikan.",  # noqa: PLR2004
            f"Not whole yet: {len(view.missing)} of {view.parts} parts have not come (part {first}"
            f"{' …' if len(view.missing) > 10 else ''}). Send them, then complete.",  # noqa: PLR2004
            code="parts_missing",
        )

    def opened(at: int) -> bytes:
        return portal.files.read(parts[at].stored, key.file_key)

    def close(session: Session, archive_id: str, digest: str) -> None:
        held, _batch = _mine(session, actor, upload_id)
        _expect_open(held)
        if whole is not None and digest != whole:
            raise Invalid(
                f"ZIP {view.file_name} tidak utuh: sidik SHA-256 keseluruhannya berbeda dari yang "
                "disebut saat pengiriman dimulai. Kirim ZIP-nya lagi dari awal.",
                f"ZIP {view.file_name} isn't whole: its SHA-256 differs from the one told when the upload "
                "began. Send the ZIP again from its beginning.",
                code="whole_damaged", fields={"sha256": "Tidak cocok"},
            )  # fmt: skip
        held.state, held.archive_id = "done", archive_id
        held.touched_at = portal.clock()
        _doom_parts(portal, session, _only(upload_id))

    joined = BufferedReader(Joined([one.size for one in parts], opened), MIB)
    try:
        taken = archives.take_archive(
            portal, actor, view.batch_id, joined, view.file_name, ending=close
        )
    except (Invalid, TooLarge, Conflict, FileDamagedError) as refused:
        # Its parts go when another tab ends it; what was read here was no ZIP any more then.
        archive_id = _taken_meanwhile(portal, actor, upload_id)
        if archive_id is not None:
            return archives.archive_view(portal, actor, archive_id)
        if isinstance(refused, Invalid | TooLarge):
            _end(portal, actor, upload_id)
        raise
    crashpoints.passing("parts:joined")
    purging.delete_doomed(portal)
    return taken


def _taken_meanwhile(portal: Portal, actor: Actor, upload_id: str) -> str | None:
    """Return the archive that another tab made of an upload; Conflict where it was given up."""
    with portal.db.read() as session:
        found, _batch = _mine(session, actor, upload_id)
        if found.archive_id is None:
            _expect_open(found)
        return found.archive_id


def cancel(portal: Portal, actor: Actor, upload_id: str) -> str:
    """Give an upload up and delete its parts; returns the batch's id. Once over, nothing."""
    return _end(portal, actor, upload_id)


def upload_view(portal: Portal, actor: Actor, upload_id: str) -> UploadView:
    """Return an upload with the parts that were acknowledged; raises NotFound, Conflict."""
    with portal.db.read() as session:
        found, batch = _mine(session, actor, upload_id)
        return _view(session, found, portal.key(batch.company))


def open_of(portal: Portal, actor: Actor, batch_id: str) -> list[UploadView]:
    """Return the actor's own ZIPs that are on their way to a batch, the oldest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        key = portal.key(batch.company)
        return [_view(session, one, key) for one in _open_of(session, actor, batch)]


def sweep(portal: Portal) -> None:
    """Delete the uploads, over or not, to which nothing has come for the time of keeping."""
    old = portal.clock() - portal.settings.upload_keep
    with portal.db.write() as session:
        left = sa.select(ArchiveUpload.id).where(ArchiveUpload.touched_at < old)
        _doom_parts(portal, session, left)
        session.execute(sa.delete(ArchiveUpload).where(ArchiveUpload.touched_at < old))


def _end(portal: Portal, actor: Actor, upload_id: str) -> str:
    with portal.db.write() as session:
        found, batch = _mine(session, actor, upload_id)
        batch_id = batch.id
        if found.state == "open":
            found.state, found.touched_at = "ended", portal.clock()
            _doom_parts(portal, session, _only(upload_id))
            audit.record(
                portal, session, actor, "archive:given-up", upload_id,
                company_id=batch.company_id, batch=batch.id,
            )  # fmt: skip
    purging.delete_doomed(portal)
    return batch_id


def _doom_parts(portal: Portal, session: Session, uploads: sa.Select[str]) -> None:
    """Forget the parts of uploads and mark their bytes as to be deleted, in the transaction."""
    names = purging.parts_let_go(session, uploads)
    session.add_all(DoomedFile(name=name, since=portal.clock()) for name in names)


def _only(upload_id: str) -> sa.Select[str]:
    return sa.select(ArchiveUpload.id).where(ArchiveUpload.id == upload_id)


def _mine(session: Session, actor: Actor, upload_id: str) -> tuple[ArchiveUpload, Batch]:
    """Return one's own upload, as it is once the batch is locked where this writes."""
    found = session.get(ArchiveUpload, upload_id)
    if found is None or found.uploaded_by != actor.user_id:
        raise NotFound
    batch = visible.batch(session, actor, found.batch_id, action="batch.edit")
    session.refresh(found)
    return found, batch


def _open_of(session: Session, actor: Actor, batch: Batch) -> list[ArchiveUpload]:
    return list(
        session.scalars(
            sa.select(ArchiveUpload)
            .where(
                ArchiveUpload.batch_id == batch.id,
                ArchiveUpload.uploaded_by == actor.user_id,
                ArchiveUpload.state == "open",
            )
            .order_by(ArchiveUpload.begun_at, ArchiveUpload.id)
        )
    )


def _expect_open(found: ArchiveUpload) -> None:
    if found.state == "done":
        raise Conflict(
            "ZIP ini sudah diterima seluruhnya; tidak ada lagi yang perlu dikirim.",
            "This ZIP has been taken in whole; nothing more has to be sent.",
            code="upload_done",
        )
    if found.state == "ended":
        raise Conflict(
            "Pengiriman ZIP ini sudah dibatalkan, atau ZIP-nya ditolak. Pilih berkasnya lagi untuk "
            "mengirim dari awal.",
            "This upload was cancelled, or its ZIP refused. Choose the file again to send it from its "
            "beginning.",
            code="upload_ended",
        )


def _expect_part(session: Session, found: ArchiveUpload, batch: Batch, number: int) -> int:
    """Return how many bytes a part has; raises where none may come."""
    _expect_open(found)
    filing.expect_draft(session, batch)
    most = _count(found.size)
    if not 1 <= number <= most:
        raise Invalid(
            f"Bagian {number} tidak ada: ZIP ini terdiri dari bagian 1 sampai {most}.",
            f"There is no part {number}: this ZIP has parts 1 to {most}.",
            code="part_unknown", fields={"number": f"1–{most}"},
        )  # fmt: skip
    return min(PART_BYTES, found.size - (number - 1) * PART_BYTES)


def _expect_same(session: Session, found: ArchiveUpload, number: int, sha256: str) -> bool:
    """Say whether a part is there already; raises Conflict where it has another content."""
    held = session.get(ArchivePart, (found.id, number))
    if held is not None and held.sha256 != sha256:
        raise Conflict(
            f"Bagian {number} sudah diterima dengan isi lain: berkas ini berubah sejak pengirimannya "
            "dimulai. Batalkan pengiriman itu, lalu kirim berkasnya dari awal.",
            f"Part {number} came with another content before: the file has changed since its upload "
            "began. Cancel that upload, then send the file from its beginning.",
            code="part_differs",
        )
    return held is not None


def _refuse_size(number: int, expected: int) -> NoReturn:
    raise Invalid(
        f"Bagian {number} harus berisi tepat {expected} byte. Kirim bagian itu sekali lagi, utuh.",
        f"Part {number} must have exactly {expected} bytes. Send that part again, whole.",
        code="part_size", fields={"file": f"{expected} byte"},
    )  # fmt: skip


def _delete_unless_held(portal: Portal, upload_id: str, number: int, stored: str) -> None:
    """Delete a stored part, unless the database has it after all."""
    try:
        with portal.db.read() as session:
            held = session.get(ArchivePart, (upload_id, number))
    except sa.exc.SQLAlchemyError:
        return
    if held is None or held.stored != stored:
        portal.files.delete(stored)


def _parts(session: Session, upload_id: str) -> list[ArchivePart]:
    return list(
        session.scalars(
            sa.select(ArchivePart)
            .where(ArchivePart.upload_id == upload_id)
            .order_by(ArchivePart.number)
        )
    )


def _count(size: int) -> int:
    return -(-size // PART_BYTES)


def _name(one: ArchiveUpload, key: CompanyKey) -> str:
    return key.open(f"archive_uploads|{one.id}", one.file_name).decode()


def _view(session: Session, one: ArchiveUpload, key: CompanyKey) -> UploadView:
    parts = tuple(PartView(part.number, part.sha256) for part in _parts(session, one.id))
    return UploadView(
        one.id, one.batch_id, _name(one, key), one.size, one.state, _count(one.size), parts,
        one.archive_id, one.begun_at,
    )  # fmt: skip
