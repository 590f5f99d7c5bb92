"""The agency's answer: read from a file, matched by KPJ and datum, each recorded once.

A file is taken as a whole or not at all. What the agency refused becomes a draft of
HRD's at once; when every approved correction has its answer, the batch is completed.
"""

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Correction
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.adapters.spreadsheets.plain_rows import read_plain
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.agency_answers import AnswerError, AnswerLine, answer_of
from hr_portal.domain.permissions import Actor
from hr_portal.domain.table import Unreadable
from hr_portal.services import agency_records, review_works, visible
from hr_portal.services.agency_records import Answered
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, TooLarge
from hr_portal.services.intake import clean_file_name, limits_of
from hr_portal.services.outlets import decided_revision
from hr_portal.services.review_guards import refuse_barred

MOST_BYTES: Final = 25 * 1024 * 1024


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
        NotFound; Forbidden; Conflict (not forwarded, a stale version, a worker is at another).
        TooLarge. Invalid: the file can't be read (FILE code), holds no answer, is of
        another batch, or contradicts what is recorded; nothing is kept then.

    """
    with portal.db.read() as session:
        forwarded(portal, session, actor, batch_id, version)
    name = clean_file_name(file_name)
    lines = lines_of(portal, sent(stream, name), name)
    with portal.db.read() as session:  # what takes long holds no lock
        batch = forwarded(portal, session, actor, batch_id, version)
        revision = decided_revision(session, batch)
        found = agency_records.matched(portal, session, batch, revision, lines)
        approved = agency_records.approved_count(session, revision.id)
    with portal.db.write() as session:
        batch = forwarded(portal, session, actor, batch_id, version)
        review_works.expect_idle(session, batch)
        revision, now = decided_revision(session, batch), portal.clock()
        fresh, known = agency_records.not_recorded(session, revision, found)
        agency_records.write(session, portal.key(batch.company), revision, actor, fresh, now=now)
        told = agency_records.counted(fresh)
        told["known"] = known
        return agency_records.conclude(
            portal,
            session,
            actor,
            batch,
            revision,
            told,
            now=now,
            approved=approved,
            refused={one.row for one in fresh if one.line.answer == "refused"},
        )


def sent(stream: BinaryIO, name: str) -> bytes:
    """Return the bytes of a file that was sent. Raises TooLarge."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TooLarge(
            f"Berkas {name} lebih besar dari batas {MOST_BYTES // 1024 // 1024} MB. Kirim dalam beberapa berkas.",
            f"File {name} is over the limit of {MOST_BYTES // 1024 // 1024} MB. Send it as several files.",
        )
    return data


def lines_of(portal: Portal, data: bytes, name: str) -> list[AnswerLine]:
    """Read what a file answers. Raises Invalid: it can't be read, or followed."""
    try:
        return answer_of(read_plain(data, name, limits=limits_of(portal)))
    except Unreadable as refusal:
        raise Invalid(
            refusal.message, refusal.message_en, code=refusal.code, fields={"file": name}
        ) from refusal
    except AnswerError as error:
        raise agency_records.unfit(error.message, error.message_en) from error


def standing(portal: Portal, actor: Actor, batch_id: str) -> Standing | None:
    """Return how a batch stands with the agency; None while it is not forwarded."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        if batch.state not in {"forwarded", "completed"}:
            return None
        revision, key = decided_revision(session, batch), portal.key(batch.company)
        answers = dict(
            session.execute(
                sa.select(AgencyAnswer.answer, sa.func.count())
                .where(AgencyAnswer.revision_id == revision.id)
                .group_by(AgencyAnswer.answer)
            ).all()
        )
        refusals = session.execute(
            sa.select(
                Correction.row_number, Correction.field, AgencyAnswer.correction_id,
                AgencyAnswer.words, AgencyAnswer.answered_at, AgencyAnswer.child_batch_id,
            )
            .join(Correction, Correction.id == AgencyAnswer.correction_id)
            .where(AgencyAnswer.revision_id == revision.id, AgencyAnswer.answer == "refused")
            .order_by(Correction.row_number, Correction.id)
        )  # fmt: skip
        return Standing(
            answers.get("accepted", 0),
            answers.get("refused", 0),
            agency_records.approved_count(session, revision.id) - sum(answers.values()),
            tuple(
                RefusedCorrection(
                    number, field, _opened(key, correction_id, words), answered_at, child_id
                )
                for number, field, correction_id, words, answered_at, child_id in refusals
            ),
        )


def forwarded(
    portal: Portal, session: Session, actor: Actor, batch_id: str, version: int | None
) -> Batch:
    """Find a batch that waits for the agency's answer, for who may record it.

    Raises:
        NotFound; Forbidden; Conflict (not forwarded, a stale version).

    """
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


def words_of(key: CompanyKey, answer: AgencyAnswer) -> str:
    """Return what the agency wrote with an answer."""
    return _opened(key, answer.correction_id, answer.words)


def _opened(key: CompanyKey, correction_id: int, words: bytes) -> str:
    return key.open(agency_records.words_place(correction_id), words).decode()
