"""Keys changed while everybody works: the master key, and the data key of a company.

Master key: what the old one has wrapped or sealed is wrapped anew, row by row. Data key: the
company gets a new one before the old, and a job seals everything anew in steps; each row and file
is the old or the new whole, and both are read meanwhile. The old key goes a day later, after a
pass that found nothing more under it (decision 92).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.account_models import RecoveryCode, SecondFactor
from hr_portal.adapters.database.document_models import Archive, HeldDocument
from hr_portal.adapters.database.keeping_models import KeyRotation
from hr_portal.adapters.database.models import (
    Annotation,
    AuditHead,
    Base,
    Batch,
    Company,
    File,
    Job,
    Revision,
    RowBlock,
    SignIn,
)
from hr_portal.adapters.database.upload_models import ArchivePart, ArchiveUpload
from hr_portal.adapters.files import FileDamagedError
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.permissions import Actor
from hr_portal.services import audit, audit_chain, crashpoints, jobs, sealed
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, NotFound
from hr_portal.services.purging import way_to_batch

JOB = "reseal"
AT_ONCE = 100
FILES_AT_ONCE = 5
SETTLE = dt.timedelta(days=1)
"""So long an old key stays readable: whoever holds it in memory has ended by then."""
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """What one change of the master key has done."""

    companies: int
    chains: int
    secrets: int
    sessions: int
    notes: int
    codes: int
    """People with unused recovery codes, which can't be carried over: they need the old key."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the change of a company's data key stands."""

    company: str
    npp: str
    begun_at: dt.datetime
    passes: int
    resealed: int
    ended_at: dt.datetime | None


# --- the master key -------------------------------------------------------------------------------


def rotate_master(portal: Portal) -> Rewrapped:
    """Wrap and seal by the present master key what the old one has; again does nothing.

    Every process has to know both keys by then. Killed halfway it is simply run again.

    Raises:
        Conflict: no old master key is set.

    """
    if not portal.settings.old_master_key:
        raise Conflict(
            "HR_PORTAL_OLD_MASTER_KEY kosong. Isi dengan kunci induk yang sekarang, isi "
            "HR_PORTAL_MASTER_KEY dengan kunci baru, mulai ulang portal, lalu ulangi perintah ini.",
            "HR_PORTAL_OLD_MASTER_KEY is empty. Put the present master key there, a new one in "
            "HR_PORTAL_MASTER_KEY, restart the portal, then repeat this command.",
            code="no_old_key",
        )
    vault = portal.vault
    companies = _each(
        portal, Company.id, Company,
        lambda one: ("data_key", vault.rewrapped(one.id, one.data_key) if one.data_key else None),
    )  # fmt: skip
    crashpoints.passing("keys:companies")
    chains = _each(
        portal, AuditHead.scope, AuditHead,
        lambda one: ("key", vault.rewrapped(audit.key_name(one.scope), one.key)),
    )  # fmt: skip
    secrets = _each(
        portal, SecondFactor.user_id, SecondFactor,
        lambda one: ("secret", vault.general.resealed(f"totp|{one.user_id}", one.secret)),
    )  # fmt: skip
    sessions = _each(
        portal, SignIn.id_hash, SignIn,
        lambda one: ("content", vault.general.resealed(f"sessions|{one.id_hash}", one.content)),
    )  # fmt: skip
    notes = audit_chain.sign_anew(portal)
    with portal.db.write() as session:
        codes = session.scalar(
            sa.select(sa.func.count(sa.distinct(RecoveryCode.user_id))).where(
                RecoveryCode.used_at.is_(None)
            )
        )
        done = Rewrapped(companies, chains, secrets, sessions, notes, codes or 0)
        audit.record(
            portal, session, None, "installation:master_key_rotated", "-",
            companies=companies, chains=chains, secrets=secrets, notes=notes,
        )  # fmt: skip
    return done


def _each(portal: Portal, key: Any, model: type[Any], change: Any) -> int:  # noqa: ANN401 - of many models
    """Change one column of every row in a transaction of its own; return how many needed it."""
    with portal.db.read() as session:
        keys = session.scalars(sa.select(key).order_by(key)).all()
    changed = 0
    for one in keys:
        with portal.db.write() as session:
            row = session.get(model, one, with_for_update=True)
            if row is None:
                continue  # a sign-in that ended meanwhile
            column, value = change(row)
            if value is not None:
                setattr(row, column, value)
                changed += 1
    return changed


# --- the data key of a company --------------------------------------------------------------------


def begin(portal: Portal, actor: Actor | None, company_id: str) -> None:
    """Give a company a new data key; everything new is sealed by it, and a job does the rest.

    Raises:
        NotFound: no such company. Conflict: it is being changed already, or was shredded.

    """
    if missing := sealed.unlisted():
        msg = f"no way to seal {', '.join(missing)} anew"
        raise LookupError(msg)
    with portal.db.write() as session:
        company = session.get(Company, company_id, with_for_update=True)
        if company is None:
            raise NotFound
        if not company.data_key:
            raise Conflict(
                "Data perusahaan ini sudah dimusnahkan; tidak ada kunci yang dapat diganti.",
                "This company was shredded; there is no key to change.",
                code="shredded",
            )
        held = session.get(KeyRotation, company_id)
        if held is not None and held.ended_at is None:
            raise Conflict(
                "Kunci perusahaan ini sedang diganti; lihat hr-portal keys status.",
                "This company's key is being changed; see hr-portal keys status.",
                code="rotating",
            )
        company.data_key = portal.vault.with_new_key(company_id, company.data_key)
        session.merge(
            KeyRotation(
                company_id=company_id, begun_at=portal.clock(), passes=0, place=0, cursor=[],
                resealed=0, total=0, ended_at=None,
            )
        )  # fmt: skip
        jobs.again(portal, session, JOB, company_id)
        audit.record(
            portal, session, actor, "company:key_rotated", company_id, company_id=company_id
        )


def reseal_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Go over everything of a company once, then again after a day, until the old key may go."""
    while _step(portal, claimed):
        crashpoints.passing("keys:step")


def standing(portal: Portal) -> list[Progress]:
    """Return where every change of a data key stands, the latest first."""
    with portal.db.read() as session:
        found = session.execute(
            sa.select(
                Company.name, Company.npp, KeyRotation.begun_at, KeyRotation.passes,
                KeyRotation.total, KeyRotation.ended_at,
            )
            .join(Company, Company.id == KeyRotation.company_id)
            .order_by(KeyRotation.begun_at.desc())
        )  # fmt: skip
        return [Progress(*one) for one in found]


def under_old_master(portal: Portal) -> int:
    """Return how many keys the old master key still has wrapped; 0 without one."""
    vault = portal.vault
    with portal.db.read() as session:
        companies = session.execute(sa.select(Company.id, Company.data_key)).all()
        heads = session.execute(sa.select(AuditHead.scope, AuditHead.key)).all()
    return sum(bool(key) and vault.rewrapped(one, key) is not None for one, key in companies) + sum(
        vault.rewrapped(audit.key_name(scope), key) is not None for scope, key in heads
    )


def _step(portal: Portal, claimed: jobs.Claim) -> bool:
    """Seal some rows or files anew; False where the pass or the whole change is over."""
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        rotation = session.get_one(KeyRotation, claimed.subject, with_for_update=True)
        company = session.get_one(Company, claimed.subject)
        if rotation.ended_at is not None or not company.data_key:
            jobs.finish(session, claimed)
            return False
        key = portal.key(company)
        models = sealed.models()
        if rotation.place < len(models):
            last, changed = _rows(session, key, company.id, models[rotation.place], rotation.cursor)
        elif rotation.place == len(models):
            last, changed = _files(portal, session, key, company.id, rotation.cursor)
        else:
            return _end_of_pass(portal, session, claimed, rotation, company)
        rotation.resealed += changed
        rotation.total += changed
        if last is None:
            rotation.place, rotation.cursor = rotation.place + 1, []
        else:
            rotation.cursor = last
        return True


def _rows(
    session: Session, key: CompanyKey, company_id: str, model: type[Any], cursor: list[Any]
) -> tuple[list[Any] | None, int]:
    """Seal the next rows of a model anew; return the key of the last one, None at the end."""
    columns = sealed.key_columns(model)
    table = cast("sa.Table", model.__table__)
    chain, mine = _of_company(table, company_id)
    query = sa.select(*columns).select_from(chain).where(mine).order_by(*columns).limit(AT_ONCE)
    if cursor:
        query = query.where(sa.tuple_(*columns) > sa.tuple_(*cursor))
    keys = session.execute(query).all()
    held = [one for one in sealed.HELD if one.model is model]
    changed = 0
    for place in keys:
        row = session.get_one(model, tuple(place), with_for_update=True)
        for one in held:
            value = getattr(row, one.column)
            fresh = None if value is None else key.resealed(one.place(row), value)
            if fresh is not None:
                changed += 1
                setattr(row, one.column, fresh)
                if isinstance(row, RowBlock):
                    row.resealed += 1  # or the verdicts on its rows would be taken back
    session.flush()
    return (list(keys[-1]) if len(keys) == AT_ONCE else None), changed


def _of_company(table: sa.Table, company_id: str) -> tuple[sa.FromClause, sa.ColumnElement[bool]]:
    if "company_id" in table.columns:
        return table, table.columns["company_id"] == company_id
    chain, of_batch = way_to_batch(table)
    batches = Base.metadata.tables[Batch.__tablename__]
    return (
        chain.join(batches, batches.c.id == of_batch),
        batches.c.company_id == company_id,
    )


def _files(
    portal: Portal, session: Session, key: CompanyKey, company_id: str, cursor: list[Any]
) -> tuple[list[Any] | None, int]:
    """Seal the next files anew, by name; as `_rows`."""
    of_company = Batch.company_id == company_id
    named = sa.union(
        sa.select(File.name.label("name")).where(
            File.company_id == company_id, File.purged_at.is_(None)
        ),
        sa.select(Annotation.stored)
        .join(Revision, Revision.id == Annotation.revision_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(of_company, Annotation.stored.is_not(None)),
        sa.select(Archive.stored)
        .join(Batch, Batch.id == Archive.batch_id)
        .where(of_company, Archive.stored.is_not(None)),
        sa.select(ArchivePart.stored)
        .join(ArchiveUpload, ArchiveUpload.id == ArchivePart.upload_id)
        .join(Batch, Batch.id == ArchiveUpload.batch_id)
        .where(of_company),
        sa.select(HeldDocument.stored)
        .join(Batch, Batch.id == HeldDocument.batch_id)
        .where(of_company, HeldDocument.stored.is_not(None)),
    ).subquery()
    query = sa.select(named.c.name).order_by(named.c.name).limit(FILES_AT_ONCE)
    if cursor:
        query = query.where(named.c.name > cursor[0])
    names = session.scalars(query).all()
    changed = 0
    for name in names:
        try:
            changed += portal.files.reseal(name, key.file_key)
        except FileDamagedError:
            continue  # gone meanwhile, or damaged before: `reconcile --deep` tells
        crashpoints.passing("keys:file")
    return ([names[-1]] if len(names) == FILES_AT_ONCE else None), changed


def _end_of_pass(
    portal: Portal, session: Session, claimed: jobs.Claim, rotation: KeyRotation, company: Company
) -> bool:
    """Let the old keys go after a pass that found nothing, else have another one later."""
    others = session.scalar(
        sa.select(sa.func.count(Job.id)).where(Job.state == "running", Job.id != claimed.id)
    )
    is_settled = portal.clock() >= rotation.begun_at + SETTLE
    rotation.passes += 1
    if rotation.resealed == 0 and is_settled and not others:
        company.data_key = portal.vault.without_old_keys(company.id, company.data_key)
        rotation.ended_at = portal.clock()
        audit.record(
            portal, session, None, "company:old_key_retired", company.id, company_id=company.id,
            resealed=rotation.total, passes=rotation.passes,
        )  # fmt: skip
        jobs.finish(session, claimed)
        return False
    wait = rotation.begun_at + SETTLE - portal.clock()
    rotation.place, rotation.cursor, rotation.resealed = 0, [], 0
    delay = max(PATIENCE_SECONDS, wait.total_seconds())
    jobs.retry(portal, session, claimed, "settling", delay=delay)
    return False
