"""The cells of a draft, opened for an act on them: as they stand, and as they shall be.

Everything here happens before the transaction that writes: reading, planning and
judging hold no lock. The batch's version says at the end whether it still holds.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Edit, EditAct, Revision, Row, RowBlock
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.fields import FIELD
from hr_portal.domain.masking import mask, mask_name
from hr_portal.domain.permissions import Actor
from hr_portal.domain.table import Column, Kind, Layout, Table
from hr_portal.services import visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.services.following import Told, nobody
from hr_portal.services.intake import closed
from hr_portal.services.rowdata import Block, Structure, open_block, open_structure

MOST_TEXT = 32_767
"""Characters of one cell, as in Excel."""
ASKED = frozenset({"before", "after"})
"""Parts of a row that hold whatever its correction is about."""
MOST_ASKED = 500
"""Values in one question to the database."""
FEW_OF = 16
"""Of so many rows one is few: they are looked up by their numbers, of more all are opened."""


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


@dataclass(slots=True)
class Draft:
    """The revision of a draft as an act found it; blocks are opened as they are needed."""

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
    _block_of: dict[int, int] = field(default_factory=dict)
    _slots: dict[int, dict[int, int]] = field(default_factory=dict)

    def open_all(self) -> None:
        """Open every block, in the order of the rows."""
        for one in self.session.scalars(
            sa.select(RowBlock)
            .where(RowBlock.revision_id == self.revision.id)
            .order_by(RowBlock.block)
            .execution_options(yield_per=20)
        ):
            if one.block not in self.blocks:
                self._keep(one)
            self.told(min(1.0, len(self._block_of) / (self.revision.rows_total or 1)))

    def open_rows(self, rows: Iterable[int]) -> None:
        """Open the blocks of some rows; rows that don't exist are passed over."""
        wanted = sorted({row for row in rows if row not in self._block_of})
        if len(wanted) * FEW_OF > self.revision.rows_total:
            self.open_all()  # they lie in nearly all blocks, or the sheet is small
            return
        blocks = sorted(self._blocks_of(wanted) - set(self.blocks))
        for start in range(0, len(blocks), MOST_ASKED):
            for one in self.session.scalars(
                sa.select(RowBlock).where(
                    RowBlock.revision_id == self.revision.id,
                    RowBlock.block.in_(blocks[start : start + MOST_ASKED]),
                )
            ):
                self._keep(one)
                self.told(len(self.blocks) / len(blocks))

    def _blocks_of(self, wanted: list[int]) -> set[int]:
        """Return the blocks of some rows."""
        found: set[int] = set()
        for start in range(0, len(wanted), MOST_ASKED):
            some = Row.number.in_(wanted[start : start + MOST_ASKED])
            of_revision = Row.revision_id == self.revision.id
            found.update(self.session.scalars(sa.select(Row.block).where(of_revision, some)))
        return found

    def _keep(self, sealed: RowBlock) -> None:
        block = open_block(self.key, sealed)
        self.blocks[sealed.block] = block
        self._slots[sealed.block] = {number: slot for slot, number in enumerate(block.numbers)}
        self._block_of.update(dict.fromkeys(block.numbers, sealed.block))

    def has(self, cell: Cell) -> bool:
        """Tell whether an opened row has this cell."""
        return cell.row in self._block_of and 0 <= cell.column < len(self.structure.roles)

    def stored(self, cell: Cell) -> Stored:
        """Return what stands in a cell of an opened row. Raises KeyError for others."""
        number = self._block_of[cell.row]
        slot = self._slots[number][cell.row]
        block = self.blocks[number]
        return Stored(block.raw[cell.column][slot], int(block.kinds[cell.column][slot]))

    def field_of(self, cell: Cell) -> str | None:
        """Return the field of a cell: its column's, or what its row's correction is about."""
        role = self.structure.roles[cell.column]
        if role.field or role.part not in ASKED:
            return role.field
        number = self._block_of[cell.row]
        changes = self.blocks[number].changes[self._slots[number][cell.row]]
        return changes[0][0] if changes else None

    def shown(self, cell: Cell, text: str) -> str:
        """Return a text of a cell as lists may show it."""
        key = self.field_of(cell)
        if key in FIELD:
            return mask(key, text)
        # nobody knows what it is, so it is shown as the most private
        return mask_name(text) if self.structure.roles[cell.column].part in ASKED else text

    def change(self, wanted: Mapping[Cell, Stored]) -> list[Change]:
        """Put other values into cells of opened rows; returns those that differ.

        Raises:
            NotFound: there is no such row or column.

        """
        done: list[Change] = []
        for cell, after in sorted(wanted.items()):
            if not self.has(cell):
                raise NotFound
            before = self.stored(cell)
            if before != after:
                self._put(cell, after)
                done.append(Change(cell, before, after))
        return done

    def _put(self, cell: Cell, after: Stored) -> None:
        number = self._block_of[cell.row]
        slot, block = self._slots[number][cell.row], self.blocks[number]
        block.raw[cell.column][slot] = after.text
        kinds = block.kinds[cell.column]
        block.kinds[cell.column] = f"{kinds[:slot]}{after.kind}{kinds[slot + 1 :]}"
        clean = block.clean[cell.column]
        if clean is not None:
            clean[slot] = after.text
        self.touched.add(number)

    def table(self, edited: set[Cell]) -> Table:
        """Return all rows as the check takes them; `edited` are the cells typed in the portal."""
        ordered = [self.blocks[number] for number in sorted(self.blocks)]
        structure, revision = self.structure, self.revision
        numbers = np.array([n for block in ordered for n in block.numbers], np.int32)
        return Table(
            file=revision.file_name,
            sheet=revision.sheet or "",
            layout=_layout(revision),
            header_row=revision.header_row or 0,
            headers=structure.headers,
            letters=structure.letters,
            roles=structure.roles,
            columns=_columns(ordered, structure, numbers, edited),
            row_numbers=numbers,
            empty_rows=max(0, revision.rows_total - len(numbers)),
            epoch_1904=structure.epoch_1904,
            source=structure.source,
            remarks=structure.remarks,
            refused=structure.refused,
            merged=structure.merged,
            witnesses=structure.witnesses,
        )


def _layout(revision: Revision) -> Layout:
    return "per-correction" if revision.layout == "per-correction" else "per-employee"


def _columns(
    blocks: list[Block], structure: Structure, numbers: np.ndarray, edited: set[Cell]
) -> list[Column]:
    place = {int(number): at for at, number in enumerate(numbers.tolist())} if edited else {}
    by_column: dict[int, list[int]] = {}
    for cell in edited:
        if cell.row in place:
            by_column.setdefault(cell.column, []).append(place[cell.row])
    columns = []
    for column in range(len(structure.roles)):
        values = [value for block in blocks for value in block.raw[column]]
        digits = "".join(block.kinds[column] for block in blocks).encode()
        typed = None
        if column in by_column:
            typed = np.zeros(len(numbers), np.bool_)
            typed[by_column[column]] = True
        computed = None
        for first, last in structure.computed.get(column, []):
            computed = np.zeros(len(numbers), np.bool_) if computed is None else computed
            computed |= (numbers >= first) & (numbers <= last)
        if computed is not None and typed is not None:
            computed &= ~typed
        kinds = np.frombuffer(digits, np.uint8) - ord("0")
        columns.append(Column(values, kinds, computed, typed))
    return columns


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


def edited_cells(session: Session, revision_id: int, *, without: int | None = None) -> set[Cell]:
    """Return the cells of a revision whose text was typed in the portal, and stands.

    `without` leaves one act out of account.
    """
    query = (
        sa.select(Edit.row_number, Edit.column_index)
        .join(EditAct)
        .where(Edit.revision_id == revision_id, EditAct.undone_at.is_(None))
        .distinct()
    )
    if without is not None:
        query = query.where(EditAct.id != without)
    found = session.execute(query)
    return {Cell(row, column) for row, column in found}


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
