"""What was asked before for the employee of a row, in the same company, and how it ended."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from hr_portal.adapters.database.models import Batch, Correction, Employee, Fact, Revision, Row
from hr_portal.adapters.database.review_models import AgencyAnswer
from hr_portal.domain.permissions import Actor
from hr_portal.domain.workflow import SUBMITTED_ONCE
from hr_portal.services import visible
from hr_portal.services.context import Portal

MOST = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """One correction of the same employee in another batch."""

    batch_id: str
    number: str
    submitted_at: dt.datetime
    field: str
    verdict: str | None
    """None while it waits."""
    answer: str | None
    """What the agency has answered to what was approved: accepted or refused."""


def earlier(portal: Portal, actor: Actor, batch_id: str, row: int) -> list[Earlier]:
    """Return other batches' corrections of a row's employee, the newest first, at most `MOST`.

    The employee is known by the indexes of KPJ and NIK alone; only batches that the actor may
    see are named.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        found = session.execute(
            _EARLIER,
            {
                "batch": batch.id,
                "company": batch.company_id,
                "revision": revision.id,
                "row": row,
                **visible.places_of(actor),
            },
        )
        return [
            Earlier(one, number, at, field, verdict, answer)
            for one, number, at, field, verdict, answer in found
            if at is not None
        ]


def _earlier() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for what was asked before, made once: the bench asks it for each row."""
    company = sa.bindparam("company", type_=sa.String)
    mine = sa.and_(Row.revision_id == sa.bindparam("revision"), Row.number == sa.bindparam("row"))
    kpj = sa.select(Row.kpj_index).where(mine)
    by_nik = sa.select(Employee.kpj_index).where(
        Employee.company_id == company,
        Employee.nik_index.in_(sa.select(Row.nik_index).where(mine)),
    )
    return (
        sa.select(
            Batch.id, Batch.number, Batch.submitted_at,
            Correction.field, Correction.verdict, AgencyAnswer.answer,
        )
        .select_from(Fact)
        .join(Correction, Correction.id == Fact.correction_id)
        .join(Revision, Revision.id == Correction.revision_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .outerjoin(AgencyAnswer, AgencyAnswer.correction_id == Correction.id)
        .where(
            Fact.company_id == company,
            sa.or_(Fact.kpj_index.in_(kpj), Fact.kpj_index.in_(by_nik)),
            Batch.id != sa.bindparam("batch"),
            Batch.state.in_(sorted(SUBMITTED_ONCE)),
            visible.BATCHES,
            visible.REVISIONS,  # no verdict that was withdrawn with its revision
        )
        .order_by(Batch.submitted_at.desc(), Correction.id)
        .limit(MOST)
    )  # fmt: skip


_EARLIER: Final = _earlier()
