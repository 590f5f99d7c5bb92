"""Takes a batch to a stage of retention: rows masked or blotted, files deleted, an act written.

In steps, so that nobody waits for the database: the rows block by block, then all the rest in one
transaction, then the bytes. A worker that dies is followed by one that goes on from the last step;
what stands is only ever the content, or what is left of it, whole (decision 91).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.document_models import (
    Archive,
    Clue,
    Depiction,
    Explained,
    Explanation,
    HeldDocument,
    Judgement,
)
from hr_portal.adapters.database.keeping_models import DoomedFile, Purge
from hr_portal.adapters.database.listing_models import RowText
from hr_portal.adapters.database.mapping_models import MappingSheet
from hr_portal.adapters.database.mending_models import LongAct
from hr_portal.adapters.database.models import (
    Annotation,
    Base,
    Batch,
    Correction,
    Document,
    Edit,
    Employee,
    Fact,
    File,
    FindingRow,
    Letter,
    Revision,
    Row,
    RowBlock,
)
from hr_portal.adapters.database.paper_models import Paper
from hr_portal.adapters.database.people_models import Seen
from hr_portal.adapters.database.review_models import AgencyAnswer, Message, MessageFile
from hr_portal.adapters.database.signing_models import SignedLetter
from hr_portal.adapters.database.upload_models import ArchivePart, ArchiveUpload
from hr_portal.adapters.database.work_models import ReviewWork
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.fields import FIELD
from hr_portal.domain.masking import DOT
from hr_portal.domain.retention import STAGES, Stage, blot, blot_quoted
from hr_portal.services import audit, crashpoints, idle_drafts, jobs, retention
from hr_portal.services.context import Portal
from hr_portal.services.papers import paper_place
from hr_portal.services.rowdata import (
    EMPLOYEE_KEYS,
    Block,
    Structure,
    block_place,
    blot_remarks,
    open_block,
    open_structure,
    without,
)

JOB = "purge"
BLOCKS_AT_ONCE = 40
RECORDS_AT_ONCE = 5_000
_NOBODY = bytes(16)
KEPT_WITH_THE_LOG = frozenset({"letters", "papers", "signed_letters"})
"""Tables whose files stay with the masked log; those of all others go with the documents."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What one stage took."""

    files: int
    blocks: int


def queue_due(portal: Portal) -> int:
    """Queue a job for every batch that has reached a stage; return how many. Changes none yet."""
    with portal.db.read() as session:
        listed = [one for one in retention.due(portal, session) if not one.is_held]
    for one in listed:
        with portal.db.write() as session:
            jobs.again_if_idle(portal, session, JOB, f"{one.batch_id}|{one.stage}")
    return len(listed)


def purge_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Take one batch to one stage; the end of a "purge" job."""
    batch_id, _, stage = claimed.subject.partition("|")
    purge(portal, batch_id, cast("Stage", stage), claimed)


def purge(
    portal: Portal, batch_id: str, stage: Stage, claimed: jobs.Claim | None = None
) -> Purged | None:
    """Take a batch to a stage, from wherever an attempt before has stopped.

    Returns None, and changes nothing, where it is not due or held. `claimed` is renewed with each
    step; raises LeaseLostError where another worker has it.
    """

    def step(session: Session) -> None:
        if claimed is not None:
            jobs.hold(portal, session, claimed)

    if not _begin(portal, batch_id, stage, step, claimed):
        return None
    crashpoints.passing("purge:begun")
    is_long = False
    while _mask_some(portal, batch_id, stage, step):
        crashpoints.passing("purge:step")
        if is_long:
            portal.db.give_way()
        is_long = True
    _blot_many(portal, batch_id, step)
    with portal.db.write() as session:
        step(session)
        batch = session.get_one(Batch, batch_id)
        key = portal.key(batch.company)
        purge = session.get_one(Purge, (batch_id, stage), with_for_update=True)
        if purge.ended_at is None:
            _blot_texts(session, key, batch, stage)
            purge.files = _doom_files(portal, session, batch, stage)
            purge.ended_at = portal.clock()
            audit.record(
                portal, session, None, "batch:purged", batch_id, company_id=batch.company_id,
                stage=stage, files=purge.files, blocks=purge.blocks,
            )  # fmt: skip
        done = Purged(purge.files, purge.blocks)
        if claimed is not None:
            jobs.finish(session, claimed)
        crashpoints.passing("purge:written")
    crashpoints.passing("purge:committed")
    delete_doomed(portal)
    return done


def delete_doomed(portal: Portal) -> int:
    """Delete the bytes of files that no row needs any more; return how many were left to delete."""
    with portal.db.read() as session:
        doomed = session.execute(sa.select(DoomedFile.id, DoomedFile.name)).all()
    for _, name in doomed:
        portal.files.delete(name)
    if doomed:
        crashpoints.passing("purge:deleted")
        with portal.db.write() as session:
            session.execute(
                sa.delete(DoomedFile).where(DoomedFile.id.in_([one.id for one in doomed]))
            )
        portal.db.settle()
    return len(doomed)


# --- rows -----------------------------------------------------------------------------------------


def _begin(
    portal: Portal,
    batch_id: str,
    stage: Stage,
    step: Callable[[Session], None],
    claimed: jobs.Claim | None,
) -> bool:
    """Write down that it begins; False where it may not, and then the job is over."""
    with portal.db.write() as session:
        step(session)
        batch = session.scalars(
            sa.select(Batch).where(Batch.id == batch_id).with_for_update()
        ).one()
        retention.lock_holds(session, batch.company_id)
        begun = session.get(Purge, (batch_id, stage))
        if begun is None:
            if not retention.is_due(portal, session, batch_id, stage):
                if claimed is not None:
                    jobs.finish(session, claimed)
                return False
            if batch.state == "draft":
                idle_drafts.lapse(portal, session, batch)
            session.add(
                Purge(batch_id=batch_id, stage=stage, begun_at=portal.clock(), blocks=0, files=0)
            )
        return True


def _mask_some(
    portal: Portal, batch_id: str, stage: Stage, step: Callable[[Session], None]
) -> bool:
    """Blot the next blocks of rows; False where all are done."""
    with portal.db.write() as session:
        step(session)
        purge = session.get_one(Purge, (batch_id, stage), with_for_update=True)
        batch = session.get_one(Batch, batch_id)
        key = portal.key(batch.company)
        found = session.scalars(
            sa.select(RowBlock)
            .join(Revision, Revision.id == RowBlock.revision_id)
            .where(Revision.batch_id == batch_id)
            .order_by(RowBlock.revision_id, RowBlock.block)
            .offset(purge.blocks)
            .limit(BLOCKS_AT_ONCE)
        ).all()
        structures = {
            number: open_structure(key, session.get_one(Revision, number))
            for number in {one.revision_id for one in found}
        }
        names: list[dict[str, Any]] = []
        for one in found:
            block = open_block(key, one)
            blotted = blot_block(stage, block, structures[one.revision_id])
            one.content = key.seal(block_place(one.revision_id, one.block), blotted.packed())
            names += [
                {"of": one.revision_id, "at": number, "name": name}
                for number, name in zip(
                    blotted.numbers, blotted.employee[EMPLOYEE_KEYS.index("nama")], strict=True
                )
            ]
        if names:
            session.flush()
            table = Row.__table__
            session.connection().execute(
                sa.update(table)  # type: ignore[arg-type]
                .where(
                    table.c.revision_id == sa.bindparam("of"), table.c.number == sa.bindparam("at")
                )
                .values(name=sa.bindparam("name")),
                names,
            )
        purge.blocks += len(found)
        return bool(found)


def blot_block(stage: Stage, block: Block, held: Structure) -> Block:
    """Return a block of rows as a stage of retention leaves it."""
    fields_of_rows = [changes[0][0] if len(changes) == 1 else None for changes in block.changes]

    def column(place: int, values: list[str]) -> list[str]:
        role = held.roles[place]
        if role.part in {"number", "which", "company"}:
            return values if stage == "documents" else [blot(stage, None, one) for one in values]
        if role.part in {"before", "after"} and role.field is None:
            return [
                blot(stage, field, one) for field, one in zip(fields_of_rows, values, strict=True)
            ]
        return [blot(stage, role.field, one) for one in values]

    return Block(
        block.numbers,
        [column(place, values) for place, values in enumerate(block.raw)],
        block.kinds,
        [
            None if values is None else column(place, values)
            for place, values in enumerate(block.clean)
        ],
        [
            [blot(stage, key, one) for one in values]
            for key, values in zip(EMPLOYEE_KEYS, block.employee, strict=True)
        ],
        [
            [
                (field, blot(stage, field if field in FIELD else None, before),
                 blot(stage, field if field in FIELD else None, after))
                for field, before, after in changes
            ]
            for changes in block.changes
        ],
    )  # fmt: skip


def _blot_many(portal: Portal, batch_id: str, step: Callable[[Session], None]) -> None:
    """Blot what was found and delete what was typed, some thousand records at a time.

    Done again after a kill it finds less. What is left of it goes with all the rest.
    """
    for model in (FindingRow, Edit):
        is_found, table = model is FindingRow, cast("sa.Table", model.__table__)
        with portal.db.read() as session:
            of_batch = sa.select(Revision.id).where(Revision.batch_id == batch_id)
            ends = (
                sa.select(table.c.revision_id, sa.func.min(table.c.id), sa.func.max(table.c.id))
                .where(table.c.revision_id.in_(of_batch))
                .group_by(table.c.revision_id)
            )
            spans = session.execute(ends).all()
        for revision_id, first, last in spans:
            for start in range(first, last + 1, RECORDS_AT_ONCE):
                some = table.c.id.between(start, start + RECORDS_AT_ONCE - 1)
                these = sa.and_(table.c.revision_id == revision_id, some)
                with portal.db.write() as session:
                    step(session)
                    blotted = sa.update(table).where(these).values(detail=None)
                    session.execute(blotted if is_found else sa.delete(table).where(these))
                if start + RECORDS_AT_ONCE <= last:
                    portal.db.give_way()


# --- all the rest, in one transaction -------------------------------------------------------------


def _blot_texts(session: Session, key: CompanyKey, batch: Batch, stage: Stage) -> None:
    revisions = sa.select(Revision.id).where(Revision.batch_id == batch.id)
    session.execute(
        sa.update(FindingRow).where(FindingRow.revision_id.in_(revisions)).values(detail=None)
    )
    session.execute(sa.delete(Edit).where(Edit.revision_id.in_(revisions)))
    session.execute(sa.delete(LongAct).where(LongAct.revision_id.in_(revisions)))
    session.execute(sa.delete(ReviewWork).where(ReviewWork.batch_id == batch.id))
    session.execute(sa.delete(RowText).where(RowText.revision_id.in_(revisions)))
    session.execute(
        sa.update(Revision)
        .where(Revision.batch_id == batch.id)
        .values(question=None, preview=None, resembles=None, content_index=None)
    )
    for revision in session.scalars(sa.select(Revision).where(Revision.batch_id == batch.id)):
        without(key, revision, "witnesses")
        blot_remarks(key, revision)
        if revision.error_message is not None:  # it lists what stood where the table was sought
            told = revision.error_message, revision.error_message_en or ""
            revision.error_message, revision.error_message_en = (
                (DOT * 4, DOT * 4) if stage == "log" else map(blot_quoted, told)
            )
    documents = session.scalars(sa.select(Document).where(Document.batch_id == batch.id)).all()
    session.execute(sa.delete(MappingSheet).where(MappingSheet.batch_id == batch.id))
    session.execute(sa.delete(Clue).where(Clue.document_id.in_([one.id for one in documents])))
    session.execute(
        sa.update(Depiction)
        .where(Depiction.document_id.in_([one.id for one in documents]))
        .values(text=None)
    )
    for number, document in enumerate(documents, 1):
        ending = document.media_type.rpartition("/")[2]
        name = f"dokumen-{number}.{ending}"
        document.file_name = key.seal(f"documents|{document.id}", name.encode())
    for sent in session.scalars(sa.select(MessageFile).where(MessageFile.batch_id == batch.id)):
        place = f"message_files|{sent.message_id}|{sent.place}"
        sent.file_name = key.seal(place, f"lampiran.{sent.media_type.rpartition('/')[2]}".encode())
    for archive in session.scalars(sa.select(Archive).where(Archive.batch_id == batch.id)):
        archive.refused = None
        archive.file_name = key.seal(f"archives|{archive.id}", b"arsip.zip")
    if stage == "log":
        _blot_the_log(session, key, batch, revisions)


def _blot_the_log(
    session: Session, key: CompanyKey, batch: Batch, revisions: sa.Select[int]
) -> None:
    session.execute(
        sa.update(Row)
        .where(Row.revision_id.in_(revisions))
        .values(kpj_index=_NOBODY, nik_index=_NOBODY)
    )
    session.execute(
        sa.update(Revision).where(Revision.batch_id == batch.id).values(file_name=DOT * 4)
    )
    corrections = sa.select(Correction.id).where(Correction.revision_id.in_(revisions))
    session.execute(sa.delete(Fact).where(Fact.correction_id.in_(corrections)))
    session.execute(sa.delete(Employee).where(Employee.batch_id == batch.id))
    session.execute(sa.delete(Seen).where(Seen.revision_id.in_(revisions)))
    for message in session.scalars(sa.select(Message).where(Message.batch_id == batch.id)):
        message.text = key.seal(f"messages|{message.id}", (DOT * 4).encode())
    session.execute(sa.delete(Explained).where(Explained.batch_id == batch.id))
    for judged in session.scalars(
        sa.select(Judgement)
        .join(Document, Document.id == Judgement.document_id)
        .where(Document.batch_id == batch.id, Judgement.reason.is_not(None))
    ):
        judged.reason = key.seal(f"judgements|{judged.document_id}", (DOT * 4).encode())
    for given in session.scalars(sa.select(Explanation).where(Explanation.batch_id == batch.id)):
        given.words = key.seal(f"explanations|{given.id}", (DOT * 4).encode())
    for answer in session.scalars(
        sa.select(AgencyAnswer).where(AgencyAnswer.revision_id.in_(revisions))
    ):
        place = f"agency_answers|{answer.correction_id}"
        if key.open(place, answer.words):
            answer.words = key.seal(place, (DOT * 4).encode())
    for letter in session.scalars(sa.select(Letter).where(Letter.batch_id == batch.id)):
        letter.snapshot = key.seal(f"letters|{letter.id}", b"null")
    forget_signers(session, sa.select(Letter.id).where(Letter.batch_id == batch.id))
    for paper in session.scalars(sa.select(Paper).where(Paper.batch_id == batch.id)):
        paper.snapshot = key.seal(paper_place(paper), b"null")


def forget_signers(session: Session, letters: sa.Select[str]) -> None:
    """Forget who signed copies of some letters, as the validator told; their hashes stay."""
    session.execute(
        sa.update(SignedLetter).where(SignedLetter.letter_id.in_(letters)).values(verdicts=[])
    )


def _doom_files(portal: Portal, session: Session, batch: Batch, stage: Stage) -> int:
    """Mark the batch's files as gone, but those that something else needs; return how many."""
    now = portal.clock()
    candidates: set[int] = set()
    for table, column in _references():
        if table.name in KEPT_WITH_THE_LOG and stage == "documents":
            continue
        candidates |= set(session.scalars(_of_batch(table, column, batch.id)))
    # Locked before it is asked who else refers to them: an upload of the same bytes takes turns.
    files = session.scalars(
        sa.select(File)
        .where(File.id.in_(candidates), File.purged_at.is_(None))
        .order_by(File.id)
        .with_for_update()
    ).all()
    needed = _needed_elsewhere(session, [file.id for file in files], batch.id, stage)
    gone = [file for file in files if file.id not in needed]
    names = [file.name for file in gone]
    for file in gone:
        file.purged_at = now
    annotations = session.scalars(
        sa.select(Annotation).join(Revision).where(Revision.batch_id == batch.id)
    ).all()
    for annotation in annotations:
        names += [annotation.stored] if annotation.stored else []
        session.delete(annotation)
    for archive in session.scalars(
        sa.select(Archive).where(Archive.batch_id == batch.id, Archive.stored.is_not(None))
    ):
        names.append(archive.stored or "")
        archive.stored = None
    for held in session.scalars(sa.select(HeldDocument).where(HeldDocument.batch_id == batch.id)):
        names += [held.stored] if held.stored else []
        session.delete(held)
    uploads = sa.select(ArchiveUpload.id).where(ArchiveUpload.batch_id == batch.id)
    names += parts_let_go(session, uploads)
    session.execute(sa.delete(ArchiveUpload).where(ArchiveUpload.batch_id == batch.id))
    session.add_all(DoomedFile(name=name, since=now) for name in names)
    session.execute(sa.update(Revision).where(Revision.batch_id == batch.id).values(file_id=None))
    return len(names)


def parts_let_go(session: Session, uploads: sa.Select[str]) -> list[str]:
    """Forget the parts of some uploads and return the names of their bytes, which have to go."""
    return list(
        session.scalars(
            sa.delete(ArchivePart)
            .where(ArchivePart.upload_id.in_(uploads))
            .returning(ArchivePart.stored)
        )
    )


def _references() -> list[tuple[sa.Table, sa.Column[Any]]]:
    """Return every column of every table that refers to a file."""
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == File.__tablename__ for key in column.foreign_keys)
    ]


def _of_batch(table: sa.Table, column: sa.Column[Any], batch_id: str) -> sa.Select[Any]:
    chain, of_batch = way_to_batch(table)
    return sa.select(column).select_from(chain).where(of_batch == batch_id, column.is_not(None))


def _needed_elsewhere(session: Session, files: list[int], batch_id: str, stage: Stage) -> set[int]:
    """Return those of some files that a batch which has not come as far still refers to."""
    needed: set[int] = set()
    for table, column in _references():
        chain, of_batch = way_to_batch(table)
        released_by = ("log",) if table.name in KEPT_WITH_THE_LOG else STAGES
        gone = sa.exists().where(
            Purge.batch_id == of_batch, Purge.stage.in_(released_by), Purge.ended_at.is_not(None)
        )
        wanted = [column.in_(files), ~gone]
        if stage in released_by:
            wanted.append(of_batch != batch_id)
        needed |= set(session.scalars(sa.select(column).select_from(chain).where(*wanted)))
    return needed


def way_to_batch(table: sa.Table) -> tuple[sa.FromClause, sa.Column[Any]]:
    """Return a table joined on the shortest way to its batch, and the column with the batch's id.

    Raises:
        LookupError: nothing of the table leads to a batch; retention has to be told what it is.

    """
    ways: list[tuple[sa.FromClause, sa.Table]] = [(table, table)]
    seen = {table.name}
    while ways:
        chain, at = ways.pop(0)
        if "batch_id" in at.columns:
            return chain, at.columns["batch_id"]
        for key in sorted(at.foreign_keys, key=lambda one: one.parent.name):
            target = key.column.table
            if target.name in seen or target.name in {"files", "users", "companies", "branches"}:
                continue
            seen.add(target.name)
            ways.append((chain.join(target, key.parent == key.column), target))
    msg = f"no way from {table.name} to a batch"
    raise LookupError(msg)
