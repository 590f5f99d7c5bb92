"""What happened to a batch, told to whoever may see it: its acts, and uploads of documents.

A company is told the office, not the reviewer, and nothing of the steps of a review. Files of one
upload are one entry, however many they were.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import Act, Batch, Document, Membership, User
from hr_portal.domain.permissions import Actor
from hr_portal.services import letter_views, visible
from hr_portal.services.context import Portal

OF_REVIEWERS: Final = frozenset(
    {
        "batch:taken",
        "batch:released",
        "batch:passed_on",
        "batch:forwarded",
        "batch:answered",
        "batch:handover_fetched",
        "batch:verdict",
        "batch:verdict_cleared",
        "batch:verdicts_ordered",
        "batch:answer_sent",
        "batch:decided",
        "document:judged",
    }
)
"""Acts that only a reviewer does; a company is told the office, not the person."""
ONLY_FOR_REVIEWERS: Final = frozenset(
    {
        "batch:hold_expired",
        "batch:verdict",
        "batch:verdict_cleared",
        "batch:verdicts_ordered",
        "batch:answer_sent",
        "batch:handover_fetched",
        "batch:paper_opened",
    }
)
"""The steps of a review are its own; a company reads the outcome."""
_OF_ADMINS: Final = frozenset({"batch:set_aside", "batch:hold_placed", "batch:hold_lifted"})
ADDED, REMOVED = "documents:added", "documents:removed"
ONE_UPLOAD: Final = dt.timedelta(minutes=10)
"""Files of one person that come closer than this after each other are of one upload."""
_OF_FILES: Final = {
    "document:added": (ADDED, "added"),
    "document:repeated": (ADDED, "repeated"),
    "document:removed": (REMOVED, "removed"),
}
_WORDS: Final = {
    "batch:passed_on": "note",
    "batch:released": "note",
    "batch:withdrawn": "reason",
    "batch:set_aside": "reason",
}
"""Acts with words written to be read, and under which detail they stand."""
_TOLD: Final = (
    "rows", "corrections", "revision", "approved", "returned", "rejected", "accepted", "refused",
    "waiting", "findings", "cells", "employees", "kept", "moved", "added", "repeated", "removed",
)  # fmt: skip
"""Details that are counts, or lists that are counted."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One act, or the files of one upload."""

    id: int
    """Of the act; of an upload, of its first file."""
    at: dt.datetime
    """Of an upload, when its last file came."""
    action: str
    actor_id: str | None
    by: str | None
    """Who; None for the portal, and for a reviewer where the reader is told the office."""
    side: str
    """hrd, reviewer, admin or portal."""
    subject_id: str
    details: dict[str, Any]

    @property
    def words(self) -> str:
        """Return the reason or note that was written with it."""
        return str(self.details.get(_WORDS.get(self.action, ""), ""))

    @property
    def counts(self) -> dict[str, int]:
        """Return what it counts, by name."""
        told = {name: self.details.get(name) for name in _TOLD}
        return {
            name: len(value) if isinstance(value, list) else value
            for name, value in told.items()
            if isinstance(value, list | int)
        }


def history(portal: Portal, actor: Actor, batch_id: str) -> list[Happened]:
    """Return what happened to a batch and its documents, the latest first.

    Raises NotFound where the batch isn't theirs to see.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        documents = sa.select(Document.id).where(Document.batch_id == batch.id)
        of_documents = sa.and_(Act.subject_kind == "document", Act.subject_id.in_(documents))
        acts = session.scalars(
            sa.select(Act)
            .options(joinedload(Act.actor))
            .where(
                sa.or_(
                    sa.and_(Act.subject_kind == "batch", Act.subject_id == batch.id),
                    sa.and_(of_documents, Act.action == "document:judged"),
                )
            )
        ).all()
        files = session.execute(  # hundreds come at once: only what is told of them is fetched
            sa.select(Act.id, Act.at, Act.action, Act.actor_id, User.name)
            .outerjoin(User, User.id == Act.actor_id)
            .where(of_documents, Act.action.in_(sorted(_OF_FILES)))
            .order_by(Act.id)
        ).all()
        reviewers = {act.actor_id for act in acts if act.action in OF_REVIEWERS}
        return _told(actor, batch, acts, files, reviewers | _of_the_office(session, batch))


def with_letters(portal: Portal, actor: Actor, batch_id: str) -> list[Happened]:
    """Return the history of a batch with what happened to its letters, the latest first."""
    found = history(portal, actor, batch_id)
    found += [_happened(act, "hrd") for act in letter_views.history(portal, actor, batch_id)]
    return sorted(found, key=lambda one: one.id, reverse=True)


def _of_the_office(session: Session, batch: Batch) -> set[str]:
    """Return the reviewers of the batch's branch, also who have only read or fetched of it."""
    own = sa.select(Membership.user_id).where(Membership.company_id == batch.company_id)
    return set(
        session.scalars(
            sa.select(Membership.user_id).where(
                Membership.branch_id == batch.branch_id, Membership.user_id.not_in(own)
            )
        )
    )


def _told(
    actor: Actor,
    batch: Batch,
    acts: Sequence[Act],
    files: Iterable[Any],
    reviewers: set[str | None],
) -> list[Happened]:
    """Say of each act what this reader is told of it."""
    is_reviewer = batch.branch_id in actor.branches
    found = [
        _happened(act, "reviewer" if act.actor_id in reviewers else "hrd", hidden=not is_reviewer)
        for act in acts
        if is_reviewer or act.action not in ONLY_FOR_REVIEWERS
    ]
    found += _uploads(files, {act.id for act in acts})
    return sorted(found, key=lambda one: one.id, reverse=True)


def _happened(act: Act, side: str, *, hidden: bool = False) -> Happened:
    """Return an act; `hidden`: to a company, which isn't told what reviewers say among them."""
    is_reviewers = side == "reviewer"
    details = dict(act.details)
    if hidden and act.action in OF_REVIEWERS:
        details.pop(_WORDS.get(act.action, ""), None)
    return Happened(
        act.id, act.at, act.action, act.actor_id,
        act.actor.name if act.actor and not (hidden and is_reviewers) else None,
        "admin" if act.action in _OF_ADMINS else side if act.actor_id else "portal",
        act.subject_id, details,
    )  # fmt: skip


def _uploads(files: Iterable[Any], between: set[int]) -> Iterator[Happened]:
    """Yield the files of each upload as one, in order; what happened between parts them."""
    held: Happened | None = None
    others = sorted(between)
    at_other = 0
    for one in files:
        parted = False
        while at_other < len(others) and others[at_other] < one.id:
            parted, at_other = True, at_other + 1
        action, count = _OF_FILES[one.action]
        if held is not None and (
            parted
            or (held.action, held.actor_id) != (action, one.actor_id)
            or one.at - held.at > ONE_UPLOAD
        ):
            yield held
            held = None
        counts = held.details if held else {}
        side = "hrd" if one.actor_id else "portal"
        held = Happened(
            held.id if held else one.id, one.at, action, one.actor_id, one.name, side, "",
            {**counts, count: counts.get(count, 0) + 1},
        )  # fmt: skip
    if held is not None:
        yield held
