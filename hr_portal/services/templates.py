"""The template filled from what a company sent last: nobody types a KPJ twice."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Correction, Revision
from hr_portal.adapters.spreadsheets.template import MOST_FILLED, make_template
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.fields import ERASE, FIELD
from hr_portal.domain.permissions import Actor, Place, may
from hr_portal.domain.table import Layout
from hr_portal.domain.wording import grouped_number
from hr_portal.domain.workflow import SUBMITTED_ONCE
from hr_portal.services import audit, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid, NotFound
from hr_portal.services.rowdata import Structure, open_structure, walk_blocks
from hr_portal.services.standing import stands

_DECIDED = ("approved", "partly_approved", "forwarded", "completed")


def filled_template(portal: Portal, actor: Actor, company_id: str, layout: Layout) -> bytes:
    """Return a template with the employees of a company's last submission; an act.

    An approved submission goes before one that waits. What was approved, and not
    refused by the agency, counts as on record now, everything else as it was.

    Raises:
        NotFound: not the actor's company.
        Invalid: nothing was submitted yet, or it holds too many employees.

    """
    if not may(actor, "batch.create", Place(company_id=company_id)):
        raise NotFound
    with portal.db.read() as session:
        batch = _last(session, company_id)
        if batch is None:
            raise Invalid(
                "Perusahaan ini belum pernah mengajukan, jadi belum ada data untuk diisikan. Pakai templat kosong.",
                "This company has not submitted anything yet, so there is nothing to fill in. Use the empty template.",
            )
        revision = visible.current_revision(session, batch)
        key = portal.key(batch.company)
        employees = _employees(session, key, revision, open_structure(key, revision))
        number = batch.number
    if len(employees) > MOST_FILLED:
        raise Invalid(
            f"{number} memuat {grouped_number(len(employees))} karyawan; templat terisi memuat paling banyak "
            f"{grouped_number(MOST_FILLED)}. Pakai berkas pengajuan itu sendiri (Unduh berkas beserta catatan).",
            f"{number} holds {len(employees):,} employees; a filled template holds at most {MOST_FILLED:,}. Use that "
            "submission's own file (Download the file with its notes).",
        )
    with portal.db.write() as session:
        audit.record(
            portal, session, actor, "batch:template_filled", batch.id, company_id=company_id,
            employees=len(employees),
        )  # fmt: skip
    return make_template(layout, employees)


def _last(session: Session, company_id: str) -> Batch | None:
    """Return the last approved submission of a company, or else the last one sent."""
    for states in (_DECIDED, sorted(SUBMITTED_ONCE)):
        found = session.scalar(
            sa.select(Batch)
            .where(Batch.company_id == company_id, Batch.state.in_(states))
            .order_by(Batch.submitted_at.desc(), Batch.id)
            .limit(1)
        )
        if found is not None:
            return found
    return None


def _employees(
    session: Session, key: CompanyKey, revision: Revision, held: Structure
) -> list[dict[str, str]]:
    """Return what is on record of each employee, once each, in the order of the rows."""
    approved: dict[int, set[str]] = {}
    for number, field in session.execute(
        sa.select(Correction.row_number, Correction.field).where(
            Correction.revision_id == revision.id, stands()
        )
    ):
        approved.setdefault(number, set()).add(field)
    employees: dict[str, dict[str, str]] = {}
    for number, record, changes in _rows(session, key, revision, held):
        kpj = record.get("kpj", "")
        if not kpj:
            continue
        known = employees.setdefault(kpj, {})
        for field, value in record.items():
            known.setdefault(field, value)
        for field in approved.get(number, ()):
            new = changes[field][1]
            known[field] = "" if new == ERASE else new
    return [
        {field: _written(field, value) for field, value in employee.items() if value}
        for employee in employees.values()
    ]


def _rows(
    session: Session, key: CompanyKey, revision: Revision, held: Structure
) -> Iterator[tuple[int, dict[str, str], dict[str, tuple[str, str]]]]:
    columns = [
        (place, role.field)
        for place, role in enumerate(held.roles)
        if role.part == "record" and role.field is not None
    ]
    for block in walk_blocks(session, key, revision.id):
        for slot, number in enumerate(block.numbers):
            row = block.row(slot)
            record = {field: row.clean[place] for place, field in columns if row.clean[place]}
            yield number, record, row.changes


def _written(field: str, value: str) -> str:
    """Return a clean value as the template wants it: day first, phones with 0."""
    kind = FIELD[field].kind
    if kind == "date":
        try:
            return f"{date.fromisoformat(value):%d-%m-%Y}"
        except ValueError:
            return value
    if kind == "phone" and value.startswith("+62"):
        return "0" + value.removeprefix("+62")
    return value
