"""Giving verdicts: to one correction, to a row, or to many rows in one act.

Several rows are judged in one transaction; each correction bears its own verdict.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Required, TypedDict, Unpack

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
from hr_portal.services.left_out import Given, Left, judged_since, without_document
from hr_portal.services.reasons import reason_of
from hr_portal.services.review_guards import held

MOST_ROWS_TOLD = 1000
"""Row numbers that an act lists; above it, their count."""
MOST_ASKED_AT_ONCE = 1000
"""Row numbers in one query; databases bound how many a statement may name."""
Only = Literal["undecided", "unseconded"] | None
Asked = sa.Row[*tuple[Any, ...]]
"""Columns of a correction, as `asked_of` selects them."""


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
    reason = expect_verdict(verdict, reason)
    with portal.db.write() as session:
        batch = held(portal, session, actor, batch_id, version)
        revision = visible.current_revision(session, batch)
        wanted = wanted_of(session, revision, rows, fields)
        if verdict == "approve" and document_id is not None:
            expect_proof(session, batch, document_id, {one.row_number for one in wanted})
        judged = judge(
            session, actor, batch, revision, None if rows == "rest" else wanted, wanted,
            verdict=verdict, reason=reason, document_id=document_id, only=only, seen_at=seen_at,
            partly=partly, now=portal.clock(),
        )  # fmt: skip
        if judged.corrections or not judged.left:
            numbers = judged.rows
            audit.record(
                portal,
                session,
                actor,
                "batch:verdict",
                batch.id,
                company_id=batch.company_id,
                verdict=verdict,
                rows=sorted(numbers) if len(numbers) <= MOST_ROWS_TOLD else len(numbers),
                corrections=judged.corrections,
            )
        return Given(judged.corrections, tuple(sorted(judged.left, key=lambda one: one.row)))


@dataclass(frozen=True, slots=True)
class Judged:
    """What one verdict over some corrections did, inside its transaction."""

    corrections: int
    rows: frozenset[int]
    left: tuple[Left, ...]


def judge(
    session: Session,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    looked_at: Sequence[Asked] | None,
    wanted: Sequence[Asked],
    *,
    verdict: str,
    reason: str,
    document_id: str | None,
    only: Only,
    seen_at: dt.datetime | None,
    partly: bool,
    now: dt.datetime,
) -> Judged:
    """Give some corrections a verdict, inside the transaction of who holds the batch.

    `looked_at` are the corrections among which to look for what was judged since `seen_at`; None
    for all of the revision.

    Raises:
        Invalid: unless `partly`, where a row was judged since or lacks the document it needs.

    """
    left = judged_since(session, revision, looked_at, seen_at)
    if left and not partly:
        raise Invalid(
            f"{left[0].message} Periksa keputusan itu, lalu ulangi bila masih perlu.",
            f"{left[0].message_en} Look at that verdict, then repeat if still needed.",
            code="changed_meanwhile",
            fields={"rows": first_of([one.row for one in left])},
        )
    gone = {one.row for one in left}
    wanted = [one for one in wanted if one.row_number not in gone]
    wanted = _narrowed(session, revision, actor, wanted, only)
    numbers = {one.row_number for one in wanted}
    proofs: dict[int, str] = {}
    if verdict == "approve":
        proofs, bare = _proofs(session, batch, revision, numbers, document_id)
        if bare and not partly:
            raise _no_document(bare)
        left += without_document(bare)
        numbers -= set(bare)
        wanted = [one for one in wanted if one.row_number in numbers]
    _write(session, revision, actor, wanted, verdict, reason, proofs, now)
    return Judged(len(wanted), frozenset(numbers), tuple(left))


def expect_verdict(verdict: str, reason: str) -> str:
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
    session: Session, revision: Revision, actor: Actor, wanted: list[Asked], only: Only
) -> list[Asked]:
    if only == "undecided":
        return [one for one in wanted if one.verdict is None]
    if only == "unseconded":
        numbers = [one.row_number for one in wanted] or [0]
        among = min(numbers), max(numbers)
        waiting = set(four_eyes.rows_waiting(session, revision.id, but=actor.user_id, among=among))
        return [one for one in wanted if one.row_number in waiting]
    return wanted


def _write(
    session: Session,
    revision: Revision,
    actor: Actor,
    wanted: Sequence[Asked],
    verdict: str,
    reason: str,
    proofs: dict[int, str],
    now: dt.datetime,
) -> None:
    seconded: list[Asked] = []
    given: dict[str | None, list[Asked]] = {}
    for one in wanted:
        document = proofs.get(one.row_number)
        if verdict == one.verdict == "approve":
            if one.decided_by != actor.user_id:  # what another approved gets its second
                if one.seconded_by is None:
                    seconded.append(one)
                continue
            if one.override_document_id == document:
                continue  # approved again, on the same document: a second stands
        given.setdefault(document, []).append(one)
    change(session, revision, seconded, seconded_by=actor.user_id, seconded_at=now)
    for document, those in given.items():
        change(
            session, revision, those, verdict=verdict, reason=reason, decided_by=actor.user_id,
            decided_at=now, seconded_by=None, seconded_at=None, override_document_id=document,
        )  # fmt: skip


def change(session: Session, revision: Revision, those: Sequence[Asked], **values: object) -> None:
    """Write the same into many corrections of a revision; others wait to write meanwhile."""
    those = sorted(those, key=lambda one: int(one.row_number))
    for start in range(0, len(those), MOST_ASKED_AT_ONCE):
        part = those[start : start + MOST_ASKED_AT_ONCE]
        session.execute(
            sa.update(Correction)
            .where(
                Correction.revision_id == revision.id,
                # without it, SQLite looks through all of the revision for each statement
                Correction.row_number.between(part[0].row_number, part[-1].row_number),
                Correction.id.in_([one.id for one in part]),
            )
            .values(**values),
            execution_options={"synchronize_session": False},
        )


def take_back(session: Session, revision: Revision, actor: Actor, given: Sequence[Asked]) -> None:
    """Take verdicts back, inside the transaction of who holds the batch: the rows wait again.

    What the actor approved as the second reviewer loses its second only.
    """
    mine = [one for one in given if one.seconded_by == actor.user_id]
    change(session, revision, mine, seconded_by=None, seconded_at=None)
    change(
        session, revision, [one for one in given if one.seconded_by != actor.user_id],
        verdict=None, reason="", decided_by=None, decided_at=None, override_document_id=None,
        seconded_by=None, seconded_at=None,
    )  # fmt: skip


def asked_of(revision: Revision) -> sa.Select[*tuple[Any, ...]]:
    """Select what a verdict has to know of the corrections of a revision; whole ones are slow."""
    return sa.select(
        Correction.id,
        Correction.row_number,
        Correction.verdict,
        Correction.decided_by,
        Correction.decided_at,
        Correction.seconded_by,
        Correction.seconded_at,
        Correction.override_document_id,
    ).where(Correction.revision_id == revision.id)


def wanted_of(
    session: Session,
    revision: Revision,
    rows: Sequence[int] | Literal["rest"],
    fields: Sequence[str] | None,
) -> list[Asked]:
    """Return the corrections of some rows, or of all that wait; raises Invalid for unknown ones."""
    query = asked_of(revision)
    if fields is not None:
        query = query.where(Correction.field.in_(FIELD.keys() & set(fields)))
    if rows == "rest":
        return list(session.execute(query.where(Correction.verdict.is_(None))))
    asked = set(rows)
    listed = sorted(asked)
    wanted = [
        correction
        for start in range(0, len(listed), MOST_ASKED_AT_ONCE)
        for correction in session.execute(
            query.where(Correction.row_number.in_(listed[start : start + MOST_ASKED_AT_ONCE]))
        )
    ]
    _expect_known(asked, {one.row_number for one in wanted})
    return wanted


def expect_rows(session: Session, revision: Revision, rows: Sequence[int]) -> None:
    """Refuse rows that don't exist or hold no correction. Raises Invalid."""
    asked = set(rows)
    listed = sorted(asked)
    known: set[int] = set()
    for start in range(0, len(listed), MOST_ASKED_AT_ONCE):
        known |= set(
            session.scalars(
                sa.select(Correction.row_number)
                .where(
                    Correction.revision_id == revision.id,
                    Correction.row_number.in_(listed[start : start + MOST_ASKED_AT_ONCE]),
                )
                .distinct()
            )
        )
    _expect_known(asked, known)


def _expect_known(asked: set[int], known: set[int]) -> None:
    unknown = asked - known
    if unknown or not asked:
        shown = first_of(sorted(unknown)) or "–"
        raise Invalid(
            f"Baris ini tidak ada atau tidak memuat koreksi: {shown}.",
            f"These rows don't exist or hold no correction: {shown}.",
            fields={"rows": shown},
        )


def _proofs(
    session: Session, batch: Batch, revision: Revision, numbers: set[int], document_id: str | None
) -> tuple[dict[int, str], list[int]]:
    """Name the document that approving each row with an E* finding rests on, and rows without."""
    if not numbers:
        return {}, []
    overridden = set(
        session.scalars(
            sa.select(FindingRow.row_number).where(
                FindingRow.revision_id == revision.id,
                FindingRow.row_number.between(min(numbers), max(numbers)),
                FindingRow.severity == int(Severity.OVERRIDE),
            )
        )
    )
    wanted = overridden & numbers
    # a document that is named is kept with every row it lies on, also where none is needed
    resting = wanted if document_id is None else numbers
    if not resting:
        return {}, []
    placed: dict[int, str] = {}
    unfit = document_status.unfit(session, batch.id)
    for document in documents.of_batch(session, batch.id):
        if document.kind == documents.SIGNED_LETTER or document.id in unfit:
            continue
        for place in document.placements:
            if place.row_number in resting and document_id in {None, document.id}:
                placed[place.row_number] = document.id
    return placed, sorted(wanted - set(placed))


def expect_proof(session: Session, batch: Batch, document_id: str, rows: set[int] | None) -> None:
    """Refuse an approval that names a document it can't rest on: no name is passed over.

    `rows` are those to be approved; None where they are not known yet.

    Raises:
        Invalid: the document isn't on this batch, or on none of the rows.

    """
    found = next(
        (one for one in documents.of_batch(session, batch.id) if one.id == document_id), None
    )
    if found is None or found.kind == documents.SIGNED_LETTER:
        raise Invalid(
            "Dokumen yang Anda sebut sebagai dasar persetujuan tidak ada pada pengajuan ini; mungkin "
            "sudah diganti. Muat ulang halaman, lalu pilih dokumen yang ada.",
            "The document that you named as the basis of the approval isn't on this submission; it "
            "may have been replaced. Load the page again, then choose one that is there.",
            code="document_unknown",
            fields={"document": "Tidak ada pada pengajuan ini"},
        )
    if rows and not rows & {place.row_number for place in found.placements}:
        shown = first_of(sorted(rows))
        raise Invalid(
            f"Dokumen yang Anda sebut sebagai dasar persetujuan tidak dipasang pada baris {shown}. "
            "Pilih dokumen pada baris itu.",
            f"The document that you named as the basis of the approval doesn't lie on row {shown}. "
            "Choose a document of that row.",
            code="document_elsewhere",
            fields={"document": shown},
        )


def _no_document(bare: list[int]) -> Invalid:
    shown = first_of(bare)
    return Invalid(
        f"Baris {shown} hanya dapat disetujui berdasarkan dokumen yang sesuai pada baris itu.",
        f"Rows {shown} can only be approved on a fitting document of that row.",
        code="document_missing",
        fields={"document": shown},
    )
