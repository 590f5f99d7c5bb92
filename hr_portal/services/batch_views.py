"""Batches and their revisions as pages and the API show them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import (
    Batch,
    Decision,
    Revision,
    User,
)
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.domain.permissions import Actor
from hr_portal.services import (
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.paging import Page


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One revision as pages show it."""

    id: int
    number: int
    state: str
    file_name: str
    file_size: int
    sha256: str
    layout: str | None
    sheet: str | None
    ruleset: str | None
    error_code: str | None
    error_message: str | None
    error_message_en: str | None
    total: int
    valid: int
    warning: int
    invalid: int
    empty: int
    refused: int
    progress_done: int
    progress_total: int
    compared: dict[str, Any] | None
    tidied: dict[str, Any]
    fields: dict[str, int]
    uploaded_at: dt.datetime
    uploaded_by: str
    is_due: bool
    """True while a worker still has to check what was changed in the portal."""
    known_layout_at: dt.datetime | None
    """When the layout was explained that told what the columns are; None where none did."""
    has_file: bool
    """Whether it was read from a file that is still kept."""
    recognised: bool
    """True where the file's own mark made it a revision."""
    preview: dict[str, Any] | None
    """What the first rows of a large file say while the rest is still being read."""
    left: int
    """How many of the valid rows have no correction, because all they have are left out."""


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch as pages show it, at its current revision."""

    id: str
    number: str
    state: str
    version: int
    company_id: str
    company_name: str
    company_npp: str
    branch_id: str
    branch_name: str
    timezone: str
    parent_id: str | None
    parent_number: str | None
    children: tuple[tuple[str, str], ...]
    """(id, number) of the drafts made of its returned or split-off rows."""
    is_split_off: bool
    """True where it was made of the rows that weren't valid, before any review."""
    is_refused: bool
    """True where it was made of what the agency refused."""
    change_received_on: dt.date | None
    created_at: dt.datetime
    created_by: str
    last_edited_at: dt.datetime
    submitted_at: dt.datetime | None
    submitted_by: str | None
    reviewer_id: str | None
    reviewer_name: str | None
    taken_at: dt.datetime | None
    passed_by_id: str | None
    """Who handed it on to a second reviewer last."""
    decided_at: dt.datetime | None
    decided_by: str | None
    is_mine_to_edit: bool
    """True for HRD of its company while it is a draft."""
    revision: RevisionView


def batch_view(
    portal: Portal, actor: Actor, batch_id: str, *, revision: int | None = None
) -> BatchView:
    """Return a batch with one of its revisions (the current one), or raise NotFound."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        return _batch_view(session, batch, visible.revision(session, actor, batch, revision), actor)


def list_batches(
    portal: Portal, actor: Actor, *, states: tuple[str, ...] = (), page: int = 1, per_page: int = 25
) -> Page[BatchView]:
    """Return the batches an actor may see, the last edited first."""
    wanted = [visible.batches_of(actor)]
    if states:
        wanted.append(Batch.state.in_(states))
    with portal.db.read() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(Batch).where(*wanted)) or 0
        found = session.execute(
            sa.select(Batch, Revision)
            .join(
                Revision,
                sa.and_(Revision.batch_id == Batch.id, Revision.number == Batch.revision_number),
            )
            .options(joinedload(Batch.company), joinedload(Batch.branch))
            .where(*wanted)
            .order_by(Batch.last_edited_at.desc(), Batch.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
        items = [_batch_view(session, batch, revision, actor) for batch, revision in found]
        return Page(items, page, per_page, total)


def revisions(portal: Portal, actor: Actor, batch_id: str) -> list[RevisionView]:
    """Return the revisions of a batch that the actor may read, the newest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        found = session.scalars(
            sa.select(Revision)
            .join(Batch)
            .where(Revision.batch_id == batch.id, visible.revisions_of(actor))
            .order_by(Revision.number.desc())
        ).all()
        names = _names_of(session, (revision.uploaded_by for revision in found))
        return [_revision_view(revision, names[revision.uploaded_by]) for revision in found]


def _batch_view(session: Session, batch: Batch, revision: Revision, actor: Actor) -> BatchView:
    people = (
        batch.created_by, batch.submitted_by, batch.reviewer_id, batch.decided_by,
        revision.uploaded_by,
    )  # fmt: skip
    names = _names_of(session, people)
    parent = session.get(Batch, batch.parent_id) if batch.parent_id else None
    children = session.execute(_CHILDREN, {"parent": batch.id})
    is_sent_back = parent is not None and bool(
        session.scalar(sa.select(sa.exists().where(Decision.child_batch_id == batch.id)))
    )
    is_refused = parent is not None and not is_sent_back and _is_refused(session, parent, batch)
    return BatchView(
        batch.id,
        batch.number,
        batch.state,
        batch.version,
        batch.company_id,
        batch.company.name,
        batch.company.npp,
        batch.branch_id,
        batch.branch.name,
        batch.branch.timezone,
        batch.parent_id,
        parent.number if parent else None,
        tuple((i, n) for i, n in children),
        parent is not None and not is_sent_back and not is_refused,
        is_refused,
        batch.change_received_on,
        batch.created_at,
        names[batch.created_by],
        batch.last_edited_at,
        batch.submitted_at,
        names.get(batch.submitted_by or ""),
        batch.reviewer_id,
        names.get(batch.reviewer_id or ""),
        batch.taken_at,
        batch.passed_by,
        batch.decided_at,
        names.get(batch.decided_by or ""),
        batch.state == "draft" and batch.company_id in actor.companies,
        _revision_view(revision, names[revision.uploaded_by]),
    )


def _is_refused(session: Session, parent: Batch, batch: Batch) -> bool:
    """Say whether a draft holds what the agency refused of its parent."""
    if parent.state not in {"forwarded", "completed"}:
        return False  # the agency answers no other
    handed_over = sa.select(Revision.id).where(Revision.batch_id == parent.id)
    its = sa.exists().where(
        AgencyAnswer.revision_id.in_(handed_over), AgencyAnswer.child_batch_id == batch.id
    )
    return bool(session.scalar(sa.select(its)))


def _revision_view(r: Revision, uploaded_by: str) -> RevisionView:
    return RevisionView(
        r.id,
        r.number,
        r.state,
        r.file_name,
        r.file_size,
        r.sha256,
        r.layout,
        r.sheet,
        r.ruleset,
        r.error_code,
        r.error_message,
        r.error_message_en,
        r.rows_total,
        r.rows_valid,
        r.rows_warning,
        r.rows_invalid,
        r.rows_empty,
        r.rows_refused,
        r.progress_done,
        r.progress_total,
        r.compared,
        dict(r.tidied),
        dict(r.fields),
        r.uploaded_at,
        uploaded_by,
        r.rechecked != r.edited,
        r.known_layout_at,
        r.file_id is not None,
        r.recognised,
        r.preview,
        r.rows_left,
    )


def _names_of(session: Session, people: Iterable[str | None]) -> dict[str, str]:
    asked = {"people": sorted({i for i in people if i})}
    return dict(session.execute(_NAMES, asked).all())


_NAMES = sa.select(User.id, User.name).where(User.id.in_(sa.bindparam("people", expanding=True)))
_CHILDREN = (
    sa.select(Batch.id, Batch.number)
    .where(Batch.parent_id == sa.bindparam("parent"))
    .order_by(Batch.number)
)
"""Made once: every page of a batch asks them."""
