"""The end of a "review" job: what a reviewer asked for over many rows (decision 108)."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from hr_portal.adapters.database.work_models import ReviewWork
from hr_portal.services import jobs, many_verdicts, review, review_works
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.review import Decided

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
    with portal.db.write() as session:
        work = session.get(ReviewWork, number)
        is_over = work is None or work.state != "wanted"
        if work is not None and not is_over and claimed.attempts > portal.settings.max_attempts:
            review_works.end(work, GIVEN_UP)
            is_over = True
        if is_over:
            jobs.finish(session, claimed)
            return
        jobs.hold(portal, session, claimed)
    if work.act == "decide":
        _decide(portal, claimed, work)
    else:
        many_verdicts.work_on(portal, claimed, number)


def _decide(portal: Portal, claimed: jobs.Claim, asked: ReviewWork) -> None:
    """End a review as asked; the decision and the end of the work and its job are one act."""

    def at_end(session: Session, decided: Decided) -> None:
        jobs.finish(session, claimed)
        work = session.get_one(ReviewWork, asked.id, with_for_update=True)
        work.done, work.outcome = work.total, asdict(decided)
        review_works.end(work)

    try:
        actor = review_works.who_asked(portal, asked)
        review.decide(
            portal, actor, asked.batch_id, version=asked.version, work=asked.id, at_end=at_end
        )
    except (NotFound, Forbidden, Conflict, Invalid) as refusal:
        with portal.db.write() as session:
            jobs.finish(session, claimed)
            work = session.get_one(ReviewWork, asked.id, with_for_update=True)
            review_works.end(work, (refusal.message, refusal.message_en))
