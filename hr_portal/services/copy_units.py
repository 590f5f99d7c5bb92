"""What a copy of a revision is made of, in units that each write some thousand records.

Where a revision is small its units are one transaction; of a large one each is a transaction of
its own, so that others can write between two (decision 118). What takes long, opening and
sealing, happens before a unit writes.
"""

import functools
from array import array
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import Correction, Edit, EditAct, FindingRow, Row, RowBlock
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain import suggestions
from hr_portal.services import marked_rows, row_lists
from hr_portal.services.cells import EDIT_COLUMNS, Change, open_change, seal_changes
from hr_portal.services.row_sets import RowSet
from hr_portal.services.rowdata import Block, block_place, finding_place, open_blocks
from hr_portal.services.summaries import Counted

Unit = Callable[[Session], None]
"""Writes some records of a copy."""
Reads = Callable[[], AbstractContextManager[Session]]
"""Opens what is read of the copied revision."""

_BLOCKS, _RECORDS = 40, 5_000
"""Of one unit: a tenth of a second of writing, or two."""
_FINDING = ("row_number", "column_index", "code", "kind", "severity", "field", "detail")
_CONFIRMED = ("confirmed_by", "confirmed_at", "confirmed_reason")
_ROW = ("revision_id", "number", "block", "severity", "name", "kpj_index", "nik_index")


@dataclass
class Copy:
    """A copy on its way: of which rows, and what has been copied so far."""

    revision_id: int
    rows: RowSet | None
    """None = all."""
    severities: Tally[int] = field(default_factory=Tally)
    fields: Tally[str] = field(default_factory=Tally)
    findings: Counted = field(default_factory=Counted)
    blocks: int = 0
    acts: int = 0
    """Acts on cells, undone ones too."""

    @functools.cached_property
    def summary(self) -> list[dict[str, object]]:
        """Return the findings that were copied, counted for the to-do list, when all are."""
        return self.findings.entries()

    def has(self, number: int) -> bool:
        """Tell whether a row is copied."""
        return self.rows is None or number in self.rows


def units(reads: Reads, key: CompanyKey, old: int, copies: list[Copy]) -> Iterator[Unit]:
    """Yield what copies a revision into others, in order; each is to be done before the next.

    The copies' revisions are there, without rows. What is read together is opened once.
    """
    yield from _rows(reads, key, old, copies)
    yield from _corrections(reads, old, copies)
    yield from _findings(reads, key, old, copies)
    yield from _acts(reads, key, old, copies)
    for copy in copies:
        yield from _lists(reads, copy.revision_id)


def expected(session: Session, old: int, copies: list[Copy]) -> int:
    """Return about how many units copy a revision; at least one."""
    counted = (
        (RowBlock.revision_id, _BLOCKS),
        (Correction.revision_id, _RECORDS),
        (FindingRow.revision_id, _RECORDS),
        (Edit.revision_id, _RECORDS),
    )
    each = 0
    for of, most in counted:
        count = session.scalar(sa.select(sa.func.count()).where(of == old)) or 0
        each += -(-count // most)
    return max(1, each * len(copies))


def _insert(model: type[Any], names: tuple[str, ...], rows: list[tuple[object, ...]]) -> Unit:
    return lambda session: bulk_insert(session, model.__table__, names, rows)


def _rows(reads: Reads, key: CompanyKey, old: int, copies: list[Copy]) -> Iterator[Unit]:
    with reads() as session:
        places = _blocks_of(session, old, copies)
    for start in range(0, len(places), _BLOCKS):
        with reads() as session:
            blocks = open_blocks(session, key, old, places[start : start + _BLOCKS])
            told = (Row.number, Row.severity, Row.name, Row.kpj_index, Row.nik_index)
            between = Row.number.between(blocks[0].numbers[0], blocks[-1].numbers[-1])
            query = sa.select(*told).where(Row.revision_id == old, between)
            rows = {number: tuple(rest) for number, *rest in session.execute(query)}
        for copy in copies:
            yield _rows_of(key, copy, blocks, rows)


def _rows_of(
    key: CompanyKey, copy: Copy, blocks: list[Block], rows: dict[int, tuple[Any, ...]]
) -> Unit:
    cut = blocks if copy.rows is None else [block.only(copy.rows) for block in blocks]
    kept = [block for block in cut if block.numbers]
    places = range(copy.blocks, copy.blocks + len(kept))
    copy.blocks += len(kept)
    new = copy.revision_id
    sealed = key.seal_many([block_place(new, at) for at in places], (one.packed() for one in kept))
    records: list[tuple[object, ...]] = []
    for at, block in zip(places, kept, strict=True):
        for number in block.numbers:
            severity, *rest = rows[number]
            copy.severities[severity] += 1
            records.append((new, number, at, severity, *rest))
    contents: list[tuple[object, ...]] = [
        (new, at, content) for at, content in zip(places, sealed, strict=True)
    ]

    def write(session: Session) -> None:
        _insert(RowBlock, ("revision_id", "block", "content"), contents)(session)
        _insert(Row, _ROW, records)(session)

    return write


def _blocks_of(session: Session, revision_id: int, copies: list[Copy]) -> list[int]:
    """Return the blocks in which rows to copy lie. Opening one costs most of a copy."""
    if any(copy.rows is None for copy in copies):
        every = sa.select(RowBlock.block).where(RowBlock.revision_id == revision_id)
        return sorted(session.scalars(every))
    wanted = RowSet.any_of(copy.rows for copy in copies if copy.rows is not None)
    found = session.execute(sa.select(Row.number, Row.block).where(Row.revision_id == revision_id))
    return sorted({block for number, block in found if number in wanted})


def walk(
    reads: Reads,
    columns: tuple[Any, ...],
    at: InstrumentedAttribute[int],
    *where: sa.ColumnElement[bool],
) -> Iterator[list[sa.Row[*tuple[Any, ...]]]]:
    """Read records in the order in which they were written, some at a time; `at` is their id."""
    with reads() as session:
        ends = sa.select(sa.func.min(at), sa.func.max(at)).where(*where)
        first, last = session.execute(ends).one()
    last = last or 0
    at_id: int = first or 0
    while 0 < at_id <= last:
        with reads() as session:
            query = sa.select(at, *columns).where(*where, at.between(at_id, last))
            part = list(session.execute(query.order_by(at).limit(_RECORDS)))
        if not part:
            return
        yield part
        at_id = part[-1][0] + 1


def _corrections(reads: Reads, old: int, copies: list[Copy]) -> Iterator[Unit]:
    columns = (Correction.row_number, Correction.field)
    for part in walk(reads, columns, Correction.id, Correction.revision_id == old):
        for copy in copies:
            kept: list[tuple[object, ...]] = []
            for _, number, asked in part:
                if copy.has(number):
                    kept.append((copy.revision_id, number, asked))
                    copy.fields[asked] += 1
            yield _insert(Correction, ("revision_id", "row_number", "field"), kept)


def _findings(reads: Reads, key: CompanyKey, old: int, copies: list[Copy]) -> Iterator[Unit]:
    columns = tuple(getattr(FindingRow, name) for name in (*_FINDING, *_CONFIRMED))
    for part in walk(reads, columns, FindingRow.id, FindingRow.revision_id == old):
        opened = [
            key.open(finding_place(old, row, code, column), detail) if detail else None
            for _, row, column, code, _kind, _severity, _field, detail, *_ in part
        ]
        for copy in copies:
            yield _findings_of(key, copy, part, opened)


def _findings_of(
    key: CompanyKey,
    copy: Copy,
    part: list[sa.Row[*tuple[Any, ...]]],
    opened: list[bytes | None],
) -> Unit:
    copied: list[tuple[object, ...]] = []
    is_confirmed = False
    for (_, row, column, code, kind, severity, asked, _, *confirmed), plain in zip(
        part, opened, strict=True
    ):
        if row and not copy.has(row):
            continue
        sealed, is_offered = None, False
        if plain is not None:
            sealed = key.seal(finding_place(copy.revision_id, row, code, column), plain)
            held = orjson.loads(plain)
            is_offered = suggestions.is_proposal(held["suggestion"], held["params"])
        copy.findings.add((severity, code, kind, asked), row, is_offered)
        is_confirmed = is_confirmed or confirmed[0] is not None
        copied.append(
            (copy.revision_id, row, column, code, kind, severity, asked, sealed, *confirmed)
        )
    names = ("revision_id", *_FINDING, *_CONFIRMED)
    if not is_confirmed:
        return _insert(FindingRow, names, copied)

    def write(session: Session) -> None:
        # a time has to go through its column's type; in one go, to keep the order
        records = [dict(zip(names, one, strict=True)) for one in copied]
        session.execute(sa.insert(FindingRow), records)

    return write


def _acts(reads: Reads, key: CompanyKey, old: int, copies: list[Copy]) -> Iterator[Unit]:
    """Copy what was typed in the portal, act by act, undone ones too."""
    with reads() as session:
        of_revision = sa.select(EditAct).where(EditAct.revision_id == old).order_by(EditAct.id)
        acts = session.scalars(of_revision).all()
    for act in acts:
        for copy in copies:
            yield from _act(reads, key, act, copy)


def _act(reads: Reads, key: CompanyKey, act: EditAct, copy: Copy) -> Iterator[Unit]:
    columns = (Edit.act_id, Edit.revision_id, Edit.row_number, Edit.column_index, Edit.change)
    mine = (Edit.act_id == act.id, Edit.revision_id == act.revision_id)
    again: EditAct | None = None
    cells, rows = 0, array("i")
    for part in walk(reads, columns, Edit.id, *mine):
        kept = [one for one in part if copy.has(one.row_number)]
        if not kept:
            continue
        if again is None:
            again = _again(act, copy.revision_id)
            copy.acts += 1
            yield _adding(again)
        changes: list[Change] = [open_change(key, one) for one in kept]
        cells += len(changes)
        rows.extend(one.cell.row for one in changes)
        sealed = seal_changes(key, copy.revision_id, again.id, changes)
        yield _insert(Edit, EDIT_COLUMNS, sealed)
    if again is not None:
        counts = {"cells": cells, "rows": len(RowSet.of(rows))}
        this = sa.update(EditAct).where(EditAct.id == again.id).values(**counts)
        yield _doing(this)


def _again(act: EditAct, revision_id: int) -> EditAct:
    return EditAct(
        revision_id=revision_id,
        kind=act.kind,
        what=act.what,
        cells=0,
        rows=0,
        made_by=act.made_by,
        made_at=act.made_at,
        undone_by=act.undone_by,
        undone_at=act.undone_at,
    )


def _adding(one: EditAct) -> Unit:
    def write(session: Session) -> None:
        session.add(one)
        session.flush()

    return write


def _doing(statement: sa.Update) -> Unit:
    def write(session: Session) -> None:
        session.execute(statement)

    return write


def _lists(reads: Reads, revision_id: int) -> Iterator[Unit]:
    with reads() as session:
        lists, marks = (
            row_lists.stored(session, revision_id),
            marked_rows.stored(session, revision_id),
        )

    def write(session: Session) -> None:
        bulk_insert(session, row_lists.TABLE, row_lists.COLUMNS, lists)
        bulk_insert(session, marked_rows.TABLE, marked_rows.COLUMNS, marks)

    yield write
