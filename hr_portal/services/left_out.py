"""Rows that one verdict over many did not reach, each with why: nothing is done over unseen."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Correction, Revision, User

_DONE = {
    "approve": ("disetujui", "approved"),
    "return": ("dikembalikan", "returned"),
    "reject": ("ditolak", "rejected"),
}


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was left as it was."""

    row: int
    code: str
    """changed_meanwhile or document_missing."""
    message: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Given:
    """What one verdict over many rows did."""

    corrections: int
    left: tuple[Left, ...]


def judged_since(
    session: Session,
    revision: Revision,
    wanted: Iterable[Any] | None,
    seen_at: dt.datetime | None,
) -> list[Left]:
    """Return the rows that were judged after somebody looked, of some corrections or (None) of all.

    They are left as they are: whoever judges now has not seen that verdict.
    """
    if seen_at is None:
        return []
    if wanted is None:
        wanted = session.scalars(
            sa.select(Correction)
            .where(
                Correction.revision_id == revision.id,
                sa.or_(Correction.decided_at > seen_at, Correction.seconded_at > seen_at),
            )
            .order_by(Correction.row_number, Correction.id)
        )
    told: dict[int, Any] = {}
    for one in wanted:
        latest = max((at for at in (one.decided_at, one.seconded_at) if at), default=None)
        if latest is not None and latest > seen_at:
            told.setdefault(one.row_number, one)
    who = {one.seconded_by or one.decided_by for one in told.values()}
    names = dict(session.execute(sa.select(User.id, User.name).where(User.id.in_(who))).all())
    left = []
    for row, one in sorted(told.items()):
        done, done_en = _DONE[one.verdict or ""]
        by = names[one.seconded_by or one.decided_by or ""]
        left.append(
            Left(
                row,
                "changed_meanwhile",
                f"Baris {row} sudah {done} oleh {by} setelah halaman Anda dibuka.",
                f"Row {row} was {done_en} by {by} after you opened the page.",
            )
        )
    return left


def without_document(rows: Iterable[int]) -> list[Left]:
    """Say of rows that they can't be approved, since no document lies on them."""
    return [
        Left(
            row,
            "document_missing",
            f"Baris {row} hanya dapat disetujui berdasarkan dokumen pada baris itu.",
            f"Row {row} can only be approved on a document of that row.",
        )
        for row in rows
    ]
