"""The agency's answer: read from a file, matched by KPJ and datum, each recorded once.

An answer counts as a whole or not at all. What the agency refused becomes a draft of
HRD's at once; when every approved correction has its answer, the batch is completed.
"""

import datetime as dt
from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Correction, Revision, Row, User
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.adapters.spreadsheets.plain_rows import read_plain
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.agency_answers import AnswerError, AnswerLine, answer_of
from hr_portal.domain.permissions import Actor
from hr_portal.domain.refusals import sort_words
from hr_portal.domain.table import Unreadable
from hr_portal.domain.wording import first_of
from hr_portal.domain.workflow import MOVES
from hr_portal.services import audit, copying, notices, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, TooLarge
from hr_portal.services.intake import clean_file_name, limits_of
from hr_portal.services.outlets import decided_revision
from hr_portal.services.review_guards import refuse_barred

MOST_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer did."""

    accepted: int
    refused: int
    known: int
    """Lines that said again what is recorded already."""
    waiting: int
    """Approved corrections that the agency has not answered yet."""
    child_batch_id: str | None
    child_number: str | None
    state: str


@dataclass(frozen=True, slots=True)
class RefusedCorrection:
    """One correction that the agency refused, with its words."""

    row: int
    field: str
    words: str
    answered_at: dt.datetime
    child_id: str | None
    """The draft it went on in."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a forwarded batch stands with the agency."""

    accepted: int
    refused: int
    waiting: int
    refusals: tuple[RefusedCorrection, ...]


def take_answer(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    stream: BinaryIO,
    file_name: str,
    *,
    version: int | None = None,
) -> Answered:
    """Record the agency's answer on a forwarded batch from a workbook or csv.

    Raises:
        NotFound; Forbidden; Conflict (not forwarded, a stale version).
        TooLarge. Invalid: the file can't be read (FILE code), holds no answer, is of
        another batch, or contradicts what is recorded; nothing is kept then.

    """
    with portal.db.read() as session:
        _forwarded(portal, session, actor, batch_id, version)
    name = clean_file_name(file_name)
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TooLarge(
            f"Berkas {name} lebih besar dari batas {MOST_BYTES // 1024 // 1024} MB.",
            f"File {name} is over the limit of {MOST_BYTES // 1024 // 1024} MB.",
        )
    try:
        lines = answer_of(read_plain(data, name, limits=limits_of(portal)))
    except Unreadable as refusal:
        raise Invalid(
            refusal.message, refusal.message_en, code=refusal.code, fields={"file": name}
        ) from refusal
    except AnswerError as error:
        raise _unfit(error.message, error.message_en) from error
    with portal.db.write() as session:
        batch = _forwarded(portal, session, actor, batch_id, version)
        revision = decided_revision(session, batch)
        found = _matched(portal, session, batch, revision, lines)
        return _record(portal, session, actor, batch, revision, found)


def standing(portal: Portal, actor: Actor, batch_id: str) -> Standing | None:
    """Return how a batch stands with the agency; None while it is not forwarded."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        if batch.state not in {"forwarded", "completed"}:
            return None
        revision, key = decided_revision(session, batch), portal.key(batch.company)
        answers: Tally[str] = Tally(
            session.scalars(
                sa.select(AgencyAnswer.answer).where(AgencyAnswer.revision_id == revision.id)
            )
        )
        refusals = session.execute(
            sa.select(AgencyAnswer, Correction)
            .join(Correction, Correction.id == AgencyAnswer.correction_id)
            .where(AgencyAnswer.revision_id == revision.id, AgencyAnswer.answer == "refused")
            .order_by(Correction.row_number, Correction.id)
        )
        return Standing(
            answers["accepted"],
            answers["refused"],
            _waiting(session, revision),
            tuple(
                RefusedCorrection(
                    correction.row_number,
                    correction.field,
                    words_of(key, one),
                    one.answered_at,
                    one.child_batch_id,
                )
                for one, correction in refusals
            ),
        )


def _forwarded(
    portal: Portal, session: Session, actor: Actor, batch_id: str, version: int | None
) -> Batch:
    batch = visible.batch(session, actor, batch_id, action="batch.review")
    if batch.state != "forwarded":
        raise Conflict(
            f"Pengajuan {batch.number} tidak sedang menunggu jawaban kantor cabang.",
            f"Submission {batch.number} is not waiting for the agency's answer.",
            code="not_forwarded",
        )
    visible.expect_version(batch, version)
    refuse_barred(portal, session, batch, actor, is_past=True)
    return batch


def _matched(
    portal: Portal,
    session: Session,
    batch: Batch,
    revision: Revision,
    lines: Sequence[AnswerLine],
) -> list[tuple[AnswerLine, list[Correction]]]:
    """Find the approved corrections that each line speaks of, or refuse the whole file."""
    others = sorted({line.batch for line in lines if line.batch} - {batch.number})
    if others:
        raise _unfit(
            f"Berkas ini jawaban untuk pengajuan {others[0][:40]}, bukan {batch.number}. Tidak ada yang dicatat.",
            f"This file answers submission {others[0][:40]}, not {batch.number}. Nothing was recorded.",
            "other_batch",
        )
    key = portal.key(batch.company)
    approved: dict[tuple[bytes, str], list[Correction]] = {}
    for correction, index in session.execute(
        sa.select(Correction, Row.kpj_index)
        .join(
            Row,
            sa.and_(Row.revision_id == Correction.revision_id, Row.number == Correction.row_number),
        )
        .where(Correction.revision_id == revision.id, Correction.verdict == "approve")
        .order_by(Correction.id)
    ):
        approved.setdefault((index, correction.field), []).append(correction)
    found, unknown = [], []
    said: dict[tuple[bytes, str], AnswerLine] = {}
    for line in lines:
        place = key.index("kpj", line.kpj), line.field
        first = said.setdefault(place, line)
        if first.answer != line.answer:
            raise _unfit(
                f"Baris {first.row} dan {line.row} menjawab koreksi yang sama secara berbeda. Tidak ada yang dicatat.",
                f"Rows {first.row} and {line.row} answer the same correction differently. Nothing was recorded.",
            )
        if place not in approved:
            unknown.append(line.row)
        elif first is line:
            found.append((line, approved[place]))
    if unknown:
        shown = first_of(unknown)
        raise _unfit(
            f"{len(unknown)} dari {len(lines)} baris bukan koreksi yang disetujui pada {batch.number}: baris {shown}. "
            "KPJ dan datanya harus sama dengan berkas yang diteruskan. Tidak ada yang dicatat.",
            f"{len(unknown)} of {len(lines)} rows are no approved corrections of {batch.number}: rows {shown}. "
            "KPJ and datum must be as in the file that was forwarded. Nothing was recorded.",
            "other_batch" if not found else "answer_unknown_rows",
        )
    return found


def _record(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    found: list[tuple[AnswerLine, list[Correction]]],
) -> Answered:
    before = {
        one.correction_id: one
        for one in session.scalars(
            sa.select(AgencyAnswer).where(AgencyAnswer.revision_id == revision.id)
        )
    }
    fresh: list[tuple[AnswerLine, Correction]] = []
    for line, corrections in found:
        for correction in corrections:
            known = before.get(correction.id)
            if known is None:
                fresh.append((line, correction))
            elif known.answer != line.answer:
                raise _unfit(
                    f"Baris {line.row}: jawaban lain untuk koreksi ini sudah dicatat. Tidak ada yang dicatat.",
                    f"Row {line.row}: another answer to this correction is on record. Nothing was recorded.",
                    "answer_contradicts",
                )
    refused = {correction.row_number for line, correction in fresh if line.answer == "refused"}
    child = None
    if refused:
        owner = session.get_one(User, batch.submitted_by or batch.created_by)
        hrd = Actor(owner.id, owner.name, owner.email, frozenset({batch.company_id}))
        child = copying.make_child(portal, session, hrd, batch, refused)
    key, now = portal.key(batch.company), portal.clock()
    session.add_all(
        AgencyAnswer(
            correction_id=correction.id,
            revision_id=revision.id,
            answer=line.answer,
            field=correction.field,
            reason=sort_words(line.words) if line.answer == "refused" else "",
            words=key.seal(_place(correction.id), line.words.encode()),
            answered_by=actor.user_id,
            answered_at=now,
            child_batch_id=child.id if child and line.answer == "refused" else None,
        )
        for line, correction in fresh
    )
    session.flush()
    waiting = _waiting(session, revision)
    if not waiting:
        batch.state = MOVES["forwarded", "complete"].to
    if fresh:
        batch.version += 1
        notices.tell_company(portal, session, "answered", batch)
        answers = Tally(line.answer for line, _correction in fresh)
        audit.record(
            portal, session, actor, "batch:answered", batch.id, company_id=batch.company_id,
            accepted=answers["accepted"], refused=answers["refused"], waiting=waiting,
            child=child.id if child else None, version=batch.version,
        )  # fmt: skip
    tally = Tally(line.answer for line, _correction in fresh)
    return Answered(
        tally["accepted"],
        tally["refused"],
        sum(len(corrections) for _line, corrections in found) - len(fresh),
        waiting,
        child.id if child else None,
        child.number if child else None,
        batch.state,
    )


def _waiting(session: Session, revision: Revision) -> int:
    answered = sa.exists().where(AgencyAnswer.correction_id == Correction.id)
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Correction)
            .where(
                Correction.revision_id == revision.id, Correction.verdict == "approve", ~answered
            )
        )
        or 0
    )


def words_of(key: CompanyKey, answer: AgencyAnswer) -> str:
    """Return what the agency wrote with an answer."""
    return key.open(_place(answer.correction_id), answer.words).decode()


def _place(correction_id: int) -> str:
    return f"agency_answers|{correction_id}"


def _unfit(message: str, message_en: str, code: str = "answer_unfit") -> Invalid:
    return Invalid(message, message_en, code=code, fields={"file": "Berkas jawaban"})
