"""Receipts, records of decisions, and notices to the people concerned.

A receipt comes about with its submission, a record with its decision: number and facts are
written in that transaction, so neither can be missing or tell anything else. The PDF is made when
somebody first asks for it, from those facts, and is the same ever after (decision 85).
"""

import datetime as dt
import hashlib
import io
from collections import Counter as Counted
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Decision,
    Document,
    Letter,
    Revision,
    Row,
)
from hr_portal.adapters.database.paper_models import Paper
from hr_portal.adapters.database.review_models import AgencyAnswer, SetAside
from hr_portal.adapters.files import FileDamagedError
from hr_portal.adapters.letters import LetterError, paper_in_child
from hr_portal.domain.deadlines import review_clock
from hr_portal.domain.fields import FIELD
from hr_portal.domain.letter_proof import grouped_code
from hr_portal.domain.letters import Addressee, field_label
from hr_portal.domain.papers import (
    MOST_REASONS,
    Notice,
    NoticeFacts,
    NoticeLine,
    PaperFacts,
    PaperKind,
    PaperReason,
    moment_in_words,
    paper_from_json,
    paper_number,
    paper_to_json,
    runs,
)
from hr_portal.domain.permissions import Actor
from hr_portal.services import agency, audit, letter_proofs, retention, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.intake import keep_file, next_value
from hr_portal.services.rowdata import open_rows

NOTICES_AT_ONCE = 100
"""Pages of notices in one PDF; more come as further files."""


@dataclass(frozen=True, slots=True)
class PaperView:
    """A receipt or a record as pages show it."""

    id: int
    batch_id: str
    batch_number: str
    kind: str
    number: str
    issued_at: dt.datetime
    issued_on: dt.date
    revision: int
    proof_code: str
    sha256: str | None
    """Of the PDF; None until somebody first asks for it."""
    set_aside_at: dt.datetime | None = None
    """When the decision that it records was reopened; then it holds no longer."""


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What a record tells of all verdicts of a revision; to read it takes long for many."""

    reasons: tuple[PaperReason, ...]
    """Why rows were returned or refused, the most frequent reason first."""
    by_two: int
    """Rows that two reviewers approved."""


@dataclass(frozen=True, slots=True)
class NoticePart:
    """Notices of one PDF: the rows from `first` to `last`."""

    first: int
    last: int
    count: int


def paper_place(paper: Paper) -> str:
    """Return the place that a paper's facts are sealed for."""
    return f"papers|{paper.token}"


def issue_receipt(portal: Portal, session: Session, batch: Batch, revision: Revision) -> Paper:
    """Write the receipt of a revision that is just being submitted."""
    return _issue(portal, session, batch, revision, "tanda_terima")


def issue_record(
    portal: Portal,
    session: Session,
    batch: Batch,
    revision: Revision,
    *,
    counts: tuple[int, int, int],
    child: str,
    told: RecordFacts,
) -> Paper:
    """Write the record of a decision; `counts` are the rows approved, returned and refused.

    `child` is the number of the submission that returned rows go on in, or ""; `told` is what
    `record_facts` found, when nobody could judge any more.
    """
    return _issue(
        portal, session, batch, revision, "berita_acara", counts=counts, child=child, told=told
    )


def record_facts(session: Session, revision: Revision) -> RecordFacts:
    """Read what a record has to tell of the verdicts of a revision."""
    return RecordFacts(tuple(_reasons(session, revision.id)), _by_two(session, revision.id))


def _issue(
    portal: Portal,
    session: Session,
    batch: Batch,
    revision: Revision,
    kind: PaperKind,
    *,
    counts: tuple[int, int, int] = (0, 0, 0),
    child: str = "",
    told: RecordFacts = RecordFacts((), 0),
) -> Paper:
    company, branch = batch.company, batch.branch
    zone, now = ZoneInfo(branch.timezone), portal.clock()
    day = now.astimezone(zone).date()
    sequence = next_value(session, f"papers|{branch.id}", kind, str(day.year))
    marks = letter_proofs.new_marks(portal)
    number = paper_number(kind, sequence, day)
    letter = session.execute(
        sa.select(Letter.number, Letter.issued_on).where(
            Letter.batch_id == batch.id, Letter.series == "permohonan", Letter.state == "issued"
        )
    ).first()
    documents = session.scalar(
        sa.select(sa.func.count()).where(
            Document.batch_id == batch.id, Document.removed_at.is_(None)
        )
    )
    rows = revision.rows_asking
    facts = PaperFacts(
        kind=kind,
        number=number,
        issued_on=day,
        moment=moment_in_words(now.astimezone(zone)),
        branch=Addressee(branch.name, branch.address, branch.city),
        company=company.name,
        npp=company.npp,
        batch=batch.number,
        revision=revision.number,
        rows=rows,
        corrections=sum(revision.fields.values()),
        fields=tuple(
            (field_label(key), count) for key, count in Counted(revision.fields).most_common()
        ),
        documents=documents or 0,
        letter_number=letter.number if letter else "",
        letter_date=letter.issued_on if letter else None,
        file_sha256=revision.file.sha256 if revision.file else "",
        target=moment_in_words(review_clock(now, now, zone).due.astimezone(zone))
        if kind == "tanda_terima"
        else "",
        approved=counts[0],
        returned=counts[1],
        rejected=counts[2],
        by_two=told.by_two,
        reasons=told.reasons[:MOST_REASONS],
        reasons_left=max(0, len(told.reasons) - MOST_REASONS),
        child=child,
        verify_url=marks.qr,
        verify_page=marks.page,
        verify_code=grouped_code(marks.code),
    )
    paper = Paper(
        batch_id=batch.id,
        revision_id=revision.id,
        branch_id=branch.id,
        kind=kind,
        year=day.year,
        sequence=sequence,
        number=number,
        issued_at=now,
        issued_on=day,
        token=marks.token,
        code=marks.code,
        company_name=company.name,
        branch_name=branch.name,
        rows=rows,
        rows_approved=counts[0],
        rows_returned=counts[1],
        rows_rejected=counts[2],
    )
    paper.snapshot = portal.key(company).seal(
        paper_place(paper), orjson.dumps(paper_to_json(facts))
    )
    session.add(paper)
    session.flush()
    return paper


def _reasons(session: Session, revision_id: int) -> list[PaperReason]:
    """Return why rows were returned or refused, the most frequent reason first."""
    grouped: dict[tuple[str, str], list[int]] = {}
    for verdict, reason, number in session.execute(
        sa.select(Correction.verdict, Correction.reason, Correction.row_number)
        .where(Correction.revision_id == revision_id, Correction.verdict.in_(("return", "reject")))
        .distinct()
        .order_by(Correction.row_number)
    ):
        grouped.setdefault((verdict or "", reason), []).append(number)
    return [
        PaperReason(verdict, reason, len(numbers), runs(numbers))
        for (verdict, reason), numbers in sorted(grouped.items(), key=lambda one: -len(one[1]))
    ]


def _by_two(session: Session, revision_id: int) -> int:
    counted = sa.select(sa.func.count(Correction.row_number.distinct())).where(
        Correction.revision_id == revision_id, Correction.seconded_by.is_not(None)
    )
    return session.scalar(counted) or 0


def listed(portal: Portal, actor: Actor, batch_id: str) -> list[PaperView]:
    """Return the receipts and records of a batch that the actor may read, the latest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        found = session.execute(_papers(actor, batch.id).order_by(Paper.id.desc()))
        gone = _set_asides(session, batch.id)
        return [
            replace(
                _view(paper, batch, revision),
                set_aside_at=gone.get(revision.number) if paper.kind == "berita_acara" else None,
            )
            for paper, revision in found
        ]


def open_paper(
    portal: Portal, actor: Actor, batch_id: str, paper_id: int
) -> tuple[PaperView, bytes]:
    """Return a receipt or record as PDF, always the same bytes; the look is an act.

    Raises:
        NotFound: no such paper of this batch, or not theirs.
        Conflict: its time of keeping is over. Invalid: it can't be printed.
        FileDamagedError: the kept bytes no longer have its SHA-256.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id)
        paper, _revision = _found(session, actor, batch.id, paper_id)
        if paper.file is not None:
            retention.expect_kept(paper.file)
        key = portal.key(batch.company)
        content = orjson.loads(key.open(paper_place(paper), paper.snapshot))
        if content is None:
            raise Conflict(
                f"Isi {paper.number} sudah dihapus sesuai masa simpan; nomor dan tanggalnya tetap tersimpan.",
                f"The content of {paper.number} was deleted as retention asks; its number and date are kept.",
                code="purged",
            )
        made = paper.sha256 is not None
        audit.record(
            portal, session, actor, "batch:paper_opened", batch.id,
            company_id=batch.company_id, number=paper.number,
        )  # fmt: skip
    if not made:
        _make(portal, paper_id, cast("PaperFacts", paper_from_json(content)))
    with portal.db.read() as session:
        paper, revision = _found(session, actor, batch.id, paper_id)
        view = _view(paper, paper.batch, revision)
        name = paper.file.name if paper.file else ""
    pdf = portal.files.read(name, key.file_key)
    if hashlib.sha256(pdf).hexdigest() != view.sha256:
        raise FileDamagedError(name)
    return view, pdf


def _make(portal: Portal, paper_id: int, facts: PaperFacts) -> None:
    """Make the PDF of a paper and keep it; of two at once the first stands, with the same bytes."""
    pdf = rendered(facts)
    with portal.db.read() as session:
        company = session.get_one(Paper, paper_id).batch.company
        key = portal.key(company)
    stored = portal.files.put(io.BytesIO(pdf), key.file_key, limit=len(pdf) + 1)
    with portal.db.write() as session:
        paper = session.get_one(Paper, paper_id, with_for_update=True)
        if paper.sha256 is None:
            paper.file_id = keep_file(portal, session, paper.batch.company, stored)
            paper.sha256 = stored.sha256
            return
    portal.files.delete(stored.name)


# --- notices --------------------------------------------------------------------------------------


def notice_parts(portal: Portal, actor: Actor, batch_id: str) -> list[NoticePart]:
    """Return the PDFs that the notices of the latest decision come as; [] where none was made."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        decision = latest_decision(session, batch.id)
        if decision is None:
            return []
        numbers = decided_rows(session, batch.id, decision.revision_number)
    starts = range(0, len(numbers), NOTICES_AT_ONCE)
    runs_ = [numbers[start : start + NOTICES_AT_ONCE] for start in starts]
    return [NoticePart(run[0], run[-1], len(run)) for run in runs_]


def notices(portal: Portal, actor: Actor, batch_id: str, first: int, last: int) -> bytes:
    """Return the notices of the rows from `first` to `last` as PDF, a page each; it is an act.

    Raises:
        NotFound; Forbidden: only HRD tells its own people.
        Conflict: nothing is decided yet, or its time of keeping is over.
        Invalid: no decided row lies there, or more than NOTICES_AT_ONCE.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        decision = latest_decision(session, batch.id)
        if decision is None:
            raise not_decided(batch.number)
        numbers = [
            number
            for number in decided_rows(session, batch.id, decision.revision_number)
            if first <= number <= last
        ]
        if not numbers or len(numbers) > NOTICES_AT_ONCE:
            raise Invalid(
                f"Baris {first} sampai {last} memuat {len(numbers)} baris yang sudah diputuskan; satu berkas memuat 1 "
                f"sampai {NOTICES_AT_ONCE}. Pilih baris lain.",
                f"Rows {first} to {last} hold {len(numbers)} decided rows; one file holds 1 to {NOTICES_AT_ONCE}. "
                "Choose other rows.",
                code="notice_rows",
                fields={"first": str(first), "last": str(last)},
            )
        facts = notice_facts(portal, session, batch, decision, numbers)
        audit.record(
            portal, session, actor, "batch:notices_printed", batch.id, company_id=batch.company_id,
            rows=numbers if len(numbers) <= 1 else len(numbers),
        )  # fmt: skip
    return rendered(facts)


def not_decided(number: str) -> Conflict:
    """Return the refusal of notices of a batch that nobody has decided."""
    return Conflict(
        f"Pengajuan {number} belum diputuskan, jadi belum ada hasil yang dapat diberitahukan.",
        f"Submission {number} is not decided yet, so there is no result to tell.",
        code="not_decided",
    )


def notice_facts(
    portal: Portal, session: Session, batch: Batch, decision: Decision, numbers: Sequence[int]
) -> NoticeFacts:
    """Return what the notices of some rows of a decision tell."""
    revision = session.scalars(
        sa.select(Revision).where(
            Revision.batch_id == batch.id, Revision.number == decision.revision_number
        )
    ).one()
    key = portal.key(batch.company)
    wanted = Row.revision_id == revision.id, Row.number.in_(numbers)
    cells = open_rows(session, key, session.scalars(sa.select(Row).where(*wanted)))
    given = {
        (one.row_number, one.field): one
        for one in session.scalars(
            sa.select(Correction).where(
                Correction.revision_id == revision.id, Correction.row_number.in_(numbers)
            )
        )
    }
    answers = {
        (correction.row_number, correction.field): (answer.answer, agency.words_of(key, answer))
        for correction, answer in session.execute(
            sa.select(Correction, AgencyAnswer)
            .join(AgencyAnswer, AgencyAnswer.correction_id == Correction.id)
            .where(Correction.revision_id == revision.id, Correction.row_number.in_(numbers))
        )
    }
    zone = ZoneInfo(batch.branch.timezone)
    contact = batch.company.contact or {}
    reach = (contact.get("phone", ""), contact.get("email", ""))
    return NoticeFacts(
        issued_on=portal.clock().astimezone(zone).date(),
        decided=moment_in_words(decision.decided_at.astimezone(zone)),
        branch=Addressee(batch.branch.name, batch.branch.address, batch.branch.city),
        company=batch.company.name,
        npp=batch.company.npp,
        batch=batch.number,
        contact=", ".join(part for part in (contact.get("name", ""), *reach) if part),
        people=tuple(
            Notice(
                number,
                cells[number].employee["nama"],
                cells[number].employee["kpj"],
                tuple(
                    NoticeLine(
                        field, FIELD[field].label, before, after,
                        given[number, field].verdict or "", given[number, field].reason,
                        *answers.get((number, field), ()),
                    )
                    for field, (before, after) in cells[number].changes.items()
                ),
            )
            for number in numbers
        ),
    )  # fmt: skip


def latest_decision(session: Session, batch_id: str) -> Decision | None:
    """Return the latest decision of a batch; None before the first."""
    return session.scalar(
        sa.select(Decision)
        .where(
            Decision.batch_id == batch_id,
            ~sa.exists().where(
                SetAside.batch_id == Decision.batch_id,
                SetAside.revision_number == Decision.revision_number,
            ),
        )
        .order_by(Decision.revision_number.desc())
        .limit(1)
    )


def _set_asides(session: Session, batch_id: str) -> dict[int, dt.datetime]:
    """Return when decisions on a batch were set aside, by revision."""
    found = session.execute(
        sa.select(SetAside.revision_number, SetAside.set_aside_at).where(
            SetAside.batch_id == batch_id
        )
    )
    return dict(found.all())


def decided_rows(session: Session, batch_id: str, revision: int) -> list[int]:
    """Return the rows with corrections of a decided revision, in order."""
    return list(
        session.scalars(
            sa.select(Correction.row_number)
            .join(Revision, Revision.id == Correction.revision_id)
            .where(Revision.batch_id == batch_id, Revision.number == revision)
            .distinct()
            .order_by(Correction.row_number)
        )
    )


def _papers(actor: Actor, batch_id: str) -> sa.Select[Paper, Revision]:
    return (
        sa.select(Paper, Revision)
        .join(Revision, Revision.id == Paper.revision_id)
        .join(Batch, Batch.id == Paper.batch_id)
        .options(joinedload(Paper.file), joinedload(Paper.batch))
        .where(Paper.batch_id == batch_id, visible.revisions_of(actor))
    )


def _found(session: Session, actor: Actor, batch_id: str, paper_id: int) -> tuple[Paper, Revision]:
    found = session.execute(_papers(actor, batch_id).where(Paper.id == paper_id)).first()
    if found is None:
        raise NotFound
    paper, revision = found
    return paper, revision


def _view(paper: Paper, batch: Batch, revision: Revision) -> PaperView:
    return PaperView(
        paper.id, batch.id, batch.number, paper.kind, paper.number, paper.issued_at, paper.issued_on,
        revision.number, grouped_code(paper.code), paper.sha256,
    )  # fmt: skip


def rendered(facts: PaperFacts | NoticeFacts) -> bytes:
    """Return a paper as PDF; Invalid, with the sentence, where it can't be printed."""
    try:
        return paper_in_child(facts)
    except LetterError as error:
        raise Invalid(error.message, error.message_en, code=error.code) from error
