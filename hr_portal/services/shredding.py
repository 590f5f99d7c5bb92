"""A company's data destroyed by dropping its key: what was sealed opens for nobody any more.

What was not sealed goes with it: names in lists, search indexes, signatories and contacts, who
signed and who registered, and the bytes of all files. Numbers, dates, hashes, verdicts and acts
stay (security.md K4, decision 92).
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hr_portal.adapters.database.account_models import MembershipOffer, Registration
from hr_portal.adapters.database.document_models import Archive, HeldDocument
from hr_portal.adapters.database.keeping_models import DoomedFile, LegalHold
from hr_portal.adapters.database.models import (
    Annotation,
    Batch,
    Company,
    Employee,
    Fact,
    File,
    Letter,
    Membership,
    Revision,
    Row,
    SignIn,
)
from hr_portal.adapters.database.signing_models import Certificate
from hr_portal.adapters.database.upload_models import ArchiveUpload
from hr_portal.domain.masking import DOT
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit, crashpoints, purging
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Shredded:
    """What went with a company's key."""

    name: str
    batches: int
    rows: int
    files: int
    members: int


def shred(portal: Portal, actor: Actor | None, company_id: str, *, typed: str) -> Shredded:
    """Destroy all that is kept of a company's people, for good.

    `typed` has to be the company's name exactly as it is on record.

    Raises:
        NotFound: no such company. Invalid: the name is typed otherwise.
        Conflict: it is held, has open batches with a reviewer, or was shredded before.

    """
    with portal.db.write() as session:
        company = session.get(Company, company_id, with_for_update=True)
        if company is None:
            raise NotFound
        if not company.data_key:
            raise Conflict(
                "Data perusahaan ini sudah dimusnahkan.",
                "This company was shredded.",
                code="shredded",
            )
        if typed != company.name:
            raise Invalid(
                f"Nama yang diketik tidak sama dengan {company.name}. Tidak ada yang dimusnahkan.",
                f"The name typed isn't {company.name}. Nothing was destroyed.",
                code="not_confirmed",
            )
        mine = sa.select(Batch.id).where(Batch.company_id == company_id)
        if session.scalar(
            sa.select(
                sa.exists().where(
                    LegalHold.lifted_at.is_(None),
                    sa.or_(LegalHold.company_id == company_id, LegalHold.batch_id.in_(mine)),
                )
            )
        ):
            raise Conflict(
                f"{company.name} atau salah satu pengajuannya sedang ditahan. Cabut penahanannya dahulu.",
                f"{company.name} or one of its submissions is on hold. Lift the hold first.",
                code="held",
            )
        if session.scalar(sa.select(mine.where(Batch.state == "in_review").exists())):
            raise Conflict(
                f"Ada pengajuan {company.name} yang sedang diperiksa. Selesaikan atau lepaskan dahulu.",
                f"A submission of {company.name} is under review. Finish or release it first.",
                code="in_review",
            )
        done = _destroy(portal, session, company, mine)
        audit.record(
            portal, session, actor, "company:shredded", company_id, company_id=company_id,
            batches=done.batches, rows=done.rows, files=done.files,
        )  # fmt: skip
        crashpoints.passing("shred:written")
    purging.delete_doomed(portal)
    portal.db.settle()
    return done


def _destroy(portal: Portal, session: Any, company: Company, mine: Any) -> Shredded:  # noqa: ANN401 - SQLAlchemy's own
    now = portal.clock()
    company.data_key = b""
    company.is_active = False
    company.signatories, company.copies_to, company.contact = [], [], {}
    company.logo = company.logo_type = None
    company.phone = company.email = company.address = ""
    revisions = sa.select(Revision.id).where(Revision.batch_id.in_(mine))
    rows = session.execute(
        sa.update(Row)
        .where(Row.revision_id.in_(revisions))
        .values(name=DOT * 4, kpj_index=bytes(16), nik_index=bytes(16))
    ).rowcount
    session.execute(
        sa.update(Revision)
        .where(Revision.batch_id.in_(mine))
        .values(file_name=DOT * 4, preview=None, content_index=None, resembles=None)
    )
    purging.forget_signers(session, sa.select(Letter.id).where(Letter.batch_id.in_(mine)))
    session.execute(
        sa.update(Registration)
        .where(Registration.npp == company.npp, Registration.division == company.division)
        .values(name=DOT * 4, email=DOT * 4)
    )
    for model in (Fact, Employee, Certificate):
        session.execute(sa.delete(model).where(model.company_id == company.id))
    names = list(
        session.scalars(
            sa.update(File)
            .where(File.company_id == company.id, File.purged_at.is_(None))
            .values(purged_at=now)
            .returning(File.name)
        )
    )
    for stored, where in (
        (Annotation, Annotation.revision_id.in_(revisions)),
        (Archive, Archive.batch_id.in_(mine)),
        (HeldDocument, HeldDocument.batch_id.in_(mine)),
    ):
        found = session.scalars(sa.select(stored).where(where, stored.stored.is_not(None))).all()
        names += [one.stored for one in found]
        for one in found:
            one.stored = None
    names += purging.parts_let_go(
        session, sa.select(ArchiveUpload.id).where(ArchiveUpload.batch_id.in_(mine))
    )
    session.add_all(DoomedFile(name=name, since=now) for name in names)
    members = session.scalars(
        sa.delete(Membership)
        .where(Membership.company_id == company.id)
        .returning(Membership.user_id)
    ).all()
    session.execute(sa.delete(SignIn).where(SignIn.user_id.in_(members)))
    session.execute(sa.delete(MembershipOffer).where(MembershipOffer.company_id == company.id))
    batches = session.scalar(sa.select(sa.func.count()).select_from(mine.subquery())) or 0
    return Shredded(company.name, batches, rows, len(names), len(members))
