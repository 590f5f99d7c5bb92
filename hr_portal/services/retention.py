"""What is kept how long: what is due, and the legal holds that stop it. `purging` does it."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.keeping_models import LegalHold, Purge, is_held
from hr_portal.adapters.database.models import Act, Batch, Company, File
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.retention import STAGES, Periods, Stage
from hr_portal.services import audit, idle_drafts
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound

ENDED = ("approved", "partly_approved", "rejected", "forwarded", "completed", "cancelled")
"""States in which a batch comes to rest; a returned one goes on as a draft."""
MOST_REASON = 500
_cancelled_at = (
    sa.select(sa.func.max(Act.at))
    .where(
        Act.subject_kind == "batch",
        Act.subject_id == Batch.id,
        Act.action.in_(("batch:cancelled", "batch:lapsed")),
    )
    .correlate(Batch)
    .scalar_subquery()
)
ended_at = sa.func.coalesce(Batch.decided_at, _cancelled_at, Batch.last_edited_at)
"""When a batch that has ended did so: decided, or cancelled."""


@dataclass(frozen=True, slots=True)
class Due:
    """A batch that has reached a stage of retention and was not taken to it yet."""

    batch_id: str
    number: str
    company: str
    stage: Stage
    ended_at: dt.datetime
    is_held: bool
    is_draft: bool = False
    """True for a draft that nobody touches; `ended_at` is then when it was last changed."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold as the admin's page shows it."""

    id: str
    what: str
    """The number of a batch, or the name and NPP of a company."""
    is_company: bool
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Done:
    """A stage that a batch was taken to."""

    number: str
    company: str
    stage: Stage
    ended_at: dt.datetime
    files: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the admin sees of retention: periods, what waits, what is held, what went."""

    periods: Periods
    waiting: tuple[Due, ...]
    """Due and not held; a worker does them within minutes."""
    withheld: tuple[Due, ...]
    """Due, but held."""
    holds: tuple[Hold, ...]
    drafts_days: int
    """After how many untouched days a draft goes; 0 = never."""
    idle_drafts: int
    """Drafts untouched for as long as documents are kept that nobody but HRD ends."""
    done: tuple[Done, ...]
    """The latest first."""


def periods(portal: Portal) -> Periods:
    """Return the two periods of this installation."""
    settings = portal.settings
    return Periods(settings.retain_documents_days, settings.retain_log_years)


def due(portal: Portal, session: Session, *, most: int = 500) -> list[Due]:
    """Return what has reached a stage of retention, held or not, the oldest first."""
    found = [
        Due(batch_id, number, company, "documents", edited, held, is_draft=True)
        for batch_id, number, company, edited, held in session.execute(
            sa.select(Batch.id, Batch.number, Company.name, Batch.last_edited_at, is_held)
            .join(Company, Company.id == Batch.company_id)
            .where(idle_drafts.due(portal))
            .order_by(Batch.last_edited_at, Batch.id)
            .limit(most)
        )
    ]
    for stage in STAGES:
        before = periods(portal).ended_before(stage, portal.clock())
        of_it = sa.and_(Purge.batch_id == Batch.id, Purge.stage == stage)
        done = sa.exists().where(of_it, Purge.ended_at.is_not(None))
        begun = sa.exists().where(of_it)  # a draft's, which has ended only by it
        wanted = [Batch.state.in_(ENDED), sa.or_(ended_at <= before, begun), ~done]
        if stage == "log":  # one stage after the other
            wanted.append(
                sa.exists().where(
                    Purge.batch_id == Batch.id,
                    Purge.stage == "documents",
                    Purge.ended_at.is_not(None),
                )
            )
        found += [
            Due(batch_id, number, company, stage, ended, held)
            for batch_id, number, company, ended, held in session.execute(
                sa.select(
                    Batch.id, Batch.number, Company.name,
                    sa.type_coerce(ended_at, Batch.created_at.type), is_held,
                )
                .join(Company, Company.id == Batch.company_id)
                .where(*wanted)
                .order_by(ended_at, Batch.id)
                .limit(most)
            )
        ]  # fmt: skip
    return found


def is_due(portal: Portal, session: Session, batch_id: str, stage: Stage) -> bool:
    """Say whether a batch may be taken to a stage now: its time has come and nobody holds it."""
    before = periods(portal).ended_before(stage, portal.clock())
    its_time = sa.and_(Batch.state.in_(ENDED), ended_at <= before)
    if stage == "documents":
        its_time = sa.or_(its_time, idle_drafts.due(portal))
    return bool(
        session.scalar(sa.select(sa.exists().where(Batch.id == batch_id, its_time, ~is_held)))
    )


def standing(portal: Portal, actor: Actor) -> Standing:
    """Return what the admin's page shows; raises Forbidden."""
    _only_admin(actor)
    with portal.db.read() as session:
        listed = due(portal, session)
        held = session.scalars(
            sa.select(LegalHold)
            .options(
                joinedload(LegalHold.batch),
                joinedload(LegalHold.company),
                joinedload(LegalHold.placer),
            )
            .where(LegalHold.lifted_at.is_(None))
            .order_by(LegalHold.placed_at.desc(), LegalHold.id)
        )
        holds = tuple(
            Hold(one.id, _told(one), one.company is not None, one.reason, one.placer.name, one.placed_at)
            for one in held
        )  # fmt: skip
        gone = session.execute(
            sa.select(Batch.number, Company.name, Purge.stage, Purge.ended_at, Purge.files)
            .join(Batch, Batch.id == Purge.batch_id)
            .join(Company, Company.id == Batch.company_id)
            .where(Purge.ended_at.is_not(None))
            .order_by(Purge.ended_at.desc(), Purge.batch_id)
            .limit(20)
        )
        done = tuple(
            Done(number, company, cast("Stage", stage), ended or portal.clock(), files)
            for number, company, stage, ended, files in gone
        )
        idle = portal.clock() - dt.timedelta(days=portal.settings.retain_documents_days)
        stays = ~idle_drafts.never_submitted if portal.settings.retain_drafts_days else sa.true()
        drafts = session.scalar(
            sa.select(sa.func.count(Batch.id)).where(
                Batch.state.in_(("draft", "returned")), Batch.last_edited_at <= idle, stays
            )
        )
    return Standing(
        periods(portal),
        tuple(one for one in listed if not one.is_held),
        tuple(one for one in listed if one.is_held),
        holds,
        portal.settings.retain_drafts_days,
        drafts or 0,
        done,
    )


def place_hold(portal: Portal, actor: Actor, what: str, *, reason: str) -> None:
    """Hold a batch (by its number) or a company (by NPP, or NPP/division): nothing of it is purged.

    Raises:
        Forbidden: not an admin. Invalid: no such batch or company, or no reason.
        Conflict: it is held already, or being purged at this moment.

    """
    _only_admin(actor)
    reason = _expect_reason(reason)
    what = " ".join(what.split())
    with portal.db.write() as session:
        batch = session.scalar(sa.select(Batch).where(Batch.number == what))
        company = None if batch else _company_of(session, what)
        if batch is not None:
            lock_holds(session, batch.company_id)
            place, of_it = LegalHold.batch_id == batch.id, Batch.id == batch.id
        elif company is not None:
            lock_holds(session, company.id)
            place, of_it = LegalHold.company_id == company.id, Batch.company_id == company.id
        else:
            raise Invalid(
                f"Tidak ada pengajuan bernomor atau perusahaan ber-NPP {what or '(kosong)'}. Tulis "
                "nomor seperti PKD-2026-00142, NPP, atau NPP/divisi.",
                f"There is no submission or company {what or '(empty)'}. Write a number such as "
                "PKD-2026-00142, an NPP, or NPP/division.",
                fields={"what": "Tidak ditemukan"},
            )
        if session.scalar(sa.select(LegalHold.id).where(place, LegalHold.lifted_at.is_(None))):
            raise Conflict(
                f"{what} sudah ditahan; lihat daftarnya.",
                f"{what} is held already; see the list.",
                code="held_already",
            )
        if session.scalar(
            sa.select(Purge.batch_id).join(Batch).where(of_it, Purge.ended_at.is_(None)).limit(1)
        ):
            raise Conflict(
                f"Data {what} sedang dihapus sesuai masa simpan. Ulangi beberapa menit lagi; yang "
                "belum dihapus lalu ditahan.",
                f"Data of {what} is being deleted as retention asks. Repeat in some minutes; what "
                "is not deleted will then be held.",
                code="purging",
            )
        hold = LegalHold(
            batch_id=batch.id if batch else None,
            company_id=company.id if company else None,
            reason=reason,
            placed_by=actor.user_id,
            placed_at=portal.clock(),
        )
        session.add(hold)
        session.flush()
        _record(portal, session, actor, hold, "hold_placed", batch, reason)


def lift_hold(portal: Portal, actor: Actor, hold_id: str, *, reason: str) -> None:
    """Lift a hold; what is due by then goes with the next sweep.

    Raises:
        Forbidden: not an admin. NotFound: no such hold. Invalid: no reason.
        Conflict: lifted already.

    """
    _only_admin(actor)
    reason = _expect_reason(reason)
    with portal.db.write() as session:
        hold = session.scalar(sa.select(LegalHold).where(LegalHold.id == hold_id).with_for_update())
        if hold is None:
            raise NotFound
        if hold.lifted_at is not None:
            raise Conflict("Penahanan ini sudah dicabut.", "This hold was lifted already.")
        hold.lifted_by, hold.lifted_at, hold.lifted_reason = actor.user_id, portal.clock(), reason
        batch = session.get(Batch, hold.batch_id) if hold.batch_id else None
        _record(portal, session, actor, hold, "hold_lifted", batch, reason)


def lock_holds(session: Session, company_id: str) -> None:
    """Let placing a hold and beginning a purge of a company's batches take turns."""
    wanted = sa.select(Company.id).where(Company.id == company_id)
    session.execute(wanted.with_for_update(key_share=True))


def expect_kept(file: File) -> None:
    """Refuse to open a file whose bytes are gone; raises Conflict with the day."""
    if file.purged_at is not None:
        day = file.purged_at.strftime("%d-%m-%Y")
        raise Conflict(
            f"Isi berkas ini sudah dihapus pada {day} sesuai masa simpan. Catatan, tanggal, dan "
            f"sidik SHA-256-nya ({file.sha256[:12]}…) tetap tersimpan.",
            f"This file's content was deleted on {day} as retention asks. Its record, dates and "
            f"SHA-256 ({file.sha256[:12]}…) are kept.",
            code="purged",
        )


def expect_not_purged(session: Session, batch: Batch) -> None:
    """Refuse to act on a batch whose content is gone or going; raises Conflict."""
    if batch.state in ENDED and session.scalar(
        sa.select(sa.exists().where(Purge.batch_id == batch.id))
    ):
        raise Conflict(
            f"Isi pengajuan {batch.number} sudah dihapus atau disamarkan sesuai masa simpan, jadi "
            "tidak ada lagi yang dapat dikerjakan. Keputusan, surat, dan riwayatnya tetap terbaca.",
            f"The content of {batch.number} was deleted or masked as retention asks, so nothing "
            "can be done with it any more. Its decision, letters and history can still be read.",
            code="purged",
        )


def _record(
    portal: Portal,
    session: Session,
    actor: Actor,
    hold: LegalHold,
    verb: str,
    batch: Batch | None,
    reason: str,
) -> None:
    company_id = batch.company_id if batch else hold.company_id
    kind, subject = ("batch", batch.id) if batch else ("company", str(company_id))
    audit.record(
        portal, session, actor, f"{kind}:{verb}", subject,
        company_id=company_id, hold=hold.id, reason=reason,
    )  # fmt: skip


def _company_of(session: Session, what: str) -> Company | None:
    npp, _, division = what.partition("/")
    wanted = sa.select(Company).where(Company.npp == npp.strip())
    if division:
        wanted = wanted.where(Company.division == division.strip().zfill(3))
    found = session.scalars(wanted).all()
    return found[0] if len(found) == 1 else None


def _told(hold: LegalHold) -> str:
    if hold.batch is not None:
        return hold.batch.number
    company = hold.company
    return f"{company.name} ({company.npp}/{company.division})" if company else ""


def _expect_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason or len(reason) > MOST_REASON:
        raise Invalid(
            f"Tulis alasannya, paling panjang {MOST_REASON} huruf, misalnya nomor surat penyidik.",
            f"Write the reason, at most {MOST_REASON} characters, such as the investigator's letter.",
            fields={"reason": "Wajib diisi" if not reason else "Terlalu panjang"},
        )
    return reason


def _only_admin(actor: Actor) -> None:
    if not may(actor, "installation.manage"):
        raise Forbidden(
            "Masa simpan hanya diatur oleh admin.", "Only an admin keeps the retention."
        )
