"""The exact streaming reader of .ods: one pass over `content.xml`, all sheets at once.

A cell's value is what its attributes say, never what is shown: `office:value`
stays the decimal literal it is, dates are ISO already, text is joined from its
paragraphs. Repeated rows and columns are told by a number; empty ones cost
nothing here, filled ones are written out and counted against a limit.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hr_portal.adapters.spreadsheets import cells, comments, looks, pictures
from hr_portal.adapters.spreadsheets.guard import Package
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.odsstyles import Styles
from hr_portal.adapters.spreadsheets.odstext import CellText
from hr_portal.adapters.spreadsheets.opendocument import CONTENT, STYLES
from hr_portal.adapters.spreadsheets.refusals import dotted, over_limit, refuse
from hr_portal.adapters.spreadsheets.sheet import (
    HEADING_ALLOWANCE,
    Sheet,
    check_grid,
    column_letters,
    first_rows,
    too_many_columns,
    too_many_rows,
)
from hr_portal.adapters.spreadsheets.strings import too_long
from hr_portal.adapters.spreadsheets.workbook import SheetPlace
from hr_portal.adapters.spreadsheets.xmlparts import Attributes, SafeParser
from hr_portal.domain.table import PICTURE, Kind

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE = f"{_URN}office:1.0 ", f"{_URN}table:1.0 "
_DRAW, _SCRIPT = f"{_URN}drawing:1.0 ", f"{_URN}script:1.0 "
_IMAGE, _HREF = f"{_DRAW}image", "http://www.w3.org/1999/xlink href"
_CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "

_CELL, _COVERED = f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_ROW, _COLUMN, _SHEET = f"{_TABLE}table-row", f"{_TABLE}table-column", f"{_TABLE}table"
_ROW_GROUP, _COLUMN_GROUP = f"{_TABLE}table-row-group", f"{_TABLE}table-column-group"
_SOURCE = f"{_TABLE}table-source"
_FRAME = frozenset(
    f"{_TABLE}{each}"
    for each in ("table-rows", "table-header-rows", "table-columns", "table-header-columns")
)
_VALUE_TYPE, _VALUE = f"{_OFFICE}value-type", f"{_OFFICE}value"
_FORMULA, _ERROR_TYPE = f"{_TABLE}formula", f"{_CALCEXT}value-type"
_REPEATED, _ROWS_REPEATED = f"{_TABLE}number-columns-repeated", f"{_TABLE}number-rows-repeated"
_SPANNED, _ROWS_SPANNED = f"{_TABLE}number-columns-spanned", f"{_TABLE}number-rows-spanned"
_NOTE, _P = f"{_OFFICE}annotation", f"{_URN}text:1.0 p"
_SPAN, _TEXT_STYLE = f"{_URN}text:1.0 span", f"{_URN}text:1.0 style-name"
_STYLE_NAME, _DEFAULT_STYLE = f"{_TABLE}style-name", f"{_TABLE}default-cell-style-name"
_MATRIX, _MATRIX_ROWS = (
    f"{_TABLE}number-matrix-columns-spanned", f"{_TABLE}number-matrix-rows-spanned",
)  # fmt: skip

_ACTIVE = {
    f"{_SCRIPT}event-listener": ("makro", "macros"),
    f"{_OFFICE}script": ("makro", "macros"),
    f"{_TABLE}dde-link": ("tautan DDE ke program lain", "a DDE link to another program"),
    f"{_OFFICE}dde-source": ("tautan DDE ke program lain", "a DDE link to another program"),
    f"{_DRAW}object-ole": ("objek tersemat (OLE)", "embedded objects (OLE)"),
    f"{_DRAW}plugin": ("objek tersemat", "embedded objects"),
    f"{_DRAW}applet": ("program (applet)", "a program (applet)"),
}
_ERROR = re.compile(r"#N/A|#[A-Z/0]{3,8}[!?]|Err:[0-9]{3}")
_LINKED_CACHE = re.compile(r"'[a-z]+:.*'#", re.DOTALL)
_DURATION = re.compile(r"PT(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})(?:[.,]([0-9]+))?S)?")
_MAX_ROW = 1_048_576
_MAX_REPEATED_ROWS = 16_777_216  # the empty tail of LibreOffice's largest sheets
_MAX_COLUMN = 16_384
_MERGED_KEPT = 20_000
_MATRICES_KEPT = 200
_PICTURES_KEPT = 10_000
_TOLD_EVERY = 2_000
_EPOCH_1904 = "1904-01-01"


@dataclass(slots=True)
class OdsBook:
    """The list of sheets, in the order of their tabs."""

    sheets: list[SheetPlace] = field(default_factory=list)


class OdsReader:
    """Reads all sheets of one guarded .ods; made once, asked by sheet."""

    def __init__(
        self, package: Package, limits: ReadLimits, progress: Callable[[int], None] | None = None
    ) -> None:
        """Read the whole content; raises Unreadable. `progress` is told the rows so far."""
        self.file = package.file
        self.limits = limits
        archive = package.archive
        assert archive is not None  # noqa: S101 - an .ods is an archive
        parsing = _Parsing(package.file, limits)
        if STYLES in archive:
            parsing.read_styles(archive.chunks(STYLES))
        told = 0
        for chunk in archive.chunks(CONTENT):
            parsing.parser.feed(chunk)
            if progress is not None and parsing.rows - told > _TOLD_EVERY:
                told = parsing.rows
                progress(told)
        parsing.parser.feed(b"", final=True)
        self._sheets = parsing.finish()
        self._refusals = parsing.refusals
        self.book = OdsBook(
            [SheetPlace(s.name, str(at), s.hidden) for at, s in enumerate(self._sheets)]
        )
        if not self._sheets:
            raise refuse(
                "structure", package.file, found="buku kerjanya tidak mempunyai lembar data",
                found_en="the workbook has no data sheet",
            )  # fmt: skip

    def read(
        self,
        place: SheetPlace,
        *,
        max_rows: int | None = None,
        progress: Callable[[int], None] | None = None,  # noqa: ARG002 - told while reading
    ) -> Sheet:
        """Return a sheet; with `max_rows` only its first filled rows. Raises Unreadable."""
        sheet = self._sheets[int(place.part)]
        if max_rows is not None:
            return first_rows(sheet, max_rows)
        refusal = self._refusals.get(int(place.part))
        if refusal is not None:
            raise refusal
        check_grid(sheet, self.file, self.limits)
        return sheet


class _FullNames(SafeParser):
    """Names with their namespaces: an .ods uses `p`, `s` and `a` of several."""

    def local(self, name: str) -> str:
        return self._names.setdefault(name, name)


class _Parsing:
    """The state of the one pass."""

    def __init__(self, file: str, limits: ReadLimits) -> None:
        self.file = file
        self.limits = limits
        self.parser = _FullNames(CONTENT, file, limits)
        self.parser.handle(self.start, self.end, with_namespaces=False)
        self.text = CellText(self.parser, limits.max_cell_characters)
        self.sheets: list[Sheet] = []
        self.refusals: dict[int, Exception] = {}
        self.rows = 0
        self._cells = 0  # all stored so far
        self._repeated = 0  # of these, only told by a number
        self.styles = Styles(self.parser)
        self._has_struck_run = False  # in the cell being read
        self._column_styles: list[tuple[int, int, str]] = []  # of cells that name none
        self._row_style = ""
        self._epoch_1904 = False
        self._skipping = 0  # depth of the element whose inside is ignored
        self._note: list[str] | None = None  # the text of the comment being skipped
        self._sheet: Sheet | None = None
        self._is_linked = False
        self._shut = 0  # hidden groups around
        self._groups: list[bool] = []
        self._in_row = False
        self._row = 0  # number of the row being read
        self._row_count = 1
        self._row_hidden = False
        self._held: list[tuple[int, int, int, str, bool]] = []
        self._looks_held: list[tuple[int, int, int]] = []  # column, count, look
        self._column = 0
        self._cell_depth = 0
        self._attributes: Attributes = {}
        self._matrices: list[tuple[int, int, int, int]] = []

    def read_styles(self, chunks: Iterable[bytes]) -> None:
        """Read the styles that have a name, and how they show numbers; before all else."""
        self.styles.parser = parser = _FullNames(STYLES, self.file, self.limits)
        parser.handle(self.styles.start, self.styles.end, with_namespaces=False)
        parser.parse(chunks)
        self.styles.parser = self.parser

    # ---------------------------------------------------------------- elements

    def start(self, name: str, attributes: Attributes) -> None:  # noqa: C901, PLR0912 - one a kind
        """Take the start of an element."""
        if name in _ACTIVE:
            found, found_en = _ACTIVE[name]
            raise refuse("active", self.file, found=found, found_en=found_en)
        if name == _IMAGE:
            self._note_picture(attributes)
        if self._skipping:
            if self._note is not None and name == _P:
                self.parser.take_text(self._note.append)
            return
        if self._cell_depth:
            self._has_struck_run |= name == _SPAN and self.styles.crosses_out(
                attributes.get(_TEXT_STYLE)
            )
            if not self.text.start(name, attributes):
                self._skip(name)
                self._note = [] if name == _NOTE else None
        elif self._in_row:
            if name in {_CELL, _COVERED}:
                self._cell_depth = self.parser.depth
                self._attributes = attributes
                self._has_struck_run = False
                self.text.begin()
            else:
                self._skip(name)
        elif self._sheet is not None:
            self._start_in_sheet(name, attributes)
        elif name == _SHEET:
            self._start_sheet(attributes)
        elif name == f"{_TABLE}null-date":
            self._epoch_1904 = attributes.get(f"{_TABLE}date-value") == _EPOCH_1904
        elif name == f"{_TABLE}tracked-changes":
            self._skip(name)  # what cells held before
        else:
            self.styles.start(name, attributes)

    def _note_picture(self, attributes: Attributes) -> None:
        """Remember where a picture lies; the image of a chart is none."""
        sheet = self._sheet
        is_own = attributes.get(_HREF, "").startswith("Pictures/")
        if sheet is not None and is_own and self._in_row and len(sheet.pictures) < _PICTURES_KEPT:
            sheet.pictures.append(f"{column_letters(self._column)}{self._row}")

    def _start_in_sheet(self, name: str, attributes: Attributes) -> None:
        if name == _ROW:
            self._start_row(attributes)
        elif name == _COLUMN:
            self._take_column(attributes)
        elif name in {_ROW_GROUP, _COLUMN_GROUP}:
            is_shut = attributes.get(f"{_TABLE}display") == "false"
            self._groups.append(is_shut)
            self._shut += is_shut
        elif name == _SOURCE:
            self._is_linked = True
        elif name not in _FRAME:
            self._skip(name)  # shapes, forms, titles, notes: none of them is a cell

    def _skip(self, name: str) -> None:
        if name == _SHEET and self._cell_depth:
            raise refuse(
                "structure", self.file, found="ada tabel di dalam sel",
                found_en="there is a table inside a cell",
            )  # fmt: skip
        self._skipping = self.parser.depth
        self.text.pause()

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if self._skipping:
            if self._note is not None and name == _P:
                self.parser.take_text(None)
            if self.parser.depth < self._skipping:
                self._skipping = 0
                self._end_note()
                self.text.resume()
            return
        if self._cell_depth:
            if self.parser.depth < self._cell_depth:
                self._end_cell(is_covered=name == _COVERED)
            else:
                self.text.end(name)
        elif name == _ROW:
            self._end_row()
        elif name in {_ROW_GROUP, _COLUMN_GROUP}:
            self._shut -= self._groups.pop()
        elif name == _SHEET and self._sheet is not None:
            self._end_sheet()
        elif self._sheet is None:
            self.styles.end(name)

    def _end_note(self) -> None:
        note, self._note = self._note, None
        is_told = bool(note) and comments.says_more_than_ours("".join(note or ()))
        if is_told and self._sheet is not None and self._row <= _MAX_ROW:
            self._sheet.comment(self._column, self._row)

    # ---------------------------------------------------------------- sheets

    def _start_sheet(self, attributes: Attributes) -> None:
        if len(self.sheets) >= self.limits.max_sheets:
            most = self.limits.max_sheets
            raise over_limit(
                self.file, f"lembarnya lebih dari {most}", f"it has more than {most} sheets",
                dotted(most),
            )  # fmt: skip
        name = attributes.get(f"{_TABLE}name", "")
        hidden = self.styles.hides(attributes.get(_STYLE_NAME, ""))
        self._sheet = Sheet(name, hidden, "ods", epoch_1904=self._epoch_1904)
        self._is_linked = False
        self._row, self._column = 0, 0
        self._column_styles = []
        self._matrices = []

    def _end_sheet(self) -> None:
        sheet = self._sheet
        self._sheet = None
        if sheet is None or (self._is_linked and _LINKED_CACHE.match(sheet.name)):
            return  # LibreOffice's own copy of a sheet in another file: no sheet of this one
        self._finish_matrices(sheet)
        sheet.finish()
        self.sheets.append(sheet)

    def finish(self) -> list[Sheet]:
        """Return the sheets, in order."""
        return self.sheets

    def _take_column(self, attributes: Attributes) -> None:
        count = self._count(attributes, _REPEATED, _MAX_COLUMN)
        sheet = self._sheet
        style = attributes.get(_DEFAULT_STYLE, "")
        if self.styles.look(style):
            self._column_styles.append((self._column, self._column + count, style))
        if sheet is not None and (self._shut or self._is_shut(attributes)):
            last = min(self._column + count, _MAX_COLUMN) - 1
            if self._column <= last and len(sheet.hidden_columns) < _MAX_COLUMN:
                sheet.hidden_columns.append((self._column, last))
        self._column += count

    def _is_shut(self, attributes: Attributes) -> bool:
        """Tell whether a row or column is hidden, or as small as if it were."""
        is_small = self.styles.hides(attributes.get(_STYLE_NAME, ""))
        return is_small or attributes.get(f"{_TABLE}visibility") in {"collapse", "filter"}

    def _count(self, attributes: Attributes, name: str, most: int) -> int:
        text = attributes.get(name)
        if text is None:
            return 1
        if text.isascii() and text.isdigit() and len(text) < 9 and 0 < int(text) <= most:  # noqa: PLR2004
            return int(text)
        raise refuse(
            "structure", self.file, found=f"ada yang diulang “{text[:20]}” kali",
            found_en=f"something is repeated “{text[:20]}” times",
        )  # fmt: skip

    # ---------------------------------------------------------------- rows

    def _start_row(self, attributes: Attributes) -> None:
        self._in_row = True
        self._row += 1
        self._row_count = self._count(attributes, _ROWS_REPEATED, _MAX_REPEATED_ROWS)
        self._row_hidden = bool(self._shut) or self._is_shut(attributes)
        self._column = 0
        self._held = []
        self._looks_held = []
        self._row_style = attributes.get(_DEFAULT_STYLE, "")

    def _end_row(self) -> None:
        self._in_row = False
        sheet, held, count = self._sheet, self._held, self._row_count
        first = self._row
        self._row += count - 1
        if sheet is None or not held:
            return
        width = sum(cell[1] for cell in held)
        self._repeated += width * count - len(held)
        self._cells += width * count
        if self._repeated > self.limits.max_repeated_cells:
            most = self.limits.max_repeated_cells
            raise over_limit(
                self.file, f"baris {first} mengulang isi yang sama terlalu banyak",
                f"row {first} repeats the same content too often", f"{dotted(most)} sel",
                f"{most:,} cells",
            )  # fmt: skip
        if self._row > _MAX_ROW:
            raise refuse(
                "structure", self.file, found=f"ada isi di bawah baris {dotted(_MAX_ROW)}",
                found_en=f"there is content below row {_MAX_ROW:,}",
            )  # fmt: skip
        if self._cells > self.limits.max_cells:
            most = self.limits.max_cells
            raise over_limit(
                self.file, f"sel yang terisi lebih dari {dotted(most)}",
                f"it has more than {most:,} filled cells", f"{dotted(most)} sel", f"{most:,} cells",
            )  # fmt: skip
        if len(self.sheets) not in self.refusals:
            self._store(sheet, held, range(first, first + count))

    def _store(
        self, sheet: Sheet, held: list[tuple[int, int, int, str, bool]], numbers: range
    ) -> None:
        """Store a row as often as it is repeated; past a limit the sheet is left as it is."""
        limits = self.limits
        if len(sheet.row_numbers) + len(numbers) > limits.max_rows + HEADING_ALLOWANCE:
            self.refusals[len(self.sheets)] = too_many_rows(self.file, limits)
            return
        fresh = {c for at, wide, *_ in held for c in range(at, at + wide)} - sheet.columns.keys()
        if len(sheet.columns) + len(fresh) > limits.max_columns:
            self.refusals[len(self.sheets)] = too_many_columns(self.file, limits)
            return
        self.rows += len(numbers)
        for number in numbers:
            row = len(sheet.row_numbers)
            sheet.row_numbers.append(number)
            if self._row_hidden:
                sheet.hidden_rows.append(number)
            for at, wide, kind, value, is_computed in held:
                for column in range(at, at + wide):
                    raw = sheet.put(row, column, kind, value)
                    if is_computed:
                        raw.computed.append(row)
            self._note_looks(sheet, number)

    def _note_looks(self, sheet: Sheet, number: int) -> None:
        for at, wide, look in self._looks_held:
            for column in range(at, at + wide):
                if look & looks.STRUCK:
                    sheet.strike(column, number)
                if look & looks.UNSEEN:
                    sheet.unsee(column, number)

    # ---------------------------------------------------------------- cells

    def _end_cell(self, *, is_covered: bool) -> None:
        attributes = self._attributes
        self._cell_depth = 0
        count = self._count(attributes, _REPEATED, _MAX_COLUMN) if _REPEATED in attributes else 1
        column = self._column
        self._column = column + count
        if not attributes and not self.text.has_any:
            return
        if not is_covered and (_SPANNED in attributes or _ROWS_SPANNED in attributes):
            self._note_merged(column, attributes)
        is_formula = _FORMULA in attributes
        if is_formula and _MATRIX in attributes:
            self._note_matrix(column, attributes)
        kind, value = self._read_value(attributes, is_formula=is_formula)
        is_computed = is_formula and kind != Kind.FORMULA
        if is_formula and _MATRIX not in attributes:
            formula = attributes[_FORMULA].partition(":=")[2]
            if pictures.FORMULA.match(formula):
                kind, value, is_computed = Kind.ERROR, PICTURE, False
            constant = cells.constant(formula)
            if constant is not None and kind == Kind.FORMULA:
                kind, value = constant
            is_computed = is_computed and constant != (kind, value)
        if kind == Kind.EMPTY:
            return
        if self._column > _MAX_COLUMN:
            raise refuse(
                "structure", self.file, found=f"ada sel di luar lembar pada baris {self._row}",
                found_en=f"there is a cell outside the sheet in row {self._row}",
            )  # fmt: skip
        self._held.append((column, count, kind, value, is_computed))
        look = looks.of_kind(self.styles.look(self._style_of(column)), kind)
        look |= looks.STRUCK * self._has_struck_run
        if look:
            self._looks_held.append((column, count, look))

    def _style_of(self, column: int) -> str:
        """Return the style of the cell being read: its own, its row's or its column's."""
        own = self._attributes.get(_STYLE_NAME) or self._row_style
        return own or next(
            (name for first, end, name in self._column_styles if first <= column < end), ""
        )

    def _read_value(self, attributes: Attributes, *, is_formula: bool) -> tuple[int, str]:
        shown = self._shown()
        if is_formula and self._is_error(attributes, shown):
            return Kind.ERROR, shown[:40]
        name, read = _STORED.get(attributes.get(_VALUE_TYPE, ""), ("", None))
        value = attributes.get(name)
        if value is not None:
            return read(value) if read is not None else self._text(value)
        if shown:
            return self._text(shown)
        if is_formula and _VALUE_TYPE not in attributes:
            return Kind.FORMULA, ""
        return Kind.EMPTY, ""

    def _shown(self) -> str:
        shown = self.text.joined()
        if shown is None:
            raise too_long(self.file, self._place(), self.limits)
        return shown

    def _text(self, value: str) -> tuple[int, str]:
        if len(value) > self.limits.max_cell_characters:
            raise too_long(self.file, self._place(), self.limits)
        return (Kind.TEXT, value) if value else (Kind.EMPTY, "")

    def _place(self) -> str:
        return f"{column_letters(self._column - 1)}{self._row}"

    @staticmethod
    def _is_error(attributes: Attributes, shown: str) -> bool:
        """Tell whether a formula failed; older programs only show it, beside an empty value."""
        if attributes.get(_ERROR_TYPE) == "error":
            return True
        stored = attributes.get(_VALUE, attributes.get(f"{_OFFICE}string-value", ""))
        return stored in {"", "0"} and _ERROR.fullmatch(shown) is not None

    def _note_merged(self, column: int, attributes: Attributes) -> None:
        wide = self._count(attributes, _SPANNED, _MAX_COLUMN)
        tall = self._count(attributes, _ROWS_SPANNED, _MAX_ROW)
        sheet = self._sheet
        if sheet is None or (wide, tall) == (1, 1):
            return
        sheet.merged_count += 1
        if len(sheet.merged) < _MERGED_KEPT:
            last = f"{column_letters(column + wide - 1)}{self._row + tall - 1}"
            sheet.merged.append(f"{column_letters(column)}{self._row}:{last}")

    def _note_matrix(self, column: int, attributes: Attributes) -> None:
        """Remember the range of an array formula: only its first cell carries the formula."""
        wide = self._count(attributes, _MATRIX, _MAX_COLUMN)
        tall = self._count(attributes, _MATRIX_ROWS, _MAX_ROW)
        if len(self._matrices) < _MATRICES_KEPT:
            self._matrices.append((column, self._row, column + wide, self._row + tall))

    def _finish_matrices(self, sheet: Sheet) -> None:
        for left, top, right, bottom in self._matrices:
            rows = [at for at, number in enumerate(sheet.row_numbers) if top <= number < bottom]
            for column, raw in sheet.columns.items():
                if left <= column < right:
                    filled = [row for row in rows if row < len(raw.kinds) and raw.kinds[row]]
                    raw.computed = sorted({*raw.computed, *filled})


def _boolean(text: str) -> tuple[int, str]:
    return Kind.BOOLEAN, "TRUE" if text == "true" else "FALSE"


def _duration(text: str) -> tuple[int, str]:
    """Return the time or duration of an ISO 8601 duration (PT13H00M00S), to the second."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or text.strip() == "PT":
        return Kind.TEXT, text
    hours, minutes, seconds = (int(each or 0) for each in found.group(1, 2, 3))
    total = hours * 3600 + minutes * 60 + seconds + ((found[4] or "0")[0] >= "5")
    return Kind.TIME, f"{total // 3600:02d}:{total % 3600 // 60:02d}:{total % 60:02d}"


# By value type: the attribute that holds the value, and what reads it (None: it is text).
_STORED: dict[str, tuple[str, Callable[[str], tuple[int, str]] | None]] = {
    "float": (_VALUE, cells.number_literal),
    "percentage": (_VALUE, cells.number_literal),
    "currency": (_VALUE, cells.number_literal),
    "date": (f"{_OFFICE}date-value", cells.iso_date),
    "time": (f"{_OFFICE}time-value", _duration),
    "boolean": (f"{_OFFICE}boolean-value", _boolean),
    "string": (f"{_OFFICE}string-value", None),
}
