"""Giving verdicts: to one correction, to a row, or to many rows in one act.

Several rows are judged in one transaction; each correction bears its own verdict.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Correction, FindingRow, Revision
from hr_portal.domain.fields import FIELD
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.domain.wording import first_of
from hr_portal.domain.workflow import VERDICTS
from hr_portal.services import audit, document_status, documents, four_eyes, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid
from hr_portal.services.left_out import Given, judged_since, without_document
from hr_portal.services.reasons import reason_of
from hr_portal.services.review_guards import held

MOST_ROWS_TOLD = 1000
"""Row numbers that an act lists; above it, their count."""
MOST_ASKED_AT_ONCE = 1000
"""Row numbers in one query; databases bound how many a statement may name."""
Only = Literal["undecided", "unseconded"] | None


class Wanted(TypedDict, total=False):
    """Which rows get which verdict."""

    version: Required[int | None]
    rows: Required[Sequence[int] | Literal["rest"]]
    """Their numbers, or all that have no verdict yet."""
    verdict: Required[str]
    reason: str
    fields: Sequence[str] | None
    """Narrows a row verdict to some of its corrections."""
    document_id: str | None
    """What an approval over an E* finding rests on; else the newest document placed there."""
    only: Only
    """Narrows to corrections that are undecided, or want the actor as their second reviewer."""
    seen_at: dt.datetime | None
    """Verdicts given after this moment were not seen by the actor."""


def give_verdicts(portal: Portal, actor: Actor, batch_id: str, **wanted: Unpack[Wanted]) -> int:
    """Give one verdict to rows, or to all that have none yet; returns how many corrections.

    A row verdict writes all its corrections. Approving what another reviewer approved makes
    the actor its second reviewer; any other verdict replaces theirs. The batch's
    version stays; each row's verdict may be changed until the decision.

    Raises:
        NotFound; Forbidden; Conflict (not held by the actor, stale version).
        Invalid: an unknown row or verdict, a return or rejection without reason, a row
        without the document it needs, or one judged after `seen_at`. Then none is given.

    """
    return _give(portal, actor, batch_id, partly=False, **wanted).corrections


def give_many(portal: Portal, actor: Actor, batch_id: str, **wanted: Unpack[Wanted]) -> Given:
    """Give one verdict to rows, but leave out those that can't have it; returns which, and why.

    Left out are rows judged after `seen_at`, and rows that need a document to be approved and
    have none. Else as `give_verdicts`.
    """
    return _give(portal, actor, batch_id, partly=True, **wanted)


def _give(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    version: int | None,
    rows: Sequence[int] | Literal["rest"],
    verdict: str,
    reason: str = "",
    fields: Sequence[str] | None = None,
    document_id: str | None = None,
    only: Only = None,
    seen_at: dt.datetime | None = None,
    partly: bool,
) -> Given:
    reason = _expect_verdict(verdict, reason)
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, version)
        revision = visible.current_revision(session, batch)
        wanted = wanted_of(session, revision, rows, fields)
        left = judged_since(session, revision, None if rows == "rest" else wanted, seen_at)
        if left and not partly:
            raise Invalid(
                f"{left[0].message} Periksa keputusan itu, lalu ulangi bila masih perlu.",
                f"{left[0].message_en} Look at that verdict, then repeat if still needed.",
                code="changed_meanwhile",
                fields={"rows": first_of([one.row for one in left])},
            )
        gone = {one.row for one in left}
        wanted = [correction for correction in wanted if correction.row_number not in gone]
        wanted = _narrowed(session, revision, actor, wanted, only)
        numbers = {correction.row_number for correction in wanted}
        proofs: dict[int, str] = {}
        if verdict == "approve":
            proofs, bare = _proofs(session, batch, revision, numbers, document_id)
            if bare and not partly:
                raise _no_document(bare)
            left += without_document(bare)
            numbers -= set(bare)
            wanted = [correction for correction in wanted if correction.row_number in numbers]
        _write(portal, session, actor, wanted, verdict, reason, proofs)
        if wanted or not left:
            audit.record(
                portal,
                session,
                actor,
                "batch:verdict",
                batch.id,
                company_id=batch.company_id,
                verdict=verdict,
                rows=sorted(numbers) if len(numbers) <= MOST_ROWS_TOLD else len(numbers),
                corrections=len(wanted),
            )
        return Given(len(wanted), tuple(sorted(left, key=lambda one: one.row)))


def _expect_verdict(verdict: str, reason: str) -> str:
    """Return the reason as it is kept, or raise Invalid for a verdict that can't stand with it."""
    reason = reason_of(reason)
    if verdict not in VERDICTS:
        raise Invalid(
            "Keputusan harus approve, return, atau reject.",
            "A verdict is approve, return or reject.",
            fields={"verdict": "Tidak dikenal"},
        )
    if verdict != "approve" and not reason:
        raise Invalid(
            "Alasan wajib diisi untuk mengembalikan atau menolak; HRD membacanya apa adanya.",
            "A reason is required to return or reject; HR reads it as written.",
            code="reason_missing",
            fields={"reason": "Wajib diisi"},
        )
    return reason


def _narrowed(
    session: Session,
    revision: Revision,
    actor: Actor,
    wanted: list[Correction],
    only: Only,
) -> list[Correction]:
    if only == "undecided":
        return [correction for correction in wanted if correction.verdict is None]
    if only == "unseconded":
        waiting = set(four_eyes.rows_waiting(session, revision.id, but=actor.user_id))
        return [correction for correction in wanted if correction.row_number in waiting]
    return wanted


def _write(
    portal: Portal,
    session: Session,
    actor: Actor,
    wanted: Sequence[Correction],
    verdict: str,
    reason: str,
    proofs: dict[int, str],
) -> None:
    now = portal.clock()
    first = [one for one in wanted if one.verdict is None and one.row_number not in proofs]
    listed = sorted({one.row_number for one in first})
    fields = {one.field for one in first}
    for start in range(0, len(listed), MOST_ASKED_AT_ONCE):
        # nearly all of a hundred thousand: one statement for many, while others wait to write
        session.execute(
            sa.update(Correction)
            .where(
                Correction.revision_id == first[0].revision_id,
                Correction.row_number.in_(listed[start : start + MOST_ASKED_AT_ONCE]),
                Correction.field.in_(fields),
                Correction.verdict.is_(None),
            )
            .values(
                verdict=verdict,
                reason=reason,
                decided_by=actor.user_id,
                decided_at=now,
                seconded_by=None,
                seconded_at=None,
                override_document_id=None,
            ),
            execution_options={"synchronize_session": False},
        )
    for correction in wanted:
        if correction.verdict is None and correction.row_number not in proofs:
            continue
        if verdict == correction.verdict == "approve":
            if correction.decided_by != actor.user_id:  # what another approved gets its second
                if correction.seconded_by is None:
                    correction.seconded_by, correction.seconded_at = actor.user_id, now
                continue
            if correction.override_document_id == proofs.get(correction.row_number):
                continue  # approved again, on the same document: a second stands
        correction.verdict, correction.reason = verdict, reason
        correction.decided_by, correction.decided_at = actor.user_id, now
        correction.seconded_by = correction.seconded_at = None
        correction.override_document_id = proofs.get(correction.row_number)


def wanted_of(
    session: Session,
    revision: Revision,
    rows: Sequence[int] | Literal["rest"],
    fields: Sequence[str] | None,
) -> list[Correction]:
    """Return the corrections of some rows, or of all that wait; raises Invalid for unknown ones."""
    query = sa.select(Correction).where(Correction.revision_id == revision.id)
    if fields is not None:
        query = query.where(Correction.field.in_(FIELD.keys() & set(fields)))
    if rows == "rest":
        return list(session.scalars(query.where(Correction.verdict.is_(None))))
    asked = set(rows)
    listed = sorted(asked)
    wanted = [
        correction
        for start in range(0, len(listed), MOST_ASKED_AT_ONCE)
        for correction in session.scalars(
            query.where(Correction.row_number.in_(listed[start : start + MOST_ASKED_AT_ONCE]))
        )
    ]
    unknown = asked - {c.row_number for c in wanted}
    if unknown or not asked:
        shown = first_of(sorted(unknown)) or "–"
        raise Invalid(
            f"Baris ini tidak ada atau tidak memuat koreksi: {shown}.",
            f"These rows don't exist or hold no correction: {shown}.",
            fields={"rows": shown},
        )
    return wanted


def _proofs(
    session: Session, batch: Batch, revision: Revision, numbers: set[int], document_id: str | None
) -> tuple[dict[int, str], list[int]]:
    """Name the document that approving each row with an E* finding rests on, and rows without."""
    overridden = set(
        session.scalars(
            sa.select(FindingRow.row_number).where(
                FindingRow.revision_id == revision.id, FindingRow.severity == int(Severity.OVERRIDE)
            )
        )
    )
    wanted = overridden & numbers
    if not wanted:
        return {}, []
    placed: dict[int, str] = {}
    unfit = document_status.unfit(session, batch.id)
    for document in documents.of_batch(session, batch.id):
        if document.kind == documents.SIGNED_LETTER or document.id in unfit:
            continue
        for place in document.placements:
            if place.row_number in wanted and document_id in {None, document.id}:
                placed[place.row_number] = document.id
    return placed, sorted(wanted - set(placed))


def _no_document(bare: list[int]) -> Invalid:
    shown = first_of(bare)
    return Invalid(
        f"Baris {shown} hanya dapat disetujui berdasarkan dokumen yang sesuai pada baris itu.",
        f"Rows {shown} can only be approved on a fitting document of that row.",
        code="document_missing",
        fields={"document": shown},
    )
