"""A breach of personal data: whom it reached, and how long is left to tell them (UU PDP ps. 46)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.keeping_models import Incident, Purge
from hr_portal.adapters.database.models import Act, Batch, Company, Document, Revision, Row
from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.fields import FIELD
from hr_portal.domain.masking import mask_kpj
from hr_portal.domain.permissions import Actor, may
from hr_portal.services import audit
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.rowdata import walk_blocks

TELL_WITHIN = dt.timedelta(hours=72)
MOST_TITLE = 200
MOST_EXPORTED = 200_000
ALWAYS = ("kpj", "nik", "nama", "tanggal_lahir", "kk")
"""What every row tells of its person."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an incident reached, as the admin knows it."""

    title: str
    known_at: dt.datetime | None
    since: dt.datetime | None
    until: dt.datetime | None
    companies: tuple[str, ...] = ()
    """Ids; none = all."""
    batches: str = ""
    """Numbers, apart by spaces or commas; none = all."""
    only_touched: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """One company whose people an incident reached."""

    company: str
    npp: str
    contact: str
    """Who to write to: the company's contact and e-mail."""
    batches: int
    people: int


@dataclass(frozen=True, slots=True)
class View:
    """An incident with whom it reached, counted when it is looked at."""

    id: str
    title: str
    known_at: dt.datetime
    due_at: dt.datetime
    since: dt.datetime
    until: dt.datetime
    only_touched: bool
    told_at: dt.datetime | None
    reached: tuple[Reached, ...]
    data: tuple[str, ...]
    """The kinds of data concerned, in words."""

    @property
    def people(self) -> int:
        """Return how many people of all companies together."""
        return sum(one.people for one in self.reached)


def listed(portal: Portal, actor: Actor) -> list[Incident]:
    """Return all incidents, those not told yet first."""
    _only_admin(actor)
    with portal.db.read() as session:
        return list(
            session.scalars(
                sa.select(Incident).order_by(
                    Incident.told_at.is_not(None), Incident.known_at.desc(), Incident.id
                )
            )
        )


def open_incident(portal: Portal, actor: Actor, scope: Scope) -> str:
    """Write an incident down; its clock runs from when it was known. Returns its id.

    Raises:
        Forbidden: not an admin. Invalid: a time, company or batch is missing or impossible.

    """
    _only_admin(actor)
    title = " ".join(scope.title.split())
    known, since, until = scope.known_at, scope.since, scope.until
    if (
        not title or len(title) > MOST_TITLE or known is None or since is None or until is None
        or since > until or known > portal.clock()
    ):  # fmt: skip
        raise Invalid(
            "Isi uraian singkat, kapan diketahui (tidak di masa depan), dan periode dari yang awal ke akhir.",
            "Give a short description, when it became known (not in the future), and the period in order.",
            fields={"title": "Periksa isian"},
        )
    with portal.db.write() as session:
        numbers = [one.upper() for one in scope.batches.replace(",", " ").split()]
        found = dict(
            session.execute(
                sa.select(Batch.number, Batch.id).where(Batch.number.in_(numbers))
            ).all()
        )
        if unknown := sorted(set(numbers) - set(found)):
            raise Invalid(
                f"Tidak ada pengajuan {', '.join(unknown)[:200]}.",
                f"There is no submission {', '.join(unknown)[:200]}.",
                fields={"batches": "Tidak ditemukan"},
            )
        companies = session.scalars(
            sa.select(Company.id).where(Company.id.in_(scope.companies)).order_by(Company.id)
        ).all()
        if len(companies) != len(set(scope.companies)):
            raise NotFound
        incident = Incident(
            title=title, known_at=known, since=since, until=until, companies=list(companies),
            batches=sorted(found.values()), only_touched=scope.only_touched,
            made_by=actor.user_id, made_at=portal.clock(),
        )  # fmt: skip
        session.add(incident)
        session.flush()
        audit.record(
            portal, session, actor, "incident:opened", incident.id,
            companies=list(companies), batches=incident.batches, only_touched=scope.only_touched,
        )  # fmt: skip
        return incident.id


def view(portal: Portal, actor: Actor, incident_id: str) -> View:
    """Return an incident with whom it reached; raises Forbidden or NotFound."""
    _only_admin(actor)
    with portal.db.read() as session:
        incident = session.get(Incident, incident_id)
        if incident is None:
            raise NotFound
        batches = session.execute(
            sa.select(Batch.id, Batch.company_id).where(*_reached(incident))
        ).all()
        of_company: dict[str, list[str]] = {}
        for batch_id, company_id in batches:
            of_company.setdefault(company_id, []).append(batch_id)
        reached = tuple(
            _told(portal, session, company, of_company[company.id], incident)
            for company in session.scalars(
                sa.select(Company).where(Company.id.in_(of_company)).order_by(Company.name)
            )
        )
        return View(
            incident.id, incident.title, incident.known_at, incident.known_at + TELL_WITHIN,
            incident.since, incident.until, incident.only_touched, incident.told_at,
            reached, _data(session, incident),
        )  # fmt: skip


def mark_told(portal: Portal, actor: Actor, incident_id: str) -> None:
    """Note that the people and the authority were told; raises Forbidden, NotFound, Conflict."""
    _only_admin(actor)
    with portal.db.write() as session:
        incident = session.get(Incident, incident_id, with_for_update=True)
        if incident is None:
            raise NotFound
        if incident.told_at is not None:
            raise Conflict("Sudah ditandai.", "It is marked already.")
        incident.told_at = portal.clock()
        audit.record(
            portal, session, actor, "incident:told", incident_id,
            hours=int((incident.told_at - incident.known_at).total_seconds() // 3600),
        )  # fmt: skip


def people(
    portal: Portal, actor: Actor, incident_id: str
) -> list[tuple[str, str, str, str, str, str]]:
    """Return whom to tell: company, NPP, contact, batch, name, masked KPJ; an act.

    Raises:
        Forbidden, NotFound. Invalid: more than `MOST_EXPORTED` rows.

    """
    seen = view(portal, actor, incident_id)
    if seen.people > MOST_EXPORTED:
        raise Invalid(
            f"Insiden ini mengenai lebih dari {MOST_EXPORTED} orang; catat per perusahaan.",
            f"This incident reaches more than {MOST_EXPORTED} people; record it company by company.",
        )
    with portal.db.write() as session:
        incident = session.get_one(Incident, incident_id)
        lines = sorted(set(_people(portal, session, incident)))
        audit.record(portal, session, actor, "incident:exported", incident_id, people=len(lines))
        return lines


def _people(
    portal: Portal, session: Session, incident: Incident
) -> Iterator[tuple[str, str, str, str, str, str]]:
    for batch in session.scalars(sa.select(Batch).where(*_reached(incident))).all():
        company, key = batch.company, portal.key(batch.company)
        for revision_id in session.scalars(
            sa.select(Revision.id).where(
                Revision.batch_id == batch.id, Revision.number == batch.revision_number
            )
        ).all():
            for block in walk_blocks(session, key, revision_id):
                for kpj, name in zip(block.employee[0], block.employee[2], strict=True):
                    yield (
                        company.name, f"{company.npp}/{company.division}", _contact(company),
                        batch.number, name, mask_kpj(kpj),
                    )  # fmt: skip


def _reached(incident: Incident) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of the batches whose content was there in the period."""
    gone = sa.exists().where(
        Purge.batch_id == Batch.id, Purge.stage == "log", Purge.ended_at < incident.since
    )
    found: list[sa.ColumnElement[bool]] = [Batch.created_at <= incident.until, ~gone]
    if incident.companies:
        found.append(Batch.company_id.in_(incident.companies))
    if incident.batches:
        found.append(Batch.id.in_(incident.batches))
    if incident.only_touched:
        found.append(
            sa.exists().where(
                sa.or_(Act.subject_id == Batch.id, Act.details["batch"].as_string() == Batch.id),
                Act.company_id == Batch.company_id,
                Act.at >= incident.since,
                Act.at <= incident.until,
            )
        )
    return found


def _told(
    portal: Portal, session: Session, company: Company, batches: list[str], incident: Incident
) -> Reached:
    nobody = portal.key(company).index("kpj", "")
    rows = (
        sa.select(Row.kpj_index)
        .join(Revision, Revision.id == Row.revision_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(
            *_reached(incident),
            Batch.company_id == company.id,
            Revision.number == Batch.revision_number,
        )
    ).subquery()
    known, without = session.execute(
        sa.select(
            sa.func.count(sa.distinct(sa.case((rows.c.kpj_index != nobody, rows.c.kpj_index)))),
            sa.func.count(sa.case((rows.c.kpj_index == nobody, 1))),
        )
    ).one()
    return Reached(company.name, company.npp, _contact(company), len(batches), known + without)


def _contact(company: Company) -> str:
    told = (company.contact.get("name", ""), company.contact.get("email", "") or company.email)
    return ", ".join(one for one in told if one)


def _data(session: Session, incident: Incident) -> tuple[str, ...]:
    fields: dict[str, None] = dict.fromkeys(ALWAYS)
    for told in session.scalars(
        sa.select(Revision.fields)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(*_reached(incident), Revision.number == Batch.revision_number)
    ):
        fields.update(dict.fromkeys(told))
    kinds = session.scalars(
        sa.select(Document.kind)
        .join(Batch, Batch.id == Document.batch_id)
        .where(*_reached(incident), Document.removed_at.is_(None))
        .distinct()
    )
    words = [FIELD[key].label for key in fields if key in FIELD]
    return (*words, *sorted(f"dokumen {KINDS[kind][0]}" for kind in kinds))


def _only_admin(actor: Actor) -> None:
    if not may(actor, "installation.manage"):
        raise Forbidden("Insiden hanya untuk admin.", "Incidents are for admins only.")
