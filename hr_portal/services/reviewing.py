"""The end of a "review" job: what a reviewer asked for over many rows (decision 108)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import Batch
from hr_portal.adapters.database.work_models import ReviewWork
from hr_portal.domain.permissions import Actor
from hr_portal.services import (
    jobs,
    many_answers,
    many_verdicts,
    outlets,
    reopening,
    review,
    review_works,
    sent_back,
    staging,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.following import Along

GIVEN_UP = (
    "Portal tidak dapat menyelesaikan tindakan ini. Ulangi untuk sisanya; bila terjadi lagi, hubungi pengelola portal.",
    "The portal could not finish this act. Repeat it for the rest, and tell the portal's keeper if it happens again.",
)


def review_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Do a piece of work, or the next part of it; given up after as many tries as any job.

    Raises:
        LeaseLostError: another worker has taken over.

    """
    number = int(claimed.subject)
    if claimed.attempts > portal.settings.max_attempts:
        _clear(portal, claimed, number)
    with portal.db.write() as session:
        work = session.get(ReviewWork, number)
        is_over = work is None or work.state != "wanted"
        is_hopeless = not is_over and claimed.attempts > portal.settings.max_attempts
        if work is not None and is_hopeless and work.act != "answer":
            review_works.end(work, GIVEN_UP)
            is_over = True
        if work is None or is_over:
            jobs.finish(session, claimed)
            return
        jobs.hold(portal, session, claimed)
    if work.act == "decide":
        _at_once(portal, claimed, work, _decide)
    elif work.act == "forward":
        _at_once(portal, claimed, work, _forward)
    elif work.act == "reopen":
        _at_once(portal, claimed, work, _reopen)
    elif work.act == "answer" and is_hopeless:
        many_answers.end(portal, None, claimed, number, GIVEN_UP)
    elif work.act == "answer":
        many_answers.work_on(portal, claimed, number)
    else:
        many_verdicts.work_on(portal, claimed, number)


def _clear(portal: Portal, claimed: jobs.Claim, number: int) -> None:
    """Delete what was copied for an act that is given up."""
    with portal.db.read() as session:
        work = session.get(ReviewWork, number)
    if work is not None:
        staging.clear(portal, work.batch_id, sent_back.along(portal, claimed, work))


def _decide(portal: Portal, actor: Actor, work: ReviewWork, tell: "_Telling") -> None:
    review.decide(
        portal, actor, work.batch_id, version=work.version, work=work.id,
        stage=lambda rows: sent_back.stage(portal, work.batch_id, rows, tell.along(work)),
        at_end=lambda session, decided: tell.end(session, asdict(decided)),
    )  # fmt: skip


def _forward(portal: Portal, actor: Actor, work: ReviewWork, tell: "_Telling") -> None:
    outlets.hand_over(
        portal, actor, work.batch_id, _ordered(portal, work)["outlet"], version=work.version,
        progress=tell.progress, at_end=lambda session: tell.end(session, {}),
    )  # fmt: skip


def _reopen(portal: Portal, actor: Actor, work: ReviewWork, tell: "_Telling") -> None:
    reopening.set_aside(
        portal, actor, work.batch_id, version=work.version,
        reason=_ordered(portal, work)["reason"], work=work.id, along=tell.along(work),
        at_end=lambda session, done: tell.end(session, {"revision": done.revision}),
    )  # fmt: skip


def _ordered(portal: Portal, work: ReviewWork) -> dict[str, Any]:
    with portal.db.read() as session:
        batch = session.get_one(Batch, work.batch_id, options=[joinedload(Batch.company)])
        return review_works.order_of(portal.key(batch.company), work)


@dataclass(frozen=True, slots=True)
class _Telling:
    """How an act that is done as a whole says how far it is, and that it is over."""

    portal: Portal
    claimed: jobs.Claim
    number: int

    def progress(self, done: int) -> None:
        """Say how many rows are done; LeaseLostError where another worker has taken over."""
        with self.portal.db.write() as session:
            jobs.hold(self.portal, session, self.claimed)
            session.get_one(ReviewWork, self.number, with_for_update=True).done = done

    def along(self, work: ReviewWork) -> Along:
        """What goes along with the act where it writes in units."""
        return sent_back.along(self.portal, self.claimed, work)

    def end(self, session: Session, outcome: dict[str, Any]) -> None:
        """End the work and its job in the transaction of the act itself."""
        jobs.finish(session, self.claimed)
        work = session.get_one(ReviewWork, self.number, with_for_update=True)
        work.done, work.outcome = work.total, outcome
        review_works.end(work)


def _at_once(
    portal: Portal,
    claimed: jobs.Claim,
    work: ReviewWork,
    act: Callable[[Portal, Actor, ReviewWork, _Telling], None],
) -> None:
    """Do an act as whoever asked; a refusal ends the work and is told on its page."""
    try:
        act(portal, review_works.who_asked(portal, work), work, _Telling(portal, claimed, work.id))
    except (NotFound, Forbidden, Conflict, Invalid) as refusal:
        staging.clear(portal, work.batch_id, sent_back.along(portal, claimed, work))
        with portal.db.write() as session:
            jobs.finish(session, claimed)
            found = session.get_one(ReviewWork, work.id, with_for_update=True)
            review_works.end(found, (refusal.message, refusal.message_en))
