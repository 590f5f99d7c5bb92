"""Database and store held against each other, as after a crash or a restore (security.md K9)."""

import datetime as dt
import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from hr_portal.adapters.database.document_models import Archive, HeldDocument
from hr_portal.adapters.database.models import Annotation, Company, File, Job, Letter
from hr_portal.adapters.database.upload_models import ArchivePart
from hr_portal.adapters.files import FileDamagedError
from hr_portal.services import audit_chain
from hr_portal.services.context import Portal

GRACE = dt.timedelta(hours=1)
"""What is younger may be on its way: a file comes before its row, a letter before its PDF."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that doesn't fit: what kind, and which."""

    kind: str
    """`file_missing`, `file_damaged`, `file_of_nobody`, `lease_expired`, `letter_without_pdf` or
    `audit`."""
    subject: str


def reconcile(portal: Portal, *, deep: bool = False) -> list[Discrepancy]:
    """Return everything that doesn't fit; with `deep` every file is read and its hash compared."""
    now = portal.clock()
    found: list[Discrepancy] = []
    with portal.db.read() as session:
        rows = session.execute(
            sa.select(File.name, File.sha256, Company.id, Company.data_key)
            .join(Company, Company.id == File.company_id)
            .where(File.purged_at.is_(None))
        ).all()
        others = {
            name
            for stored in (
                Annotation.stored,
                Archive.stored,
                ArchivePart.stored,
                HeldDocument.stored,
            )
            for name in session.scalars(sa.select(stored))
            if name
        }
        expired = session.scalars(
            sa.select(Job.id).where(
                Job.state == "running", Job.lease_until < portal.lease_time(session) - GRACE
            )
        ).all()
        unprinted = session.scalars(
            sa.select(Letter.id).where(Letter.file_id.is_(None), Letter.issued_at < now - GRACE)
        ).all()
    kept = set(portal.files.names())
    for name, sha256, company_id, data_key in rows:
        if name not in kept:
            found.append(Discrepancy("file_missing", name))
        elif deep and not _is_sound(portal, name, sha256, company_id, data_key):
            found.append(Discrepancy("file_damaged", name))
    old = (now - GRACE).timestamp()
    found += [
        Discrepancy("file_of_nobody", name)
        for name in sorted(kept - {row.name for row in rows} - others)
        if portal.files.written_at(name) < old
    ]
    found += [Discrepancy("lease_expired", str(job)) for job in expired]
    found += [Discrepancy("letter_without_pdf", letter) for letter in unprinted]
    found += [
        Discrepancy("audit", f"{fault.scope} {fault.number} {fault.kind}")
        for fault in audit_chain.verify(portal).faults
    ]
    return found


def _is_sound(portal: Portal, name: str, sha256: str, company_id: str, data_key: bytes) -> bool:
    digest = hashlib.sha256()
    try:
        for chunk in portal.files.chunks(name, portal.vault.company(company_id, data_key).file_key):
            digest.update(chunk)
    except FileDamagedError:
        return False
    return digest.hexdigest() == sha256
