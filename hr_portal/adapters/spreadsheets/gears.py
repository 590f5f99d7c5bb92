"""Which pieces of a sheet are read by columns, and how they join the rest.

The exact parser is fed everything except the whole rows that `quick` takes, so
its state is always that of the sheet so far, and it can take over at any row.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from hr_portal.adapters.spreadsheets import quick
from hr_portal.adapters.spreadsheets.gathered import Gathered, gather
from hr_portal.adapters.spreadsheets.markup import Declined
from hr_portal.adapters.spreadsheets.partner import Partner, facts

if TYPE_CHECKING:
    from hr_portal.adapters.spreadsheets.xlsx import SheetParsing

_BEGIN = b"<sheetData>"
_END = b"</sheetData>"
_ROW_END = b"</row>"
_PIECE = 1 << 20
_LONGEST_HEAD = 4 * _PIECE
_LAST_ROW = 1_048_576
_DEPTH_OF_ROWS = 2  # worksheet, sheetData
_MOST_WAITING = 6
"""So many pieces lie between the one that is read and the one that joins the sheet."""
_DECLINES_ALLOWED = 3
"""After so many pieces in a row that are not regular, the rest is not tried."""


def by_columns(
    parsing: "SheetParsing", chunks: Iterable[bytes], partner: Partner | None = None
) -> Iterator[bytes]:
    """Read the regular pieces of a sheet by columns; yield all else for the exact parser.

    Must only be used on parts without comments and CDATA: then `</row>` in the
    bytes is the end of a row and nothing else. A `partner` takes its share of the pieces.
    """
    chunks = iter(chunks)
    head, buffer = _before_rows(chunks)
    yield head
    if buffer is None:
        yield from chunks
    else:
        yield from _rows(parsing, buffer, chunks, partner)


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


class _Cutter:
    """Cuts the rows of a sheet into pieces of whole rows, as long as that is worth it."""

    def __init__(self, buffer: bytes, chunks: Iterator[bytes]) -> None:
        self.rest = buffer
        """What is not cut yet."""
        self.is_over = False
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.rest += chunk
            if self.is_over:
                break
            if len(self.rest) < _PIECE:
                continue
            cut = self.rest.rfind(_ROW_END) + len(_ROW_END)
            if _END in self.rest or (cut < len(_ROW_END) and len(self.rest) > _LONGEST_HEAD):
                break
            if cut < len(_ROW_END):
                continue
            piece, self.rest = self.rest[:cut], self.rest[cut:]
            yield piece


def _rows(
    parsing: "SheetParsing", buffer: bytes, chunks: Iterator[bytes], partner: Partner | None
) -> Iterator[bytes]:
    declined, cutter, pieces = 0, _Cutter(buffer, chunks), _Pieces(parsing, partner)
    for piece, found in pieces.read(cutter):
        is_taken = found is not None and _take(parsing, found)
        declined = 0 if is_taken else declined + 1
        cutter.is_over = declined > _DECLINES_ALLOWED
        yield b"" if is_taken else piece
    end = cutter.rest.find(_END)
    if end > 0:
        found = pieces.read_one(cutter.rest[:end])
        if found is not None and _take(parsing, found):
            cutter.rest = cutter.rest[end:]
    yield cutter.rest
    yield from chunks


class _Pieces:
    """Takes pieces apart, some of them in another process; they come back in their order."""

    def __init__(self, parsing: "SheetParsing", partner: Partner | None) -> None:
        self._parsing = parsing
        self._partner = partner
        self._facts: tuple[bool, bytes] | None = None

    def read(self, pieces: Iterable[bytes]) -> Iterator[tuple[bytes, Gathered | None]]:
        """Yield each piece with what it holds, None where it is not regular."""
        waiting: deque[tuple[bytes, int | None, Gathered | None]] = deque()
        for piece in pieces:
            place = self._offered(piece)
            waiting.append((piece, place, self.read_one(piece) if place is None else None))
            while waiting and (len(waiting) > _MOST_WAITING or self._is_ready(waiting[0][1])):
                yield self._told(*waiting.popleft())
        while waiting:
            yield self._told(*waiting.popleft())

    def _offered(self, piece: bytes) -> int | None:
        """Hand a piece to the partner; None where there is none, or it is busy."""
        return None if self._partner is None else self._partner.offer(piece, self._known())

    def _is_ready(self, place: int | None) -> bool:
        return place is None or self._partner is None or self._partner.has_answered(place)

    def _told(
        self, piece: bytes, place: int | None, found: Gathered | None
    ) -> tuple[bytes, Gathered | None]:
        if place is not None and self._partner is not None:
            found = self._partner.answer(place) or self.read_one(piece)
        return piece, found

    def read_one(self, piece: bytes) -> Gathered | None:
        """Return what a piece holds, None where it is not regular."""
        context = self._context()
        try:
            return gather(quick.read(piece, context), context.strings)
        except Declined:
            return None

    def _context(self) -> quick.Context:
        reader = self._parsing.reader
        return quick.Context(
            strings=lambda: reader.strings,
            formats=reader.book.formats,
            epoch_1904=self._parsing.sheet.epoch_1904,
            max_text=self._parsing.limits.max_cell_characters,
            telling=frozenset(reader.book.looks),
            is_uncalculated=reader.book.is_uncalculated,
        )

    def _known(self) -> bytes:
        """Return what a partner has to know; of shared strings once a cell has asked for them."""
        held = self._parsing.reader.strings_held
        if self._facts is None or self._facts[0] != (held is not None):
            self._facts = held is not None, facts(self._context(), held)
        return self._facts[1]


def _take(parsing: "SheetParsing", found: Gathered) -> bool:
    """Join a piece to the sheet; False where it doesn't fit there."""
    if not parsing.in_data or parsing.parser.depth != _DEPTH_OF_ROWS:
        return False
    if found.first <= parsing.row or found.last > _LAST_ROW:
        return False
    places = {column.place for column in found.columns}
    if len(places | parsing.sheet.columns.keys()) > parsing.limits.max_columns:
        return False
    found.join(parsing.sheet, lambda: parsing.reader.strings)
    parsing.row = found.last
    parsing.check_rows()
    return True
