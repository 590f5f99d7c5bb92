"""The notices of a whole decision as one ZIP, a PDF for each employee.

A PDF takes a fifth of a second, so a worker makes them ahead, some rows at a time: what was made
stays when it is killed, and other work gets its turn in between.
"""

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import Batch, Decision, Revision
from hr_portal.adapters.database.paper_models import NoticeBundle, NoticePiece
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit, jobs, papers, retention, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.services.intake import keep_file

JOB: Final = "notices"
ROWS_A_PIECE: Final = 50
"""Rows that a worker makes before it looks for other work: about ten seconds."""
RENEW_EVERY: Final = 10
_WHEN = (2000, 1, 1, 0, 0, 0)
"""Of all entries: the day is in the notice, and equal notices are equal bytes."""

State = Literal["none", "wanted", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Bundle:
    """How the ZIP of a decision's notices stands."""

    state: State
    done: int = 0
    rows: int = 0
    made_at: dt.datetime | None = None


def standing(portal: Portal, actor: Actor, batch_id: str) -> Bundle:
    """Return how the ZIP of the latest decision stands; "none" where nobody has asked for it."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        held = _held(session, batch, _decision(session, batch))
        if held is None:
            return Bundle("none")
        return Bundle(cast("State", held.state), held.done, held.rows, held.created_at)


def order(portal: Portal, actor: Actor, batch_id: str) -> Bundle:
    """Have a worker make the notices of the latest decision; what is there or on its way stays.

    Raises:
        NotFound; Forbidden: only HRD tells its own people. Conflict: nothing is decided yet.

    """
    try:
        with portal.db.write() as session:
            batch = visible.batch(session, actor, batch_id, action="batch.edit")
            decision = _decision(session, batch)
            held = _held(session, batch, decision)
            if held is None:
                rows = len(papers.decided_rows(session, batch.id, decision.revision_number))
                held = NoticeBundle(
                    batch_id=batch.id,
                    decided_at=_told_at(session, batch, decision),
                    rows=rows,
                    created_at=portal.clock(),
                )
                session.add(held)
                session.flush()
                jobs.add(portal, session, JOB, str(held.id))
            elif held.state == "failed":
                held.state = "wanted"
                jobs.again(portal, session, JOB, str(held.id))
    except IntegrityError:  # somebody else has just asked for it
        pass
    return standing(portal, actor, batch_id)


def open_bundle(portal: Portal, actor: Actor, batch_id: str) -> tuple[str, Iterator[bytes]]:
    """Return the name of the ZIP and its bytes, to be walked once; taking it away is an act.

    Raises:
        NotFound; Forbidden.
        Conflict: not decided, not asked for or not made yet, or its time of keeping is over.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        held = _held(session, batch, _decision(session, batch))
        if held is None or held.state != "ready":
            raise Conflict(
                "Berkas ZIP pemberitahuan belum selesai dibuat. Mintalah lebih dahulu, atau tunggu sebentar lagi.",
                "The ZIP of notices is not made yet. Ask for it first, or wait a moment.",
                code="not_ready",
            )
        pieces = session.scalars(
            sa.select(NoticePiece)
            .options(joinedload(NoticePiece.file))
            .where(NoticePiece.bundle_id == held.id)
            .order_by(NoticePiece.last_row)
        ).all()
        for piece in pieces:
            retention.expect_kept(piece.file)
        names = [piece.file.name for piece in pieces]
        key = portal.key(batch.company).file_key
        audit.record(
            portal, session, actor, "batch:notices_printed", batch.id,
            company_id=batch.company_id, rows=held.rows,
        )  # fmt: skip
    return f"pemberitahuan-{batch.number}.zip", _joined(portal, key, names)


def bundle_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Make the next notices of a bundle; the job is queued again until all are there.

    Raises:
        LeaseLostError: another worker has taken over; what we made is dropped.

    """
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        held = session.get_one(NoticeBundle, int(claimed.subject))
        batch = session.get_one(Batch, held.batch_id, options=[joinedload(Batch.company)])
        key = portal.key(batch.company).file_key
        decision = papers.latest_decision(session, batch.id)
        told_at = decision and _told_at(session, batch, decision)
        is_past = held.decided_at != told_at  # set aside, or answered by the agency since
        if decision is None or is_past or claimed.attempts > portal.settings.max_attempts:
            _give_up(session, claimed, held)
            return
        last = session.scalar(
            sa.select(sa.func.max(NoticePiece.last_row)).where(NoticePiece.bundle_id == held.id)
        )
        left = [
            number
            for number in papers.decided_rows(session, batch.id, decision.revision_number)
            if last is None or number > last
        ]
        mine = left[:ROWS_A_PIECE]
        facts = papers.notice_facts(portal, session, batch, decision, mine)
    with tempfile.SpooledTemporaryFile(1 << 24) as out:
        with zipfile.ZipFile(out, "w") as made:
            for at, person in enumerate(facts.people):
                if at % RENEW_EVERY == RENEW_EVERY - 1:
                    with portal.db.write() as session:
                        jobs.hold(portal, session, claimed)
                try:
                    pdf = papers.rendered(replace(facts, people=(person,)))
                except Invalid:
                    with portal.db.write() as session:
                        _give_up(session, claimed, session.get_one(NoticeBundle, held.id))
                    return
                name = f"baris-{person.row:0{len(str(left[-1]))}d}-{_plain(person.name)}.pdf"
                made.writestr(zipfile.ZipInfo(name, _WHEN), pdf)
        size = out.tell()
        out.seek(0)
        stored = portal.files.put(out, key, limit=size + 1)  # type: ignore[arg-type]  # it reads, that is enough
    try:
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)
            bundle = session.get_one(NoticeBundle, held.id)
            company = session.get_one(Batch, held.batch_id).company
            file_id = keep_file(portal, session, company, stored)
            session.add(NoticePiece(bundle_id=bundle.id, last_row=mine[-1], file_id=file_id))
            bundle.done += len(mine)
            if len(mine) == len(left):
                bundle.state = "ready"
                jobs.finish(session, claimed)
            else:
                jobs.again(portal, session, JOB, claimed.subject)
    except BaseException:
        portal.files.delete(stored.name)
        raise


def _give_up(session: Session, claimed: jobs.Claim, held: NoticeBundle) -> None:
    held.state = "failed"
    jobs.finish(session, claimed)


def _decision(session: Session, batch: Batch) -> Decision:
    decision = papers.latest_decision(session, batch.id)
    if decision is None:
        raise papers.not_decided(batch.number)
    return decision


def _held(session: Session, batch: Batch, decision: Decision) -> NoticeBundle | None:
    return session.scalar(
        sa.select(NoticeBundle).where(
            NoticeBundle.batch_id == batch.id,
            NoticeBundle.decided_at == _told_at(session, batch, decision),
        )
    )


def _told_at(session: Session, batch: Batch, decision: Decision) -> dt.datetime:
    """Return when the latest of what the notices tell was said: the decision, or an answer."""
    answered = session.scalar(
        sa.select(sa.func.max(AgencyAnswer.answered_at))
        .join(Revision, Revision.id == AgencyAnswer.revision_id)
        .where(Revision.batch_id == batch.id, Revision.number == decision.revision_number)
    )
    return max(decision.decided_at, answered or decision.decided_at)


def _plain(name: str) -> str:
    """Return a person's name as part of a file name: letters and digits between hyphens."""
    kept = "".join(sign if sign.isalnum() else " " for sign in name)
    return "-".join(kept.split())[:60] or "tanpa-nama"


class _Passing(io.RawIOBase):
    """Takes what a ZIP writes and gives it on; can't go back."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.held += data
        return len(data)

    def taken(self) -> bytes:
        taken = bytes(self.held)
        self.held.clear()
        return taken


def _joined(portal: Portal, key: bytes, names: list[str]) -> Iterator[bytes]:
    """Walk one ZIP made of several; one piece is in memory at a time."""
    out = _Passing()
    with zipfile.ZipFile(out, "w") as whole:
        for name in names:
            with zipfile.ZipFile(io.BytesIO(portal.files.read(name, key))) as piece:
                for entry in piece.infolist():
                    whole.writestr(zipfile.ZipInfo(entry.filename, _WHEN), piece.read(entry))
                    yield out.taken()
    yield out.taken()
