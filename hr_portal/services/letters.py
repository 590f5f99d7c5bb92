"""Cover letters: previewed, issued under a gap-free number, kept under their hash.

Facts are copied when the letter is issued. The number is taken in one short
transaction with the letter's row; rendering follows outside, gives the same
bytes for the same facts, and is finished by a job where the process died.
"""

import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import (
    Batch,
    Company,
    Correction,
    Document,
    EditAct,
    Letter,
    Placement,
    Revision,
    Row,
    new_id,
)
from hr_portal.adapters.files import FileDamagedError
from hr_portal.adapters.letters import LetterError, check_in_child, render_in_child
from hr_portal.domain.fields import FIELD
from hr_portal.domain.letter_numbers import format_number
from hr_portal.domain.letters import (
    Addressee,
    Contact,
    LetterDocument,
    LetterFacts,
    Letterhead,
    LetterLine,
    LetterPerson,
    Signatory,
    facts_from_json,
    facts_to_json,
    overlong_facts,
)
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Severity
from hr_portal.domain.workflow import EDITABLE
from hr_portal.services import audit, crashpoints, documents, jobs, number_holds, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.services.intake import closed, keep_file, next_value
from hr_portal.services.rowdata import open_rows, walk_blocks

COMMON_SIGNS = re.compile(r"[ -~\u00a0-\u017f\u2010-\u2022\u2026]*")
"""What the letter's font is known to have: Latin letters, digits, usual punctuation."""
SERIES = "permohonan"
MAX_LINES = 20_000
RENDER_DELAY = 120
"""Seconds after which the job renders what the request may have left unrendered."""


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


def preview(portal: Portal, actor: Actor, batch_id: str, *, signatory: int = 0) -> bytes:
    """Return the letter as PDF as it would be issued now, marked as a draft.

    Raises:
        NotFound, Forbidden; Invalid: nothing to write yet, or a fact is missing.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="letter.issue")
        revision = _checked(session, batch)
        facts = _facts(portal, session, batch, revision, signatory=signatory, number=None)
    return _render(facts, preview=True)


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
    _require_printable(portal, actor, batch_id, signatory)
    with portal.db.write() as session:
        batch = visible.batch(session, actor, batch_id, action="letter.issue")
        revision = _checked(session, batch)
        fingerprint = fingerprint_of(session, revision)
        current = current_letter(session, batch.id)
        if current is None or current.fingerprint != fingerprint:
            visible.expect_version(batch, version)
            if batch.state not in EDITABLE:
                raise closed(batch)
            if revision.rows_invalid and _has_errors(session, revision):
                raise Invalid(
                    f"Masih ada {revision.rows_invalid} baris tidak valid. Perbaiki dahulu, lalu terbitkan suratnya.",
                    f"There are still {revision.rows_invalid} invalid rows. Mend them first, then issue the letter.",
                    code="rows_invalid",
                )
            current = _issue(
                portal, session, actor, batch, revision, fingerprint, current, signatory
            )
        letter_id = current.id
        crashpoints.passing("letter:numbered")
    crashpoints.passing("letter:committed")
    if wait:
        finish_rendering(portal, letter_id)
    with portal.db.read() as session:
        return _view(session, visible.letter(session, actor, letter_id))


def _issue(
    portal: Portal,
    session: Session,
    actor: Actor,
    batch: Batch,
    revision: Revision,
    fingerprint: str,
    current: Letter | None,
    signatory: int,
) -> Letter:
    company, today = batch.company, _today(portal)
    period = str(today.year)
    facts = _facts(portal, session, batch, revision, signatory=signatory, number=None)
    _require_complete(facts)
    number_holds.require_free(session, company.id)
    sequence = next_value(session, f"{number_holds.LETTERS}{company.id}", SERIES, period)
    number = format_number(
        company.number_pattern,
        sequence=sequence,
        issued_on=today,
        company_code=company.short_name or company.letter_code,
    )
    if current is not None:
        current.state = "superseded"
        session.flush()
    letter_id = new_id()
    snapshot = orjson.dumps(facts_to_json(_numbered(facts, number)))
    letter = Letter(
        id=letter_id,
        company_id=company.id,
        batch_id=batch.id,
        revision_id=revision.id,
        series=SERIES,
        period=period,
        sequence=sequence,
        number=number,
        issued_on=today,
        issued_at=portal.clock(),
        issued_by=actor.user_id,
        supersedes_id=current.id if current else None,
        fingerprint=fingerprint,
        snapshot=portal.key(company).seal(f"letters|{letter_id}", snapshot),
    )
    session.add(letter)
    session.flush()
    jobs.add(portal, session, "render", letter_id, delay=RENDER_DELAY)
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


def finish_rendering(portal: Portal, letter_id: str) -> None:
    """Render an issued letter and keep its bytes, unless that has been done."""
    with portal.db.read() as session:
        letter = session.get_one(
            Letter, letter_id, options=[joinedload(Letter.batch).joinedload(Batch.company)]
        )
        if letter.sha256 is not None:
            return
        company = letter.batch.company
        key = portal.key(company)
        facts = facts_from_json(orjson.loads(key.open(f"letters|{letter_id}", letter.snapshot)))
    pdf = _render(facts, preview=False)
    crashpoints.passing("letter:rendered")
    stored = portal.files.put(io.BytesIO(pdf), key.file_key, limit=len(pdf) + 1)
    with portal.db.write() as session:
        letter = session.get_one(Letter, letter_id)
        if letter.sha256 is None:
            letter.file_id = keep_file(portal, session, company, stored)
            letter.sha256 = stored.sha256
            return
    portal.files.delete(stored.name)  # somebody else was faster, with the same bytes


def render_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Finish what a request has left unrendered; the end of a "render" job."""
    finish_rendering(portal, claimed.subject)
    with portal.db.write() as session:
        jobs.finish(session, claimed)


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
        company = letter.batch.company
        view, name = _view(session, letter), letter.file.name
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
        return _view(session, visible.letter(session, actor, letter_id))


def list_letters(portal: Portal, actor: Actor, batch_id: str) -> list[LetterView]:
    """Return the letters of a batch that the actor may read, the newest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        found = session.scalars(
            sa.select(Letter)
            .options(joinedload(Letter.batch).joinedload(Batch.company))
            .join(Batch, Batch.id == Letter.batch_id)
            .join(Revision, Revision.id == Letter.revision_id)
            .where(Letter.batch_id == batch.id, visible.revisions_of(actor))
            .order_by(Letter.issued_at.desc(), Letter.sequence.desc())
        )
        return [_view(session, letter) for letter in found]


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
        return [_view(session, letter) for letter in found], total


def current_letter(session: Session, batch_id: str) -> Letter | None:
    """Return the letter of a batch that stands now, if any."""
    return session.scalar(
        sa.select(Letter).where(Letter.batch_id == batch_id, Letter.state == "issued")
    )


def fingerprint_of(session: Session, revision: Revision) -> str:
    """Hash what a letter speaks of: the revision as edited, and the documents with their places.

    The signed scan of the letter itself doesn't count. An edit that was undone
    doesn't either: the rows are again what the letter says.
    """
    listed = session.execute(
        sa.select(Document.id, Placement.row_number)
        .join(Placement)
        .where(
            Document.batch_id == revision.batch_id,
            Document.removed_at.is_(None),
            Document.kind != documents.SIGNED_LETTER,
        )
        .order_by(Document.id, Placement.row_number)
    )
    edits = session.scalars(
        sa.select(EditAct.id)
        .where(EditAct.revision_id == revision.id, EditAct.undone_at.is_(None))
        .order_by(EditAct.id)
    )
    spoken_of = (revision.id, [tuple(one) for one in listed], *edits)
    return hashlib.sha256(repr(spoken_of).encode()).hexdigest()


def is_stale(session: Session, letter: Letter, revision: Revision) -> bool:
    """Say whether rows or documents are no longer what the letter speaks of."""
    return letter.revision_id != revision.id or letter.fingerprint != fingerprint_of(
        session, revision
    )


def _view(session: Session, letter: Letter) -> LetterView:
    revision = session.get_one(Revision, letter.revision_id)
    stands = letter.state == "issued" and letter.batch.state in EDITABLE
    stale = stands and (
        revision.number != letter.batch.revision_number
        or fingerprint_of(session, revision) != letter.fingerprint
    )
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
    )


def _checked(session: Session, batch: Batch) -> Revision:
    revision = visible.current_revision(session, batch)
    if revision.state != "checked":
        raise Invalid(
            "Berkas belum selesai diperiksa, jadi surat belum dapat dibuat.",
            "The file has not been checked yet, so there can be no letter.",
            code="not_checked",
        )
    if revision.rechecked != revision.edited:
        raise Invalid(
            "Perubahan terakhir sedang diperiksa ulang, jadi surat belum dapat dibuat. Tunggu sebentar.",
            "The latest changes are being checked, so there can be no letter yet. Wait a moment.",
            code="recheck_due",
        )
    return revision


def _has_errors(session: Session, revision: Revision) -> bool:
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    Row.revision_id == revision.id, Row.severity == int(Severity.ERROR)
                )
            )
        )
    )


def _today(portal: Portal) -> dt.date:
    return portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).date()


def _numbered(facts: LetterFacts, number: str) -> LetterFacts:
    held = facts_to_json(facts)
    return facts_from_json({**held, "number": number})


def _require_printable(portal: Portal, actor: Actor, batch_id: str, signatory: int) -> None:
    """Refuse, before a number is taken, what the renderer would refuse after.

    Signs that any font has are not worth a child process; rarer ones are tried in one.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="letter.issue")
        revision = _checked(session, batch)
        current = current_letter(session, batch.id)
        if current is not None and not is_stale(session, current, revision):
            return
        if batch.state not in EDITABLE or _has_errors(session, revision):
            return  # refused further on, with its own sentence
        facts = _facts(portal, session, batch, revision, signatory=signatory, number=None)
    _require_complete(facts)
    told = {**facts_to_json(facts), "company": {**facts_to_json(facts)["company"], "logo": ""}}
    if overlong_facts(facts) or not COMMON_SIGNS.fullmatch(orjson.dumps(told).decode()):
        try:
            check_in_child(facts)
        except LetterError as error:
            raise Invalid(error.message, error.message_en, code=error.code) from error


def _require_complete(facts: LetterFacts) -> None:
    lacking = [
        (text, text_en)
        for value, text, text_en in (
            (facts.signatory.name, "pejabat penanda tangan", "a signatory"),
            (facts.company.address, "alamat perusahaan", "the company's address"),
            (facts.place, "kota perusahaan", "the company's city"),
            (facts.contact.name, "narahubung", "a contact person"),
        )
        if not value
    ]
    if lacking:
        raise Invalid(
            "Lengkapi dahulu data perusahaan untuk surat: "
            + ", ".join(text for text, _ in lacking)
            + ".",
            "First complete the company's data for letters: "
            + ", ".join(text for _, text in lacking)
            + ".",
            code="company_incomplete",
        )


def _render(facts: LetterFacts, *, preview: bool) -> bytes:
    try:
        return render_in_child(facts, preview=preview)
    except LetterError as error:
        raise Invalid(error.message, error.message_en, code=error.code) from error


def _facts(
    portal: Portal,
    session: Session,
    batch: Batch,
    revision: Revision,
    *,
    signatory: int,
    number: str | None,
) -> LetterFacts:
    company, branch = batch.company, batch.branch
    signs = company.signatories[signatory] if 0 <= signatory < len(company.signatories) else {}
    contact = company.contact or {}
    listed = [d for d in documents.of_batch(session, batch.id) if d.kind != documents.SIGNED_LETTER]
    people = _people(portal, session, company, revision, listed)
    return LetterFacts(
        number=number,
        issued_on=_today(portal),
        place=company.city,
        company=Letterhead(
            company.name,
            company.npp,
            company.division,
            company.address,
            company.city,
            company.phone,
            company.email,
            company.logo,
            company.logo_type,
        ),
        branch=Addressee(branch.name, branch.address, branch.city),
        contact=Contact(
            contact.get("name", ""),
            contact.get("title", ""),
            contact.get("phone", ""),
            contact.get("email", ""),
        ),
        signatory=Signatory(
            signs.get("name", ""), signs.get("title", ""), signs.get("attorney_number") or None
        ),
        copies_to=tuple(company.copies_to),
        people=people,
        documents=tuple(_document_lines(portal, session, company, revision, listed)),
        paper="f4" if company.paper == "f4" else "a4",
    )


def _people(
    portal: Portal, session: Session, company: Company, revision: Revision, listed: list[Document]
) -> tuple[LetterPerson, ...]:
    """Return one entry an employee, in the order of the sheet, with all their corrections."""
    count = (
        session.scalar(sa.select(sa.func.count()).where(Correction.revision_id == revision.id)) or 0
    )
    if count == 0:
        raise Invalid(
            "Tidak ada koreksi pada berkas ini, jadi tidak ada yang dapat disuratkan.",
            "There is no correction in this file, so there is nothing to write about.",
            code="no_corrections",
        )
    if count > MAX_LINES:
        raise Invalid(
            f"Satu surat memuat paling banyak {MAX_LINES:,} koreksi; berkas ini {count:,}. Bagi berkasnya.".replace(
                ",", "."
            ),
            f"A letter holds at most {MAX_LINES:,} corrections; this file has {count:,}. Split the file.",
            code="LET-BIG",
        )
    key = portal.key(company)
    proofs: dict[int, list[str]] = {}
    for document in listed:
        for place in document.placements:
            if place.row_number is not None:
                proofs.setdefault(place.row_number, []).append(documents.KINDS[document.kind][0])
    lines: dict[str, list[LetterLine]] = {}
    who: dict[str, dict[str, str]] = {}
    for block in walk_blocks(session, key, revision.id):
        for slot, number in enumerate(block.numbers):
            cells = block.row(slot)
            kpj = cells.employee["kpj"]
            who.setdefault(kpj, cells.employee)
            said = ", ".join(dict.fromkeys(proofs.get(number, [])))
            lines.setdefault(kpj, []).extend(
                LetterLine(field, FIELD[field].label, before, after, said)
                for field, (before, after) in cells.changes.items()
            )
    return tuple(
        LetterPerson(one["nama"], one["kpj"], one["nik"], tuple(lines[kpj]))
        for kpj, one in who.items()
        if lines[kpj]
    )


def _document_lines(
    portal: Portal, session: Session, company: Company, revision: Revision, listed: list[Document]
) -> Iterator[LetterDocument]:
    """Name each document once an employee it belongs to, or once for the whole letter."""
    key = portal.key(company)
    shown = documents.views(listed, key)
    numbers = {number for view in shown for number in view.rows}
    rows = session.scalars(
        sa.select(Row).where(Row.revision_id == revision.id, Row.number.in_(numbers))
    )
    cells = open_rows(session, key, rows)
    for document, view in zip(listed, shown, strict=True):
        kind = documents.KINDS[document.kind][0]
        people = dict.fromkeys(
            cells[number].employee["kpj"] for number in view.rows if number in cells
        )
        for concerns in people or [""]:
            yield LetterDocument(kind, concerns, view.file_name, document.pages)
