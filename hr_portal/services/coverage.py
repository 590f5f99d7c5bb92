"""The matrix of rows and the documents they ask for: what is there, and what is missing."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import (
    Batch,
    Correction,
    Document,
    Placement,
    Revision,
    Row,
)
from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.permissions import Actor
from hr_portal.domain.requirements import kinds_of, required
from hr_portal.services import visible
from hr_portal.services.context import Portal


@dataclass(frozen=True, slots=True)
class Column:
    """A kind of document that some rows ask for."""

    kind: str
    label: str
    label_en: str
    asked: int
    there: int


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """One row: what it corrects, and for each column whether the document is there."""

    number: int
    name: str
    corrections: tuple[tuple[str, str], ...]
    """Kinds of correction in both languages."""
    cells: tuple[bool | None, ...]
    """True: there; False: missing; None: not asked for."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """One page of the matrix, and the counts of the whole."""

    columns: tuple[Column, ...]
    rows: tuple[CoveredRow, ...]
    total: int
    """Rows that ask for any document."""
    lacking: int
    """Rows of which at least one is missing."""
    listed: int
    """Rows of the list that the page is cut from."""


def matrix(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    *,
    only_lacking: bool = True,
    page: int = 1,
    per_page: int = 50,
) -> Matrix:
    """Return a page of the coverage of a batch's current revision, in the order of its rows.

    A document of the whole batch counts for every row that asks for its kind.
    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        revision = visible.current_revision(session, batch)
        asked = _asked(session, revision)
        everywhere, there = _there(session, batch)
        lacking = {
            number: missing
            for number, kinds in asked.items()
            if (missing := kinds - everywhere - there.get(number, frozenset()))
        }
        columns = tuple(
            Column(
                kind, *KINDS[kind],
                sum(kind in kinds for kinds in asked.values()),
                sum(kind in kinds and kind not in lacking.get(number, ())
                    for number, kinds in asked.items()),
            )
            for kind in KINDS
            if any(kind in kinds for kinds in set(asked.values()))
        )  # fmt: skip
        numbers = sorted(lacking) if only_lacking else sorted(asked)
        shown = numbers[(page - 1) * per_page : page * per_page]
        names = dict(
            session.execute(
                sa.select(Row.number, Row.name).where(
                    Row.revision_id == revision.id, Row.number.in_(shown)
                )
            ).all()
        )
        fields = _fields(session, revision, shown)
    rows = tuple(
        CoveredRow(
            number,
            names.get(number, ""),
            tuple((one.label, one.label_en) for one in kinds_of(fields[number])),
            tuple(
                None if one.kind not in asked[number] else one.kind not in lacking.get(number, ())
                for one in columns
            ),
        )
        for number in shown
    )
    return Matrix(columns, rows, len(asked), len(lacking), len(numbers))


def _asked(session: Session, revision: Revision) -> dict[int, frozenset[str]]:
    """Return the kinds of document that each row asks for; rows alike share one set."""
    fields: dict[int, set[str]] = defaultdict(set)
    for number, field in session.execute(
        sa.select(Correction.row_number, Correction.field).where(
            Correction.revision_id == revision.id
        )
    ):
        fields[number].add(field)
    known: dict[frozenset[str], frozenset[str]] = {}
    asked: dict[int, frozenset[str]] = {}
    for number, found in fields.items():
        key = frozenset(found)
        if key not in known:
            known[key] = required(key)
        asked[number] = known[key]
    return asked


def _fields(session: Session, revision: Revision, numbers: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for number, field in session.execute(
        sa.select(Correction.row_number, Correction.field).where(
            Correction.revision_id == revision.id, Correction.row_number.in_(numbers)
        )
    ):
        found[number].append(field)
    return found


def _there(session: Session, batch: Batch) -> tuple[frozenset[str], dict[int, set[str]]]:
    """Return the kinds that lie on the whole batch, and those on each row."""
    everywhere: set[str] = set()
    there: dict[int, set[str]] = defaultdict(set)
    for kind, number, kpj_index in session.execute(
        sa.select(Document.kind, Placement.row_number, Placement.kpj_index)
        .join(Document, Document.id == Placement.document_id)
        .where(Document.batch_id == batch.id, Document.removed_at.is_(None))
    ):
        if number is not None:
            there[number].add(kind)
        elif kpj_index is None:
            everywhere.add(kind)
    return frozenset(everywhere), there
