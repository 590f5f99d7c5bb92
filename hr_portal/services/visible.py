"""Finding things as an actor may see them; the rest answers as if it weren't there."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.engine import once
from hr_portal.adapters.database.models import (
    Batch,
    Company,
    Decision,
    Document,
    Letter,
    Revision,
)
from hr_portal.domain.permissions import Actor, Place, may
from hr_portal.domain.workflow import SUBMITTED_ONCE
from hr_portal.services import retention
from hr_portal.services.errors import Conflict, Forbidden, NotFound

Keys = Collection[str] | sa.BindParameter[str]


def batches_of(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the batches an actor may see at all."""
    return _batches_among(**places_of(actor))


def places_of(actor: Actor) -> dict[str, list[str]]:
    """Return what `BATCHES` and `REVISIONS` name: the actor's companies and branches."""
    return {"companies": [*actor.companies] or [""], "branches": [*actor.branches] or [""]}


def _batches_among(companies: Keys, branches: Keys) -> sa.ColumnElement[bool]:
    return sa.or_(
        Batch.company_id.in_(companies),
        sa.and_(Batch.branch_id.in_(branches), Batch.state.in_(sorted(SUBMITTED_ONCE))),
    )


def revisions_of(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the revisions an actor may read, of batches they may see.

    A company reads all of its own; a reviewer what was handed in: the revision that stands
    now and those decided before, not the attempts in between. Needs Batch and Revision.
    """
    return _revisions_among(places_of(actor)["companies"])


def _revisions_among(companies: Keys) -> sa.ColumnElement[bool]:
    read = sa.or_(
        Batch.company_id.in_(companies),
        Revision.number == Batch.revision_number,
        sa.exists().where(
            Decision.batch_id == Revision.batch_id, Decision.revision_number == Revision.number
        ),
    )
    return sa.and_(Revision.number > 0, read)  # below lies what is still being made (`staging`)


def batch(session: Session, actor: Actor, batch_id: str, *, action: str = "batch.read") -> Batch:
    """Find a batch the actor may see, and may do `action` on.

    Raises:
        NotFound: no such batch, or not theirs to see.
        Forbidden: they see it, but may not do this.
        Conflict: there is nothing left to do it on, its time of keeping is over.

    """
    found = once(session, ("batch", actor, batch_id), lambda: _find(session, actor, batch_id))
    if found is None:
        raise NotFound
    if not may(actor, action, Place(found.company_id, found.branch_id)):
        raise Forbidden(
            "Tindakan ini tidak termasuk tugas akun Anda pada pengajuan ini.",
            "This action is not part of your account's role on this submission.",
        )
    if action != "batch.read":
        retention.expect_not_purged(session, found)
    return found


def _find(session: Session, actor: Actor, batch_id: str) -> Batch | None:
    query = _FIND
    if session.info.get("writes"):
        # SQLite's BEGIN IMMEDIATE has the lock already. What the session had loaded before it
        # got the lock may be gone: another writer held it then.
        query = query.with_for_update(of=Batch).execution_options(populate_existing=True)
    return session.scalar(query, {"batch": batch_id, **places_of(actor)})


_COMPANIES: Final[sa.BindParameter[str]] = sa.bindparam("companies", expanding=True)
BATCHES: Final = _batches_among(_COMPANIES, sa.bindparam("branches", expanding=True))
REVISIONS: Final = _revisions_among(_COMPANIES)
"""As `batches_of` and `revisions_of`, for statements that are made once; see `places_of`."""
_FIND: Final = (
    sa.select(Batch)
    .options(joinedload(Batch.company), joinedload(Batch.branch))
    .where(Batch.id == sa.bindparam("batch"), BATCHES)
)
_CURRENT: Final = sa.select(Revision).where(
    Revision.batch_id == sa.bindparam("batch"), Revision.number == sa.bindparam("number")
)
"""Made once: every page asks them, and making them anew costs as much as asking."""


def current_revision(session: Session, found: Batch) -> Revision:
    """Return the revision that the batch stands at."""

    def find() -> Revision:
        asked = {"batch": found.id, "number": found.revision_number}
        return session.scalars(_CURRENT, asked).one()

    return once(session, ("revision", found.id), find)


def revision(session: Session, actor: Actor, found: Batch, number: int | None = None) -> Revision:
    """Return a revision of a batch by number, the current one without.

    Raises:
        NotFound: the batch has no such revision, or it is not the actor's to read.

    """
    if number is None:
        return current_revision(session, found)
    one = session.scalar(
        sa.select(Revision)
        .join(Batch)
        .where(Revision.batch_id == found.id, Revision.number == number, revisions_of(actor))
    )
    if one is None:
        raise NotFound
    return one


def letter(session: Session, actor: Actor, letter_id: str) -> Letter:
    """Find a letter of a batch the actor may see, or raise NotFound."""
    found = session.scalar(
        sa.select(Letter)
        .join(Batch, Batch.id == Letter.batch_id)
        .join(Revision, Revision.id == Letter.revision_id)
        .options(joinedload(Letter.file), joinedload(Letter.batch).joinedload(Batch.company))
        .where(Letter.id == letter_id, batches_of(actor), revisions_of(actor))
    )
    if found is None:
        raise NotFound
    return found


def document(session: Session, actor: Actor, document_id: str) -> tuple[Document, Batch]:
    """Find a document of a batch the actor may see, or raise NotFound.

    Raises Conflict where its time of keeping is over.
    """
    found = session.execute(
        sa.select(Document, Batch)
        .join(Batch, Batch.id == Document.batch_id)
        .options(joinedload(Document.file), joinedload(Batch.company))
        .where(Document.id == document_id, Document.removed_at.is_(None), batches_of(actor))
    ).one_or_none()
    if found is None:
        raise NotFound
    retention.expect_kept(found[0].file)
    return found[0], found[1]


def company(session: Session, actor: Actor, company_id: str) -> Company:
    """Find a company the actor is HRD of (or, as admin, any), or raise NotFound."""
    found = session.get(Company, company_id)
    if found is None or not may(actor, "company.edit", Place(company_id=company_id)):
        raise NotFound
    return found


def expect_version(found: Batch, version: int | None) -> None:
    """Refuse an act on a version of the batch that is no longer the present one.

    Raises:
        Conflict: somebody changed the batch since; says what it is now.

    """
    if version is not None and found.version != version:
        raise stale(found)


def stale(found: Batch) -> Conflict:
    """Make the refusal for an act that came too late: who, what, what now."""
    return Conflict(
        f"Pengajuan {found.number} sudah berubah sejak halaman Anda dibuka (sekarang versi {found.version}). "
        "Muat ulang halaman, periksa perubahannya, lalu ulangi tindakan Anda.",
        f"Submission {found.number} has changed since you opened it (now version {found.version}). "
        "Reload the page, look at what changed, then repeat your action.",
        code="stale_version",
        fields={"version": found.version},
    )
