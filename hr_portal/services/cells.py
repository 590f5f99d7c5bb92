"""The cells of a draft, opened for an act on them: as they stand, and as they shall be.

Everything here happens before the transaction that writes: reading, planning and
judging hold no lock. The batch's version says at the end whether it still holds.
"""

import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import orjson
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import InstrumentedAttribute, Session

from hr_portal.adapters.database.models import Batch, Edit, EditAct, Revision, Row, RowBlock
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.fields import FIELD
from hr_portal.domain.masking import mask, mask_name
from hr_portal.domain.permissions import Actor
from hr_portal.domain.table import Column, Kind, Layout, Table
from hr_portal.domain.texts import Strings, Texts
from hr_portal.services import visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.following import Told, nobody
from hr_portal.services.intake import closed
from hr_portal.services.row_sets import RowSet
from hr_portal.services.rowdata import (
    BLOCK_ROWS,
    Block,
    Structure,
    block_place,
    open_block,
    open_blocks,
    open_structure,
    walk_blocks,
)

MOST_TEXT = 32_767
"""Characters of one cell, as in Excel."""
ASKED = frozenset({"before", "after"})
"""Parts of a row that hold whatever its correction is about."""
MOST_ASKED = 500
"""Values in one question to the database."""
FEW_OF = 16
"""Of so many rows one is few: they are looked up by their numbers, of more all are opened."""
MOST_OPEN = 64
"""Blocks of a draft that lie open at once where they are only passed by."""
_AHEAD = 16
"""Blocks that one question opens then."""
_COLUMN_BITS = 14
"""Excel has 16,384 columns."""


class Cell(NamedTuple):
    """A cell of a revision: the sheet's own row number, and the column from 0."""

    row: int
    column: int


class Stored(NamedTuple):
    """What stands in a cell: its text, and how it is stored (see `domain.table.Kind`)."""

    text: str
    kind: int


class Change(NamedTuple):
    """A cell before and after an act."""

    cell: Cell
    before: Stored
    after: Stored


class Span(NamedTuple):
    """A block of a revision, and the places of its first row and behind its last in a table."""

    block: int
    start: int
    stop: int


class Wanted:
    """What shall stand in which cells, held so that a million of them take little room."""

    __slots__ = ("_held",)

    def __init__(self, cells: Mapping[Cell, Stored] | None = None) -> None:
        self._held: dict[int, str] = {}
        for cell, stored in (cells or {}).items():
            self.put(cell, stored)

    def put(self, cell: Cell, stored: Stored) -> None:
        """Want something in a cell. Raises NotFound for what no sheet has."""
        if cell.row < 0 or not 0 <= cell.column < 1 << _COLUMN_BITS:
            raise NotFound
        self._held[cell.row << _COLUMN_BITS | cell.column] = f"{stored.kind}{stored.text}"

    def keep(self, rows: RowSet) -> None:
        """Let go of the cells of all other rows."""
        for one in [one for one in self._held if one >> _COLUMN_BITS not in rows]:
            del self._held[one]

    def rows(self) -> RowSet:
        """Return the rows in which anything is wanted."""
        return RowSet.of(array("i", (one >> _COLUMN_BITS for one in self._held)))

    def get(self, cell: Cell) -> Stored | None:
        """Return what is wanted in a cell, if anything."""
        held = self._held.get(cell.row << _COLUMN_BITS | cell.column)
        return None if held is None else Stored(held[1:], int(held[0]))

    def __contains__(self, cell: Cell) -> bool:
        """Tell whether anything is wanted in a cell."""
        return cell.row << _COLUMN_BITS | cell.column in self._held

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self._held)

    def __iter__(self) -> Iterator[tuple[Cell, Stored]]:
        """Walk the cells in the order of the rows."""
        for one in sorted(self._held):
            held = self._held[one]
            cell = Cell(one >> _COLUMN_BITS, one & ((1 << _COLUMN_BITS) - 1))
            yield cell, Stored(held[1:], int(held[0]))


@dataclass(slots=True)
class Draft:
    """The revision of a draft as an act found it; blocks are opened as they are needed.

    Opened blocks stay, and can be changed; where they are `passed_by` only the last ones do, and
    nothing is changed in them: a million rows would take gigabytes as Python's texts.
    """

    session: Session
    batch: Batch
    revision: Revision
    key: CompanyKey
    structure: Structure
    blocks: dict[int, Block] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    """Blocks whose cells were changed."""
    told: Told = nobody
    """Is told how far the opening of rows is."""
    passed_by: bool = False
    spans: list[Span] = field(default_factory=list)
    """Where its blocks lie in its `table`, once that is made."""
    _block_of: dict[int, int] = field(default_factory=dict)
    _slots: dict[int, dict[int, int]] = field(default_factory=dict)
    _known: list[int] = field(default_factory=list)
    """Blocks that may be passed by, in order."""
    _firsts: list[int] = field(default_factory=list)
    """The first row of each of them, where they are all there are."""

    def open_all(self) -> None:
        """Open every block, in the order of the rows; those that are passed by when it is time."""
        if self.passed_by:
            self._find_all()
            return
        for one in self.session.scalars(
            sa.select(RowBlock)
            .where(RowBlock.revision_id == self.revision.id)
            .order_by(RowBlock.block)
            .execution_options(yield_per=20)
        ):
            if one.block not in self.blocks:
                self._keep(one.block, open_block(self.key, one))
            self.told(min(1.0, len(self._block_of) / (self.revision.rows_total or 1)))

    def open_rows(self, rows: Iterable[int]) -> None:
        """Open the blocks of some rows, as `open_all`; rows that don't exist are passed over."""
        if self._firsts:
            return
        wanted = sorted({row for row in rows if row not in self._block_of})
        if len(wanted) * FEW_OF > self.revision.rows_total:
            self.open_all()  # they lie in nearly all blocks, or the sheet is small
            return
        found = blocks_of(self.session, self.revision.id, wanted)
        if self.passed_by:
            self._block_of.update(found)
            self._known = sorted({*self._known, *found.values()})
            return
        blocks = sorted({*found.values()} - set(self.blocks))
        for start in range(0, len(blocks), MOST_ASKED):
            for one in self.session.scalars(
                sa.select(RowBlock).where(
                    RowBlock.revision_id == self.revision.id,
                    RowBlock.block.in_(blocks[start : start + MOST_ASKED]),
                )
            ):
                self._keep(one.block, open_block(self.key, one))
                self.told(len(self.blocks) / len(blocks))

    def walk(self) -> Iterator[tuple[int, Block]]:
        """Walk all blocks in the order of the rows."""
        if not self.passed_by:
            self.open_all()
            yield from sorted(self.blocks.items())
            return
        self._find_all()
        whole = walk_blocks(self.session, self.key, self.revision.id)
        for at, (number, block) in enumerate(zip(self._known, whole, strict=True)):
            self._keep(number, block)
            self.told(at / len(self._known))
            yield number, block

    def _find_all(self) -> None:
        if self._firsts:
            return
        found = self.session.execute(
            sa.select(Row.block, sa.func.min(Row.number))
            .where(Row.revision_id == self.revision.id)
            .group_by(Row.block)
            .order_by(Row.block)
        ).all()
        self._known, self._firsts = [one for one, _ in found], [first for _, first in found]
        self._block_of.clear()

    def _keep(self, number: int, block: Block) -> None:
        self.blocks[number] = block
        self._slots[number] = {row: slot for slot, row in enumerate(block.numbers)}
        if not self.passed_by:
            self._block_of.update(dict.fromkeys(block.numbers, number))
            return
        while len(self.blocks) > MOST_OPEN:
            oldest = next(iter(self.blocks))
            del self.blocks[oldest], self._slots[oldest]

    def _at(self, row: int) -> tuple[int, int] | None:
        """Return the block of an opened row and its place there; None for others."""
        number = self._block_of.get(row)
        if number is None and self._firsts:
            at = bisect_right(self._firsts, row) - 1
            number = self._known[at] if at >= 0 else None
        if number is None:
            return None
        if number not in self.blocks:
            at = bisect_left(self._known, number)
            ahead = [one for one in self._known[at : at + _AHEAD] if one not in self.blocks]
            opened = open_blocks(self.session, self.key, self.revision.id, ahead)
            for one, block in zip(ahead, opened, strict=True):
                self._keep(one, block)
        slot = self._slots[number].get(row)
        return None if slot is None else (number, slot)

    def has(self, cell: Cell) -> bool:
        """Tell whether an opened row has this cell."""
        return 0 <= cell.column < len(self.structure.roles) and self._at(cell.row) is not None

    def stored(self, cell: Cell) -> Stored:
        """Return what stands in a cell of an opened row. Raises KeyError for others."""
        number, slot = self._place(cell)
        block = self.blocks[number]
        return Stored(block.raw[cell.column][slot], int(block.kinds[cell.column][slot]))

    def _place(self, cell: Cell) -> tuple[int, int]:
        place = self._at(cell.row)
        if place is None:
            raise KeyError(cell.row)
        return place

    def field_of(self, cell: Cell) -> str | None:
        """Return the field of a cell: its column's, or what its row's correction is about."""
        role = self.structure.roles[cell.column]
        if role.field or role.part not in ASKED:
            return role.field
        number, slot = self._place(cell)
        changes = self.blocks[number].changes[slot]
        return changes[0][0] if changes else None

    def shown(self, cell: Cell, text: str) -> str:
        """Return a text of a cell as lists may show it."""
        key = self.field_of(cell)
        if key in FIELD:
            return mask(key, text)
        # nobody knows what it is, so it is shown as the most private
        return mask_name(text) if self.structure.roles[cell.column].part in ASKED else text

    def differing(self, wanted: Wanted) -> Iterator[Change]:
        """Walk the cells that differ from what is wanted there, in the order of the rows.

        Raises:
            NotFound: there is no such row or column.

        """
        for cell, after in wanted:
            if not self.has(cell):
                raise NotFound
            before = self.stored(cell)
            if before != after:
                yield Change(cell, before, after)

    def change(self, wanted: Wanted) -> list[Change]:
        """Put other values into cells of opened rows; returns those that differ.

        Raises:
            NotFound: there is no such row or column.

        """
        done = list(self.differing(wanted))
        for cell, _, after in done:
            number, slot = self._place(cell)
            self.blocks[number].put(cell.column, slot, after.text, after.kind)
            self.touched.add(number)
        return done

    def changed(self, wanted: Wanted) -> Iterator[tuple[list[Change], int, bytes]]:
        """Walk changes by the block that they lie in, with what it holds then, sealed.

        Raises:
            NotFound: there is no such row or column.

        """
        last, block, changes = -1, None, list[Change]()
        for one in self.differing(wanted):
            number, slot = self._place(one.cell)
            if block is not None and number != last:
                yield changes, last, self.seal(last, block)
                changes = []
            last, block = number, self.blocks[number]
            block.put(one.cell.column, slot, one.after.text, one.after.kind)
            changes.append(one)
        if block is not None:
            yield changes, last, self.seal(last, block)

    def seal(self, number: int, block: Block) -> bytes:
        """Return a block as it is to be kept."""
        return self.key.seal(block_place(self.revision.id, number), block.packed())

    def table(self, edited: Iterable[Cell]) -> Table:
        """Return all rows as the check takes them; `edited` are the cells typed in the portal."""
        structure, revision = self.structure, self.revision
        columns = [Texts() if self.passed_by else list[str]() for _ in structure.roles]
        kinds = [bytearray() for _ in structure.roles]
        rows = array("i")
        for number, block in self._ordered():
            self.spans.append(Span(number, len(rows), len(rows) + len(block.numbers)))
            rows.extend(block.numbers)
            for at, column in enumerate(columns):
                column.extend(block.raw[at])
                kinds[at] += block.kinds[at].encode()
        numbers = np.array(rows, np.int32)
        return Table(
            file=revision.file_name,
            sheet=revision.sheet or "",
            layout=_layout(revision),
            header_row=revision.header_row or 0,
            headers=structure.headers,
            letters=structure.letters,
            roles=structure.roles,
            columns=_columns(columns, kinds, structure, numbers, edited),
            row_numbers=numbers,
            empty_rows=max(0, revision.rows_total - len(numbers)),
            epoch_1904=structure.epoch_1904,
            source=structure.source,
            remarks=structure.remarks,
            refused=structure.refused,
            merged=structure.merged,
            witnesses=structure.witnesses,
        )

    def _ordered(self) -> Iterator[tuple[int, Block]]:
        return self.walk() if self.passed_by else iter(sorted(self.blocks.items()))


def _layout(revision: Revision) -> Layout:
    return "per-correction" if revision.layout == "per-correction" else "per-employee"


def _columns(
    values: Sequence[Strings],
    kinds: list[bytearray],
    structure: Structure,
    numbers: NDArray[np.int32],
    edited: Iterable[Cell],
) -> list[Column]:
    by_column: dict[int, array[int]] = {}
    for cell in edited:
        by_column.setdefault(cell.column, array("i")).append(cell.row)
    columns = []
    for column, held in enumerate(values):
        typed = None
        if column in by_column:
            typed = np.isin(numbers, np.asarray(by_column[column]))
        computed = None
        for first, last in structure.computed.get(column, []):
            computed = np.zeros(len(numbers), np.bool_) if computed is None else computed
            computed |= (numbers >= first) & (numbers <= last)
        if computed is not None and typed is not None:
            computed &= ~typed
        digits = np.frombuffer(bytes(kinds[column]), np.uint8) - ord("0")
        columns.append(Column(held, digits, computed, typed))
    return columns


def block_count(number: InstrumentedAttribute[int]) -> sa.ColumnElement[int]:
    """Return what counts, about, the blocks that rows of these numbers lie in."""
    return sa.func.count(sa.distinct(number // BLOCK_ROWS))


def blocks_of(session: Session, revision_id: int, rows: Sequence[int]) -> dict[int, int]:
    """Return in which block each of some rows lies."""
    found: dict[int, int] = {}
    for start in range(0, len(rows), MOST_ASKED):
        some = Row.number.in_(rows[start : start + MOST_ASKED])
        asked = sa.select(Row.number, Row.block).where(Row.revision_id == revision_id, some)
        found.update(session.execute(asked).all())
    return found


def open_draft(
    portal: Portal, session: Session, actor: Actor, batch_id: str, version: int | None
) -> Draft:
    """Open a draft for an act on its cells.

    Raises:
        NotFound, Forbidden: not theirs. Conflict: another version, no draft, not checked yet.

    """
    batch = visible.batch(session, actor, batch_id, action="batch.edit")
    visible.expect_version(batch, version)
    if batch.state != "draft":
        raise closed(batch)
    revision = visible.current_revision(session, batch)
    if revision.state != "checked":
        raise Conflict(
            f"Berkas pengajuan {batch.number} belum selesai diperiksa. Tunggu sebentar, lalu ulangi.",
            f"The file of submission {batch.number} is still being checked. Wait a moment, then repeat.",
            code="not_checked",
        )
    key = portal.key(batch.company)
    return Draft(session, batch, revision, key, open_structure(key, revision))


def typed(text: str) -> Stored:
    """Return what somebody typed as a cell holds it: text, or nothing.

    Raises:
        Invalid: more than a cell can hold.

    """
    kept = text
    if not text.isprintable():  # what is has no control characters and no surrogates
        kept = "".join(
            c for c in text if c in "\t\n\r" or unicodedata.category(c) not in {"Cc", "Cs"}
        )
    if len(kept) > MOST_TEXT:
        raise Invalid(
            f"Isi satu sel paling banyak {MOST_TEXT} karakter; yang Anda ketik {len(kept)}. Ringkas isinya.",
            f"A cell holds at most {MOST_TEXT} characters; you typed {len(kept)}. Shorten it.",
            fields={"text": "Terlalu panjang"},
        )
    return Stored(kept, int(Kind.TEXT if kept else Kind.EMPTY))


def edit_place(revision_id: int, act_id: int, cell: Cell) -> str:
    """Return the place the change of a cell is sealed for."""
    return f"edits|{revision_id}|{act_id}|{cell.row}|{cell.column}"


def open_change(key: CompanyKey, edit: Edit | sa.Row[*tuple[Any, ...]]) -> Change:
    """Open what an act did to a cell; `edit` may be a row with these columns."""
    cell = Cell(edit.row_number, edit.column_index)
    before, kind, after = orjson.loads(
        key.open(edit_place(edit.revision_id, edit.act_id, cell), edit.change)
    )
    return Change(cell, Stored(before, kind), typed(after))


def changes_of(
    session: Session, key: CompanyKey, revision_id: int, act_id: int
) -> Iterator[Change]:
    """Walk what an act did to its cells."""
    columns = (Edit.act_id, Edit.revision_id, Edit.row_number, Edit.column_index, Edit.change)
    found = session.execute(
        sa.select(*columns)
        .where(Edit.act_id == act_id, Edit.revision_id == revision_id)
        .order_by(Edit.id)
        .execution_options(yield_per=_STREAMED)
    )
    for one in found:
        yield open_change(key, one)


def seal_changes(
    key: CompanyKey, revision_id: int, act_id: int, changes: list[Change]
) -> list[tuple[object, ...]]:
    """Return the changes of an act as rows of `edits`."""
    sealed = key.seal_many(
        [edit_place(revision_id, act_id, one.cell) for one in changes],
        [orjson.dumps([one.before.text, one.before.kind, one.after.text]) for one in changes],
    )
    return [
        (act_id, revision_id, one.cell.row, one.cell.column, change)
        for one, change in zip(changes, sealed, strict=True)
    ]


_STREAMED = 5_000
EDIT_COLUMNS = ("act_id", "revision_id", "row_number", "column_index", "change")


def edited_cells(
    session: Session, revision_id: int, *, without: int | None = None, and_of: Iterable[Change] = ()
) -> Iterator[Cell]:
    """Walk the cells of a revision whose text was typed in the portal, and stands.

    `without` leaves one act out of account, `and_of` adds those of changes to come.
    """
    query = (
        sa.select(Edit.row_number, Edit.column_index)
        .join(EditAct)
        .where(Edit.revision_id == revision_id, EditAct.undone_at.is_(None))
        .distinct()
    )
    if without is not None:
        query = query.where(EditAct.id != without)
    found = session.execute(query.execution_options(yield_per=_STREAMED))
    yield from (Cell(row, column) for row, column in found)
    yield from (one.cell for one in and_of)


def current_edits(session: Session, key: CompanyKey, revision_id: int) -> dict[Cell, str]:
    """Return what was typed in the portal into the cells of a revision, as it stands now.

    Keys are (sheet row number, column index from 0); a tuple does as well.
    """
    found = session.scalars(
        sa.select(Edit)
        .join(EditAct)
        .where(Edit.revision_id == revision_id, EditAct.undone_at.is_(None))
        .order_by(Edit.act_id)
    )
    changes = (open_change(key, one) for one in found)
    return {change.cell: change.after.text for change in changes}
