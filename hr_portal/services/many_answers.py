"""An agency's answer that is too large to be recorded while somebody waits: by a worker.

The whole file is read and matched before anything is written; then its answers are recorded some
thousand at a time, each unit with how far it came. All bear the moment at which the file was sent:
a worker that is killed knows by it which are its own.
"""

import io
from collections import Counter as Tally
from dataclasses import asdict
from typing import BinaryIO, Final

from sqlalchemy.orm import joinedload, undefer

from hr_portal.adapters.database.models import Batch, Revision
from hr_portal.adapters.database.work_models import ReviewWork
from hr_portal.adapters.spreadsheets.reading import look_at_upload
from hr_portal.domain.permissions import Actor
from hr_portal.domain.table import Unreadable
from hr_portal.services import (
    agency,
    agency_records,
    audit,
    crashpoints,
    jobs,
    review_works,
    sent_back,
)
from hr_portal.services.agency_records import Match
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.intake import clean_file_name, limits_of
from hr_portal.services.outlets import decided_revision

LARGE_BYTES: Final = 256 * 1024
"""Of a file that is read while somebody waits: some thousand lines."""
A_UNIT: Final = 2_000
"""Corrections recorded in one transaction."""
COUNTED: Final = ("accepted", "refused", "known")


def ask_answer(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    stream: BinaryIO,
    file_name: str,
    *,
    version: int | None,
) -> int | None:
    """Have a worker record a large answer; returns the number of the work.

    None where the file is so small that `agency.take_answer` answers at once: nothing is written
    then, and the stream stands at its start.

    Raises:
        NotFound; Forbidden; Conflict (not forwarded, stale version, another work).
        TooLarge; Invalid: no file of a kind that is read.

    """
    data = agency.sent(stream, name := clean_file_name(file_name))
    stream.seek(0)
    if len(data) <= LARGE_BYTES:
        return None
    with portal.db.read() as session:
        agency.forwarded(portal, session, actor, batch_id, version)
    try:
        look_at_upload(io.BytesIO(data), name, limits_of(portal))
    except Unreadable as refusal:
        raise Invalid(
            refusal.message, refusal.message_en, code=refusal.code, fields={"file": name}
        ) from refusal
    with portal.db.write() as session:
        batch = agency.forwarded(portal, session, actor, batch_id, version)
        revision = decided_revision(session, batch)
        work = review_works.ask(
            portal, session, actor, batch, revision, "answer", {"name": name}, total=0, sent=data
        )
        audit.record(
            portal, session, actor, "batch:answer_sent", batch.id, company_id=batch.company_id,
            bytes=len(data), work=work.id,
        )  # fmt: skip
        return work.id


def work_on(portal: Portal, claimed: jobs.Claim, number: int) -> None:
    """Record a large answer, or the rest of it.

    Raises:
        LeaseLostError: another worker has taken over.

    """
    with portal.db.read() as session:
        work = session.get_one(ReviewWork, number)
    actor, problem = None, None
    try:
        actor = review_works.who_asked(portal, work)
        left = _plan(portal, actor, claimed, number)
        for start in range(0, len(left), A_UNIT):
            actor = review_works.who_asked(portal, work)  # who may be gone since the last unit
            _record(portal, actor, claimed, number, left[start : start + A_UNIT])
            portal.db.give_way()
    except (NotFound, Forbidden, Conflict, Invalid) as refusal:
        problem = refusal.message, refusal.message_en
    end(portal, actor, claimed, number, problem)


def end(
    portal: Portal,
    actor: Actor | None,
    claimed: jobs.Claim,
    number: int,
    problem: tuple[str, str] | None,
) -> None:
    """End the work; what it has recorded counts, whatever it ended by.

    Raises:
        LeaseLostError: another worker has taken over.

    """
    with portal.db.read() as session:
        work = session.get_one(ReviewWork, number)
        approved = agency_records.approved_count(session, work.revision_id)
        refused = agency_records.refused_rows(session, work.revision_id, work.asked_at)
    follows = sent_back.along(portal, claimed, work)
    staged = sent_back.stage(portal, work.batch_id, refused, follows)
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        work = session.get_one(ReviewWork, number, with_for_update=True)
        if problem is None or work.done:
            batch = session.get_one(
                Batch, work.batch_id, with_for_update={"of": Batch},
                options=[joinedload(Batch.company)],
            )  # fmt: skip
            told = Tally({one: work.outcome.get(one, 0) for one in COUNTED})
            answered = agency_records.conclude(
                portal, session, actor, batch, session.get_one(Revision, work.revision_id), told,
                now=work.asked_at, approved=approved, refused=refused, staged=staged,
            )  # fmt: skip
            work.outcome = {**asdict(answered), "corrections": work.done}
        review_works.end(work, problem)
        crashpoints.passing("answer:ended")


def _plan(portal: Portal, actor: Actor, claimed: jobs.Claim, number: int) -> list[Match]:
    """Read and match the whole file; returns what is not recorded yet, and notes how much it is."""
    with portal.db.read() as session:
        work = session.get_one(ReviewWork, number, options=[undefer(ReviewWork.sent)])
        batch = agency.forwarded(portal, session, actor, work.batch_id, work.version)
        key = portal.key(batch.company)
        name = review_works.order_of(key, work)["name"]
        data = key.open(review_works.sent_place(work), work.sent or b"")
    lines = agency.lines_of(portal, data, name)
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
    with portal.db.read() as session:
        batch = agency.forwarded(portal, session, actor, work.batch_id, work.version)
        revision = session.get_one(Revision, work.revision_id)
        found = agency_records.matched(portal, session, batch, revision, lines)
        left, before = agency_records.not_recorded(session, revision, found)
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        work = session.get_one(ReviewWork, number, with_for_update=True)
        work.total = len(left) + work.done
        # what this work has recorded before it was interrupted is on record, too
        work.outcome = {**work.outcome, "known": before - work.done}
    return left


def _record(
    portal: Portal, actor: Actor, claimed: jobs.Claim, number: int, part: list[Match]
) -> None:
    """Record some answers in one transaction, if the actor still may."""
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        work = session.get_one(ReviewWork, number, with_for_update=True)
        batch = agency.forwarded(portal, session, actor, work.batch_id, work.version)
        revision = session.get_one(Revision, work.revision_id)
        agency_records.write(
            session, portal.key(batch.company), revision, actor, part, now=work.asked_at
        )
        counts = agency_records.counted(part)
        work.outcome = {
            **work.outcome,
            **{one: work.outcome.get(one, 0) + counts[one] for one in ("accepted", "refused")},
        }
        work.done += len(part)
        crashpoints.passing("review:unit")
