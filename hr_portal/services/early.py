"""What can be made of a sheet's rows before its check has an end.

While the child checks, the worker would wait. It has the table already and makes what its rows
will need: the search indexes of KPJ and NIK, and the cells of each block as they were found.
What the check changes is found out by comparing, never presumed: an index goes by the block of
texts that it was made of, and blocks of cells are used where no row is left out.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

import orjson

from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.table import Table
from hr_portal.domain.texts import BLOCK, Places, Strings, Texts, take, unpack
from hr_portal.services.rowdata import BLOCK_ROWS

INDEXED = ("kpj", "nik")
MOST_CELLS = 16 << 20
"""Bytes of cells that are made early; those of later blocks are made beside the writing."""
Made = dict[tuple[str, bytes], list[bytes]]
"""Indexes by their kind and the block of texts that they were made of."""


class Early:
    """Makes indexes and cells of one revision in a thread of its own, and ends with it."""

    def __init__(self, key: CompanyKey) -> None:
        self._key = key
        self._indexes: Made = {}
        self._cells: list[bytes | None] = []
        self._is_over = False
        self._pool = ThreadPoolExecutor(1)
        self._work: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._pool.shutdown()

    def begin(self, table: Table) -> Future[None]:
        """Make what can be made of a table, until `stop`; returns at once what has an end then."""
        numbers = [
            (role.field, list(column.values.blocks()))
            for role, column in zip(table.roles, table.columns, strict=True)
            if role.part == "record" and role.field in INDEXED and isinstance(column.values, Texts)
        ]
        # copies: texts remember which of their blocks is open, for one who asks at a time
        columns = [column.values.copy() for column in table.columns]
        self._work = self._pool.submit(self._make, numbers, columns, len(table))
        return self._work

    def stop(self) -> None:
        """End that work; what it has made stays. Raises what it has ended with."""
        self._is_over = True
        if self._work is not None:
            self._work.result()

    def take_cells(self, block: int) -> bytes | None:
        """Hand over the cells as found of so many rows from `block * BLOCK_ROWS` on, as JSON.

        By columns; None where they are not made, or were taken before.
        """
        if block >= len(self._cells):
            return None
        cells, self._cells[block] = self._cells[block], None
        return cells

    def indexes(self, kind: str, values: Strings) -> "Indexes":
        """Return what gives the indexes of a column, "kpj" or "nik"."""
        return Indexes(self._key, kind, values, self._indexes)

    def _make(
        self, numbers: list[tuple[str, list[bytes]]], columns: list[Strings], rows: int
    ) -> None:
        for kind, blocks in numbers:
            for block in blocks:
                if self._is_over:
                    return
                self._indexes[kind, block] = self._key.index_many(kind, unpack(block))
        room = MOST_CELLS
        for start in range(0, rows, BLOCK_ROWS):
            if self._is_over or room < 0:
                return
            cells = orjson.dumps([column[start : start + BLOCK_ROWS] for column in columns])
            self._cells.append(cells)
            room -= len(cells)


class Indexes:
    """The search indexes of a column of numbers, made a block at a time where they are not yet."""

    def __init__(
        self,
        key: CompanyKey,
        kind: str,
        values: Strings,
        made: Made,
    ) -> None:
        self._key, self._kind, self._values, self._made = key, kind, values, made
        self._blocks = list(values.blocks()) if isinstance(values, Texts) else []
        self._first = values.first if isinstance(values, Texts) else 0
        self._last: tuple[int, list[bytes]] = (-1, [])

    def at(self, rows: Places) -> list[bytes]:
        """Return the indexes of some rows, which ascend."""
        if not self._blocks:
            return self._key.index_many(self._kind, take(self._values, rows))
        inside = rows + self._first
        first, last = int(inside[0]) // BLOCK, int(inside[-1]) // BLOCK
        found = [index for at in range(first, last + 1) for index in self._of_block(at)]
        places = inside - first * BLOCK
        if len(places) == places[-1] - places[0] + 1:
            return found[int(places[0]) : int(places[-1]) + 1]
        return [found[place] for place in places.tolist()]

    def _of_block(self, at: int) -> list[bytes]:
        if self._last[0] != at:
            block = self._blocks[at]
            found = self._made.get((self._kind, block))
            if found is None:
                found = self._key.index_many(self._kind, unpack(block))
            self._last = at, found
        return self._last[1]
