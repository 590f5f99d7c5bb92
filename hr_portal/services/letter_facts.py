"""What a letter says, copied from a batch when it is written: see domain.letters.

Nothing here changes anything; `services.letters` issues.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import (
    Batch,
    Company,
    Correction,
    Document,
    EditAct,
    Placement,
    Revision,
    Row,
)
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.fields import ERASE, FIELD
from hr_portal.domain.letter_choices import choices_of
from hr_portal.domain.letter_data import LetterRow, rows_of
from hr_portal.domain.letters import (
    Addressee,
    Contact,
    LetterDocument,
    LetterFacts,
    Letterhead,
    LetterLine,
    LetterPerson,
    Signatory,
    Table,
)
from hr_portal.domain.report import Severity
from hr_portal.domain.wording import grouped_number
from hr_portal.services import documents, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid
from hr_portal.services.rowdata import RowCells, open_rows, open_structure, walk_blocks

BIRTHPLACE: Final = "tempat_lahir"
MAX_LINES = 50_000
"""Corrections that one letter may ask for."""
MOST_PRINTED = 20_000
"""Corrections that pages may hold, whatever the setting says."""


def checked_revision(session: Session, batch: Batch) -> Revision:
    """Return the current revision; raise Invalid where it is not checked to the last change."""
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


def has_errors(session: Session, revision: Revision) -> bool:
    """Say whether a row has what keeps it from being submitted."""
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    Row.revision_id == revision.id, Row.severity == int(Severity.ERROR)
                )
            )
        )
    )


def today(portal: Portal) -> dt.date:
    """Return the date of letters now, in the time zone of the portal."""
    return portal.clock().astimezone(ZoneInfo(portal.settings.timezone)).date()


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


def require_complete(facts: LetterFacts) -> None:
    """Raise Invalid where a fact of the company's is missing that no letter can do without."""
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


def facts_of(
    portal: Portal,
    session: Session,
    batch: Batch,
    revision: Revision,
    *,
    signatory: int,
    number: str | None,
    people: tuple[LetterPerson, ...] | None = None,
) -> LetterFacts:
    """Copy what the letter of a revision says; a fact that is missing stays blank.

    `people` are its employees where they were gathered before, of the same state.

    Raises Invalid where there is no correction, or more than one letter holds.
    """
    company, branch = batch.company, batch.branch
    signs = company.signatories[signatory] if 0 <= signatory < len(company.signatories) else {}
    contact = company.contact or {}
    listed = [d for d in documents.of_batch(session, batch.id) if d.kind != documents.SIGNED_LETTER]
    if people is None:
        people = _people(portal, session, company, revision, listed)
    return LetterFacts(
        number=number,
        issued_on=today(portal),
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
        choices=choices_of(company.letter_choices),
        table=_table(portal, people),
    )


def _table(portal: Portal, people: tuple[LetterPerson, ...]) -> Table:
    """Say where the corrections stand: on pages, or, where they are many, in a workbook."""
    most = min(portal.settings.letter_lines, MOST_PRINTED)
    return "file" if sum(len(person.lines) for person in people) > most else "printed"


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
            f"Satu surat memuat paling banyak {grouped_number(MAX_LINES)} koreksi; pengajuan ini memuat "
            f"{grouped_number(count)}. Bagi pengajuan ini menjadi dua, lalu terbitkan surat masing-masing.",
            f"A letter holds at most {MAX_LINES:,} corrections; this submission has {count:,}. "
            "Divide it in two, then issue a letter for each.",
            code="LET-BIG",
        )
    proofs: dict[int, list[str]] = {}
    for document in listed:
        for place in document.placements:
            if place.row_number is not None:
                proofs.setdefault(place.row_number, []).append(documents.KINDS[document.kind][0])
    key = portal.key(company)
    births = [
        place
        for place, role in enumerate(open_structure(key, revision).roles)
        if (role.part, role.field) == ("record", BIRTHPLACE)
    ]
    return tuple(_gathered(session, key, revision.id, proofs, births))


def rows_of_revision(session: Session, key: CompanyKey, revision_id: int) -> list[LetterRow]:
    """Return a revision's corrections as a letter of it would hold them, without documents."""
    return list(rows_of(tuple(_gathered(session, key, revision_id, {}))))


def _gathered(
    session: Session,
    key: CompanyKey,
    revision_id: int,
    proofs: dict[int, list[str]],
    births: Sequence[int] = (),
) -> Iterator[LetterPerson]:
    """Yield each employee with their corrections; `proofs` names the documents of a row.

    `births` are the columns with the birthplace on record.
    """
    lines: dict[str, list[LetterLine]] = {}
    born: dict[str, str] = {}
    who: dict[str, dict[str, str]] = {}
    for block in walk_blocks(session, key, revision_id):
        for slot, number in enumerate(block.numbers):
            cells = block.row(slot)
            kpj = cells.employee["kpj"]
            who.setdefault(kpj, cells.employee)
            if birthplace := _birthplace(cells, births):
                born[kpj] = birthplace
            said = ", ".join(dict.fromkeys(proofs.get(number, [])))
            lines.setdefault(kpj, []).extend(
                LetterLine(field, FIELD[field].label, before, after, said)
                for field, (before, after) in cells.changes.items()
            )
    for kpj, one in who.items():
        if lines[kpj]:
            yield LetterPerson(
                one["nama"],
                one["kpj"],
                one["nik"],
                tuple(lines[kpj]),
                born.get(kpj, ""),
                one["tanggal_lahir"],
            )


def _birthplace(cells: RowCells, births: Sequence[int]) -> str:
    """Return where a row says its employee was born, the correction before the record."""
    _before, after = cells.changes.get(BIRTHPLACE, ("", ""))
    if after and after != ERASE:
        return after
    return next((cells.clean[place] for place in births if cells.clean[place]), "")


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
