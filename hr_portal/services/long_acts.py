"""Acts on a draft that take longer than somebody should wait: a worker looks, then does them.

What is asked for and what would come of it may be personal data, so both lie sealed; the job
holds a number. Where there is something to see first, a worker looks, somebody says yes, and a
worker does it. The act and the note that it is done are one transaction: a worker killed at any
instant has done nothing, or all of it, and whoever takes the job up again does it once.
"""

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.mending_models import LONG_ACT_STATES, LongAct
from hr_portal.adapters.database.models import Batch, Revision
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import accounts, crashpoints, jobs, staging, visible
from hr_portal.services.cells import open_draft
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, NotFound, ServiceError
from hr_portal.services.following import Along, Held, Told

JOB = "long_act"
RENEW_SECONDS = 2.0
ACT = "act"
"""Names the act on cells in what is said of one that was begun, and of what it has done."""
STATES = LONG_ACT_STATES
"""wanted (a worker looks), ready (for a yes), applying, done, failed."""
GIVEN_UP = (
    "Portal tidak dapat menyelesaikannya. Coba lagi; bila terjadi lagi, hubungi pengelola portal.",
    "The portal could not finish this. Try again, and tell the portal's keeper if it happens again.",
)


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker does about a kind of long act."""

    look: Callable[[Portal, Actor, str, Held, Told], Held] | None
    """Returns what it would change, with "version" of the batch; None where nothing is shown."""
    act: Callable[[Portal, Actor, str, Held, Held, Along], Held]
    """Does what was asked for, by what was shown; `Along.also` belongs into its transaction."""
    clear: Callable[[Portal, str, Along], None] = staging.clear
    """Takes away what `act` has made in units before, where nothing came of it."""


@dataclass(frozen=True, slots=True)
class LongActView:
    """A long act as its page shows it."""

    id: int
    kind: str
    state: str
    """wanted, ready, applying, done or failed."""
    percent: int
    asked: Held
    offer: Held
    """What it would change; {} until a worker has looked."""
    outcome: Held
    """What it has changed; {} until then."""
    problem: tuple[str, str] | None
    """Why nothing came of it, in both languages."""


def ask(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    kind: str,
    asked: Held,
    *,
    version: int | None,
    is_shown: bool = True,
    expect: Callable[[Session], Batch] | None = None,
) -> int:
    """Have a worker look what an act would change, or do it at once if not `is_shown` before.

    Returns the number of the long act. Asked again while a worker is at the very same, it is that
    one's number. `expect` returns the batch of an act on what is no draft, or refuses.

    Raises:
        NotFound, Forbidden, Conflict: as for typing; or a worker is doing another one.

    """
    with portal.db.write() as session:
        batch = (
            expect(session)
            if expect
            else open_draft(portal, session, actor, batch_id, version).batch
        )
        revision, key = visible.current_revision(session, batch), portal.key(batch.company)
        state = "wanted" if is_shown else "applying"
        held = {"version": batch.version, **asked}
        for one in _under_way(session, revision.id, kind):
            if one.asked_by == actor.user_id and _open(key, one, "asked") == held:
                return one.id
        if not is_shown:
            _expect_idle(session, revision.id)
        made = LongAct(
            revision_id=revision.id,
            kind=kind,
            state=state,
            asked=b"",
            asked_by=actor.user_id,
            asked_at=portal.clock(),
        )
        session.add(made)
        session.flush()
        made.asked = key.seal(place(made, "asked"), orjson.dumps(held))
        jobs.add(portal, session, JOB, str(made.id))
        return made.id


def view(portal: Portal, actor: Actor, batch_id: str, number: int) -> LongActView:
    """Return a long act on a batch.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        one, key = _of(session, batch, number), portal.key(batch.company)
        return LongActView(
            one.id,
            one.kind,
            one.state,
            one.percent,
            _open(key, one, "asked"),
            _open(key, one, "offer"),
            dict(one.outcome or {}) if one.state == "done" else {},
            (one.problem, one.problem_en or "") if one.problem else None,
        )


def go_on(portal: Portal, actor: Actor, batch_id: str, number: int) -> None:
    """Have a worker do what was shown; asked twice, it is done once.

    Raises:
        NotFound, Forbidden. Conflict: it isn't ready, the batch has changed since, or a worker
            is doing another one.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        one = _of(session, batch, number)
        if one.state in {"applying", "done"}:
            return
        if one.state != "ready":
            raise Conflict(
                "Pekerjaan ini belum selesai disiapkan, atau sudah gagal. Mulai lagi dari halaman Hasil.",
                "This has not been prepared yet, or has failed. Start again from the result page.",
                code="not_ready",
            )
        offer = _open(portal.key(batch.company), one, "offer")
        if not offer.get("lenient"):
            visible.expect_version(batch, offer["version"])
        _expect_idle(session, one.revision_id)
        one.state, one.asked_by, one.percent = "applying", actor.user_id, 0
        jobs.again(portal, session, JOB, str(one.id))


def is_under_way(session: Session, revision_id: int) -> bool:
    """Tell whether a worker is changing a revision just now, or is about to."""
    doing = (LongAct.revision_id == revision_id, LongAct.state == "applying")
    return bool(session.scalar(sa.select(sa.exists().where(*doing))))


def run(portal: Portal, claimed: jobs.Claim, works: Mapping[str, Work]) -> None:
    """Look for what was asked, or do it; the end of a "long_act" job.

    Given up after as many tries as any job, so that the draft is not held for ever.

    Raises:
        LeaseLostError: another worker has taken over.

    """
    number = int(claimed.subject)
    with portal.db.read() as session:
        one = session.get_one(LongAct, number)
        batch = session.get_one(Batch, session.get_one(Revision, one.revision_id).batch_id)
        key, batch_id, state, by = portal.key(batch.company), batch.id, one.state, one.asked_by
        work, asked, offer = works[one.kind], _open(key, one, "asked"), _open(key, one, "offer")
    noted: list[Session] = []
    expect = functools.partial(_expect_may, portal, by, batch_id)

    def note(session: Session, **values: object) -> None:
        jobs.finish(session, claimed)
        session.execute(sa.update(LongAct).where(LongAct.id == number).values(**values))
        noted.append(session)

    def begin(session: Session, held: Held) -> None:
        session.execute(sa.update(LongAct).where(LongAct.id == number).values(outcome=held))

    def done(session: Session, outcome: Held) -> None:
        expect()
        note(session, state="done", percent=100, outcome=outcome)
        crashpoints.passing("long_act:written")

    told = _Following(portal, claimed, number)
    begun = dict(one.outcome or {})
    along = Along(
        number, one.asked_at, begun, begin, told, done, lambda: _unit(portal, claimed, expect)
    )
    try:
        actor = _who_asked(portal, claimed, by)
        if state == "wanted" and work.look is not None:
            offer = work.look(portal, actor, batch_id, asked, told)
            crashpoints.passing("long_act:seen")
        elif state == "applying":
            offer = work.act(portal, actor, batch_id, asked, offer, along)
    except ServiceError as refusal:
        clearing = replace(along, unit=lambda: _unit(portal, claimed, lambda: None))
        work.clear(portal, batch_id, clearing)
        with portal.db.write() as session:
            note(session, state="failed", problem=refusal.message, problem_en=refusal.message_en)
        return
    crashpoints.passing("long_act:done")
    if noted:
        return
    with portal.db.write() as session:
        if state == "wanted":
            sealed = key.seal(place(one, "offer"), orjson.dumps(offer))
            note(session, state="ready", percent=100, offer=sealed)
        elif state == "applying":
            done(session, offer)
        else:
            jobs.finish(session, claimed)


@contextmanager
def _unit(portal: Portal, claimed: jobs.Claim, expect: Callable[[], None]) -> Iterator[Session]:
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        expect()
        yield session


def _expect_may(portal: Portal, by: str, batch_id: str) -> None:
    """Refuse to go on for somebody who may no longer; raises NotFound or Forbidden."""
    actor = accounts.load_actor(portal, by)
    if actor is None:
        raise NotFound
    with portal.db.read() as session:
        visible.batch(session, actor, batch_id, action="batch.edit")


def _who_asked(portal: Portal, claimed: jobs.Claim, user_id: str) -> Actor:
    """Return who a job is for; raises Conflict after too many tries, NotFound for nobody."""
    if claimed.attempts > portal.settings.max_attempts:
        raise Conflict(*GIVEN_UP, code="given_up")
    actor = accounts.load_actor(portal, user_id)
    if actor is None:  # the account is gone or switched off
        raise NotFound
    return actor


class _Following:
    """Renews the job's lease while a worker is at it, and notes how far it is."""

    def __init__(self, portal: Portal, claimed: jobs.Claim, number: int) -> None:
        self.portal, self.claimed, self.number = portal, claimed, number
        self.next = time.monotonic() + RENEW_SECONDS

    def __call__(self, share: float) -> None:
        if time.monotonic() < self.next:
            return
        with self.portal.db.write() as session:
            jobs.hold(self.portal, session, self.claimed)
            session.execute(
                sa.update(LongAct)
                .where(LongAct.id == self.number)
                .values(percent=min(99, int(share * 100)))
            )
        self.next = time.monotonic() + RENEW_SECONDS


def expect_not_writing(session: Session, revision_id: int) -> None:
    """Refuse to change cells between two units of a large act that does. Raises Conflict."""
    doing = (LongAct.revision_id == revision_id, LongAct.state == "applying")
    asked = sa.select(LongAct.outcome, LongAct.percent).where(*doing)
    for begun, percent in session.execute(asked):
        if ACT in (begun or {}):
            raise _busy(percent)


def _expect_idle(session: Session, revision_id: int) -> None:
    """Refuse a large act on a draft while a worker is doing another. Raises Conflict."""
    doing = (LongAct.revision_id == revision_id, LongAct.state == "applying")
    percent = session.scalar(sa.select(LongAct.percent).where(*doing).limit(1))
    if percent is not None:
        raise _busy(percent)


def _busy(percent: int) -> Conflict:
    return Conflict(
        f"Perubahan besar lain pada pengajuan ini sedang dikerjakan ({percent} %). "
        "Tunggu sampai selesai, lalu ulangi.",
        f"Another large change of this submission is being made ({percent} %). "
        "Wait until it is done, then repeat.",
        code="long_act_under_way",
    )


def _under_way(session: Session, revision_id: int, kind: str) -> list[LongAct]:
    waits = LongAct.state.in_(("wanted", "applying"))
    wanted = (LongAct.revision_id == revision_id, LongAct.kind == kind, waits)
    return list(session.scalars(sa.select(LongAct).where(*wanted)))


def _of(session: Session, batch: Batch, number: int) -> LongAct:
    of_batch = sa.select(Revision.id).where(Revision.batch_id == batch.id)
    one = session.scalar(
        sa.select(LongAct).where(LongAct.id == number, LongAct.revision_id.in_(of_batch))
    )
    current = visible.current_revision(session, batch).id
    if one is None or (one.state != "done" and one.revision_id != current):
        raise NotFound
    return one


def place(one: LongAct, part: str) -> str:
    """Return the place that a part of a long act is sealed for: asked or offer."""
    return f"long_acts|{one.id}|{part}"


def _open(key: CompanyKey, one: LongAct, part: str) -> Held:
    sealed = getattr(one, part)
    held: Held = orjson.loads(key.open(place(one, part), sealed)) if sealed else {}
    return held
