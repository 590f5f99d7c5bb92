"""What the reviewer finds of each document: it fits, or it doesn't and why, or it is to be seen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.document_models import Judgement
from hr_portal.adapters.database.models import Batch, Correction, Document, Revision, User
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.reasons import reason_of
from hr_portal.services.review_guards import held

State = Literal["open", "fits", "unfit"]
STATES: tuple[State, ...] = ("open", "fits", "unfit")
_WORDS = {
    "open": ("Perlu diperiksa", "to be checked"),
    "fits": ("Sesuai", "fitting"),
    "unfit": ("Tidak sesuai", "not fitting"),
}


@dataclass(frozen=True, slots=True)
class Status:
    """What was found of a document; `version` is 0 where nobody has said anything."""

    state: State = "open"
    reason: str = ""
    given_by: str = ""
    given_at: dt.datetime | None = None
    version: int = 0


UNJUDGED = Status()


@dataclass(frozen=True, slots=True)
class Left:
    """A document that was left as it was, because somebody judged it meanwhile."""

    document_id: str
    message: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What one status over many documents did."""

    documents: int
    """How many have a new status; one that had it already is none of them."""
    waiting: int
    """Approvals that wait again."""
    left: tuple[Left, ...]


def judge(
    portal: Portal,
    actor: Actor,
    document_id: str,
    state: str,
    *,
    reason: str = "",
    seen: int | None = None,
) -> int:
    """Say of a document that it fits, that it doesn't, or that it is to be looked at again.

    Only whoever has the batch in hand. Where it doesn't fit, approvals of its rows (of all rows,
    for a document of the whole batch) wait again; returns how many corrections. `seen` is the
    `version` of the status that the reviewer saw.

    Raises:
        NotFound; Forbidden; Conflict: not in the actor's hand, or somebody was faster: says who.
        Invalid: an unknown state, or no reason for what doesn't fit.

    """
    words = _expect_status(state, reason)
    with portal.db.write() as session:
        document, batch = visible.document(session, actor, document_id)
        held(portal, session, actor, batch.id, None)
        known = session.get(Judgement, document_id, populate_existing=True)
        if seen is not None and seen != (known.version if known else 0):
            raise _faster(session, known)
        before = _approved(session, batch)
        _write(portal, session, actor, batch, document.id, known, state, words)
        return before - _approved(session, batch)


def judge_many(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    seen: Mapping[str, int | None] | Literal["open"],
    state: str,
    *,
    reason: str = "",
    seen_at: dt.datetime | None = None,
) -> Judged:
    """Say the same of many documents, each as an act of its own, in one transaction.

    `seen` gives each document the `version` of the status that the reviewer saw (None: any), or
    means all that are still to be checked. Left as they are, and told: those whose status is
    another by now, and of all that were to be checked those judged after `seen_at`.

    Raises:
        NotFound: also a document that this batch has not; Forbidden.
        Conflict: not in the actor's hand. Invalid: as for `judge`; then nothing is judged.

    """
    words = _expect_status(state, reason)
    if not seen:
        raise Invalid(
            "Centang dokumen yang Anda nilai, atau pilih semua yang perlu diperiksa.",
            "Tick the documents that you judge, or choose all that are to be checked.",
            fields={"documents": "Wajib dipilih"},
        )
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, None)
        here = list(
            session.scalars(
                sa.select(Document.id)
                .where(Document.batch_id == batch.id, Document.removed_at.is_(None))
                .order_by(Document.uploaded_at, Document.id)
            )
        )
        known = {
            one.document_id: one
            for one in session.scalars(
                sa.select(Judgement)
                .join(Document, Document.id == Judgement.document_id)
                .where(Document.batch_id == batch.id)
                .execution_options(populate_existing=True)
            )
        }
        if seen == "open":
            changed = [
                one for one in here
                if seen_at is not None and one in known and known[one].given_at > seen_at
            ]  # fmt: skip
            wanted = [
                one for one in here
                if one not in changed and (one not in known or known[one].state == "open")
            ]  # fmt: skip
        else:
            if not set(seen) <= set(here):
                raise NotFound
            wanted, changed = [], []
            for one in (document for document in here if document in seen):
                version = known[one].version if one in known else 0
                (wanted if seen[one] in {None, version} else changed).append(one)
        key, before, count = portal.key(batch.company), _approved(session, batch), 0
        for one in wanted:
            at = known.get(one)
            if at is not None and (at.state, _status(at, key).reason) == (state, words):
                continue
            _write(portal, session, actor, batch, one, at, state, words)
            count += 1
        left = [_faster(session, known.get(one)) for one in changed]
        return Judged(
            count,
            before - _approved(session, batch),
            tuple(
                Left(one, told.message, told.message_en)
                for one, told in zip(changed, left, strict=True)
            ),
        )


def _expect_status(state: str, reason: str) -> str:
    """Return the reason as it is kept; raises Invalid for a status that can't stand with it."""
    words = reason_of(reason)
    if state not in STATES:
        raise Invalid(
            "Status dokumen harus open, fits, atau unfit.",
            "The status of a document is open, fits or unfit.",
            fields={"state": "Tidak dikenal"},
        )
    if state == "unfit" and not words:
        raise Invalid(
            "Tulis mengapa dokumen ini tidak sesuai; HRD membacanya apa adanya.",
            "Write why this document doesn't fit; HR reads it as written.",
            code="reason_missing",
            fields={"reason": "Wajib diisi"},
        )
    return words


def _write(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    document_id: str,
    known: Judgement | None,
    state: str,
    words: str,
) -> None:
    """Give a document its status, which the database carries on to what rests on it."""
    if known is None:
        known = Judgement(document_id=document_id, version=0)
        session.add(known)
    known.state, known.version = state, known.version + 1
    known.reason = (
        portal.key(batch.company).seal(_place(document_id), words.encode()) if words else None
    )
    known.given_by, known.given_at = actor.user_id, portal.clock()
    session.flush()
    audit.record(
        portal, session, actor, "document:judged", document_id,
        company_id=batch.company_id, batch=batch.id, state=state,
    )  # fmt: skip


def statuses(session: Session, key: CompanyKey, batch_id: str) -> dict[str, Status]:
    """Return what was found of the documents of a batch, by id; without those nobody judged."""
    found = session.scalars(_OF_BATCH, {"batch": batch_id})
    return {one.document_id: _status(one, key) for one in found}


_OF_BATCH: Final = (
    sa.select(Judgement)
    .options(joinedload(Judgement.giver).load_only(User.name))
    .join(Document, Document.id == Judgement.document_id)
    .where(Document.batch_id == sa.bindparam("batch"), Document.removed_at.is_(None))
)
"""Made once: the bench asks it for each row."""


def unfit(session: Session, batch_id: str) -> set[str]:
    """Return the documents of a batch that don't fit."""
    return set(
        session.scalars(
            sa.select(Judgement.document_id)
            .join(Document, Document.id == Judgement.document_id)
            .where(Document.batch_id == batch_id, Judgement.state == "unfit")
        )
    )


def copy(session: Session, key: CompanyKey, source_id: str, target_id: str) -> None:
    """Give a copied document what was found of the one it is copied from."""
    one = session.get(Judgement, source_id)
    if one is not None:
        words = _status(one, key).reason
        session.add(
            Judgement(
                document_id=target_id,
                state=one.state,
                reason=key.seal(_place(target_id), words.encode()) if words else None,
                given_by=one.given_by,
                given_at=one.given_at,
                version=1,
            )
        )


def _faster(session: Session, known: Judgement | None) -> Conflict:
    who = session.get(User, known.given_by) if known else None
    words, words_en = _WORDS[known.state if known else "open"]
    by, by_en = (f" oleh {who.name}", f" by {who.name}") if who else ("", "")
    return Conflict(
        f"Dokumen ini sudah ditandai “{words}”{by} sejak halaman Anda dibuka. Muat ulang, lalu putuskan lagi.",
        f"This document was marked as {words_en}{by_en} since you opened the page. Reload and decide again.",
        code="judged_already",
    )


def _approved(session: Session, batch: Batch) -> int:
    """Return how many corrections of a batch stand approved."""
    return session.scalars(
        sa.select(sa.func.count())
        .select_from(Correction)
        .join(Revision, Revision.id == Correction.revision_id)
        .where(
            Revision.batch_id == batch.id,
            Revision.number == batch.revision_number,
            Correction.verdict == "approve",
        )
    ).one()


def _status(one: Judgement, key: CompanyKey) -> Status:
    words = key.open(_place(one.document_id), one.reason).decode() if one.reason else ""
    return Status(one.state, words, one.giver.name, one.given_at, one.version)  # type: ignore[arg-type]


def _place(document_id: str) -> str:
    return f"judgements|{document_id}"
