"""Who may not review a batch, and what somebody is told who came too late."""

from collections.abc import Sequence
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Act, Batch, Document, Membership, Revision, User
from hr_portal.domain.permissions import Actor
from hr_portal.services import review_works, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, NotFound


def _touched() -> sa.CompoundSelect[Any]:
    """Return the statement for what a person has to do with some batches; made once."""
    revisions, documents, memberships = (
        cast("sa.Table", one.__table__).c for one in (Revision, Document, Membership)
    )
    me: sa.BindParameter[str] = sa.bindparam("me")
    ids: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
    return sa.union_all(
        sa.select(sa.literal_column("'brought'"), revisions.batch_id).where(
            revisions.batch_id.in_(ids), revisions.uploaded_by == me
        ),
        sa.select(sa.literal_column("'attached'"), documents.batch_id).where(
            documents.batch_id.in_(ids), documents.uploaded_by == me
        ),
        sa.select(sa.literal_column("'own'"), memberships.company_id).where(
            memberships.user_id == me, memberships.company_id.is_not(None)
        ),
    )


_TOUCHED: Final = _touched()


def held(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch_id: str,
    version: int | None,
    *,
    work: int | None = None,
) -> Batch:
    """Find a batch under review by this actor, at the version they saw.

    Who had it in hand, and comes after HRD has withdrawn it, is told so; to anybody else a draft
    isn't there. While a worker ends its review nothing else is done on it; `work` is that worker's.
    """
    try:
        batch = visible.batch(session, actor, batch_id, action="batch.review")
    except NotFound:
        withdrawn = _withdrawn_from(session, actor, batch_id)
        if withdrawn is None:
            raise
        raise too_late(session, withdrawn) from None
    if batch.state != "in_review" or batch.reviewer_id != actor.user_id:
        if batch.state == "submitted":
            refuse_barred(portal, session, batch, actor)
        raise too_late(session, batch)
    visible.expect_version(batch, version)
    refuse_barred(portal, session, batch, actor)
    review_works.expect_idle(session, batch, but=work, acts=("decide",))
    return batch


def expect_held(portal: Portal, actor: Actor, batch_id: str, *, version: int | None = None) -> None:
    """Refuse, as `held` does, an act that looks at the batch before it does anything.

    Raises:
        NotFound; Forbidden; Conflict (not held by the actor): says who did what.

    """
    with portal.db.read() as session:
        held(portal, session, actor, batch_id, version)


def refuse_withdrawn(portal: Portal, actor: Actor, batch_id: str) -> None:
    """Tell who had a batch in hand that HRD has withdrawn it; nothing where they may see it.

    Raises:
        Conflict: it is withdrawn.

    """
    with portal.db.read() as session:
        try:
            visible.batch(session, actor, batch_id, action="batch.review")
        except NotFound:
            withdrawn = _withdrawn_from(session, actor, batch_id)
            if withdrawn is not None:
                raise too_late(session, withdrawn) from None


def _withdrawn_from(session: Session, actor: Actor, batch_id: str) -> Batch | None:
    """Find a draft, or what became of it, of the actor's branch that the actor has had in hand."""
    return session.scalar(
        sa.select(Batch).where(
            Batch.id == batch_id,
            Batch.branch_id.in_(actor.branches),
            sa.exists().where(
                Act.subject_kind == "batch",
                Act.subject_id == batch_id,
                Act.action == "batch:taken",
                Act.actor_id == actor.user_id,
            ),
        )
    )


def barred(portal: Portal, session: Session, batch: Batch, actor: Actor) -> str | None:
    """Say why an actor may not review a batch: own_upload, own_company, passed_on; None = may."""
    return barred_of(portal, session, [batch], actor).get(batch.id)


def barred_of(
    portal: Portal, session: Session, batches: Sequence[Batch] | Sequence[sa.Row[Any]], actor: Actor
) -> dict[str, str]:
    """Say of many batches, or rows of their columns, why an actor may not review them; by id."""
    here = {one.id for one in batches} | {one.parent_id for one in batches if one.parent_id}
    touched: dict[str, set[str | None]] = {"brought": set(), "attached": set(), "own": set()}
    if here:
        for how, what in session.execute(_TOUCHED, {"ids": sorted(here), "me": actor.user_id}):
            touched[how].add(what)
    brought, attached = touched["brought"], touched["attached"]
    own = touched["own"] if portal.settings.reviewers_never_of_company else set()
    found: dict[str, str] = {}
    for one in batches:
        if (
            actor.user_id in {one.created_by, one.last_edited_by, one.submitted_by}
            or {one.id, one.parent_id} & brought
            or one.id in attached
        ):
            found[one.id] = "own_upload"
        elif one.company_id in own:
            found[one.id] = "own_company"
        elif one.passed_by == actor.user_id:
            found[one.id] = "passed_on"
    return found


def refuse_barred(
    portal: Portal, session: Session, batch: Batch, actor: Actor, *, is_past: bool = False
) -> None:
    """Refuse who may not review a batch; once it is decided, who passed it on may go on.

    Raises:
        Forbidden: the code and the sentence say why.

    """
    why = barred(portal, session, batch, actor)
    if why == "own_upload":
        raise Forbidden(
            "Anda mengunggah atau mengubah pengajuan ini, jadi orang lain yang harus memeriksanya.",
            "You uploaded or edited this submission, so somebody else has to review it.",
            code="own_upload",
        )
    if why == "own_company":
        raise Forbidden(
            "Pengajuan ini dari perusahaan Anda sendiri, jadi pemeriksa lain yang harus memeriksanya.",
            "This submission is from your own company, so another reviewer has to review it.",
            code="own_company",
        )
    if why == "passed_on" and not is_past:
        raise Forbidden(
            "Anda sudah meneruskan pengajuan ini ke pemeriksa kedua, jadi pemeriksa lain yang melanjutkannya.",
            "You passed this submission on to a second reviewer, so somebody else goes on with it.",
            code="passed_on",
        )


_STATE_WORDS = {
    "draft": ("ditarik kembali oleh HRD", "withdrawn by HR"),
    "submitted": (
        "belum diambil; ambil dahulu dari antrean",
        "not taken yet; take it from the queue first",
    ),
    "in_review": ("sedang diperiksa", "under review"),
    "returned": ("dikembalikan", "returned"),
    "approved": ("disetujui", "approved"),
    "partly_approved": ("disetujui sebagian", "partly approved"),
    "rejected": ("ditolak", "rejected"),
}


def too_late(session: Session, batch: Batch) -> Conflict:
    """Say who was first, and what they did."""
    words, words_en = _STATE_WORDS.get(batch.state, ("ditutup", "closed"))
    who_id = batch.decided_by if batch.decided_at else batch.reviewer_id
    who = session.get(User, who_id) if who_id else None
    by, by_en = (f" oleh {who.name}", f" by {who.name}") if who else ("", "")
    return Conflict(
        f"Pengajuan {batch.number} {words}{by}. Tindakan Anda tidak dijalankan.",
        f"Submission {batch.number} is {words_en}{by_en}. Your action was not carried out.",
        code="already_" + batch.state,
    )
