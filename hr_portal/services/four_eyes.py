"""Four eyes: what two different reviewers have to approve, and the list an admin keeps of it.

A combination is a set of fields. Where all its fields are approved for one employee
(on one row or on several), each of these approvals needs a second reviewer. The
database holds the same law when a review ends (migration 0011).
"""

import functools
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from hr_portal.adapters.database.models import Correction, Membership, Row
from hr_portal.adapters.database.review_models import FourEyesField
from hr_portal.domain.fields import FIELD
from hr_portal.domain.permissions import Actor, may
from hr_portal.services import audit
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound

MOST_COMBINATIONS = 50
MOST_FIELDS = 5


@functools.cache  # aliases copy every column; the bench asks for this on each page
def wanted() -> sa.ColumnElement[bool]:
    """Return the condition for approvals that weigh so much that two have to give them."""
    mine, listed, other = aliased(Row), aliased(FourEyesField), aliased(FourEyesField)
    its, beside = aliased(Row), aliased(Correction)
    approved_too = (
        sa.exists()
        .where(
            its.revision_id == mine.revision_id,
            its.kpj_index == mine.kpj_index,
            beside.revision_id == its.revision_id,
            beside.row_number == its.number,
            beside.field == other.field,
            beside.verdict == "approve",
        )
        .correlate(mine, other)
    )
    incomplete = (
        sa.exists()
        .where(other.combination == listed.combination, other.field != listed.field, ~approved_too)
        .correlate(listed, mine)
    )
    return sa.and_(
        Correction.verdict == "approve",
        sa.exists()
        .where(
            listed.field == Correction.field,
            mine.revision_id == Correction.revision_id,
            mine.number == Correction.row_number,
            ~incomplete,
        )
        .correlate(Correction),
    )


@functools.cache
def waiting() -> sa.ColumnElement[bool]:
    """Return the condition for approvals that still wait for their second reviewer."""
    return sa.and_(Correction.seconded_by.is_(None), wanted())


def rows_waiting(
    session: Session,
    revision_id: int,
    *,
    but: str | None = None,
    among: tuple[int, int] | None = None,
) -> list[int]:
    """Return the rows that wait for a second reviewer; those that `but` approved left out.

    `among` looks at the rows from one to another only.
    """
    query = sa.select(Correction.row_number).where(Correction.revision_id == revision_id, waiting())
    if among is not None:
        query = query.where(Correction.row_number.between(*among))
    if but is not None:
        query = query.where(Correction.decided_by != but)
    return sorted(set(session.scalars(query)))  # sorted there, SQLite walks over every correction


def rows_after(session: Session, revision_id: int, user_id: str, last: int, most: int) -> list[int]:
    """Return the next rows behind `last` that another has approved and this user may second."""
    query = (
        sa.select(Correction.row_number)
        .where(
            Correction.revision_id == revision_id,
            Correction.row_number > last,
            waiting(),
            Correction.decided_by != user_id,
        )
        .distinct()
        .order_by(Correction.row_number)
        .limit(most)
    )
    return list(session.scalars(query))


def approvers_waiting(session: Session, revision_id: int) -> list[tuple[int, str | None]]:
    """Return each row that waits for a second reviewer with who approved it, from one look."""
    found = session.execute(
        sa.select(Correction.row_number, Correction.decided_by).where(
            Correction.revision_id == revision_id, Correction.verdict.is_not(None), waiting()
        )
    )
    return list({(row, by) for row, by in found})  # sorted there, SQLite walks over all of them


def others_at(session: Session, branch_id: str, user_id: str) -> bool:
    """Say whether the branch has another reviewer than this one."""
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    Membership.branch_id == branch_id,
                    Membership.role == "reviewer",
                    Membership.user_id != user_id,
                )
            )
        )
    )


def combinations(portal: Portal, actor: Actor) -> list[tuple[int, tuple[str, ...]]]:
    """Return (id, field keys) of each combination, in the order they were made."""
    _only_admin(actor)
    with portal.db.read() as session:
        return _listed(session)


def add(portal: Portal, actor: Actor, fields: Iterable[str]) -> int:
    """Ask for two reviewers where all of `fields` are approved for an employee; returns its id.

    Raises:
        Forbidden: not an admin. Conflict: it is listed already.
        Invalid: no field, an unknown one, too many fields or combinations.

    """
    _only_admin(actor)
    chosen = tuple(key for key in FIELD if key in set(fields))
    if not chosen or len(chosen) > MOST_FIELDS or set(fields) - FIELD.keys():
        raise Invalid(
            f"Pilih 1 sampai {MOST_FIELDS} data. Beberapa data berarti: bila semuanya disetujui bersama.",
            f"Choose 1 to {MOST_FIELDS} data. Several mean: where all of them are approved together.",
            fields={"fields": "Wajib dipilih"},
        )
    with portal.db.write() as session:
        held = _listed(session)
        if chosen in {one for _id, one in held}:
            raise Conflict("Gabungan data ini sudah ada.", "This combination is listed already.")
        if len(held) >= MOST_COMBINATIONS:
            raise Invalid(
                f"Paling banyak {MOST_COMBINATIONS} gabungan; hapus yang tidak dipakai.",
                f"{MOST_COMBINATIONS} combinations at most; remove what is not needed.",
            )
        number = max((one for one, _fields in held), default=0) + 1
        session.add_all(FourEyesField(combination=number, field=key) for key in chosen)
        audit.record(portal, session, actor, "four_eyes:added", str(number), fields=list(chosen))
        return number


def remove(portal: Portal, actor: Actor, combination: int) -> None:
    """Take a combination off the list; reviews that are open no longer need a second for it.

    Raises:
        Forbidden: not an admin. NotFound: there is none of this id.

    """
    _only_admin(actor)
    with portal.db.write() as session:
        held = dict(_listed(session))
        if combination not in held:
            raise NotFound
        session.execute(sa.delete(FourEyesField).where(FourEyesField.combination == combination))
        audit.record(
            portal,
            session,
            actor,
            "four_eyes:removed",
            str(combination),
            fields=list(held[combination]),
        )


def _listed(session: Session) -> list[tuple[int, tuple[str, ...]]]:
    held: dict[int, set[str]] = {}
    for one in session.scalars(sa.select(FourEyesField).order_by(FourEyesField.combination)):
        held.setdefault(one.combination, set()).add(one.field)
    return [
        (number, tuple(key for key in FIELD if key in fields)) for number, fields in held.items()
    ]


def _only_admin(actor: Actor) -> None:
    if not may(actor, "installation.manage"):
        raise Forbidden("Hanya admin yang dapat mengubah ini.", "Only an admin may change this.")
