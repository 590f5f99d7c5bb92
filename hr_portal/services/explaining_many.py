"""Explaining what all rows of a large draft go without, taking it back, or along, unit by unit.

An explanation of a hundred thousand employees takes seconds to write, in which nobody else could
on SQLite. So a worker gives it to some thousand at a time; what a colleague explains meanwhile
stays. A killed worker's work is gone on with; where it ends before its end, as the draft is none
any more, what was explained stands. Nothing is handed in before the end. Decision 118.

So are given along the explanations of very many rows that become a batch of their own: it is
there, and they come to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.document_models import Explained, Explanation
from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import Batch, Job, Row, new_id
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import crashpoints, documents, explaining, jobs, visible
from hr_portal.services.context import Portal
from hr_portal.services.following import Along, Held
from hr_portal.services.turns import Turns

COPY = "explanations"
_FROM = "<"
"""Stands in a job's subject between the batch that is given to and the one that gives."""
MOST_COPIED = 2_500
"""Rows that take their explanations along in the act that makes a batch of them."""
_UNIT = 1_000
"""Employees of one unit: a quarter of a second of writing in a full sheet."""
_HELD = 0.2
"""Seconds of holding the lock after which the others get their turn."""
Do = Callable[[Session, Batch, str, list[bytes]], None]
"""Does what is to be done to the explanations of some employees, of one kind of document."""


def explain(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    reason: str,
    kind: str | None,
    version: int | None,
    along: Along,
) -> int:
    """State why documents that rows of a draft ask for are not there, as `explaining.explain`."""
    words = explaining.expect_reason(reason)
    with portal.db.read() as session:
        batch, wanted = _wanted(session, actor, batch_id, version, kind, along)
        key = portal.key(batch.company)
    begun = along.begun or {"rows": wanted.rows, "explanation": new_id()}
    explanation_id = begun["explanation"]
    sealed = key.seal(explaining.place(explanation_id), words.encode())

    def begin(session: Session) -> None:
        session.add(
            Explanation(
                id=explanation_id, batch_id=batch_id, words=sealed, given_by=actor.user_id,
                given_at=portal.clock(),
            )
        )  # fmt: skip
        session.flush()

    def give(session: Session, batch: Batch, one: str, people: list[bytes]) -> None:
        held = explaining.held_of(session, batch, one, people)
        lines: list[tuple[object, ...]] = [
            (batch.id, one, person, explanation_id) for person in people if person not in held
        ]
        bulk_insert(session, Explained.__table__, explaining.COLUMNS, lines)  # type: ignore[arg-type]

    act = _Act("batch:documents_explained", kind, begun, begin, give)
    return _in_units(portal, actor, batch_id, wanted, act, along)


def take_back(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    kind: str | None,
    version: int | None,
    along: Along,
) -> int:
    """Take explanations of all rows of a draft back, as `explaining.take_back`."""
    with portal.db.read() as session:
        _, wanted = _wanted(session, actor, batch_id, version, kind, along, is_given=True)
        of_batch = sa.select(Explanation.id).where(
            Explanation.batch_id == batch_id, Explanation.given_at <= along.asked_at
        )
        before = set(session.scalars(of_batch))

    def take(session: Session, batch: Batch, one: str, people: list[bytes]) -> None:
        held = explaining.held_of(session, batch, one, people)
        gone = [person for person, explanation in held.items() if explanation in before]
        explaining.delete(session, batch, one, gone)

    begun = along.begun or {"rows": wanted.rows}
    act = _Act("batch:explanation_withdrawn", kind, begun, lambda _session: None, take)
    return _in_units(portal, actor, batch_id, wanted, act, along)


@dataclass(frozen=True, slots=True)
class _Act:
    name: str
    kind: str | None
    begun: Held
    begin: Callable[[Session], None]
    do: Do


def _wanted(
    session: Session,
    actor: Actor,
    batch_id: str,
    version: int | None,
    kind: str | None,
    along: Along,
    *,
    is_given: bool = False,
) -> tuple[Batch, explaining.Some]:
    """Return whom it is about, or whom it still is about where a worker had begun."""
    expected = None if along.begun else version
    batch, revision = explaining.draft_of(session, actor, batch_id, expected)
    find = explaining.who_has if is_given else explaining.who_lacks
    return batch, find(session, batch, revision, kind, None, may_be_none=bool(along.begun))


def _in_units(
    portal: Portal, actor: Actor, batch_id: str, wanted: explaining.Some, act: _Act, along: Along
) -> int:
    rows: int = act.begun["rows"]
    listed = [(kind, sorted(people)) for kind, people in wanted.people.items()]
    parts = [
        (kind, people[start : start + _UNIT])
        for kind, people in listed
        for start in range(0, len(people), _UNIT)
    ]
    is_begun, turns = bool(along.begun), Turns(portal.db, _HELD)
    for at, (kind, people) in enumerate(parts):
        with turns.unit(along.unit()) as session:
            batch, revision = explaining.draft_of(session, actor, batch_id, None)
            if revision.id != wanted.state[0]:
                raise visible.stale(batch)
            if not is_begun:
                act.begin(session)
                along.begin(session, act.begun)
                explaining.tell(portal, session, actor, batch, act.name, act.kind, rows)
                is_begun = True
            act.do(session, batch, kind, people)
            documents.touch(
                portal, batch, actor
            )  # what is kept of the version before holds no more
        crashpoints.passing("explain:unit")
        along.told(0.5 + at / len(parts) / 2)
    with along.unit() as session:
        along.also(session, rows)
    return rows


def ask_copy(portal: Portal, session: Session, child: Batch, awaited: Sequence[str]) -> None:
    """Have a worker give a batch, which was made of another's rows, their explanations.

    `awaited` names the batches that its parent still waits for: what wasn't given to the parent in
    time comes from there, as its rows have left the parent.
    """
    for source_id in (child.parent_id, *awaited):
        jobs.add(portal, session, COPY, f"{child.id}{_FROM}{source_id}")


def awaits(session: Session, batch: Batch) -> Sequence[str]:
    """Return from which batches a worker still has to give explanations to a batch."""
    begins = f"{batch.id}{_FROM}"
    is_of_batch = Job.subject.startswith(begins, autoescape=True)
    found = session.scalars(
        sa.select(Job.subject)
        .where(Job.kind == COPY, Job.state != "done", is_of_batch)
        .order_by(Job.id)
    )
    return [subject.removeprefix(begins) for subject in found]


def copy_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Give a draft the explanations that another batch has of its employees; ends the job.

    Whom somebody has explained meanwhile keeps that; done once more, nothing changes.

    Raises:
        LeaseLostError: another worker has taken over.

    """
    child_id, _, source_id = claimed.subject.partition(_FROM)
    with portal.db.read() as session:
        child = session.get_one(Batch, child_id, options=[joinedload(Batch.company)])
        key, revision = portal.key(child.company), visible.current_revision(session, child)
        source_id = source_id or child.parent_id or ""  # queued before this was updated
        given = (Explained.batch_id == source_id,)
        kinds = session.scalars(sa.select(Explained.kind).where(*given).distinct()).all()
    is_here = sa.exists().where(
        Row.revision_id == revision.id, Row.kpj_index == Explained.kpj_index
    )
    turns = Turns(portal.db, _HELD)
    for kind in sorted(kinds):
        last = b""
        while True:
            asked = (
                sa.select(Explained.kpj_index, Explained.explanation_id)
                .where(*given, Explained.kind == kind, Explained.kpj_index > last, is_here)
                .order_by(Explained.kpj_index)
                .limit(_UNIT)
            )
            with portal.db.read() as session:
                part: dict[bytes, str] = dict(session.execute(asked).all())
            if not part:
                break
            last = max(part)
            with turns.unit(portal.db.write()) as session:
                jobs.hold(portal, session, claimed)
                if not _put_copies(session, key, source_id, child.id, kind, part):
                    jobs.finish(session, claimed)
                    return
            crashpoints.passing("explain:unit")
    with portal.db.write() as session:
        jobs.finish(session, claimed)


def _put_copies(
    session: Session,
    key: CompanyKey,
    source_id: str,
    child_id: str,
    kind: str,
    part: dict[bytes, str],
) -> bool:
    """Give some employees of a draft their explanations; False where it is none any more."""
    child = session.get_one(Batch, child_id, with_for_update=True)
    if child.state != "draft":
        return False
    held = explaining.held_of(session, child, kind, list(part))
    fresh = {person: one for person, one in part.items() if person not in held}
    explaining.copy_words(session, key, source_id, child_id, set(fresh.values()))
    lines: list[tuple[object, ...]] = [
        (child_id, kind, person, explaining.copy_of(one, child_id)) for person, one in fresh.items()
    ]
    bulk_insert(session, Explained.__table__, explaining.COLUMNS, lines)  # type: ignore[arg-type]
    child.version += bool(fresh)  # what is kept of the version before holds no more
    return True
