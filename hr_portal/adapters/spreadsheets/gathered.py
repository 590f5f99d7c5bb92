"""The rows of a piece of a sheet, gathered by columns: what joins the sheet as it stands.

Gathering is most of the work and needs nothing of the sheet so far, so another
process may do it (`partner`); that is why it can be packed into bytes.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray

from hr_portal.adapters.spreadsheets import looks
from hr_portal.adapters.spreadsheets.markup import Declined, Flags, Objects, Positions
from hr_portal.adapters.spreadsheets.quick import Piece
from hr_portal.adapters.spreadsheets.sharedtexts import Numbered
from hr_portal.adapters.spreadsheets.sheet import RawColumn, Sheet
from hr_portal.domain.table import Kind

Strings = Callable[[], Numbered]
"""The shared strings, asked for when a cell needs them."""
_NUL = "\0"
_UNSEEN = np.array([looks.UNSEEN_TEXT, looks.UNSEEN_NUMBER], np.uint8)
_HEAD_BYTES = 4


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts one after another, with NUL after each and where that is."""

    texts: bytes
    ends: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Shared:
    """Numbers of shared strings, -1 for the empty text."""

    numbers: NDArray[np.int32]

    def resolved(self, strings: Strings) -> list[str]:
        """Return the texts themselves."""
        values = np.full(len(self.numbers), "", dtype=object)
        held = self.numbers >= 0
        values[held] = strings().take(self.numbers[held])
        found: list[str] = values.tolist()
        return found


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one column, one for each filled row of the piece."""

    place: int
    cells: Encoded | Shared | list[str]
    kinds: bytes
    computed: list[int]
    """Which of them come from a formula."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The filled rows of a piece, by columns."""

    first: int
    last: int
    """Numbers of the first and the last row of the piece, filled or not."""
    numbers: list[int]
    hidden: list[int]
    """Numbers of hidden rows that hold anything."""
    struck: list[tuple[int, list[int]]]
    """Columns, each with the numbers of rows whose text is crossed out there."""
    unseen: list[tuple[int, list[int]]]
    """The same of what can't be seen on screen."""
    columns: list[Column]

    def join(self, sheet: Sheet, strings: Strings) -> None:
        """Append the rows to a sheet; `strings` are those that columns refer to."""
        first = len(sheet.row_numbers)
        sheet.row_numbers.extend(self.numbers)
        sheet.hidden_rows.extend(self.hidden)
        for found, noted in ((self.struck, sheet.struck), (self.unseen, sheet.unseen)):
            for place, numbers in found:
                noted.setdefault(place, array("I")).extend(numbers)
        for column in self.columns:
            raw = sheet.columns.get(column.place)
            if raw is None:
                raw = sheet.columns[column.place] = RawColumn()
            raw.pad(first)
            cells = column.cells
            if isinstance(cells, Encoded):
                raw.take_in(cells.texts, cells.ends)
            elif isinstance(cells, Shared):
                raw.values.extend(cells.resolved(strings))
            else:
                raw.values.extend(cells)
            raw.kinds.extend(column.kinds)
            raw.computed.extend([first + at for at in column.computed])

    def packed(self) -> bytes:
        """Return the rows as bytes; raises Declined for texts that can't be told in them."""
        columns, parts = [], []
        for column in self.columns:
            cells = _encoded(column.cells) if isinstance(column.cells, list) else column.cells
            if isinstance(cells, Encoded):
                columns.append((column.place, len(cells.texts), column.computed))
                parts += [column.kinds, cells.texts, cells.ends.tobytes()]
            else:
                columns.append((column.place, -1, column.computed))
                parts += [column.kinds, cells.numbers.tobytes()]
        head = orjson.dumps(
            (self.first, self.last, self.numbers, self.hidden, self.struck, self.unseen, columns)
        )
        return b"".join((len(head).to_bytes(_HEAD_BYTES, "little"), head, *parts))

    @classmethod
    def unpacked(cls, told: bytes) -> "Gathered":
        """Return the rows of `packed`."""
        at = _HEAD_BYTES + int.from_bytes(told[:_HEAD_BYTES], "little")
        first, last, numbers, hidden, struck, unseen, columns = orjson.loads(told[_HEAD_BYTES:at])
        made = []
        for place, length, computed in columns:
            kinds, at = told[at : at + len(numbers)], at + len(numbers)
            texts, at = told[at : at + max(length, 0)], at + max(length, 0)
            places = np.frombuffer(told, dtype="<i4", count=len(numbers), offset=at)
            at += places.nbytes
            cells = Shared(places) if length < 0 else Encoded(texts, places)
            made.append(Column(place, cells, kinds, computed))
        return cls(first, last, numbers, hidden, struck, unseen, made)


def gather(cells: Piece, strings: Strings) -> Gathered:
    """Gather the rows of a piece that hold anything."""
    filled = np.zeros(len(cells.row_numbers), dtype=np.bool_)
    filled[cells.rows] = True
    place = np.cumsum(filled) - 1
    count = int(place[-1]) + 1
    rows = place[cells.rows]
    order = np.argsort(cells.columns, kind="stable")
    bounds = np.flatnonzero(np.diff(cells.columns[order])) + 1
    columns = []
    for members in np.split(order, bounds) if len(order) else ():
        at = rows[members]
        kinds = np.full(count, Kind.EMPTY, dtype=np.uint8)
        kinds[at] = cells.kinds[members]
        computed = cells.computed[members]
        columns.append(
            Column(
                int(cells.columns[members[0]]),
                _gathered(cells, members, at, count, strings),
                kinds.tobytes(),
                at[computed].tolist() if computed.any() else [],
            )
        )
    return Gathered(
        int(cells.row_numbers[0]),
        int(cells.row_numbers[-1]),
        cells.row_numbers[filled].tolist(),
        cells.row_numbers[filled & cells.hidden].tolist(),
        _noted(cells, cells.looks & looks.STRUCK > 0),
        _noted(cells, cells.looks & np.where(cells.kinds == Kind.TEXT, *_UNSEEN) > 0),
        columns,
    )


def _noted(cells: Piece, which: Flags) -> list[tuple[int, list[int]]]:
    """Return columns, each with the numbers of the rows of some cells."""
    if not which.any():
        return []
    columns, numbers = cells.columns[which], cells.row_numbers[cells.rows[which]]
    return [(place, numbers[columns == place].tolist()) for place in np.unique(columns).tolist()]


def _gathered(
    cells: Piece, members: Positions, at: Positions, count: int, strings: Strings
) -> Encoded | Shared | list[str]:
    """Return the cells of a column as they lie in the piece or refer to strings, if all do."""
    if (cells.starts[members] >= 0).all():
        # Rows without such a cell take the empty text before the "<" that a piece begins with.
        starts, ends = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        starts[at], ends[at] = cells.starts[members], cells.ends[members]
        found = cells.encoded(starts, ends)
        if found is not None:
            return Encoded(found[0], found[1].astype(np.int32))
    elif (cells.shared[members] >= 0).all():
        numbers = np.full(count, -1, dtype=np.int32)
        numbers[at] = cells.shared[members]
        return Shared(numbers)
    values = np.full(count, "", dtype=object)
    values[at] = _values(cells, members, strings)
    listed: list[str] = values.tolist()
    return listed


def _values(cells: Piece, members: Positions, strings: Strings) -> Objects:
    """Return the values of some cells, wherever they lie."""
    values = cells.values[members]
    in_piece = np.flatnonzero(cells.starts[members] >= 0)
    if len(in_piece):
        values[in_piece] = cells.texts(members[in_piece])
    referring = np.flatnonzero(cells.shared[members] >= 0)
    if len(referring):
        values[referring] = strings().take(cells.shared[members[referring]])
    return values


def _encoded(values: list[str]) -> Encoded:
    try:
        texts = (_NUL.join(values) + _NUL).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        raise Declined from None
    ends = np.flatnonzero(np.frombuffer(texts, dtype=np.uint8) == 0)
    if len(ends) != len(values):
        raise Declined
    return Encoded(texts, ends.astype(np.int32))
