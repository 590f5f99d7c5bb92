"""Find and replace over a large draft: a worker looks, somebody says yes, a worker does it.

What is looked for and what was found may be personal data, so both lie sealed; the job
holds a number. Doing it is one act like any other, named after the request: a worker
that is killed between the act and its note finds the act and does nothing twice.
"""

from dataclasses import asdict, dataclass

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.mending_models import Replacement
from hr_portal.adapters.database.models import Batch, EditAct, Revision
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import accounts, crashpoints, jobs, rechecking, replacing, visible
from hr_portal.services.batch_views import BatchView
from hr_portal.services.cells import open_draft
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, NotFound, ServiceError
from hr_portal.services.offers import Line, Offer
from hr_portal.services.replacing import Search

JOB = "replace"


@dataclass(frozen=True, slots=True)
class ReplacementView:
    """A request as its page shows it."""

    id: int
    state: str
    """wanted, ready, applying, done or failed."""
    search: Search
    offer: Offer | None
    problem: tuple[str, str] | None
    """Why nothing came of it, in both languages."""


def is_large(batch: BatchView) -> bool:
    """Tell whether a draft is too large to be searched while somebody waits."""
    return batch.revision.total > rechecking.INLINE_ROWS


def ask(portal: Portal, actor: Actor, batch_id: str, search: Search) -> int:
    """Have a worker look what replacing would change; returns the number of the request.

    Raises:
        NotFound, Forbidden, Conflict: as for typing. Invalid: nothing to look for.

    """
    replacing.expect(search)
    with portal.db.write() as session:
        draft = open_draft(portal, session, actor, batch_id, None)
        asked = Replacement(
            revision_id=draft.revision.id,
            search=b"",
            asked_by=actor.user_id,
            asked_at=portal.clock(),
        )
        session.add(asked)
        session.flush()
        asked.search = draft.key.seal(_place(asked, "search"), orjson.dumps(asdict(search)))
        jobs.add(portal, session, JOB, str(asked.id))
        return asked.id


def view(portal: Portal, actor: Actor, batch_id: str, number: int) -> ReplacementView:
    """Return a request on the current revision of a batch.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        asked, key = _asked(session, batch, number), portal.key(batch.company)
        return ReplacementView(
            asked.id,
            asked.state,
            _search(key, asked),
            _offer(key, asked),
            (asked.problem, asked.problem_en or "") if asked.problem else None,
        )


def apply(portal: Portal, actor: Actor, batch_id: str, number: int) -> None:
    """Have a worker do what was shown; asked twice, it is done once.

    Raises:
        NotFound, Forbidden. Conflict: it isn't ready, or the batch has changed since.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        asked = _asked(session, batch, number)
        if asked.state in {"applying", "done"}:
            return
        offer = _offer(portal.key(batch.company), asked)
        if offer is None or asked.state != "ready":
            raise Conflict(
                "Penggantian ini belum selesai dicari, atau sudah gagal. Ulangi dari Cari dan ganti.",
                "This replacement has not been looked for yet, or has failed. Start again from Find and replace.",
                code="not_ready",
            )
        visible.expect_version(batch, offer.version)
        asked.state, asked.asked_by = "applying", actor.user_id
        jobs.again(portal, session, JOB, str(asked.id))


def replace_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Look for what was asked, or do it; the end of a "replace" job.

    Raises:
        LeaseLostError: another worker has taken over.

    """
    with portal.db.read() as session:
        asked = session.get_one(Replacement, int(claimed.subject))
        revision = session.get_one(Revision, asked.revision_id)
        batch = session.get_one(Batch, revision.batch_id)
        key, batch_id, state = portal.key(batch.company), batch.id, asked.state
        search, offer = _search(key, asked), _offer(key, asked)
        is_done = any(
            what.get("replacement") == asked.id
            for what in session.scalars(
                sa.select(EditAct.what).where(
                    EditAct.revision_id == revision.id, EditAct.kind == "replace"
                )
            )
        )
    actor = accounts.load_actor(portal, asked.asked_by)
    problem: ServiceError | None = NotFound() if actor is None else None
    try:
        if actor is not None and state == "wanted":
            offer = replacing.preview(portal, actor, batch_id, search)
        elif actor is not None and state == "applying" and offer is not None and not is_done:
            replacing.replace(
                portal, actor, batch_id, search, version=offer.version, asked=asked.id
            )
    except ServiceError as refusal:
        problem = refusal
    crashpoints.passing("replace:done")
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        asked = session.get_one(Replacement, asked.id)
        if problem is not None:
            asked.state = "failed"
            asked.problem, asked.problem_en = problem.message, problem.message_en
        elif state == "wanted":
            asked.state = "ready"
            asked.offer = key.seal(_place(asked, "offer"), orjson.dumps(asdict(offer)))  # type: ignore[arg-type]
        elif state == "applying":
            asked.state = "done"


def _asked(session: Session, batch: Batch, number: int) -> Replacement:
    asked = session.get(Replacement, number)
    if asked is None or asked.revision_id != visible.current_revision(session, batch).id:
        raise NotFound
    return asked


def _place(asked: Replacement, part: str) -> str:
    return f"replacements|{asked.id}|{part}"


def _search(key: CompanyKey, asked: Replacement) -> Search:
    return Search(**orjson.loads(key.open(_place(asked, "search"), asked.search)))


def _offer(key: CompanyKey, asked: Replacement) -> Offer | None:
    if asked.offer is None:
        return None
    held = orjson.loads(key.open(_place(asked, "offer"), asked.offer))
    lines = tuple(
        Line(**{**line, "source": tuple(line["source"]) if line["source"] else None})
        for line in held.pop("lines")
    )
    return Offer(lines=lines, **held)
