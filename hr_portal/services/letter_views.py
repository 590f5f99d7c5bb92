"""Cover letters as they are read: who may see which, and whether one still says what stands."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import Act, Batch, Letter, Revision
from hr_portal.adapters.files import FileDamagedError
from hr_portal.domain.letter_numbers import LetterKind
from hr_portal.domain.letter_proof import grouped_code
from hr_portal.domain.permissions import Actor
from hr_portal.domain.workflow import EDITABLE
from hr_portal.services import audit, letter_failures, retention, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, NotFound
from hr_portal.services.letter_facts import fingerprint_of

SERIES: Final[LetterKind] = "permohonan"
COMPANIONS: Final[tuple[LetterKind, ...]] = ("pengantar", "pernyataan", "formulir")
"""What may go with a letter of request; each has a number of its own."""
KINDS: Final[tuple[LetterKind, ...]] = (SERIES, *COMPANIONS)
REVOCABLE: Final = EDITABLE | {"cancelled", "rejected", "returned"}
"""States of a batch in which nobody decides on its letter, nor has decided by it."""


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as pages show it."""

    id: str
    batch_id: str
    batch_number: str
    company_name: str
    number: str
    issued_on: dt.date
    state: str
    sha256: str | None
    revision: int
    is_stale: bool
    """True where rows or documents have changed since: a new letter is needed."""
    kind: LetterKind
    people: int | None
    corrections: int | None
    proof_code: str | None
    """With which anybody can look the letter up; None for letters older than that page."""
    revoked_on: dt.datetime | None
    revoked_reason: str
    table_sha256: str | None
    """Of the workbook with its corrections; None where its pages hold them."""
    progress: int
    """Percent laid out, while the PDF is being made."""
    person: int
    """Place in Lampiran I of the one employee whose form it is; 0 for all others."""
    is_revocable: bool
    """True while it stands and no office decides on its batch."""
    failure: str | None
    """Why its PDF could not be made and is not on its way; None where all is well."""
    failure_en: str | None


def fingerprint_beside(request: Letter) -> str:
    """Return the fingerprint of what goes beside a letter of request, standing as long as that."""
    return hashlib.sha256(f"beside|{request.id}".encode()).hexdigest()


def history(portal: Portal, actor: Actor, batch_id: str) -> list[Act]:
    """Return what happened to the letters of a batch that the actor may read, the latest first.

    Openings are left out: they are many, and change nothing.
    """
    ids = [letter.id for letter in list_letters(portal, actor, batch_id)]
    with portal.db.read() as session:
        return list(
            session.scalars(
                sa.select(Act)
                .options(joinedload(Act.actor))
                .where(
                    Act.subject_kind == "letter",
                    Act.subject_id.in_(ids),
                    Act.action != "letter:opened",
                )
                .order_by(Act.id.desc())
            )
        )


def open_letter(portal: Portal, actor: Actor, letter_id: str) -> tuple[LetterView, bytes]:
    """Return a letter's PDF exactly as it was kept; the look is an act.

    Raises:
        NotFound: no such letter, or not theirs.
        Conflict: it is still being rendered.
        FileDamagedError: the kept bytes no longer have the letter's SHA-256.

    """
    with portal.db.write() as session:
        letter = visible.letter(session, actor, letter_id)
        if letter.file is None:
            raise Conflict(
                "Surat ini masih dibuat. Muat ulang halaman sebentar lagi.",
                "This letter is still being made. Reload in a moment.",
                code="not_ready",
            )
        retention.expect_kept(letter.file)
        company = letter.batch.company
        view, name = view_of(session, letter), letter.file.name
        audit.record(
            portal,
            session,
            actor,
            "letter:opened",
            letter_id,
            company_id=company.id,
            batch=letter.batch_id,
        )
    pdf = portal.files.read(name, portal.key(company).file_key)
    if hashlib.sha256(pdf).hexdigest() != view.sha256:
        raise FileDamagedError(name)
    return view, pdf


def letter_view(portal: Portal, actor: Actor, letter_id: str) -> LetterView:
    """Return one letter without its bytes, or raise NotFound."""
    with portal.db.read() as session:
        return view_of(session, visible.letter(session, actor, letter_id))


def letter_by_number(portal: Portal, actor: Actor, number: str) -> LetterView:
    """Return the letter of this number, of the actor's companies.

    Raises NotFound; Conflict: several of their companies have one.
    """
    with portal.db.read() as session:
        found = session.scalars(
            sa.select(Letter.id).where(
                Letter.number == number, Letter.company_id.in_(actor.companies or [""])
            )
        ).all()
    if not found:
        raise NotFound
    if len(found) > 1:
        raise Conflict(
            f"Beberapa perusahaan Anda mempunyai surat {number}. Buka surat itu di halaman Surat.",
            f"Several of your companies have a letter {number}. Open it on the page of letters.",
            code="several",
        )
    return letter_view(portal, actor, found[0])


def batch_by_number(portal: Portal, actor: Actor, number: str) -> str:
    """Return the id of the batch of this number that the actor may see, or raise NotFound."""
    with portal.db.read() as session:
        found = session.scalar(
            sa.select(Batch.id).where(Batch.number == number, visible.batches_of(actor))
        )
    if found is None:
        raise NotFound
    return found


def list_letters(portal: Portal, actor: Actor, batch_id: str) -> list[LetterView]:
    """Return the letters of a batch that the actor may read, the newest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        found = session.scalars(_OF_BATCH, {"batch": batch.id, **visible.places_of(actor)})
        return [view_of(session, letter) for letter in found]


_OF_BATCH: Final = (
    sa.select(Letter)
    .options(joinedload(Letter.batch).joinedload(Batch.company))
    .join(Batch, Batch.id == Letter.batch_id)
    .join(Revision, Revision.id == Letter.revision_id)
    .where(Letter.batch_id == sa.bindparam("batch"), visible.REVISIONS)
    .order_by(Letter.issued_at.desc(), Letter.sequence.desc())
)
"""Made once: the bench asks it for each row."""


def register(
    portal: Portal, actor: Actor, *, page: int = 1, per_page: int = 50
) -> tuple[list[LetterView], int]:
    """Return the letters of the actor's companies, newest first, and how many there are."""
    with portal.db.read() as session:
        mine = Letter.company_id.in_(actor.companies or [""])
        total = session.scalar(sa.select(sa.func.count()).select_from(Letter).where(mine)) or 0
        found = session.scalars(
            sa.select(Letter)
            .options(joinedload(Letter.batch).joinedload(Batch.company))
            .where(mine)
            .order_by(Letter.issued_at.desc(), Letter.sequence.desc())
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
        return [view_of(session, letter) for letter in found], total


def current_letter(
    session: Session, batch_id: str, kind: LetterKind = SERIES, person: int = 0
) -> Letter | None:
    """Return the letter of a kind that stands now for a batch, if any."""
    return session.scalar(
        sa.select(Letter).where(
            Letter.batch_id == batch_id,
            Letter.series == kind,
            Letter.person == person,
            Letter.state == "issued",
        )
    )


def is_stale(session: Session, letter: Letter, revision: Revision) -> bool:
    """Say whether rows or documents are no longer what the letter speaks of."""
    return letter.revision_id != revision.id or letter.fingerprint != fingerprint_of(
        session, revision
    )


def _is_outdated(session: Session, letter: Letter, revision: Revision) -> bool:
    if letter.series == SERIES:
        return fingerprint_of(session, revision) != letter.fingerprint
    request = current_letter(session, letter.batch_id)
    return (
        request is None
        or letter.fingerprint != fingerprint_beside(request)
        or is_stale(session, request, revision)
    )


def view_of(session: Session, letter: Letter) -> LetterView:
    """Return a letter as pages show it, within a transaction."""
    revision = session.get_one(Revision, letter.revision_id)
    stands = letter.state == "issued" and letter.batch.state in EDITABLE
    stale = stands and (
        revision.number != letter.batch.revision_number or _is_outdated(session, letter, revision)
    )
    why = letter_failures.why(session, letter)
    return LetterView(
        letter.id,
        letter.batch_id,
        letter.batch.number,
        letter.batch.company.name,
        letter.number,
        letter.issued_on,
        letter.state,
        letter.sha256,
        revision.number,
        stale,
        letter.series,  # type: ignore[arg-type]  # only what this module writes
        letter.people,
        letter.corrections,
        grouped_code(letter.code) if letter.code else None,
        letter.revoked_at,
        letter.revoked_reason,
        letter.table_sha256,
        letter.progress,
        letter.person,
        letter.state == "issued" and letter.batch.state in REVOCABLE,
        *(why or (None, None)),
    )
