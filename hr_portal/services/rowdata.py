"""How a revision's rows lie in the database: sealed in blocks, and back to cells."""

import itertools
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, field
from typing import Any, Final, TypeVar

import numpy as np
import orjson
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import once
from hr_portal.adapters.database.models import FindingRow, Revision, Row, RowBlock
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.report import Report
from hr_portal.domain.retention import blot_quoted
from hr_portal.domain.table import Remark, Role, Source, Witness
from hr_portal.services.row_sets import RowSet

Item = TypeVar("Item")
Changes = list[list[tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class Structure:
    """What a revision's sheet looks like: one entry a column."""

    headers: list[str]
    letters: list[str]
    roles: list[Role]
    remarks: list[Remark]
    refused: list[tuple[int, str, str]]
    """(sheet row number, why in Indonesian, in English)."""
    source: Source = "xlsx"
    epoch_1904: bool = False
    computed: dict[int, list[list[int]]] = field(default_factory=dict)
    """Per column the first and last sheet rows of runs of cells that come from a formula."""
    own_columns: tuple[str, ...] = ()
    """Letters of the columns that we had written into the file ourselves."""
    merged: tuple[tuple[int, int, int], ...] = ()
    """As in `domain.table.Table`."""
    witnesses: tuple[Witness, ...] = ()
    added: tuple[int, ...] = ()
    """Columns that the file lacks and the portal has added."""

    def label(self, column: int) -> str:
        """Return the header of a column as the user wrote it."""
        return self.headers[column]


@dataclass(frozen=True, slots=True)
class RowCells:
    """The cells of one row: as found, as stored, clean; and what the row asks for."""

    raw: list[str]
    kinds: list[int]
    clean: list[str]
    employee: dict[str, str]
    """Effective kpj, nik, nama, tanggal_lahir and kk of the row's employee, clean."""
    changes: dict[str, tuple[str, str]]
    """Per corrected field (before, after), both clean."""


EMPLOYEE_KEYS = ("kpj", "nik", "nama", "tanggal_lahir", "kk")
BLOCK_ROWS = 128
"""Rows sealed together: a page opens one or two blocks, a sheet seals 128 times less."""
BLOCKS_AT_ONCE = 50
"""Blocks that one question fetches."""
BLOCKS_OF_A_LIST = 2
"""Blocks in which rows that follow each other lie; a page that shows a row and its list opens the
same ones twice."""


@dataclass(slots=True)
class Block:
    """Some rows of a revision, by columns, as they are sealed together."""

    numbers: list[int]
    raw: list[list[str]]
    kinds: list[str]
    """Per column one digit a row, see `domain.table.Kind`."""
    clean: list[list[str] | None]
    """Per column, None where nothing was cleaned."""
    employee: list[list[str]]
    told: "Changes | dict[str, list[Any]]"
    """Per row (field, before, after), or by columns as a fresh check writes them."""

    @property
    def changes(self) -> "Changes":
        """Return what each row asks for, (field, before, after)."""
        if isinstance(self.told, dict):  # parted where it is asked for: it takes half of an opening
            self.told = _by_rows(self.told, self.numbers, None)
        return self.told

    def row(self, slot: int) -> RowCells:
        """Return the row at a slot of this block."""
        raw = [column[slot] for column in self.raw]
        return RowCells(
            raw,
            [int(column[slot]) for column in self.kinds],
            [
                value if column is None else column[slot]
                for value, column in zip(raw, self.clean, strict=True)
            ],
            {key: column[slot] for key, column in zip(EMPLOYEE_KEYS, self.employee, strict=True)},
            {field: (before, after) for field, before, after in self.changes[slot]},
        )

    def put(self, column: int, slot: int, text: str, kind: int) -> None:
        """Let another text stand in a cell, stored in such a way; nothing of it is cleaned yet."""
        self.raw[column][slot] = text
        kinds = self.kinds[column]
        self.kinds[column] = f"{kinds[:slot]}{kind}{kinds[slot + 1 :]}"
        clean = self.clean[column]
        if clean is not None:
            clean[slot] = text

    def only(self, numbers: "set[int] | RowSet") -> "Block":
        """Return a block of those of its rows that are in `numbers`."""
        slots = [slot for slot, number in enumerate(self.numbers) if number in numbers]

        def pick(column: Sequence[Item]) -> list[Item]:
            return [column[slot] for slot in slots]

        return Block(
            pick(self.numbers),
            [pick(column) for column in self.raw],
            ["".join(pick(column)) for column in self.kinds],
            [None if column is None else pick(column) for column in self.clean],
            [pick(column) for column in self.employee],
            pick(self.changes),
        )

    def packed(self) -> bytes:
        """Return the block as JSON, to be sealed."""
        return orjson.dumps(
            (self.numbers, self.raw, self.kinds, self.clean, self.employee, self.told)
        )

    @classmethod
    def unpacked(cls, plain: bytes, among: Collection[int] | None = None) -> "Block":
        """Return the block of `packed`, or of the shorter form a fresh check writes.

        There an employee's column may be the place of the column it repeats, and
        the changes stand by columns: {fields, of, slots, before, after}. With `among` the
        changes of the rows of these numbers are enough.
        """
        numbers, raw, kinds, clean, employee, told = orjson.loads(plain)
        if among is not None and isinstance(told, dict):
            told = _by_rows(told, numbers, among)
        repeated = [found if tidy is None else tidy for found, tidy in zip(raw, clean, strict=True)]
        return cls(
            numbers,
            raw,
            kinds,
            clean,
            [repeated[one] if isinstance(one, int) else one for one in employee],
            told,
        )


def _by_rows(
    changes: dict[str, list[Any]], numbers: list[int], among: Collection[int] | None
) -> Changes:
    found: Changes = [[] for _ in numbers]
    fields, slots = changes["fields"], changes["slots"]
    told = zip(slots, changes["of"], changes["before"], changes["after"], strict=True)
    wanted = itertools.repeat(1) if among is None else [numbers[at] in among for at in slots]
    for slot, of, before, after in itertools.compress(told, wanted):
        found[slot].append((fields[of], before, after))
    return found


def block_place(revision_id: int, block: int) -> str:
    """Return the place a block of rows is sealed for."""
    return f"row_blocks|{revision_id}|{block}"


def open_block(key: CompanyKey, sealed: RowBlock) -> Block:
    """Open a block of rows."""
    return Block.unpacked(key.open(block_place(sealed.revision_id, sealed.block), sealed.content))


def open_blocks(
    session: Session, key: CompanyKey, revision_id: int, numbers: Sequence[int]
) -> list[Block]:
    """Open some blocks of a revision, in order; a statement names at most some hundred."""
    asked = sa.select(RowBlock).where(
        RowBlock.revision_id == revision_id, RowBlock.block.in_(numbers)
    )
    return [open_block(key, one) for one in session.scalars(asked.order_by(RowBlock.block))]


def open_rows(session: Session, key: CompanyKey, rows: Iterable[Row]) -> dict[int, RowCells]:
    """Open some rows of one revision, by number; each block they lie in once."""
    wanted: dict[int, dict[int, list[int]]] = {}
    for row in rows:
        wanted.setdefault(row.revision_id, {}).setdefault(row.block, []).append(row.number)
    opened: dict[int, RowCells] = {}
    for revision_id, blocks in wanted.items():
        known: dict[int, bytes] = once(session, ("blocks", revision_id), dict)
        for number in blocks.keys() & known.keys():
            opened.update(_rows_in(known[number], blocks[number]))
        places = [number for number in blocks if number not in known]
        for start in range(0, len(places), BLOCKS_AT_ONCE):
            asked = {"revision": revision_id, "blocks": places[start : start + BLOCKS_AT_ONCE]}
            for number, content in session.execute(_SEALED, asked):
                plain = key.open(block_place(revision_id, number), content)
                opened.update(_rows_in(plain, blocks[number]))
                if len(places) <= BLOCKS_OF_A_LIST:
                    known[number] = plain
    return opened


_SEALED: Final = sa.select(RowBlock.block, RowBlock.content).where(
    # by revision and block apart: SQLite walks over all blocks there are to find pairs
    RowBlock.revision_id == sa.bindparam("revision"),
    RowBlock.block.in_(sa.bindparam("blocks", expanding=True)),
)


def _rows_in(plain: bytes, wanted: Collection[int]) -> Iterable[tuple[int, RowCells]]:
    block = Block.unpacked(plain, wanted)
    slots = {number: slot for slot, number in enumerate(block.numbers)}
    return ((number, block.row(slots[number])) for number in wanted)


def walk_blocks(
    session: Session,
    key: CompanyKey,
    revision_id: int,
    *,
    may_hold: Callable[[bytes], bool] | None = None,
    among: Collection[int] | None = None,
) -> Generator[Block]:
    """Open all blocks of a revision in the order of its rows, one at a time.

    With `may_hold` only those of whose JSON it says yes: most of the work is to read that. With
    `among` only the blocks of these numbers.
    """
    sealed = (
        sa.select(RowBlock.block, RowBlock.content)
        .where(RowBlock.revision_id == revision_id)
        .order_by(RowBlock.block)
    )
    # closed with the generator, where somebody walks a part of them only
    with closing(session.execute(sealed.execution_options(yield_per=20))) as found:
        for block, content in found:
            if among is not None and block not in among:
                continue
            plain = key.open(block_place(revision_id, block), content)
            if may_hold is None or may_hold(plain):
                yield Block.unpacked(plain)


def finding_place(revision_id: int, number: int, code: str, column: int) -> str:
    """Return the place a finding's detail is sealed for."""
    return f"findings|{revision_id}|{number}|{code}|{column}"


def seal_structure(key: CompanyKey, revision_id: int, report: Report) -> bytes:
    """Seal headers, roles, remarks and refused rows of a checked table."""
    table = report.table
    plain = orjson.dumps(
        {
            "headers": table.headers,
            "letters": table.letters,
            "roles": [[role.part, role.field] for role in table.roles],
            "remarks": [[r.kind, r.text, r.text_en, r.rows, r.cells] for r in table.remarks],
            "refused": [list(one) for one in table.refused],
            "source": table.source,
            "epoch_1904": table.epoch_1904,
            "computed": [
                [place, _runs(table.row_numbers[column.computed])]
                for place, column in enumerate(table.columns)
                if column.computed is not None
            ],
            "own_columns": list(table.own_columns),
            "merged": table.merged,
            "witnesses": [astuple(one) for one in table.witnesses],
        }
    )
    return key.seal(f"revisions|{revision_id}", plain)


def open_structure(key: CompanyKey, revision: Revision) -> Structure:
    """Open what `seal_structure` sealed; an unread revision has no columns."""
    if revision.structure is None:
        return Structure([], [], [], [], [])
    held = orjson.loads(key.open(f"revisions|{revision.id}", revision.structure))
    return Structure(
        held["headers"],
        held["letters"],
        [Role(part, field) for part, field in held["roles"]],
        [
            Remark(kind, text, text_en, *map(tuple, at))
            for kind, text, text_en, *at in held["remarks"]
        ],
        [(number, why, why_en) for number, why, why_en in held["refused"]],
        held.get("source", "xlsx"),
        held.get("epoch_1904", False),
        dict(held.get("computed", [])),
        tuple(held.get("own_columns", ())),
        tuple((at, first, last) for at, first, last in held.get("merged", ())),
        tuple(Witness(*one) for one in held.get("witnesses", ())),
        tuple(held.get("added", ())),
    )


def with_structure(key: CompanyKey, revision: Revision, changed: dict[str, Any]) -> bytes:
    """Return a revision's structure with some parts changed, sealed."""
    place = f"revisions|{revision.id}"
    held = orjson.loads(key.open(place, revision.structure or b""))
    return key.seal(place, orjson.dumps({**held, **changed}))


def without(key: CompanyKey, revision: Revision, *parts: str) -> None:
    """Empty some lists of a revision's structure: "refused", "witnesses"."""
    _rewrite(key, revision, lambda _: {one: [] for one in parts})


def blot_remarks(key: CompanyKey, revision: Revision) -> None:
    """Blot the words of the file that are quoted in what is said about the whole of it."""
    _rewrite(
        key, revision,
        lambda held: {
            "remarks": [
                [kind, blot_quoted(text), blot_quoted(text_en), *at]
                for kind, text, text_en, *at in held["remarks"]
            ]
        },
    )  # fmt: skip


def _rewrite(
    key: CompanyKey, revision: Revision, changed: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    if revision.structure is not None:
        held = orjson.loads(key.open(f"revisions|{revision.id}", revision.structure))
        revision.structure = with_structure(key, revision, changed(held))


def _runs(numbers: NDArray[np.int32]) -> list[list[int]]:
    """Return ascending numbers as runs [first, last]: a computed column is one run."""
    if not len(numbers):
        return []
    breaks = np.flatnonzero(np.diff(numbers) != 1)
    firsts, lasts = np.append(0, breaks + 1), np.append(breaks, len(numbers) - 1)
    return [
        [int(numbers[first]), int(numbers[last])]
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
    ]


def source_of(detail: dict[str, Any]) -> tuple[str, str] | None:
    """Return where a finding's proposal comes from, if from another place than its cell."""
    params = detail["params"] or {}
    return (params["origin"], params["origin_en"]) if "origin" in params else None


def open_detail(key: CompanyKey, finding: FindingRow | sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """Open {value, suggestion, params} of a finding (or of a row with its columns)."""
    if finding.detail is None:
        return {"value": "", "suggestion": None, "params": None}
    place = finding_place(
        finding.revision_id, finding.row_number, finding.code, finding.column_index
    )
    opened: dict[str, Any] = orjson.loads(key.open(place, finding.detail))
    return opened
