"""Pages of documents as pictures: drawn by a worker from the cleaned copy, sealed, shown.

One job a batch draws a few pages and goes to the end of the queue, so that five hundred scans of
one company keep nobody waiting. What was drawn is written down step by step: a worker that dies is
followed by one that goes on with the next page.
"""

import contextlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.document_models import Depiction, DrawnPage
from hr_portal.adapters.database.keeping_models import Purge
from hr_portal.adapters.database.models import Batch, Document, File, Job
from hr_portal.adapters.documents import picturing
from hr_portal.adapters.documents.process import ChildDied
from hr_portal.adapters.files import StoredFile
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit, crashpoints, jobs, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound
from hr_portal.services.intake import keep_file, let_go

JOB = "depict"
PAGES_AT_ONCE = 10
SIDE_BY_SIDE = 2
"""Documents that are drawn at the same time."""
STEPS_AT_ONCE = 4
"""Steps of a batch before others get their turn."""


@dataclass(frozen=True, slots=True)
class PageView:
    """One page that has been drawn; sizes in pixels."""

    number: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """How far a document has been drawn."""

    state: Literal["waiting", "done", "failed"]
    total: int
    """Pages of the document; 0 where that isn't known yet."""
    pages: tuple[PageView, ...]
    text: str
    """What is written in a PDF as text; nothing for a picture."""


@dataclass(frozen=True, slots=True)
class _Step:
    """The next pages to draw."""

    document_id: str
    media_type: str
    stored: str
    first: int


def queue(portal: Portal, session: Session, batch_id: str) -> None:
    """Have the documents of a batch drawn; the caller has the batch locked, or alone.

    The job's row is locked: a worker that is about to call it done looks once more after us.
    """
    known = session.scalar(
        sa.select(Job.state).where(Job.kind == JOB, Job.subject == batch_id).with_for_update()
    )
    if known is None or known in {"done", "failed"}:
        jobs.again(portal, session, JOB, batch_id)


def pictures_of(portal: Portal, actor: Actor, document_id: str) -> Pictures:
    """Return what has been drawn of a document, and see to it that the rest will be.

    Raises NotFound; Conflict where its time of keeping is over.
    """
    with portal.db.read() as session:
        document, batch = visible.document(session, actor, document_id)
        known = session.get(Depiction, document_id)
        is_idle = session.scalar(
            sa.select(Job.state).where(Job.kind == JOB, Job.subject == batch.id)
        ) not in {"queued", "running"}
        if known is not None and not (known.state == "waiting" and is_idle):
            pages = session.scalars(
                sa.select(DrawnPage)
                .where(DrawnPage.document_id == document_id)
                .order_by(DrawnPage.page)
            )
            return Pictures(
                known.state,  # type: ignore[arg-type]  # the database holds it to these
                known.pages,
                tuple(PageView(one.page, one.width, one.height) for one in pages),
                _text(known, portal.key(batch.company)),
            )
    if is_idle:
        with portal.db.write() as session:
            _lock(session, document.batch_id)
            queue(portal, session, document.batch_id)
    return Pictures("waiting", 0, (), "")


def open_page(
    portal: Portal, actor: Actor, document_id: str, page: int, *, small: bool = False
) -> tuple[int, Iterator[bytes]]:
    """Return the size and bytes of a page's picture, a JPEG; a look at the whole is an act.

    Raises NotFound where there is none; Conflict where its time of keeping is over.
    """
    with contextlib.ExitStack() as stack:
        session = stack.enter_context(portal.db.read() if small else portal.db.write())
        _, batch = visible.document(session, actor, document_id)
        drawn = session.get(DrawnPage, (document_id, page))
        file = session.get(File, (drawn.small_id if small else drawn.whole_id)) if drawn else None
        if file is None or file.purged_at is not None:
            raise NotFound
        key = portal.key(batch.company)
        name, size = file.name, file.size
        if not small:
            audit.record(
                portal, session, actor, "document:opened", document_id,
                company_id=batch.company_id, batch=batch.id, page=page,
            )  # fmt: skip
    return size, portal.files.chunks(name, key.file_key)


def depict_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Draw the next pages of a batch's documents; the end of a "depict" job.

    Raises LeaseLostError where another worker has it.
    """
    if claimed.attempts > portal.settings.max_attempts:
        for step in _next(portal, claimed.subject, 1):
            _write_down(portal, claimed, step, None, [])
    else:
        # After a worker died, one by one: what it died of is then the first in line.
        abreast = SIDE_BY_SIDE if claimed.attempts == 1 else 1
        done = 0
        while done < STEPS_AT_ONCE:
            steps = _next(portal, claimed.subject, abreast)
            if not steps:
                break
            _draw(portal, claimed, steps)
            done += len(steps)
    with portal.db.write() as session:
        _lock(session, claimed.subject)
        jobs.hold(portal, session, claimed)
        if not _next_in(session, claimed.subject, 1):
            jobs.finish(session, claimed)
        else:
            jobs.go_on(portal, session, claimed)


def _draw(portal: Portal, claimed: jobs.Claim, steps: list[_Step]) -> None:
    """Draw some pages of each document side by side, and write them down one after another.

    What the same bytes elsewhere have already is taken over.
    """
    steps = [one for one in steps if one.first or not _taken_over(portal, claimed, one)]
    with portal.db.read() as session:
        key = portal.key(session.get_one(Batch, claimed.subject).company)

    def drawn_of(step: _Step) -> picturing.Drawn | None:
        data = portal.files.read(step.stored, key.file_key)
        try:
            return picturing.draw(data, step.media_type, first=step.first, count=PAGES_AT_ONCE)
        except ChildDied:
            return None

    with ThreadPoolExecutor(SIDE_BY_SIDE) as drawers:
        for step, drawn in zip(steps, drawers.map(drawn_of, steps), strict=True):
            _keep(portal, claimed, key, step, drawn)


def _keep(
    portal: Portal,
    claimed: jobs.Claim,
    key: CompanyKey,
    step: _Step,
    drawn: picturing.Drawn | None,
) -> None:
    """Store what was drawn of a document and write it down."""
    stored: list[StoredFile] = []
    try:
        # What was stored before one fails is in the list all the same.
        stored.extend(
            portal.files.put(io.BytesIO(content), key.file_key, limit=len(content) + 1)
            for picture in (drawn.pictures if drawn else ())
            for content in (picture.whole, picture.small)
        )
        crashpoints.passing("depict:stored")
        _write_down(portal, claimed, step, drawn, stored)
    except BaseException:
        for one in stored:
            let_go(portal, one)
        raise


def _write_down(
    portal: Portal,
    claimed: jobs.Claim,
    step: _Step,
    drawn: picturing.Drawn | None,
    stored: list[StoredFile],
) -> None:
    """Write down what was drawn of a document, or that it can't be."""
    with portal.db.write() as session:
        known = _begun(portal, session, claimed, step)
        if known is None or known.done != step.first:
            for one in stored:
                portal.files.delete(one.name)
            return
        if drawn is None or (not drawn.pictures and known.done < drawn.pages):
            known.state, known.made_at = "failed", portal.clock()
            return
        batch = session.get_one(Batch, claimed.subject)
        names = iter(stored)
        for picture in drawn.pictures:
            known.done += 1
            session.add(
                DrawnPage(
                    document_id=step.document_id,
                    page=known.done,
                    whole_id=keep_file(portal, session, batch.company, next(names)),
                    small_id=keep_file(portal, session, batch.company, next(names)),
                    width=picture.width,
                    height=picture.height,
                    looks=picture.looks,
                )
            )
        known.pages = drawn.pages
        key = portal.key(batch.company)
        text = (_text(known, key) + drawn.text)[: picturing.MOST_TEXT]
        if text.strip():
            known.text = key.seal(_place(known.document_id), text.encode())
        if known.done >= known.pages:
            known.state, known.made_at = "done", portal.clock()
    crashpoints.passing("depict:step")


def _taken_over(portal: Portal, claimed: jobs.Claim, step: _Step) -> bool:
    """Give a document the pictures of another with the same bytes; False where there is none."""
    with portal.db.write() as session:
        known = _begun(portal, session, claimed, step)
        if known is None:
            return True
        twin = session.scalar(
            sa.select(Depiction)
            .join(Document, Document.id == Depiction.document_id)
            .where(
                Document.file_id == session.get_one(Document, step.document_id).file_id,
                Document.id != step.document_id,
                Depiction.state == "done",
                ~sa.exists().where(Purge.batch_id == Document.batch_id),
            )
            .limit(1)
        )
        if twin is None:
            return False
        pages = session.scalars(
            sa.select(DrawnPage).where(DrawnPage.document_id == twin.document_id)
        ).all()
        session.add_all(
            DrawnPage(
                document_id=step.document_id, page=one.page, whole_id=one.whole_id,
                small_id=one.small_id, width=one.width, height=one.height,
                looks=one.looks,
            )
            for one in pages
        )  # fmt: skip
        key = portal.key(session.get_one(Batch, claimed.subject).company)
        if twin.text is not None:
            known.text = key.seal(_place(known.document_id), _text(twin, key).encode())
        known.pages, known.done = twin.pages, twin.done
        known.state, known.made_at = "done", portal.clock()
        return True


def _begun(portal: Portal, session: Session, claimed: jobs.Claim, step: _Step) -> Depiction | None:
    """Return the depiction to go on with; None where the document isn't to be drawn any more.

    The batch is locked, so retention deletes nothing between the look and the writing.
    """
    _lock(session, claimed.subject)
    jobs.hold(portal, session, claimed)
    document = session.get(Document, step.document_id, populate_existing=True)
    if document is None or _is_over(session, document):
        return None
    known = session.get(Depiction, step.document_id, populate_existing=True)
    if known is None:
        known = Depiction(document_id=step.document_id, state="waiting", pages=0, done=0)
        session.add(known)
    return known


def _is_over(session: Session, document: Document) -> bool:
    purged = sa.exists().where(Purge.batch_id == document.batch_id)
    return (
        document.removed_at is not None
        or document.file.purged_at is not None
        or bool(session.scalar(sa.select(purged)))
    )


def _lock(session: Session, batch_id: str) -> None:
    session.execute(sa.select(Batch.id).where(Batch.id == batch_id).with_for_update())


def _next(portal: Portal, batch_id: str, most: int) -> list[_Step]:
    with portal.db.read() as session:
        return _next_in(session, batch_id, most)


def _next_in(session: Session, batch_id: str, most: int) -> list[_Step]:
    """Return what is to be drawn next: the oldest documents, each of other bytes."""
    found = session.execute(
        sa.select(Document.id, Document.media_type, File.name, Depiction.done)
        .join(File, File.id == Document.file_id)
        .outerjoin(Depiction, Depiction.document_id == Document.id)
        .where(
            Document.batch_id == batch_id,
            Document.removed_at.is_(None),
            File.purged_at.is_(None),
            sa.func.coalesce(Depiction.state, "waiting") == "waiting",
            ~sa.exists().where(Purge.batch_id == Document.batch_id),
        )
        .order_by(Document.uploaded_at, Document.id)
        .limit(most)
    )
    steps = {one[2]: _Step(one[0], one[1], one[2], one[3] or 0) for one in reversed(found.all())}
    return list(reversed(steps.values()))


def _text(known: Depiction, key: CompanyKey) -> str:
    return key.open(_place(known.document_id), known.text).decode() if known.text else ""


def _place(document_id: str) -> str:
    return f"depictions|{document_id}"
