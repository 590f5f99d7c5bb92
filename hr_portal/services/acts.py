"""The acts as an admin reads them: filtered, the latest first, page by page, or taken along."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from hr_portal.adapters.database.models import Act, Batch, Company, User
from hr_portal.domain.permissions import Actor, may
from hr_portal.services import audit
from hr_portal.services.context import Portal
from hr_portal.services.errors import Forbidden, Invalid

PER_PAGE = 50
MOST_EXPORTED = 200_000
AT_ONCE = 2_000
NOBODY = "-"
"""As `who`: what the portal does by itself, and tries to sign in."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are asked for; what is empty narrows nothing."""

    who: str = ""
    """A user's id, or `NOBODY`."""
    kind: str = ""
    """What it happened to: batch, document, letter, user, …"""
    action: str = ""
    company: str = ""
    """A company's id."""
    batch: str = ""
    """A batch's number."""
    since: dt.date | None = None
    until: dt.date | None = None
    """The last day, it included."""


@dataclass(frozen=True, slots=True)
class Line:
    """One act."""

    id: int
    number: int | None
    at: dt.datetime
    who: str | None
    company: str | None
    action: str
    subject: str
    """The number of the batch or the name of the user that it is about, else an id."""
    details: str
    parts: dict[str, Any]
    """The details by their names; its batch is told by number."""
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """Some acts, and from where the older ones go on."""

    lines: list[Line]
    older: int | None
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """(value, name) of the people, companies and kinds that there are."""


def listed(portal: Portal, actor: Actor, wanted: Wanted, *, before: int | None = None) -> Listed:
    """Return the latest acts that are wanted, or those before one.

    Raises:
        Forbidden: not an admin. Invalid: the batch's number is unknown.

    """
    _only_admin(actor)
    with portal.db.read() as session:
        conditions = _conditions(portal, session, wanted)
        if before is not None:
            conditions.append(Act.id < before)
        found = list(_walk(session, conditions, PER_PAGE + 1))
        older = found[PER_PAGE - 1].id if len(found) > PER_PAGE else None
        return Listed(found[:PER_PAGE], older, _choices(session))


def export(portal: Portal, actor: Actor, wanted: Wanted) -> list[Line]:
    """Return all acts that are wanted, the latest first, to take along; an act itself.

    Raises:
        Forbidden, Invalid: as `listed`. Invalid: more than `MOST_EXPORTED`.

    """
    _only_admin(actor)
    with portal.db.write() as session:
        conditions = _conditions(portal, session, wanted)
        found = list(_walk(session, conditions, MOST_EXPORTED + 1))
        if len(found) > MOST_EXPORTED:
            raise Invalid(
                f"Saringan ini memuat lebih dari {MOST_EXPORTED} catatan. Persempit tanggalnya.",
                f"This filter holds more than {MOST_EXPORTED} acts. Narrow down the dates.",
                fields={"since": "Persempit"},
            )
        told = {name: str(value) for name, value in asdict(wanted).items() if value}
        audit.record(portal, session, actor, "audit:exported", "-", acts=len(found), wanted=told)
        return found


def _walk(session: Session, conditions: list[sa.ColumnElement[bool]], most: int) -> Iterator[Line]:
    of_batch = sa.and_(
        Act.subject_kind.in_(("batch", "rows", "findings")), Batch.id == Act.subject_id
    )
    of_user = aliased(User)
    query = (
        sa.select(Act, User.name, Company.name, sa.func.coalesce(Batch.number, of_user.name))
        .outerjoin(User, User.id == Act.actor_id)
        .outerjoin(Company, Company.id == Act.company_id)
        .outerjoin(Batch, of_batch)
        .outerjoin(of_user, sa.and_(Act.subject_kind == "user", of_user.id == Act.subject_id))
        .where(*conditions)
        .order_by(Act.id.desc())
        .limit(most)
        .execution_options(yield_per=min(AT_ONCE, most))
    )
    for act, who, company, known in session.execute(query):
        yield Line(
            act.id, act.number, act.at, who, company, act.action, known or act.subject_id,
            _told(act.details), _parts(act.details), act.request_id,
        )  # fmt: skip


def _told(details: dict[str, Any]) -> str:
    """Return the details of an act as one line; its batch is told by number beside it."""
    return "; ".join(
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in _parts(details).items()
    )


def _parts(details: dict[str, Any]) -> dict[str, Any]:
    found = sorted(details.items())
    return {name: value for name, value in found if name != "batch" and value not in (None, "")}


def _conditions(portal: Portal, session: Session, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.who == NOBODY:
        found.append(Act.actor_id.is_(None))
    elif wanted.who:
        found.append(Act.actor_id == wanted.who)
    if wanted.kind:
        found.append(Act.subject_kind == wanted.kind)
    if wanted.action:
        found.append(Act.action == wanted.action)
    if wanted.company:
        found.append(Act.company_id == wanted.company)
    if wanted.batch:
        batch = session.scalar(
            sa.select(Batch.id).where(Batch.number == wanted.batch.strip().upper())
        )
        if batch is None:
            raise Invalid(
                f"Tidak ada pengajuan bernomor {wanted.batch[:40]}. Nomornya seperti PKD-2026-00142.",
                f"There is no submission {wanted.batch[:40]}. Numbers look like PKD-2026-00142.",
                fields={"batch": "Tidak ditemukan"},
            )
        of_it = Act.details["batch"].as_string() == batch
        found.append(sa.or_(Act.subject_id == batch, of_it))
    zone = ZoneInfo(portal.settings.timezone)
    if wanted.since is not None:
        found.append(Act.at >= dt.datetime.combine(wanted.since, dt.time.min, zone))
    if wanted.until is not None:
        after = dt.datetime.combine(wanted.until, dt.time.min, zone) + dt.timedelta(days=1)
        found.append(Act.at < after)
    return found


def _choices(session: Session) -> dict[str, list[tuple[str, str]]]:
    people = session.execute(sa.select(User.id, User.name, User.email).order_by(User.name, User.id))
    companies = session.execute(
        sa.select(Company.id, Company.name, Company.npp).order_by(Company.name, Company.id)
    )
    kinds = session.scalars(sa.select(Act.subject_kind).distinct().order_by(Act.subject_kind))
    return {
        "who": [(one, f"{name} ({email})") for one, name, email in people],
        "company": [(one, f"{name} ({npp})") for one, name, npp in companies],
        "kind": [(kind, kind) for kind in kinds],
    }


def _only_admin(actor: Actor) -> None:
    if not may(actor, "installation.manage"):
        raise Forbidden("Jejak audit hanya untuk admin.", "The audit trail is for admins only.")
