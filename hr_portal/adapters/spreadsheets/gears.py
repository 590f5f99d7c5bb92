"""Which pieces of a sheet are read by columns, and how they join the rest.

The exact parser is fed everything except the whole rows that `quick` takes, so
its state is always that of the sheet so far, and it can take over at any row.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from hr_portal.adapters.spreadsheets import quick
from hr_portal.adapters.spreadsheets.markup import Declined, Objects, Positions
from hr_portal.adapters.spreadsheets.sheet import RawColumn, Sheet
from hr_portal.domain.table import Kind

if TYPE_CHECKING:
    from hr_portal.adapters.spreadsheets.xlsx import SheetParsing

_BEGIN = b"<sheetData>"
_END = b"</sheetData>"
_ROW_END = b"</row>"
_PIECE = 1 << 20
_LONGEST_HEAD = 4 * _PIECE
_LAST_ROW = 1_048_576
_DEPTH_OF_ROWS = 2  # worksheet, sheetData
_DECLINES_ALLOWED = 3
"""After so many pieces in a row that are not regular, the rest is not tried."""


def by_columns(parsing: "SheetParsing", chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Read the regular pieces of a sheet by columns; yield all else for the exact parser.

    Must only be used on parts without comments and CDATA: then `</row>` in the
    bytes is the end of a row and nothing else.
    """
    chunks = iter(chunks)
    head, buffer = _before_rows(chunks)
    yield head
    if buffer is None:
        yield from chunks
    else:
        yield from _rows(parsing, buffer, chunks)


def _before_rows(chunks: Iterator[bytes]) -> tuple[bytes, bytes | None]:
    """Return what comes before the first row, and the beginning of the rows.

    None for the latter: the rows are not where most programs put them.
    """
    buffer = b""
    for chunk in chunks:
        buffer += chunk
        at = buffer.find(_BEGIN) + len(_BEGIN)
        if at >= len(_BEGIN):
            return buffer[:at], buffer[at:]
        if len(buffer) > _LONGEST_HEAD or buffer.find(b"<?", 5) >= 0:
            break
    return buffer, None


def _rows(parsing: "SheetParsing", buffer: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    declined = 0
    for chunk in chunks:
        buffer += chunk
        if declined > _DECLINES_ALLOWED:
            break
        if len(buffer) < _PIECE:
            continue
        cut = buffer.rfind(_ROW_END) + len(_ROW_END)
        if _END in buffer or (cut < len(_ROW_END) and len(buffer) > _LONGEST_HEAD):
            break
        if cut < len(_ROW_END):
            continue
        piece, buffer = buffer[:cut], buffer[cut:]
        is_taken = _take(parsing, piece)
        declined = 0 if is_taken else declined + 1
        yield b"" if is_taken else piece
    end = buffer.find(_END)
    if end > 0 and _take(parsing, buffer[:end]):
        buffer = buffer[end:]
    yield buffer
    yield from chunks


def _take(parsing: "SheetParsing", piece: bytes) -> bool:
    """Read a piece by columns and join it to the sheet; False where it is not regular."""
    if not parsing.in_data or parsing.parser.depth != _DEPTH_OF_ROWS:
        return False
    reader = parsing.reader
    context = quick.Context(
        strings=lambda: reader.strings,
        formats=reader.book.formats,
        epoch_1904=parsing.sheet.epoch_1904,
        max_text=parsing.limits.max_cell_characters,
        is_uncalculated=reader.book.is_uncalculated,
    )
    try:
        cells = quick.read(piece, context)
    except Declined:
        return False
    if int(cells.row_numbers[0]) <= parsing.row or int(cells.row_numbers[-1]) > _LAST_ROW:
        return False
    if len(parsing.sheet.columns) + len(np.unique(cells.columns)) > parsing.limits.max_columns:
        fresh = set(np.unique(cells.columns).tolist()) - set(parsing.sheet.columns)
        if len(parsing.sheet.columns) + len(fresh) > parsing.limits.max_columns:
            return False
    join(parsing.sheet, cells)
    parsing.row = int(cells.row_numbers[-1])
    parsing.check_rows()
    return True


def join(sheet: Sheet, cells: quick.Piece) -> None:
    """Append the rows of a piece that hold anything to a sheet."""
    first = len(sheet.row_numbers)
    filled = np.zeros(len(cells.row_numbers), dtype=np.bool_)
    filled[cells.rows] = True
    place = np.cumsum(filled) - 1
    count = int(place[-1]) + 1 if len(place) else 0
    sheet.row_numbers.extend(cells.row_numbers[filled].tolist())
    sheet.hidden_rows.extend(cells.row_numbers[filled & cells.hidden].tolist())
    rows = place[cells.rows]
    order = np.argsort(cells.columns, kind="stable")
    columns = cells.columns[order]
    bounds = np.flatnonzero(np.diff(columns)) + 1
    for members in np.split(order, bounds) if len(order) else ():
        column = int(cells.columns[members[0]])
        raw = sheet.columns.get(column)
        if raw is None:
            raw = sheet.columns[column] = RawColumn()
        raw.pad(first)
        at = rows[members]
        if not _join_encoded(raw, cells, members, at, count):
            values = np.full(count, "", dtype=object)
            values[at] = _values(cells, members)
            raw.values.extend(values.tolist())
        kinds = np.full(count, Kind.EMPTY, dtype=np.uint8)
        kinds[at] = cells.kinds[members]
        raw.kinds.extend(kinds.tobytes())
        computed = cells.computed[members]
        if computed.any():
            raw.computed.extend((first + at[computed]).tolist())


def _join_encoded(
    raw: RawColumn, cells: quick.Piece, members: Positions, at: Positions, count: int
) -> bool:
    """Append the cells of a column as they lie in the piece; False where they can't be so."""
    if (cells.starts[members] < 0).any():
        return False
    # Rows without such a cell take the empty text before the "<" that a piece begins with.
    starts, ends = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    starts[at], ends[at] = cells.starts[members], cells.ends[members]
    found = cells.encoded(starts, ends)
    if found is not None:
        raw.take_in(*found)
    return found is not None


def _values(cells: quick.Piece, members: Positions) -> Objects:
    """Return the values of some cells, wherever they lie."""
    values = cells.values[members]
    in_piece = np.flatnonzero(cells.starts[members] >= 0)
    if len(in_piece):
        values[in_piece] = cells.texts(members[in_piece])
    return values
