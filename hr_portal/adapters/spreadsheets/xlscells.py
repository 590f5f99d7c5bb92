"""The cells of one sheet of an .xls, record by record.

Cells may come in any order, so they are gathered by columns and put in order
at the end; an address that is there twice is refused, because a reader that
takes either loses the other.
"""

import math
import struct
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from hr_portal.adapters.spreadsheets import biff, cells, looks
from hr_portal.adapters.spreadsheets.biff import BIFF5, CONTINUE
from hr_portal.adapters.spreadsheets.comments import says_more_than_ours
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.sheet import (
    HEADING_ALLOWANCE,
    RawColumn,
    Sheet,
    check_grid,
    column_letters,
    first_rows,
    too_many_columns,
    too_many_rows,
)
from hr_portal.adapters.spreadsheets.strings import too_long
from hr_portal.adapters.spreadsheets.workbook import PLAIN, SheetPlace
from hr_portal.domain.table import Kind

if TYPE_CHECKING:
    from hr_portal.adapters.spreadsheets.xls import XlsReader

_BOF, _EOF = 0x0809, 0x000A
_WORKSHEET, _MACRO = 0x0010, 0x0040
_ROW, _COLINFO, _MERGED = 0x0208, 0x007D, 0x00E5
_NUMBER, _RK, _MULRK, _LABELSST = 0x0203, 0x027E, 0x00BD, 0x00FD
_LABEL, _RSTRING, _BOOLERR = 0x0204, 0x00D6, 0x0205
_FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
_STRING = 0x0207
_NOTE, _OBJECT, _BOXED = 0x001C, 0x005D, 0x01B6
_GOING_ON = frozenset({_STRING, _BOXED})
_IS_NOTE = 0x19
_ONE_CELL = frozenset({_NUMBER, _RK, _LABELSST, _LABEL, _RSTRING, _BOOLERR, *_FORMULAS})
_PLACE = struct.Struct("<HHH")
_DOUBLE = struct.Struct("<d")
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_HIDDEN_ROW, _OWN_HEIGHT = 0x20, 0x40
_HEIGHT, _TWIPS, _CHARACTER = 0x7FFF, 20, 256  # twips of a point, parts of a column's character
_CALCULATE_ON_LOAD = 0x02
_IS_STRING, _IS_BOOLEAN, _IS_ERROR = 0, 1, 2
# What programs that can't calculate write as the result: 0, or an empty text (xlwt).
_NEVER_CALCULATED = frozenset({bytes(8), b"\3\0\0\0\0\0\xff\xff"})
_LAST_COLUMN, _LAST_ROW = 255, 0xFFFE
_MERGED_KEPT = 20_000
_TOLD_EVERY = 2_000


def number_text(value: float) -> str:
    """Return the literal of a double: all digits of an integer, else the shortest that fits."""
    if value == int(value) and abs(value) < 1e22:  # noqa: PLR2004 - beyond, the exponent stays
        return str(int(value))
    return repr(value)


class _Gathered:
    """The cells of one column as they come."""

    __slots__ = ("computed", "kinds", "rows", "values")

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.values: list[str] = []
        self.kinds = bytearray()
        self.computed: list[int] = []  # places in the lists above


class SheetRecords:
    """One pass over the records of one sheet."""

    def __init__(self, reader: "XlsReader", place: SheetPlace, max_rows: int | None) -> None:
        self.reader = reader
        self.book = reader.book
        self.file = reader.file
        self.limits = reader.limits
        self.max_rows = max_rows
        self.sheet = Sheet(place.name, place.hidden, "xls", epoch_1904=reader.book.epoch_1904)
        self._columns: dict[int, _Gathered] = {}
        self._rows: set[int] = set()
        self._hidden: set[int] = set()
        # A formula whose text comes later, and that text where the formula says it.
        self._pending: tuple[int, int, int, tuple[int, str] | None] | None = None
        self._numbers: dict[tuple[bytes, int], tuple[int, str]] = {}
        self._notes: list[tuple[int, int, int]] = []  # row, column, number of its box
        self._box = -1
        self._not_theirs: set[int] = set()  # boxes in which the user says nothing

    def read(self, at: int, progress: Callable[[int], None] | None = None) -> Sheet:
        """Return the sheet whose records begin at an offset; raises Unreadable."""
        self._walk(at, progress)
        self._gather()
        check_grid(self.sheet, self.file, self.limits)
        return self.sheet if self.max_rows is None else first_rows(self.sheet, self.max_rows)

    def _walk(self, at: int, progress: Callable[[int], None] | None) -> None:
        told = 0
        begun, held = 0, list[memoryview]()  # a record that may go on in the next ones
        for kind, body in self._own_records(at):
            if kind == CONTINUE:
                if held:
                    held.append(body)
                continue
            if held:
                self._take_whole(begun, held)
            begun, held = kind, [body] if kind in _GOING_ON else []
            self._take(kind, body)
            if progress is not None and len(self._rows) - told > _TOLD_EVERY:
                told = len(self._rows)
                progress(told)
        if held:
            self._take_whole(begun, held)
        self._end_pending()

    def _own_records(self, at: int) -> Iterator[tuple[int, memoryview]]:
        """Yield the records of the sheet but not of the charts in it; raises Unreadable."""
        if at >= len(self.reader.records):
            raise refuse("truncated-xls", self.file)
        depth = 0
        for _, kind, body in self.reader.records.walk(at):
            if kind == _BOF:
                self._begin(bytes(body[:8]), inside=depth > 0)
                depth += 1
            elif not depth:
                raise self.reader.records.damaged(
                    f"lembar “{self.sheet.name[:60]}” tidak berawal di tempatnya",
                    f"sheet “{self.sheet.name[:60]}” does not begin where it should",
                )
            elif kind == _EOF:
                depth -= 1
                if not depth:
                    return
            elif depth == 1:
                yield kind, body
        raise refuse("truncated-xls", self.file)

    def _begin(self, body: bytes, *, inside: bool) -> None:
        kind = struct.unpack_from("<H", body, 2)[0] if len(body) >= 4 else 0  # noqa: PLR2004
        if kind == _MACRO:
            raise refuse(
                "active", self.file, found="lembar makro Excel 4",
                found_en="an Excel 4 macro sheet",
            )  # fmt: skip
        if not inside and kind != _WORKSHEET:
            raise refuse(
                "structure", self.file, found=f"lembar “{self.sheet.name[:60]}” bukan lembar data",
                found_en=f"sheet “{self.sheet.name[:60]}” is no data sheet",
            )  # fmt: skip

    # ---------------------------------------------------------------- records

    def _take(self, kind: int, body: memoryview) -> None:  # noqa: C901, PLR0912 - one a kind
        if len(body) < 6:  # noqa: PLR2004 - none of these is shorter
            return
        if kind in _ONE_CELL:
            row, column, shape = _PLACE.unpack_from(body)
        if kind == _LABELSST:
            self._put(row, column, shape, *self._shared(row, column, body))
        elif kind == _NUMBER:
            self._put(row, column, shape, *self._number(bytes(body[6:14]), shape))
        elif kind == _RK:
            self._put(row, column, shape, *self._number(_double_of(bytes(body[6:10])), shape))
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", body)
            for at in range(4, len(body) - 7, 6):
                shape = body[at] | body[at + 1] << 8
                double = _double_of(bytes(body[at + 2 : at + 6]))
                self._put(row, column, shape, *self._number(double, shape))
                column += 1
        elif kind in {_LABEL, _RSTRING}:
            text = biff.long_string(bytes(body[6:]), self.book.version, self.book.codec)
            if text is None:
                raise refuse("truncated-xls", self.file)
            self._put(row, column, shape, *self._text(row, column, text))
        elif kind == _BOOLERR:
            if len(body) >= 8:  # noqa: PLR2004 - value and which of both
                self._put(row, column, shape, *_boolean_or_error(body[6], is_error=bool(body[7])))
        elif kind in _FORMULAS:
            self._take_formula(body)
        elif kind == _ROW:
            if len(body) >= 14:  # noqa: PLR2004 - up to the marks
                row, _, _, height = struct.unpack_from("<4H", body)
                is_low = (height & _HEIGHT) < _TWIPS * looks.LEAST_HEIGHT
                if (is_low and body[12] & _OWN_HEIGHT) or body[12] & _HIDDEN_ROW:
                    self._hidden.add(row)
        elif kind == _COLINFO:
            self._take_columns(body)
        elif kind == _MERGED:
            self._take_merged(body)
        elif kind == _OBJECT:
            what, number = struct.unpack_from("<HH", body, 4) if len(body) >= 8 else (0, 0)  # noqa: PLR2004
            self._box = number if what == _IS_NOTE else -1
        elif kind == _NOTE:
            self._take_note(body)

    def _take_whole(self, kind: int, segments: list[memoryview]) -> None:
        """Take a record with all it goes on in."""
        if kind == _STRING:
            self._take_string(segments)
        else:
            self._take_boxed(segments)

    def _put(
        self, row: int, column: int, shape: int, kind: int, value: str, *, computed: bool = False
    ) -> None:
        if kind == Kind.EMPTY:
            return
        look = self.book.looks.get(shape, 0)
        if look & looks.STRUCK:
            self.sheet.strike(column, row + 1)
        if looks.of_kind(look, kind) & looks.UNSEEN:
            self.sheet.unsee(column, row + 1)
        gathered = self._columns.get(column)
        if gathered is None:
            if column > _LAST_COLUMN:
                raise refuse(
                    "structure", self.file, found=f"ada sel di luar lembar pada baris {row + 1}",
                    found_en=f"there is a cell outside the sheet in row {row + 1}",
                )  # fmt: skip
            if len(self._columns) >= self.limits.max_columns:
                raise too_many_columns(self.file, self.limits)
            gathered = self._columns[column] = _Gathered()
        if computed:
            gathered.computed.append(len(gathered.rows))
        gathered.rows.append(row)
        gathered.values.append(value)
        gathered.kinds.append(kind)
        self._rows.add(row)
        if len(self._rows) > self.limits.max_rows + HEADING_ALLOWANCE:
            raise too_many_rows(self.file, self.limits)

    def _number(self, double: bytes, shape: int) -> tuple[int, str]:
        key = (double, shape)
        known = self._numbers.get(key)
        if known is None:
            known = self._read_number(double, shape)
            if len(self._numbers) < 100_000:  # noqa: PLR2004 - as many as are worth keeping
                self._numbers[key] = known
        return known

    def _read_number(self, double: bytes, shape: int) -> tuple[int, str]:
        if len(double) < 8:  # noqa: PLR2004 - a double
            raise refuse("truncated-xls", self.file)
        value = _DOUBLE.unpack(double)[0]
        if not math.isfinite(value):
            return Kind.ERROR, "#NUM!"
        formats = self.book.formats
        shows = formats[shape] if shape < len(formats) else PLAIN
        literal = number_text(value)
        if shows == PLAIN:
            return cells.number_literal(literal)
        return cells.serial(literal, shows, epoch_1904=self.sheet.epoch_1904)

    def _shared(self, row: int, column: int, body: memoryview) -> tuple[int, str]:
        strings = self.book.strings
        index = struct.unpack_from("<L", body, 6)[0] if len(body) >= 10 else len(strings)  # noqa: PLR2004
        if index >= len(strings):
            where = f"{column_letters(column)}{row + 1}"
            raise refuse(
                "damaged", self.file, found=f"sel {where} menunjuk ke teks yang tidak ada",
                found_en=f"cell {where} points to a text that is not there",
            )  # fmt: skip
        text = strings[index]
        if index in self.book.struck_texts:
            self.sheet.strike(column, row + 1)
        return (Kind.TEXT, text) if text else (Kind.EMPTY, "")

    def _text(self, row: int, column: int, text: str) -> tuple[int, str]:
        if len(text) > self.limits.max_cell_characters:
            raise too_long(self.file, f"{column_letters(column)}{row + 1}", self.limits)
        return (Kind.TEXT, text) if text else (Kind.EMPTY, "")

    def _take_formula(self, body: memoryview) -> None:
        row, column, shape = _PLACE.unpack_from(body)
        if len(body) < 16:  # noqa: PLR2004 - value and flags
            raise refuse("truncated-xls", self.file)
        result = bytes(body[6:14])
        self._end_pending()
        constant = self._constant(bytes(body[20:]), shape)
        if body[14] & _CALCULATE_ON_LOAD and result in _NEVER_CALCULATED:
            self._put(row, column, shape, *(constant or (Kind.FORMULA, "")))
        elif result[6:] != b"\xff\xff":
            found = self._number(result, shape)
            self._put(row, column, shape, *found, computed=found != constant)
        elif result[0] == _IS_STRING:
            self._pending = (row, column, shape, constant)
        elif result[0] == _IS_BOOLEAN:
            found = _boolean_or_error(result[2], is_error=False)
            self._put(row, column, shape, *found, computed=True)
        elif result[0] == _IS_ERROR:
            found = _boolean_or_error(result[2], is_error=True)
            self._put(row, column, shape, *found, computed=True)

    def _end_pending(self) -> None:
        """Say of a formula whose text hasn't come that it has no value."""
        if self._pending is not None:
            row, column, shape, constant = self._pending
            self._put(row, column, shape, *(constant or (Kind.FORMULA, "")))
            self._pending = None

    def _take_string(self, segments: list[memoryview]) -> None:
        """Take the text that a formula gave, which lies in a record of its own."""
        if self._pending is None:
            return
        row, column, shape, constant = self._pending
        self._pending = None
        if self.book.version == BIFF5:
            text = biff.long_string(b"".join(segments), BIFF5, self.book.codec)
        else:
            source = biff.Segments(segments)
            text = source.string()
        if text is None:
            raise refuse("truncated-xls", self.file)
        found = self._text(row, column, text)
        self._put(row, column, shape, *found, computed=found != constant)

    def _take_boxed(self, segments: list[memoryview]) -> None:
        """Take the text in the box of a comment: its length, then characters in what follows."""
        head, source = segments[0], biff.Segments(segments[1:])
        flags = source.take(1)
        if len(head) >= 12 and flags:  # noqa: PLR2004 - up to the length
            text = source.characters(head[10] | head[11] << 8, wide=bool(flags[0] & 1))
            if text is not None and not says_more_than_ours(text):
                self._not_theirs.add(self._box)

    def _take_note(self, body: memoryview) -> None:
        row, column, _ = _PLACE.unpack_from(body)
        if self.book.version == BIFF5:  # the text itself follows; long ones go on without a place
            if row <= _LAST_ROW and says_more_than_ours(bytes(body[6:]).decode("latin-1")):
                self.sheet.comment(column, row + 1)
        elif len(body) >= 8:  # noqa: PLR2004 - up to the box
            self._notes.append((row, column, struct.unpack_from("<H", body, 6)[0]))

    def _constant(self, formula: bytes, shape: int) -> tuple[int, str] | None:
        """Return the value of a formula (length, tokens) that is only a text or a number."""
        tokens = formula[2 : 2 + int.from_bytes(formula[:2], "little")]
        value = biff.constant(tokens, self.book.version, self.book.codec)
        if isinstance(value, float):
            return self._number(_DOUBLE.pack(value), shape)
        return None if value is None else ((Kind.TEXT, value) if value else (Kind.EMPTY, ""))

    def _take_columns(self, body: memoryview) -> None:
        if len(body) < 10:  # noqa: PLR2004
            return
        first, last, width, _, flags = struct.unpack_from("<5H", body)
        is_shut = flags & 1 or width < _CHARACTER * looks.LEAST_WIDTH
        if is_shut and first <= last and len(self.sheet.hidden_columns) < _LAST_COLUMN:
            self.sheet.hidden_columns.append((first, min(last, _LAST_COLUMN)))

    def _take_merged(self, body: memoryview) -> None:
        for at in range(2, len(body) - 7, 8):
            top, bottom, left, right = struct.unpack_from("<4H", body, at)
            self.sheet.merged_count += 1
            if len(self.sheet.merged) < _MERGED_KEPT:
                self.sheet.merged.append(
                    f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
                )

    # ---------------------------------------------------------------- putting in order

    def _gather(self) -> None:
        """Make the columns of the sheet from the cells in the order they came."""
        sheet = self.sheet
        for row, column, box in self._notes:
            if box not in self._not_theirs:
                sheet.comment(column, row + 1)
        rows = np.array(sorted(self._rows), dtype=np.int64)
        sheet.row_numbers = (rows + 1).tolist()
        sheet.hidden_rows = [row + 1 for row in rows.tolist() if row in self._hidden]
        for column in sorted(self._columns):
            gathered = self._columns.pop(column)
            own = np.array(gathered.rows, dtype=np.int64)
            order = np.argsort(own, kind="stable")
            if (np.diff(own[order]) == 0).any():
                where = f"{column_letters(column)}{int(_first_double(own[order])) + 1}"
                raise refuse(
                    "structure", self.file, found=f"sel {where} ada dua kali",
                    found_en=f"cell {where} is there twice",
                )  # fmt: skip
            at = np.searchsorted(rows, own)
            values = np.full(len(rows), "", dtype=object)
            values[at] = gathered.values
            kinds = np.zeros(len(rows), dtype=np.uint8)
            kinds[at] = np.frombuffer(bytes(gathered.kinds), dtype=np.uint8)
            raw = sheet.columns[column] = RawColumn()
            raw.values.extend(values.tolist())
            raw.kinds.extend(kinds.tobytes())
            raw.computed = sorted(int(at[place]) for place in gathered.computed)


def _first_double(rows: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> int:
    return int(rows[:-1][np.diff(rows) == 0][0])


def _boolean_or_error(value: int, *, is_error: bool) -> tuple[int, str]:
    if is_error:
        return Kind.ERROR, _ERRORS.get(value, "#N/A")
    return Kind.BOOLEAN, "TRUE" if value else "FALSE"


def _double_of(packed: bytes) -> bytes:
    """Return the eight bytes of the double that an RK number stands for."""
    if len(packed) < 4:  # noqa: PLR2004
        return packed
    value = int.from_bytes(packed, "little", signed=True)
    if value & 2:
        number = float(value >> 2)
    else:
        number = _DOUBLE.unpack(b"\0\0\0\0" + (value & 0xFFFFFFFC).to_bytes(4, "little"))[0]
    return _DOUBLE.pack(number / 100 if value & 1 else number)
