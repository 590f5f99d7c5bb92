"""Everything the portal knows of one person: what was stored, corrected, seen by whom, forwarded.

For the person who asks (UU PDP ps. 5-8, within 3 x 24 hours): found by the blind index of a whole
NIK or KPJ, in the companies of who asks, or in all of them for an admin. Making it is an act in
the chain of each company it speaks of.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Company,
    Correction,
    Document,
    Employee,
    Letter,
    Placement,
    Revision,
    Row,
    User,
)
from hr_portal.adapters.database.review_models import AgencyAnswer, Handover, HandoverFile
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.fields import FIELD
from hr_portal.domain.permissions import Actor, may
from hr_portal.services import agency, audit
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden, Invalid
from hr_portal.services.rowdata import RowCells, open_rows, open_structure

NIK_DIGITS, KPJ_DIGITS = 16, 11
MOST_REASON = 300
AT_ONCE = 500
ANSWER_WITHIN = dt.timedelta(days=3)
SEEN = (
    "batch:row_revealed", "batch:findings_exported", "batch:annotated_exported", "batch:taken",
    "batch:verdict", "batch:decided", "batch:handover_fetched", "batch:forwarded", "rows:read",
    "findings:read", "document:opened", "letter:opened",
)  # fmt: skip
"""Acts by which somebody saw, or may have seen, whole values of a row."""

Line = tuple[object, ...]


@dataclass(slots=True)
class Trail:
    """What is known of a person, as tables; each line begins with company and batch."""

    kind: str
    """nik or kpj: what was asked by."""
    made_at: dt.datetime
    companies: list[str] = field(default_factory=list)
    stored: list[Line] = field(default_factory=list)
    """company, batch, revision, row, uploaded at, by, column, value"""
    corrected: list[Line] = field(default_factory=list)
    """company, batch, revision, row, datum, before, after, verdict, reason, decided at,
    the agency's answer, its words, answered at
    """
    documents: list[Line] = field(default_factory=list)
    """company, batch, kind, uploaded at, by, removed at, deleted at"""
    seen: list[Line] = field(default_factory=list)
    """company, batch, at, by, act"""
    forwarded: list[Line] = field(default_factory=list)
    """company, batch, what, at, to, SHA-256"""

    @property
    def rows(self) -> int:
        """Return in how many rows of how many revisions the person stands."""
        return len({line[:4] for line in self.stored})


def make(portal: Portal, actor: Actor, number: str, *, reason: str) -> Trail:
    """Gather all that is kept of the person with this NIK or KPJ; recorded, found or not.

    Raises:
        Forbidden: neither HRD nor admin. Invalid: not a whole number, or no reason.

    """
    if not may(actor, "company.edit"):
        raise Forbidden(
            "Jejak peserta dibuat oleh HRD atau admin.", "The trail is made by HR or an admin."
        )
    digits = re.sub(r"[\s.\-]", "", number)
    if not (digits.isascii() and digits.isdigit() and len(digits) in {NIK_DIGITS, KPJ_DIGITS}):
        raise Invalid(
            "Tulis NIK lengkap (16 angka) atau KPJ lengkap (11 angka).",
            "Write a whole NIK (16 digits) or a whole KPJ (11 digits).",
            fields={"number": "16 atau 11 angka"},
        )
    reason = " ".join(reason.split())
    if not reason or len(reason) > MOST_REASON:
        raise Invalid(
            f"Tulis dasar permintaannya, paling panjang {MOST_REASON} huruf, misalnya tanggal surat.",
            f"Write what the request is based on, at most {MOST_REASON} characters.",
            fields={"reason": "Wajib diisi"},
        )
    kind = "nik" if len(digits) == NIK_DIGITS else "kpj"
    trail = Trail(kind, portal.clock())
    with portal.db.write() as session:
        wanted = sa.select(Company).order_by(Company.name, Company.id)
        if not actor.is_admin:
            wanted = wanted.where(Company.id.in_(actor.companies))
        found: list[tuple[Company, int]] = []
        for company in session.scalars(wanted).all():
            rows = _of_company(portal, session, company, kind, digits, trail)
            if rows:
                found.append((company, rows))
        trail.companies = [company.name for company, _ in found]
        told: list[tuple[str | None, int]] = [(one.id, rows) for one, rows in found]
        for company_id, rows in told or [(None, 0)]:
            audit.record(
                portal, session, actor, "person:trail_exported", "-", company_id=company_id,
                by=kind, rows=rows, reason=reason,
            )  # fmt: skip
    return trail


def _of_company(
    portal: Portal, session: Session, company: Company, kind: str, digits: str, trail: Trail
) -> int:
    """Add what one company has; return in how many rows."""
    key = portal.key(company)
    person = _rows_of(session, company, key, kind, digits)
    if not person:
        return 0
    batches: dict[str, Batch] = {}
    for batch, revision, rows in person:
        batches[batch.id] = batch
        opened = open_rows(session, key, rows)
        _add_stored(session, trail, company, key, batch, revision, rows, opened)
        _add_corrected(session, trail, company, key, batch, revision, rows, opened)
    numbers = {
        batch_id: {row.number for batch, _, rows in person if batch.id == batch_id for row in rows}
        for batch_id in batches
    }
    cards = {row.kpj_index for _, _, rows in person for row in rows} - {key.index("kpj", "")}
    documents = _add_documents(session, trail, company, batches, numbers, cards)
    letters = _add_forwarded(session, trail, company, batches)
    _add_seen(session, trail, company, batches, numbers, documents, letters)
    return sum(len(rows) for _, _, rows in person)


def _rows_of(
    session: Session, company: Company, key: CompanyKey, kind: str, digits: str
) -> list[tuple[Batch, Revision, list[Row]]]:
    """Return the person's rows, also those under an earlier NIK: their KPJ leads there."""
    index, nobody = key.index(kind, digits), key.index("kpj", "")
    here = (
        sa.select(Row, Revision, Batch)
        .join(Revision, Revision.id == Row.revision_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(Batch.company_id == company.id, Revision.number > 0)
        .order_by(Batch.created_at, Batch.id, Revision.number, Row.number)
    )
    cards = {index} if kind == "kpj" else set()
    by_nik: list[sa.ColumnElement[bool]] = []
    if kind == "nik":
        by_nik = [Row.nik_index == index]
        cards |= set(
            session.scalars(
                sa.select(Employee.kpj_index).where(
                    Employee.company_id == company.id, Employee.nik_index == index
                )
            )
        )
        cards |= {row.kpj_index for row, _, _ in session.execute(here.where(*by_nik))}
    cards.discard(nobody)
    found: dict[int, tuple[Batch, Revision, list[Row]]] = {}
    for row, revision, batch in session.execute(
        here.where(sa.or_(Row.kpj_index.in_(cards), *by_nik))
    ):
        found.setdefault(revision.id, (batch, revision, []))[2].append(row)
    return list(found.values())


def _add_stored(
    session: Session,
    trail: Trail,
    company: Company,
    key: CompanyKey,
    batch: Batch,
    revision: Revision,
    rows: list[Row],
    opened: dict[int, RowCells],
) -> None:
    held = open_structure(key, revision)
    by = session.get(User, revision.uploaded_by)
    for row in rows:
        cells = opened[row.number]
        for header, raw in zip(held.headers, cells.raw, strict=True):
            if raw:
                trail.stored.append(
                    (company.name, batch.number, revision.number, row.number, revision.uploaded_at,
                     by.name if by else "", header, raw)
                )  # fmt: skip


def _add_corrected(
    session: Session,
    trail: Trail,
    company: Company,
    key: CompanyKey,
    batch: Batch,
    revision: Revision,
    rows: list[Row],
    opened: dict[int, RowCells],
) -> None:
    for correction, answer in session.execute(
        sa.select(Correction, AgencyAnswer)
        .outerjoin(AgencyAnswer, AgencyAnswer.correction_id == Correction.id)
        .where(
            Correction.revision_id == revision.id,
            Correction.row_number.in_([row.number for row in rows]),
        )
        .order_by(Correction.row_number, Correction.id)
    ):
        said: Line = ("", "", "")
        if answer is not None:
            said = (answer.answer, agency.words_of(key, answer), answer.answered_at)
        before, after = opened[correction.row_number].changes[correction.field]
        trail.corrected.append(
            (company.name, batch.number, revision.number, correction.row_number,
             FIELD[correction.field].label, before, after, correction.verdict or "",
             correction.reason, correction.decided_at or "", *said)
        )  # fmt: skip


def _add_documents(
    session: Session,
    trail: Trail,
    company: Company,
    batches: dict[str, Batch],
    numbers: dict[str, set[int]],
    cards: set[bytes],
) -> dict[str, str]:
    """Add the documents at the person's rows; return their ids with the batch of each."""
    found: dict[str, str] = {}
    for document in session.scalars(
        sa.select(Document)
        .options(joinedload(Document.file))
        .where(Document.batch_id.in_(batches))
        .order_by(Document.uploaded_at, Document.id)
    ):
        places = session.scalars(sa.select(Placement).where(Placement.document_id == document.id))
        if any(
            one.kpj_index in cards or one.row_number in numbers[document.batch_id] for one in places
        ):
            found[document.id] = document.batch_id
            by = session.get(User, document.uploaded_by)
            trail.documents.append(
                (company.name, batches[document.batch_id].number, KINDS[document.kind][0],
                 document.uploaded_at, by.name if by else "", document.removed_at or "",
                 document.file.purged_at or "")
            )  # fmt: skip
    return found


def _add_forwarded(
    session: Session, trail: Trail, company: Company, batches: dict[str, Batch]
) -> dict[str, str]:
    """Add letters and handed-over files; return the letters' ids with the batch of each."""
    letters: dict[str, str] = {}
    for letter in session.scalars(
        sa.select(Letter).where(Letter.batch_id.in_(batches)).order_by(Letter.issued_at, Letter.id)
    ):
        letters[letter.id] = letter.batch_id
        batch = batches[letter.batch_id]
        trail.forwarded.append(
            (company.name, batch.number, f"Surat {letter.number}", letter.issued_at,
             f"BPJS Ketenagakerjaan {batch.branch.name}", letter.sha256 or "")
        )  # fmt: skip
    for given, file in session.execute(
        sa.select(Handover, HandoverFile)
        .join(HandoverFile, HandoverFile.handover_id == Handover.id)
        .options(joinedload(HandoverFile.file))
        .where(Handover.batch_id.in_(batches))
        .order_by(Handover.made_at, HandoverFile.id)
    ):
        batch = batches[given.batch_id]
        trail.forwarded.append(
            (company.name, batch.number, f"{given.label}: {file.name}", given.made_at,
             f"BPJS Ketenagakerjaan {batch.branch.name}", file.file.sha256)
        )  # fmt: skip
    return letters


def _add_seen(
    session: Session,
    trail: Trail,
    company: Company,
    batches: dict[str, Batch],
    numbers: dict[str, set[int]],
    documents: dict[str, str],
    letters: dict[str, str],
) -> None:
    of_subject = {**{batch_id: batch_id for batch_id in batches}, **documents, **letters}
    for act, name in _acts_on(session, company.id, of_subject):
        batch_id = of_subject[act.subject_id]
        row = act.details.get("row")
        if isinstance(row, int) and row not in numbers[batch_id]:
            continue
        trail.seen.append(
            (company.name, batches[batch_id].number, act.at, name or "Portal", act.action)
        )
    searches = sa.select(Act, User.name).outerjoin(User, User.id == Act.actor_id)
    for act, name in session.execute(
        searches.where(Act.action == "queue:person_searched").order_by(Act.id)
    ):
        trail.seen += [
            (company.name, batches[one].number, act.at, name or "Portal", act.action)
            for one in act.details.get("batches", ())
            if one in batches
        ]


def _acts_on(
    session: Session, company_id: str, subjects: Iterable[str]
) -> Iterable[tuple[Act, str | None]]:
    wanted = sorted(subjects)
    for start in range(0, len(wanted), AT_ONCE):
        found = session.execute(
            sa.select(Act, User.name)
            .outerjoin(User, User.id == Act.actor_id)
            .where(
                Act.company_id == company_id,
                Act.subject_id.in_(wanted[start : start + AT_ONCE]),
                Act.action.in_(SEEN),
            )
            .order_by(Act.id)
        )
        yield from ((act, name) for act, name in found)
