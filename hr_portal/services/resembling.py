"""A file without its mark that looks like the mended one of an open batch: asked, never assumed.

Saved as csv or copied into a new workbook, a file loses the mark of its batch. What it
holds still tells: the people (by index of KPJ, or of NIK where the KPJ were what was
wrong) and the fields to correct. The worker notes the likeness with the check, and
whoever uploaded says on the result page which of the two is true.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from hr_portal.adapters.database.models import Batch, Document, File, Letter, Revision, Row
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.domain.workflow import EDITABLE
from hr_portal.services import audit, intake, jobs, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, NotFound
from hr_portal.services.intake import Taken

OPEN = EDITABLE | {"returned"}
MOST_ASKED = 20
"""So many open batches of the company are compared, the last edited first."""
SAMPLE = 500
"""So many people of the file are looked for in each of them."""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """The open batch that a file seems to be the mended one of, and what would become of it."""

    id: str
    number: str
    next_revision: int
    """What this file would become."""
    shared: int
    """People (KPJ, or NIK) in both."""
    here: int
    """People only in this file."""
    there: int
    """People only in that batch: they would not be part of its next revision."""


def find(
    session: Session, key: CompanyKey, revision_id: int, content: bytes, fields: set[str]
) -> dict[str, Any] | None:
    """Find the open batch that a new batch's rows seem to mend; None = there is none.

    Half of the people or more have to be in it, and a field to be corrected in both.
    The same rows again are no mended file (`twins`). What is returned is kept with the
    revision: numbers and an id, nothing of a person.
    """
    mine = session.get_one(Revision, revision_id)
    batch = session.get_one(Batch, mine.batch_id)
    if mine.number > 1 or batch.parent_id or batch.state != "draft":
        return None
    people = [
        (column, nobody, _sample(session, mine.id, column, nobody))
        for column, nobody in (
            (Row.kpj_index, key.index("kpj", "")), (Row.nik_index, key.index("nik", "")),
        )
    ]  # fmt: skip
    best: tuple[float, Batch, Revision, InstrumentedAttribute[bytes], bytes] | None = None
    for other, rev in _open_batches(session, batch):
        if content == rev.content_index or mine.sha256 == rev.sha256:
            return None  # the same again, which the page says already
        if fields and rev.fields and fields.isdisjoint(rev.fields):
            continue
        for column, nobody, sample in people:
            share = _share(session, rev.id, column, sample)
            if share >= 1 / 2 and (best is None or share > best[0]):
                best = (share, other, rev, column, nobody)
    if best is None:
        return None
    _share_found, other, rev, column, nobody = best
    shared = session.scalar(
        sa.select(sa.func.count(sa.distinct(column))).where(
            Row.revision_id == mine.id, column != nobody,
            column.in_(sa.select(column).where(Row.revision_id == rev.id)),
        )
    ) or 0  # fmt: skip
    return {
        "batch": other.id,
        "shared": shared,
        "here": _people(session, mine.id, column, nobody) - shared,
        "there": _people(session, rev.id, column, nobody) - shared,
    }


def _open_batches(session: Session, batch: Batch) -> list[tuple[Batch, Revision]]:
    found = session.execute(
        sa.select(Batch, Revision)
        .join(
            Revision,
            sa.and_(Revision.batch_id == Batch.id, Revision.number == Batch.revision_number),
        )
        .where(
            Batch.company_id == batch.company_id,
            Batch.id != batch.id,
            Batch.state.in_(sorted(OPEN)),
            Revision.state == "checked",
        )
        .order_by(Batch.last_edited_at.desc(), Batch.number.desc())
        .limit(MOST_ASKED)
    )
    return [(other, rev) for other, rev in found]


def _sample(
    session: Session, revision_id: int, column: InstrumentedAttribute[bytes], nobody: bytes
) -> set[bytes]:
    return set(
        session.scalars(
            sa.select(column)
            .where(Row.revision_id == revision_id, column != nobody)
            .order_by(Row.number)
            .limit(SAMPLE)
        )
    )


def _share(
    session: Session, revision_id: int, column: InstrumentedAttribute[bytes], sample: set[bytes]
) -> float:
    if not sample:
        return 0
    found = session.scalar(
        sa.select(sa.func.count(sa.distinct(column))).where(
            Row.revision_id == revision_id, column.in_(sample)
        )
    )
    return (found or 0) / len(sample)


def _people(
    session: Session, revision_id: int, column: InstrumentedAttribute[bytes], nobody: bytes
) -> int:
    found = session.scalar(
        sa.select(sa.func.count(sa.distinct(column))).where(
            Row.revision_id == revision_id, column != nobody
        )
    )
    return found or 0


def of_batch(portal: Portal, actor: Actor, batch_id: str) -> Resemblance | None:
    """Return the batch that a draft seems to mend, while that is still to be said.

    None once anything was done with the draft: mended in the portal, a document added,
    a letter issued; or when the other batch is closed. Who goes on has said "a new one".
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        if batch.company_id not in actor.companies:
            return None
        return _undecided(session, actor, batch, revision)


def make_revision(
    portal: Portal, actor: Actor, batch_id: str, *, version: int | None = None
) -> Taken:
    """Make a new batch's file the next revision of the batch it mends; the new one is cancelled.

    The file is read anew there. Asked twice, the second is told what the first has done.

    Raises:
        NotFound, Forbidden.
        Conflict: stale version, no draft, or there is nothing to join any more.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        mine = visible.current_revision(session, batch)
        joined = (mine.resembles or {}).get("revision")
        if batch.state == "cancelled" and joined:
            other = visible.batch(session, actor, (mine.resembles or {})["batch"])
            made = visible.revision(session, actor, other, joined)
            return intake.taken(other, made, repeated=True)
        visible.expect_version(batch, version)
        if batch.state != "draft":
            raise intake.closed(batch)
        like = _undecided(session, actor, batch, mine)
        if like is None:
            raise _nothing_to_join(batch)
        other = visible.batch(session, actor, like.id, action="batch.edit")
        if other.state not in OPEN:
            raise _nothing_to_join(batch)
        held = sa.select(File.id).where(File.id == mine.file_id)
        session.execute(held.with_for_update(key_share=True, read=True))
        other.revision_number += 1
        made = Revision(
            batch_id=other.id,
            number=other.revision_number,
            file_id=mine.file_id,
            file_name=mine.file_name,
            file_size=mine.file_size,
            sha256=mine.sha256,
            layout_asked=mine.layout_asked,
            answer={**mine.answer, "key": None} if mine.answer else None,
            uploaded_by=mine.uploaded_by,
            uploaded_at=mine.uploaded_at,
            state="received",
        )
        session.add(made)
        session.flush()
        jobs.add(portal, session, "read", str(made.id))
        intake.reopen(portal, other, actor)
        mine.resembles = {**(mine.resembles or {}), "revision": made.number}
        batch.state = "cancelled"
        batch.version += 1
        audit.record(
            portal, session, actor, "batch:revised", other.id, company_id=other.company_id,
            revision=made.number, recognised=False, sha256=made.sha256, bytes=made.file_size,
            number=batch.number,
        )  # fmt: skip
        audit.record(
            portal, session, actor, "batch:joined", batch.id, company_id=batch.company_id,
            number=other.number, revision=made.number,
        )  # fmt: skip
        return intake.taken(other, made, repeated=False)


def keep_separate(portal: Portal, actor: Actor, batch_id: str) -> None:
    """Note that a draft is a batch of its own, whatever it looks like; it isn't asked again.

    Raises:
        NotFound, Forbidden: not theirs.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        revision = visible.current_revision(session, batch)
        if batch.state == "draft":
            revision.resembles = None


def _undecided(
    session: Session, actor: Actor, batch: Batch, revision: Revision
) -> Resemblance | None:
    like = revision.resembles
    if not like or batch.state != "draft" or revision.edited or revision.file_id is None:
        return None
    if session.scalar(_TOUCHED, {"batch": batch.id}):
        return None
    try:
        other = visible.batch(session, actor, like["batch"], action="batch.edit")
    except (NotFound, Forbidden):
        return None
    if other.state not in OPEN:
        return None
    return Resemblance(
        other.id, other.number, other.revision_number + 1,
        like["shared"], like["here"], like["there"],
    )  # fmt: skip


_TOUCHED = sa.select(
    sa.or_(
        sa.exists().where(
            Document.batch_id == sa.bindparam("batch"), Document.removed_at.is_(None)
        ),
        sa.exists().where(Letter.batch_id == sa.bindparam("batch")),
    )
)


def _nothing_to_join(batch: Batch) -> Conflict:
    return Conflict(
        f"Pengajuan {batch.number} tidak dapat lagi dijadikan revisi pengajuan lain: pengajuan itu sudah diajukan atau "
        "ditutup, atau di sini sudah ada perbaikan, dokumen, atau surat. Bila tetap perlu, buka pengajuan yang lama "
        "lalu unggah berkasnya di Unggah ulang.",
        f"Submission {batch.number} can't become a revision of another one any more: that one has been submitted or "
        "closed, or this one has changes, documents or a letter. Where it is still needed, open the earlier submission "
        "and upload the file there again.",
        code="nothing_to_join",
    )
