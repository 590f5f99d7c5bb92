"""Cover letters: previewed, issued under a gap-free number, kept under their hash.

Facts are copied when the letter is issued. The number is taken in one short
transaction with the letter's row; rendering follows outside, gives the same
bytes for the same facts, and is finished by a job where the process died.
"""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import Batch, Letter, Revision, new_id
from hr_portal.adapters.letters import (
    LetterError,
    check_in_child,
    picture_in_child,
    render_in_child,
)
from hr_portal.domain.letter_numbers import LetterKind
from hr_portal.domain.letter_proof import grouped_code
from hr_portal.domain.letters import (
    LetterFacts,
    LetterPerson,
    facts_from_json,
    facts_to_json,
    overlong_facts,
)
from hr_portal.domain.permissions import Actor
from hr_portal.domain.workflow import EDITABLE
from hr_portal.services import (
    audit,
    crashpoints,
    jobs,
    letter_failures,
    letter_proofs,
    letter_tables,
    letter_views,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.services.intake import closed, keep_file
from hr_portal.services.letter_facts import (
    checked_revision,
    facts_of,
    fingerprint_of,
    has_errors,
    require_complete,
    today,
)
from hr_portal.services.letter_numbering import take_number
from hr_portal.services.letter_views import (
    COMPANIONS,
    REVOCABLE,
    SERIES,
    LetterView,
    current_letter,
    fingerprint_beside,
    is_stale,
    letter_view,
)

COMMON_SIGNS = re.compile(r"[ -~\u00a0-\u017f\u2010-\u2022\u2026]*")
"""What the letter's font is known to have: Latin letters, digits, usual punctuation."""
Told = Callable[[int], None]
"""Hears how many percent of a letter are laid out."""
MOST_FORMS: Final = 1_000
"""People of whom each gets a form; a page takes about 0.3 s to make."""
MOST_REASON: Final = 500
RENDER_DELAY = 120
"""Seconds after which the job renders what the request may have left unrendered."""


def preview(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    signatory: int = 0,
    kind: LetterKind = SERIES,
    as_picture: bool = False,
) -> bytes:
    """Return the letter as PDF as it would be issued now, marked as a draft.

    As a picture it is a PNG of its first pages.

    Raises:
        NotFound, Forbidden; Invalid: nothing to write yet, or a fact is missing.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="letter.issue")
        revision = checked_revision(session, batch)
        facts = facts_of(portal, session, batch, revision, signatory=signatory, number=None)
        if kind != SERIES:
            facts = _beside(facts, kind, current_letter(session, batch.id))
    return _render(facts, picture_in_child if as_picture else _draft)


def issue(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    version: int | None = None,
    signatory: int = 0,
    wait: bool = True,
) -> LetterView:
    """Issue the letter of a draft's current revision; a changed batch gets a new one.

    Asked again with nothing changed, the letter that stands is given back, so
    a double click or a repeated request uses no second number. Without `wait`
    a worker makes the PDF; the letter has its number, and no hash yet.

    Raises:
        NotFound, Forbidden, Conflict (not a draft, stale version).
        Invalid: rows with errors are left, or the company lacks a signatory.

    """
    early = _require_printable(portal, actor, batch_id, signatory)  # what takes long holds no lock
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="letter.issue")
        revision = checked_revision(session, batch)
        fingerprint = fingerprint_of(session, revision)
        current = current_letter(session, batch.id)
        if current is None or current.fingerprint != fingerprint:
            visible.expect_version(batch, version)
            if batch.state not in EDITABLE:
                raise closed(batch)
            if revision.rows_invalid and has_errors(session, revision):
                raise Invalid(
                    f"Masih ada {revision.rows_invalid} baris tidak valid. Perbaiki dahulu, lalu terbitkan suratnya.",
                    f"There are still {revision.rows_invalid} invalid rows. Mend them first, then issue the letter.",
                    code="rows_invalid",
                )
            state = revision.id, batch.version, fingerprint
            facts = facts_of(
                portal, session, batch, revision, signatory=signatory, number=None,
                people=early.people if early is not None and early.state == state else None,
            )  # fmt: skip
            current = _issue(portal, session, actor, batch, revision, fingerprint, current, facts)
        letter_id = current.id
        crashpoints.passing("letter:numbered")
    crashpoints.passing("letter:committed")
    return _issued(portal, actor, letter_id, wait=wait)


def issue_companion(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    kind: LetterKind,
    *,
    signatory: int = 0,
    wait: bool = True,
) -> LetterView:
    """Issue what goes with the letter of request that stands: transmittal, statement or forms.

    Asked again with the same letter of request, the one that stands is given back; after
    another letter of request a new one supersedes it. Raises:
        NotFound, Forbidden, Conflict (not a draft).
        Invalid: no letter of request stands, or it is stale; a fact is missing.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="letter.issue")
        revision = checked_revision(session, batch)
        request = current_letter(session, batch.id)
        if kind == "formulir" and request is not None and (request.people or 0) > MOST_FORMS:
            raise Invalid(
                f"Formulir per orang dibuat untuk paling banyak {MOST_FORMS} tenaga kerja. Bagi berkasnya.",
                f"Forms are made for at most {MOST_FORMS} employees. Split the file.",
                code="LET-BIG",
            )
        if request is None or is_stale(session, request, revision):
            raise _request_missing()
        fingerprint = fingerprint_beside(request)
        current = current_letter(session, batch.id, kind)
        if current is None or current.fingerprint != fingerprint:
            if batch.state not in EDITABLE:
                raise closed(batch)
            facts = facts_of(portal, session, batch, revision, signatory=signatory, number=None)
            facts = _beside(facts, kind, request)
            current = _issue(portal, session, actor, batch, revision, fingerprint, current, facts)
        letter_id = current.id
    return _issued(portal, actor, letter_id, wait=wait)


@dataclass(frozen=True, slots=True)
class Request:
    """A letter of request that stands, and what it says."""

    id: str
    batch_id: str
    facts: LetterFacts


def request_of(portal: Portal, actor: Actor, batch_id: str) -> Request:
    """Return the letter of request of a draft, for the forms that go with it.

    Raises:
        NotFound, Forbidden; Invalid: none stands, or it is stale.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="letter.issue")
        revision = checked_revision(session, batch)
        letter = current_letter(session, batch.id)
        if letter is None or is_stale(session, letter, revision):
            raise _request_missing()
        key = portal.key(batch.company)
        facts = facts_from_json(orjson.loads(key.open(f"letters|{letter.id}", letter.snapshot)))
        return Request(letter.id, batch.id, facts)


def issue_form(portal: Portal, actor: Actor, request: Request, person: int) -> str:
    """Issue the form of one employee of a letter of request; returns its id, not yet rendered.

    `person` is the place in Lampiran I. Asked again, the form that stands is given back.
    Raises:
        NotFound, Forbidden, Conflict (not a draft).
        Invalid: the letter of request no longer stands, or is stale.

    """
    with portal.db.write() as session:
        batch = visible.batch(session, actor, request.batch_id, action="letter.issue")
        revision = checked_revision(session, batch)
        standing = current_letter(session, batch.id)
        if standing is None or standing.id != request.id or is_stale(session, standing, revision):
            raise _request_missing()
        current = current_letter(session, batch.id, "formulir", person)
        if current is None:
            if batch.state not in EDITABLE:
                raise closed(batch)
            one = request.facts.people[person - 1]
            facts = replace(
                _beside(request.facts, "formulir", standing),
                issued_on=today(portal),
                people=(one,),
                documents=tuple(d for d in request.facts.documents if d.concerns == one.kpj),
                first_place=person,
                table="printed",
            )
            current = _issue(
                portal, session, actor, batch, revision, fingerprint_beside(standing), None,
                facts, person=person,
            )  # fmt: skip
        return current.id


def _request_missing() -> Invalid:
    return Invalid(
        "Terbitkan dahulu surat permohonannya; surat ini menyebut nomor dan tanggalnya.",
        "Issue the letter of request first; this one names its number and date.",
        code="request_missing",
    )


def _issued(portal: Portal, actor: Actor, letter_id: str, *, wait: bool) -> LetterView:
    if wait:
        finish_rendering(portal, letter_id)
    with portal.db.read() as session:
        return letter_views.view_of(session, visible.letter(session, actor, letter_id))


def _beside(facts: LetterFacts, kind: LetterKind, request: Letter | None) -> LetterFacts:
    """Return the facts of what goes with a letter of request."""
    return replace(
        facts,
        kind=kind,
        request_number=request.number if request else "",
        request_date=request.issued_on if request else None,
    )


def _issue(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    fingerprint: str,
    current: Letter | None,
    facts: LetterFacts,
    *,
    person: int = 0,
) -> Letter:
    company, issued_on = batch.company, today(portal)
    require_complete(facts)
    period, sequence, number = take_number(session, company, facts.kind, issued_on)
    marks = letter_proofs.new_marks(portal)
    facts = replace(
        facts,
        number=number,
        verify_url=marks.qr,
        verify_page=marks.page,
        verify_code=grouped_code(marks.code),
    )
    if current is not None:
        current.state = "superseded"
        session.flush()
    if facts.kind == SERIES:
        for beside in _standing_beside(session, batch.id):
            beside.state = "superseded"
    letter_id = new_id()
    letter = Letter(
        id=letter_id,
        company_id=company.id,
        batch_id=batch.id,
        revision_id=revision.id,
        series=facts.kind,
        person=person,
        period=period,
        sequence=sequence,
        number=number,
        issued_on=issued_on,
        issued_at=portal.clock(),
        issued_by=actor.user_id,
        supersedes_id=current.id if current else None,
        fingerprint=fingerprint,
        snapshot=portal.key(company).seal(
            f"letters|{letter_id}", orjson.dumps(facts_to_json(facts))
        ),
        token=marks.token,
        code=marks.code,
        company_name=company.name,
        branch_name=batch.branch.name,
        people=len(facts.people),
        corrections=facts.corrections,
    )
    session.add(letter)
    session.flush()
    jobs.add(portal, session, letter_failures.RENDER, letter_id, delay=RENDER_DELAY)
    audit.record(
        portal,
        session,
        actor,
        "letter:issued",
        letter_id,
        company_id=company.id,
        batch=batch.id,
        number=number,
        supersedes=current.id if current else None,
    )
    return letter


def finish_rendering(portal: Portal, letter_id: str, told: Told | None = None) -> None:
    """Render an issued letter and keep its bytes, unless that has been done.

    `told` hears how many percent of a long one are laid out.
    """
    with portal.db.read() as session:
        letter = session.get_one(
            Letter, letter_id, options=[joinedload(Letter.batch).joinedload(Batch.company)]
        )
        if letter.sha256 is not None:
            return
        company = letter.batch.company
        key = portal.key(company)
        facts = facts_from_json(orjson.loads(key.open(f"letters|{letter_id}", letter.snapshot)))
    workbook = letter_tables.workbook_of(facts)
    pdf = _render(facts, partial(render_in_child, told=told), workbook)
    crashpoints.passing("letter:rendered")
    stored = portal.files.put(io.BytesIO(pdf), key.file_key, limit=len(pdf) + 1)
    with portal.db.write() as session:
        letter = session.get_one(Letter, letter_id)
        if letter.sha256 is None:
            letter.file_id = keep_file(portal, session, company, stored)
            letter.sha256 = stored.sha256
            letter.table_sha256 = hashlib.sha256(workbook).hexdigest() if workbook else None
            return
    portal.files.delete(stored.name)  # somebody else was faster, with the same bytes


def render_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Finish what a request has left unrendered; the end of a "render" job."""

    def held(percent: int) -> None:
        """Say that this worker lives, and how far the letter is."""
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)
            session.execute(
                sa.update(Letter)
                .where(Letter.id == claimed.subject, Letter.sha256.is_(None))
                .values(progress=percent)
            )

    finish_rendering(portal, claimed.subject, held)
    with portal.db.write() as session:
        jobs.finish(session, claimed)


def revoke(portal: Portal, actor: Actor, letter_id: str, *, reason: str) -> LetterView:
    """Revoke a letter that stands: its number stays used, its page says that it no longer counts.

    Raises:
        NotFound, Forbidden; Invalid: no reason is given, or too long a one.
        Conflict: it no longer stands, or the office has its batch.

    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > MOST_REASON:
        raise Invalid(
            f"Tulis alasan pencabutan, paling panjang {MOST_REASON} karakter.",
            f"Say why it is revoked, in {MOST_REASON} characters at most.",
            code="reason_required",
            fields={"reason": "Wajib diisi"},
        )
    with portal.db.write() as session:
        batch_id = visible.letter(session, actor, letter_id).batch_id
        batch = visible.batch(session, actor, batch_id, action="letter.issue")
        letter = session.get_one(Letter, letter_id, populate_existing=True)
        if letter.state != "issued":
            raise Conflict(
                f"Surat {letter.number} sudah tidak berlaku, jadi tidak dapat dicabut lagi.",
                f"Letter {letter.number} no longer stands, so it can't be revoked.",
                code="letter_closed",
            )
        if batch.state not in REVOCABLE:
            raise Conflict(
                f"Pengajuan {batch.number} sudah dikirim beserta surat ini. Tarik dahulu pengajuannya, "
                "atau tunggu keputusan kantor cabang.",
                f"Submission {batch.number} was sent with this letter. Withdraw it first, or wait for "
                "the branch's decision.",
                code="letter_in_use",
            )
        beside = _standing_beside(session, batch.id) if letter.series == SERIES else []
        for one in (letter, *beside):  # what goes with it names a letter that no longer counts
            one.state = "revoked"
            one.revoked_at, one.revoked_by = portal.clock(), actor.user_id
            one.revoked_reason = reason
            audit.record(
                portal,
                session,
                actor,
                "letter:revoked",
                one.id,
                company_id=batch.company_id,
                batch=batch.id,
                number=one.number,
            )
    return letter_view(portal, actor, letter_id)


def _standing_beside(session: Session, batch_id: str) -> list[Letter]:
    """Return the letters that stand for a batch beside its letter of request."""
    return list(
        session.scalars(
            sa.select(Letter).where(
                Letter.batch_id == batch_id,
                Letter.series.in_(COMPANIONS),
                Letter.state == "issued",
            )
        )
    )


@dataclass(frozen=True, slots=True)
class _Early:
    """The employees of a letter, as a state of the batch has them."""

    state: tuple[int, int, str]
    people: tuple[LetterPerson, ...]


def _require_printable(
    portal: Portal, actor: Actor, batch_id: str, signatory: int
) -> _Early | None:
    """Refuse, before a number is taken, what the renderer would refuse after.

    Signs that any font has are not worth a child process; rarer ones are tried in one. Returns
    whom the letter will name; None where there is none to be made.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="letter.issue")
        revision = checked_revision(session, batch)
        current = current_letter(session, batch.id)
        if current is not None and not is_stale(session, current, revision):
            return None
        if batch.state not in EDITABLE or has_errors(session, revision):
            return None  # refused further on, with its own sentence
        state = revision.id, batch.version, fingerprint_of(session, revision)
        facts = facts_of(portal, session, batch, revision, signatory=signatory, number=None)
    require_complete(facts)
    told = facts_to_json(facts)
    told["company"]["logo"] = ""
    if overlong_facts(facts) or not COMMON_SIGNS.fullmatch(orjson.dumps(told).decode()):
        try:
            check_in_child(facts)
        except LetterError as error:
            raise Invalid(error.message, error.message_en, code=error.code) from error
    return _Early(state, facts.people)


def _draft(facts: LetterFacts, *, workbook: bytes) -> bytes:
    return render_in_child(facts, preview=True, workbook=workbook)


def _render(facts: LetterFacts, how: Callable[..., bytes], workbook: bytes | None = None) -> bytes:
    if workbook is None:
        workbook = letter_tables.workbook_of(facts)
    try:
        return how(facts, workbook=workbook)
    except LetterError as error:
        raise Invalid(error.message, error.message_en, code=error.code) from error
