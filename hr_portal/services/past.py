"""What a company has asked for before: remembered at submission, asked at the check.

Only indexes are kept (HMAC, keyed per company): equal values can be recognised, none
can be read. Whether something is pending or approved is never stored here; the batch's
state and the correction's verdict say so at the moment of asking.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from hr_portal.adapters.database.engine import bulk_insert, bulk_update
from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Employee,
    Fact,
    Revision,
    Row,
)
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.checks.past import compare_history, wanting
from hr_portal.domain.history import NO_HISTORY, History, near
from hr_portal.domain.permissions import Actor
from hr_portal.domain.report import Report
from hr_portal.services import jobs, people, refusals, visible
from hr_portal.services.context import Portal
from hr_portal.services.renamed import APPROVED, of_cards, replacements, value_index
from hr_portal.services.rowdata import walk_blocks
from hr_portal.services.standing import stands

ASKED_AT_ONCE = 5_000
"""Employees asked for in one query; SQLite takes 32,766 values at most."""
MOST_DOUBTED = 2_000
"""Numbers compared digit by digit with what was sent before; some 350 tries each."""
PENDING = ("submitted", "in_review")
Item = TypeVar("Item")
FACT_COLUMNS = ("correction_id", "company_id", "kpj_index", "field", "value_index")


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts of one revision, and the version of the batch they were read at."""

    revision_id: int
    version: int
    facts: list[tuple[object, ...]]
    people: tuple[tuple[object, ...], ...] = ()
    """Its employees by name and date of birth, see `people`."""
    cards: tuple[tuple[bytes, bytes], ...] = ()
    """Replaced KPJ of its employees with the one that they have now, by index."""


def judge(
    portal: Portal,
    session: Session,
    company_id: str,
    batch_id: str | None,
    key: CompanyKey,
    report: Report,
) -> None:
    """Add to a report what the company's other batches say of its people (HIS-01 to 03).

    The revisions of `batch_id` don't count, nor does any other company. Of all companies is
    only what the agency often refuses (HIS-04).
    """
    history = NO_HISTORY
    if session.connection().scalar(_HAS_PAST, {"company": company_id}):
        history = history_of(session, company_id, batch_id, key, report)
    often = refusals.refused_often(portal, session, report.corrections.field_key)
    compare_history(report, replace(history, refused=often))


_of_employee = Employee.__table__.c.company_id
_HAS_PAST = sa.select(sa.exists().where(_of_employee == sa.bindparam("company")))


def history_of(
    session: Session, company_id: str, batch_id: str | None, key: CompanyKey, report: Report
) -> History:
    """Return what the company's batches, but for this one, hold on a report's people."""
    pending: dict[tuple[str, str], str] = {}
    approved: dict[tuple[str, str], dict[bytes, str]] = {}
    nik_changed: dict[str, str] = {}
    asked = report.corrections
    kpj_of = report.employee["kpj"]
    cards = {kpj_of[row] for row in asked.row} - {""}
    replaced = replacements(session, company_id)
    by_index = {key.index("kpj", kpj): {kpj} for kpj in cards}
    for index, kpj in of_cards(key, replaced, cards).items():
        by_index.setdefault(index, set()).add(kpj)
    told = facts_on(session, company_id, batch_id, list(by_index))
    for index, field, value, state, number in told:
        for kpj in by_index[index]:
            if state in PENDING:
                pending[kpj, field] = number
                continue
            approved.setdefault((kpj, field), {})[value] = number
            if field == "nik":
                nik_changed[kpj] = number
    same: dict[tuple[str, str, str], str] = {}
    for row, field, after in zip(asked.row, asked.field_key, asked.after, strict=True):
        kpj = report.employee["kpj"][row]
        values = approved.get((kpj, field))
        before = values.get(value_index(key, field, after)) if values else None
        if before is not None:
            same[kpj, field, after] = before
    return History(
        pending,
        same,
        nik_changed,
        nik_meant=_meant(session, company_id, key, report, "nik", "kpj", replaced),
        kpj_meant=_meant(session, company_id, key, report, "kpj", "nik", replaced),
        people=people.known_people(session, company_id, batch_id, key, report),
    )


def asked(portal: Portal, actor: Actor, batch_id: str) -> Asked:
    """Read the facts of a batch's current revision; no lock is held meanwhile."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        if batch.state != "draft":
            return Asked(revision.id, batch.version, [])  # it will be refused
        return _read(portal, session, batch, revision)


def asked_in(portal: Portal, batch_id: str, revision_id: int) -> Asked:
    """Read the facts of a revision that is made for a batch and that nobody sees yet."""
    with portal.db.read() as session:
        batch = session.get_one(Batch, batch_id, options=[joinedload(Batch.company)])
        return _read(portal, session, batch, session.get_one(Revision, revision_id))


def remember(
    portal: Portal, session: Session, batch: Batch, revision: Revision, held: Asked | None = None
) -> None:
    """Keep the facts of a revision that is submitted, in the transaction that submits it.

    `held` is what was read before; where the batch has changed since, it is read again.
    """
    held = current(portal, session, batch, revision, held)
    bulk_insert(session, Fact.__table__, FACT_COLUMNS, held.facts)  # type: ignore[arg-type]
    bulk_insert(session, people.TABLE, people.SEEN_COLUMNS, list(held.people))
    first = (
        sa.select(sa.func.min(Row.number).label("number"))
        .where(Row.revision_id == revision.id)
        .group_by(Row.kpj_index)
        .subquery()
    )
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        make(Employee)
        .from_select(
            ["company_id", "kpj_index", "nik_index", "batch_id"],
            sa.select(
                sa.literal(batch.company_id), Row.kpj_index, Row.nik_index, sa.literal(batch.id)
            )
            .where(Row.revision_id == revision.id, Row.number.in_(sa.select(first.c.number)))
            .order_by(Row.kpj_index),
        )
        .on_conflict_do_nothing()
    )


def current(
    portal: Portal, session: Session, batch: Batch, revision: Revision, held: Asked | None
) -> Asked:
    """Return the facts of a revision as they are now: those read before, if nothing has changed."""
    if held is None or (held.revision_id, held.version) != (revision.id, batch.version):
        return _read(portal, session, batch, revision)
    return held


def _has_approved_nik(revision: Revision) -> sa.ColumnElement[bool]:
    """Whether a row is one of a revision's whose new NIK was approved."""
    approved = sa.select(Correction.row_number).where(
        Correction.revision_id == revision.id,
        Correction.field == "nik",
        Correction.verdict == "approve",
    )
    return sa.and_(Row.revision_id == revision.id, Row.number.in_(approved))


def approved_niks(session: Session, batch: Batch, revision: Revision) -> dict[bytes, bytes | None]:
    """Return the new NIK that a revision's verdicts approve, by KPJ; both by index.

    Of several rows of one employee the first counts.
    """
    found = session.execute(
        sa.select(Row.kpj_index, Row.nik_index)
        .join(Correction, sa.and_(
            Correction.revision_id == Row.revision_id, Correction.row_number == Row.number
        ))
        .join(Employee, sa.and_(
            Employee.company_id == batch.company_id, Employee.kpj_index == Row.kpj_index
        ))
        .where(Row.revision_id == revision.id, Correction.field == "nik",
               Correction.verdict == "approve")
        .order_by(Row.number.desc())
    )  # fmt: skip
    return dict(found.all())


def note_approved(session: Session, batch: Batch, niks: Mapping[bytes, bytes | None]) -> None:
    """Let the company's employees have the NIK that this decision has approved."""
    bulk_update(
        session,
        Employee.__table__,  # type: ignore[arg-type]
        ("nik_index", "batch_id"),
        ("company_id", "kpj_index"),
        [(nik, batch.id, batch.company_id, kpj) for kpj, nik in niks.items()],
    )


def forget_approved(session: Session, batch: Batch, revision: Revision) -> None:
    """Let employees whose NIK this decision approved have the one they had before it.

    That is the one of the latest decision that stands on them in another batch, or else the one
    they were first submitted with. Where a later batch has changed it again, it stays.
    """
    changed = sa.select(Row.kpj_index).where(_has_approved_nik(revision))
    mine = session.scalars(
        sa.select(Employee).where(
            Employee.company_id == batch.company_id,
            Employee.batch_id == batch.id,
            Employee.kpj_index.in_(changed),
        )
    )
    held = {one.kpj_index: one for one in mine}
    for part in parts(sorted(held)):
        first: set[bytes] = set()
        for kpj, nik, batch_id, told in session.execute(_niks_told(batch, part)):
            if told or kpj not in first:
                held[kpj].nik_index, held[kpj].batch_id = nik, batch_id
            first.add(kpj)


def _niks_told(batch: Batch, cards: Sequence[bytes]) -> sa.Select[bytes, bytes, str, bool]:
    """Return what batches told of some employees' NIK: as first sent, then as decided elsewhere."""
    told = sa.and_(
        Batch.id != batch.id,
        Batch.state.in_(APPROVED),
        Revision.number == Batch.revision_number,
        Fact.field == "nik",
        stands(),
    )
    return (
        sa.select(Fact.kpj_index, Row.nik_index, Batch.id, told.label("told"))
        .join(Correction, Correction.id == Fact.correction_id)
        .join(
            Row,
            sa.and_(Row.revision_id == Correction.revision_id, Row.number == Correction.row_number),
        )
        .join(Revision, Revision.id == Correction.revision_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(Fact.company_id == batch.company_id, Fact.kpj_index.in_(cards))
        .order_by(
            told,
            sa.case((told, Batch.decided_at), else_=Batch.submitted_at).nulls_last(),
            Revision.number,
            Row.number,
        )
    )


def remember_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Make the facts of a revision that was submitted before there were any."""
    with portal.db.write() as session:
        revision = session.get_one(
            Revision,
            int(claimed.subject),
            options=[joinedload(Revision.batch).joinedload(Batch.company)],
        )
        batch = revision.batch
        corrections = sa.select(Correction.id).where(Correction.revision_id == revision.id)
        session.execute(sa.delete(Fact).where(Fact.correction_id.in_(corrections)))
        session.execute(
            sa.update(Employee)
            .where(
                Employee.company_id == batch.company_id,
                Employee.batch_id.is_(None),
                Employee.kpj_index.in_(
                    sa.select(Row.kpj_index).where(Row.revision_id == revision.id)
                ),
            )
            .values(batch_id=batch.id)
            .execution_options(synchronize_session=False)
        )
        remember(portal, session, batch, revision)
        session.flush()
        note_approved(session, batch, approved_niks(session, batch, revision))
        jobs.finish(session, claimed)


def _read(portal: Portal, session: Session, batch: Batch, revision: Revision) -> Asked:
    key = portal.key(batch.company)
    ids = {
        (number, field): correction_id
        for correction_id, number, field in session.execute(
            sa.select(Correction.id, Correction.row_number, Correction.field).where(
                Correction.revision_id == revision.id
            )
        )
    }
    facts: list[tuple[object, ...]] = []
    seen: list[tuple[object, ...]] = []
    known: set[str] = set()
    replaced = replacements(session, batch.company_id)
    before: dict[bytes, bytes] = {}
    for at, block in enumerate(walk_blocks(session, key, revision.id)):
        seen += people.seen_in(key, batch.company_id, revision.id, at, block, known)
        cards = block.employee[0]
        for index, kpj in of_cards(key, replaced, {*cards} - {""}).items():
            before[index] = key.index("kpj", kpj)
        for number, kpj, changes in zip(block.numbers, cards, block.changes, strict=True):
            facts += [
                (
                    ids[number, field],
                    batch.company_id,
                    key.index("kpj", kpj),
                    field,
                    value_index(key, field, after),
                )
                for field, _before, after in changes
                if kpj
            ]
    return Asked(revision.id, batch.version, facts, tuple(seen), tuple(before.items()))


def facts_on(
    session: Session,
    company_id: str,
    batch_id: str | None,
    cards: Sequence[bytes],
    others: Sequence[str] | None = None,
) -> Iterator[tuple[bytes, str, bytes, str, str]]:
    """Walk what stands or waits on some KPJ, by index, oldest first; `others` are the only batches.

    Yields KPJ index, field, value index, state and number of the batch.
    """
    approved = sa.and_(Batch.state.in_(APPROVED), stands())
    waits = Batch.state.in_(PENDING)
    query = (
        sa.select(Fact.kpj_index, Fact.field, Fact.value_index, Batch.state, Batch.number)
        .join(Correction, Correction.id == Fact.correction_id)
        .join(Revision, Revision.id == Correction.revision_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(
            Fact.company_id == company_id,
            # a verdict on a revision that was withdrawn, or set aside, holds no longer
            Revision.number == Batch.revision_number,
            sa.or_(approved, waits),
        )
        .order_by(Batch.submitted_at, Batch.number)
    )
    if batch_id is not None:
        query = query.where(Batch.id != batch_id)
    for of_batches in [None] if others is None else parts(others):
        among = query if of_batches is None else query.where(Batch.id.in_(of_batches))
        for part in parts(cards):
            yield from session.execute(among.where(Fact.kpj_index.in_(part)))


def acted_since(since: dt.datetime) -> sa.ColumnElement[bool]:
    """Return the condition for batches that were submitted or decided since then."""
    return sa.or_(Batch.submitted_at >= since, Batch.decided_at >= since)


def _meant(
    session: Session,
    company_id: str,
    key: CompanyKey,
    report: Report,
    field: str,
    other: str,
    replaced: Mapping[bytes, bytes],
) -> dict[tuple[str, str], tuple[str, str]]:
    """Find for numbers in doubt the one that was sent before, at most one slip away.

    Tries all slips against the index of the number known for the other one; where
    several fit there is no telling, and nothing is offered. A KPJ that was `replaced` leads
    to the NIK that went with it, and is offered to nobody.
    """
    values, others = report.employee[field], report.employee[other]
    doubted = {
        (others[row], values[row])
        for row in wanting(report, field)
        if others[row] and values[row].isascii() and values[row].isdigit()
    }
    pairs = sorted(doubted)[:MOST_DOUBTED]
    known: dict[bytes, dict[bytes, str]] = {}
    sought = {index: index for index in (key.index(other, value) for value, _ in pairs)}
    mine, by = (
        (Employee.nik_index, Employee.kpj_index)
        if field == "nik"
        else (Employee.kpj_index, Employee.nik_index)
    )
    if field == "nik":
        before = of_cards(key, replaced, {value for value, _ in pairs})
        sought |= {index: key.index(other, value) for index, value in before.items()}
    for part in parts(sorted(sought)):
        query = (
            sa.select(by, mine, Batch.number)
            .join(Batch, Batch.id == Employee.batch_id)
            .where(Employee.company_id == company_id, by.in_(part))
        )
        for by_index, my_index, number in session.execute(query):
            if field == "nik" or my_index not in replaced:
                known.setdefault(sought[by_index or b""], {})[my_index or b""] = number
    return {
        pair: found
        for pair in pairs
        if (found := _one_slip(key, field, pair[1], known.get(key.index(other, pair[0]), {})))
    }


def _one_slip(
    key: CompanyKey, field: str, written: str, known: dict[bytes, str]
) -> tuple[str, str] | None:
    if not known or key.index(field, written) in known:
        return None
    fitting = [
        (tried, known[index])
        for tried in near(written)
        if (index := key.index(field, tried)) in known
    ]
    return fitting[0] if len(fitting) == 1 else None


def parts(listed: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Cut a list into parts that one query may name."""
    for start in range(0, len(listed), ASKED_AT_ONCE):
        yield listed[start : start + ASKED_AT_ONCE]
