"""An agency's answer against what was given out: which corrections it is about, and recording it.

Matching only reads, so it holds nobody up; recording is one correction's answer, written once.
"""

import datetime as dt
from collections import Counter as Tally
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import bound, bulk_insert
from hr_portal.adapters.database.models import Batch, Correction, Revision, Row
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.agency_answers import MOST_WORDS, AnswerLine
from hr_portal.domain.permissions import Actor
from hr_portal.domain.refusals import sort_words
from hr_portal.domain.wording import first_of
from hr_portal.domain.workflow import MOVES
from hr_portal.services import audit, notices, sent_back
from hr_portal.services.context import Portal
from hr_portal.services.copy_units import Copy
from hr_portal.services.errors import Invalid
from hr_portal.services.past import ASKED_AT_ONCE, parts

_TABLE = cast("sa.Table", AgencyAnswer.__table__)
_COLUMNS = (
    "correction_id", "revision_id", "answer", "field", "reason", "words", "answered_by", "answered_at",
)  # fmt: skip

_SAID = {"accepted": ("Diterima", "accepted"), "refused": ("Ditolak", "refused")}
"""How messages name an answer, in both languages."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer did."""

    accepted: int
    refused: int
    known: int
    """Corrections of which it said again what is recorded already."""
    waiting: int
    """Approved corrections that the agency has not answered yet."""
    child_batch_id: str | None
    child_number: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Match:
    """A line of an answer, and one approved correction that it is about."""

    line: AnswerLine
    correction_id: int
    row: int
    """Of the submission."""


def matched(
    portal: Portal, session: Session, batch: Batch, revision: Revision, lines: Sequence[AnswerLine]
) -> list[Match]:
    """Find the approved corrections that each line speaks of, in their order.

    A correction of which several lines say the same has the words of all of them.

    Raises:
        Invalid: the file is of another batch, a line is about no approved correction, or two
        lines answer one differently.

    """
    others = sorted({line.batch for line in lines if line.batch} - {batch.number})
    if others:
        raise unfit(
            f"Berkas ini jawaban untuk pengajuan {others[0][:40]}, bukan {batch.number}. Tidak ada yang dicatat.",
            f"This file answers submission {others[0][:40]}, not {batch.number}. Nothing was recorded.",
            "other_batch",
        )
    cards = list(dict.fromkeys(line.kpj for line in lines))
    index = dict(zip(cards, portal.key(batch.company).index_many("kpj", cards), strict=True))
    approved = _approved(session, revision, list(index.values()))
    said: dict[tuple[bytes, str], AnswerLine] = {}
    unknown: list[int] = []
    for line in lines:
        place = index[line.kpj], line.field
        if place not in approved:
            unknown.append(line.row)
            continue
        first = said.setdefault(place, line)
        if first.answer != line.answer:
            raise unfit(
                f"Baris {first.row} dan {line.row} menjawab koreksi yang sama secara berbeda. Tidak ada yang dicatat.",
                f"Rows {first.row} and {line.row} answer the same correction differently. Nothing was recorded.",
            )
        if line.words and line.words not in first.words.split("; "):
            said[place] = _joined(first, line)
    if unknown:
        shown = first_of(unknown)
        raise unfit(
            f"{len(unknown)} dari {len(lines)} baris bukan koreksi yang disetujui pada {batch.number}: baris {shown}. "
            "KPJ dan datanya harus sama dengan berkas yang diteruskan. Tidak ada yang dicatat.",
            f"{len(unknown)} of {len(lines)} rows are no approved corrections of {batch.number}: rows {shown}. "
            "KPJ and datum must be as in the file that was forwarded. Nothing was recorded.",
            "other_batch" if not said else "answer_unknown_rows",
        )
    found = [Match(line, *one) for place, line in said.items() for one in approved[place]]
    return sorted(found, key=lambda one: one.correction_id)


def _joined(first: AnswerLine, line: AnswerLine) -> AnswerLine:
    words = "; ".join(filter(None, (first.words, line.words)))
    if len(words) > MOST_WORDS:
        raise unfit(
            f"Baris {first.row} dan {line.row} menjawab koreksi yang sama dengan keterangan yang berbeda, bersama "
            f"lebih dari {MOST_WORDS} huruf. Satukan pada satu baris. Tidak ada yang dicatat.",
            f"Rows {first.row} and {line.row} answer the same correction in different words, together more than "
            f"{MOST_WORDS} characters. Join them in one row. Nothing was recorded.",
        )
    return replace(first, words=words)


def _approved(
    session: Session, revision: Revision, cards: Sequence[bytes]
) -> dict[tuple[bytes, str], list[tuple[int, int]]]:
    """Return the approved corrections of some KPJ, by index and field: (id, row)."""
    query = (
        sa.select(Row.kpj_index, Correction.field, Correction.id, Correction.row_number)
        .join(
            Correction,
            sa.and_(Correction.revision_id == Row.revision_id, Correction.row_number == Row.number),
        )
        .where(Row.revision_id == revision.id, Correction.verdict == "approve")
    )
    asked = [query] if len(cards) > ASKED_AT_ONCE else [
        query.where(Row.kpj_index.in_(part)) for part in parts(cards)
    ]  # fmt: skip
    found: dict[tuple[bytes, str], list[tuple[int, int]]] = {}
    for one in asked:
        for card, field, correction_id, number in session.execute(one):
            found.setdefault((card, field), []).append((correction_id, number))
    return found


def not_recorded(
    session: Session, revision: Revision, found: Sequence[Match]
) -> tuple[list[Match], int]:
    """Return those of some matches that are not on record, and how many say what is.

    Raises Invalid where one says otherwise than what is recorded.
    """
    query = sa.select(AgencyAnswer.correction_id, AgencyAnswer.answer).where(
        AgencyAnswer.revision_id == revision.id
    )
    asked = [query] if len(found) > ASKED_AT_ONCE else [
        query.where(AgencyAnswer.correction_id.in_(part))
        for part in parts([one.correction_id for one in found])
    ]  # fmt: skip
    before = {number: answer for one in asked for number, answer in session.execute(one)}
    for one in found:
        recorded = before.get(one.correction_id, one.line.answer)
        if recorded != one.line.answer:
            (said, said_en), (before_it, before_it_en) = _SAID[one.line.answer], _SAID[recorded]
            raise unfit(
                f"Baris {one.line.row}: berkas menjawab {said}, padahal yang tercatat untuk koreksi ini {before_it}; "
                "jawaban itu tidak berubah lagi. Kosongkan hasil baris ini, lalu unggah lagi. Tidak ada yang dicatat.",
                f"Row {one.line.row}: the file answers {said_en}, but {before_it_en} is on record for this correction, "
                "and that stays. Empty the result of that row, then upload it again. Nothing was recorded.",
                "answer_contradicts",
            )
    fresh = [one for one in found if one.correction_id not in before]
    return fresh, len(found) - len(fresh)


def write(
    session: Session, key: CompanyKey, revision: Revision, actor: Actor, found: Sequence[Match],
    *, now: dt.datetime,
) -> None:  # fmt: skip
    """Record the answers of some matches, which have none yet."""
    at = bound(session, _TABLE.c.answered_at, now)
    ids = [one.correction_id for one in found]
    words = key.seal_many(
        [words_place(number) for number in ids], [one.line.words.encode() for one in found]
    )
    rows: list[tuple[object, ...]] = [
        (
            one.correction_id, revision.id, one.line.answer, one.line.field,
            sort_words(one.line.words) if one.line.answer == "refused" else "",
            sealed, actor.user_id, at,
        )
        for one, sealed in zip(found, words, strict=True)
    ]  # fmt: skip
    bulk_insert(session, _TABLE, _COLUMNS, rows)


def conclude(
    portal: Portal,
    session: Session,
    actor: Actor | None,
    batch: Batch,
    revision: Revision,
    told: "Tally[str]",
    *,
    now: dt.datetime,
    approved: int,
    refused: Collection[int],
    staged: Copy | None = None,
) -> Answered:
    """End an act that recorded answers at `now`: refused ones go on as a draft of HRD's.

    `told` counts accepted, refused and known; `approved` all corrections that were given out.
    `refused` are the rows of which it recorded refusals, `staged` their copy if there is one.
    """
    child = None
    if refused:
        child = sent_back.draft(portal, session, batch, refused, staged)
        session.execute(
            sa.update(AgencyAnswer)
            .where(*refused_at(revision.id, now))
            .values(child_batch_id=child.id)
            .execution_options(synchronize_session=False)
        )
    waiting = approved - answered_count(session, revision)
    if not waiting:
        batch.state = MOVES["forwarded", "complete"].to
    if told["accepted"] or told["refused"]:
        batch.version += 1
        notices.tell_company(portal, session, "answered", batch)
        audit.record(
            portal, session, actor, "batch:answered", batch.id, company_id=batch.company_id,
            accepted=told["accepted"], refused=told["refused"], waiting=waiting,
            child=child.id if child else None, version=batch.version,
        )  # fmt: skip
    return Answered(
        told["accepted"], told["refused"], told["known"], waiting,
        child.id if child else None, child.number if child else None, batch.state,
    )  # fmt: skip


def refused_rows(session: Session, revision_id: int, now: dt.datetime) -> set[int]:
    """Return the rows of a revision of which refusals were recorded at `now`."""
    rows = (
        sa.select(Correction.row_number)
        .join(AgencyAnswer, AgencyAnswer.correction_id == Correction.id)
        .where(Correction.revision_id == revision_id, *refused_at(revision_id, now))
    )
    return set(session.scalars(rows))


def refused_at(revision_id: int, now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for refusals that were recorded at `now`."""
    return (
        AgencyAnswer.revision_id == revision_id, AgencyAnswer.answered_at == now,
        AgencyAnswer.answer == "refused",
    )  # fmt: skip


def counted(found: Iterable[Match]) -> "Tally[str]":
    """Count the answers of some matches."""
    return Tally(one.line.answer for one in found)


def approved_count(session: Session, revision_id: int) -> int:
    """Count the approved corrections of a revision; it never changes once one is given out."""
    approved = (Correction.revision_id == revision_id, Correction.verdict == "approve")
    return session.scalar(sa.select(sa.func.count(Correction.id)).where(*approved)) or 0


def answered_count(session: Session, revision: Revision) -> int:
    """Count the corrections of a revision that the agency has answered."""
    mine = AgencyAnswer.revision_id == revision.id
    return session.scalar(sa.select(sa.func.count()).select_from(AgencyAnswer).where(mine)) or 0


def words_place(correction_id: int) -> str:
    """Return the place that the agency's words on a correction are sealed for."""
    return f"agency_answers|{correction_id}"


def unfit(message: str, message_en: str, code: str = "answer_unfit") -> Invalid:
    """Return the refusal of a file that can't be recorded."""
    return Invalid(message, message_en, code=code, fields={"file": "Berkas jawaban"})
