"""The exact streaming reader of .xlsx sheets.

The truth about a sheet is its XML: every filled cell with its stored kind, the
sheet's own row numbers, formulas with and without a value, what is hidden or
merged. Nothing is taken from `<dimension>`, nothing goes through a double.

Pieces of a sheet that the column-wise reader (`quick`) proves regular are read
there instead; everything else, and every doubt, is read here.
"""

import re
from collections.abc import Callable

from hr_portal.adapters.spreadsheets import cells, comments, looks, pictures
from hr_portal.adapters.spreadsheets.gears import by_columns
from hr_portal.adapters.spreadsheets.guard import Package
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.partner import Partner
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.sharedtexts import SharedTexts
from hr_portal.adapters.spreadsheets.sheet import (
    HEADING_ALLOWANCE,
    RawColumn,
    Sheet,
    check_grid,
    column_letters,
    column_of,
    too_many_columns,
    too_many_rows,
)
from hr_portal.adapters.spreadsheets.strings import read_strings, too_long
from hr_portal.adapters.spreadsheets.workbook import (
    PLAIN,
    SheetPlace,
    Workbook,
    read_workbook,
)
from hr_portal.adapters.spreadsheets.xmlparts import (
    Attributes,
    SafeParser,
    StopParsing,
    is_strike,
)
from hr_portal.domain.table import PICTURE, Kind

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MERGED_KEPT = 20_000
_ARRAYS_KEPT = 200
_TOLD_EVERY = 2_000


class XlsxReader:
    """Reads the sheets of one guarded workbook; strings and formats are read once."""

    def __init__(
        self,
        package: Package,
        limits: ReadLimits,
        *,
        quick: bool = True,
        most_strings: int | None = None,
        partner: Partner | None = None,
    ) -> None:
        self.package = package
        self.limits = limits
        self.quick = quick
        """Whether regular pieces may be read by columns; tests read both ways and compare."""
        self.most_strings = most_strings
        """So many shared strings are read, all where None; enough for the first rows."""
        self.partner = partner
        """Another process that takes pieces of a sheet apart, where there is one."""
        self.book: Workbook = read_workbook(package, limits)
        self.pictures = pictures.in_cells(package, self.book.part, limits)
        self._strings: SharedTexts | None = None

    @property
    def strings(self) -> SharedTexts:
        """The shared strings, read at first need."""
        if self._strings is None:
            part = self.book.strings_part
            archive = self.package.archive
            self._strings = (
                read_strings(
                    archive.chunks(part),
                    part,
                    self.package.file,
                    self.limits,
                    plain=self.quick and self.package.facts[part].plain,
                    most=self.most_strings,
                )
                if part is not None and archive is not None
                else SharedTexts(self.limits)
            )
        return self._strings

    @property
    def strings_held(self) -> SharedTexts | None:
        """The shared strings, where a cell has needed them."""
        return self._strings

    def size_of(self, place: SheetPlace) -> int:
        """Return how many bytes a sheet says it has, unpacked."""
        archive = self.package.archive
        return archive.entries[place.part.lower()].size if archive is not None else 0

    def read(
        self,
        place: SheetPlace,
        *,
        max_rows: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Sheet:
        """Read a sheet; with `max_rows` only its first filled rows.

        `progress` is told how many rows have been read. Raises Unreadable.
        """
        archive = self.package.archive
        assert archive is not None  # noqa: S101 - csv has its own reader
        parsing = SheetParsing(self, place, max_rows)
        chunks = archive.chunks(place.part)
        may_be_quick = max_rows is None and self.package.facts[place.part].plain
        # Which texts are crossed out in part is seen here only.
        may_be_quick = may_be_quick and not self.strings.struck
        pieces = (
            by_columns(parsing, chunks, self.partner) if may_be_quick and self.quick else chunks
        )
        seen = 0
        try:
            for chunk in pieces:
                parsing.parser.feed(chunk)
                held = len(parsing.sheet.row_numbers)
                if progress is not None and held - seen > _TOLD_EVERY:
                    seen = held
                    progress(seen)
            parsing.parser.feed(b"", final=True)
        except StopParsing:
            pass
        if not parsing.is_worksheet:
            raise refuse(
                "structure", self.package.file,
                found=f"lembar “{place.name[:60]}” bukan lembar data",
                found_en=f"sheet “{place.name[:60]}” is no data sheet",
            )  # fmt: skip
        parsing.sheet.finish()
        if max_rows is None:
            parsing.sheet.pictures = pictures.over_sheet(self.package, place.part, self.limits)
            comments.note(parsing.sheet, self.package, place.part, self.limits)
        check_grid(parsing.sheet, self.package.file, self.limits)
        return parsing.sheet


class SheetParsing:
    """The state of one pass over one sheet's XML."""

    def __init__(self, reader: XlsxReader, place: SheetPlace, max_rows: int | None) -> None:
        self.reader = reader
        self.file = reader.package.file
        self.limits = reader.limits
        self.max_rows = max_rows
        self.sheet = Sheet(place.name, place.hidden, "xlsx", epoch_1904=reader.book.epoch_1904)
        self.is_worksheet = False
        self.parser = SafeParser(place.part, self.file, reader.limits)
        self.parser.handle(self.start, self.end, with_namespaces=False)
        self._root_seen = False
        self.in_data = False
        self.row = 0  # the number of the row being read
        self._row_hidden = False
        self._filled = False  # whether the row holds anything yet
        self._column = -1
        self._in_cell = False
        self._kind = ""
        self._format = 0
        self._looks = reader.book.looks
        self._is_struck = False  # of the cell being read, a part of its text
        self._value: str | None = None
        self._is_inline = False
        self._means = ""
        self._has_formula = False
        self._formula: list[str] = []
        self._phonetic = 0
        self._text: list[str] = []
        self._columns: dict[str, int] = {}
        self._arrays: list[tuple[int, int, int, int]] = []

    # ---------------------------------------------------------------- elements

    def start(self, name: str, attributes: Attributes) -> None:  # noqa: C901, PLR0912 - one a kind
        """Take the start of an element."""
        if name == "c":
            if self.in_data:
                self._start_cell(attributes)
        elif name == "v":
            if self._in_cell:
                self._text = []
                self.parser.take_text(self._text.append)
        elif name == "t":
            if self._in_cell and self._is_inline and not self._phonetic:
                self.parser.take_text(self._text.append)
        elif name == "row":
            if self.in_data:
                self._start_row(attributes)
        elif name == "is":
            if self._in_cell:
                self._is_inline = True
                self._text = []
        elif name == "f":
            if self._in_cell:
                self._has_formula = True
                if attributes.get("t") in {"array", "dataTable"}:
                    self._note_array(attributes.get("ref", ""))
                else:
                    self.parser.take_text(self._formula.append)
        elif name == "rPh":
            self._phonetic += 1
        elif self._in_cell:
            self._is_struck |= is_strike(name, attributes)
        elif name == "col":
            if _is_shut(attributes, "width", looks.LEAST_WIDTH):
                self._hide_columns(attributes)
        elif name == "mergeCell":
            self.sheet.merged_count += 1
            if len(self.sheet.merged) < _MERGED_KEPT:
                self.sheet.merged.append(attributes.get("ref", "")[:20])
        elif name == "sheetData":
            self.in_data = True
        elif not self._root_seen:
            self.is_worksheet = name == "worksheet"
        self._root_seen = True

    def end(self, name: str) -> None:  # noqa: C901 - one a kind
        """Take the end of an element."""
        if name == "c":
            if self._in_cell:
                self._end_cell()
        elif name == "v":
            self.parser.take_text(None)
            if self._in_cell:
                self._value = "".join(self._text)
        elif name in {"t", "f"}:
            self.parser.take_text(None)
        elif name == "is":
            if self._in_cell:
                self._value = "".join(self._text)
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "row":
            if self.in_data:
                self._end_row()
        elif name == "sheetData":
            self.in_data = False
            self._finish_arrays()

    # ---------------------------------------------------------------- rows

    def _start_row(self, attributes: Attributes) -> None:
        text = attributes.get("r")
        if text is None:
            number = self.row + 1
        elif text.isascii() and text.isdigit() and len(text) <= 7:  # noqa: PLR2004 - 1048576
            number = int(text)
        else:
            number = 0
        if not 0 < number <= MAX_ROW:
            raise refuse(
                "structure", self.file, found=f"ada baris bernomor “{(text or '')[:20]}”",
                found_en=f"there is a row numbered “{(text or '')[:20]}”",
            )  # fmt: skip
        if number <= self.row:
            raise refuse(
                "structure", self.file,
                found=f"nomor baris {number} datang sesudah baris {self.row}, sehingga ada baris "
                "yang dapat hilang",
                found_en=f"row number {number} comes after row {self.row}, so rows could get lost",
            )  # fmt: skip
        self.row = number
        self._row_hidden = _is_shut(attributes, "ht", looks.LEAST_HEIGHT)
        self._filled = False
        self._column = -1

    def _end_row(self) -> None:
        self.check_rows()

    def check_rows(self) -> None:
        """Stop where enough rows have been read; refuse where there are too many."""
        held = len(self.sheet.row_numbers)
        if self.max_rows is not None and held >= self.max_rows:
            raise StopParsing
        if held > self.limits.max_rows + HEADING_ALLOWANCE:
            raise too_many_rows(self.file, self.limits)

    # ---------------------------------------------------------------- cells

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        column = self._column + 1 if reference is None else self._position(reference)
        if column <= self._column:
            raise refuse(
                "structure", self.file,
                found=f"sel {column_letters(column)}{self.row} ada dua kali atau tidak berurutan",
                found_en=f"cell {column_letters(column)}{self.row} is there twice or out of order",
            )  # fmt: skip
        if column >= MAX_COLUMN:
            raise refuse(
                "structure", self.file, found=f"ada sel di luar lembar pada baris {self.row}",
                found_en=f"there is a cell outside the sheet in row {self.row}",
            )  # fmt: skip
        self._column = column
        self._in_cell = True
        self._kind = attributes.get("t", "n")
        self._means = attributes.get("vm", "")
        shown = attributes.get("s", "0")
        self._format = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 8 else 0  # noqa: PLR2004
        self._value = None
        self._is_inline = False
        self._is_struck = False
        self._has_formula = False
        self._formula = []

    def _position(self, reference: str) -> int:
        match = _REFERENCE.fullmatch(reference)
        if match is None or int(match[2]) != self.row:
            raise refuse(
                "structure", self.file,
                found=f"alamat sel “{reference[:20]}” tidak cocok dengan baris {self.row}",
                found_en=f"cell address “{reference[:20]}” does not fit row {self.row}",
            )  # fmt: skip
        letters = match[1]
        known = self._columns.get(letters)
        if known is None:
            known = 0
            for letter in letters:
                known = known * 26 + ord(letter) - 64
            known -= 1
            self._columns[letters] = known
        return known

    def _end_cell(self) -> None:
        self._in_cell = False
        kind, value = self._read_value()
        is_computed = self._has_formula
        if is_computed:
            kind, value, is_computed = self._judge_formula(kind, value)
        if kind != Kind.EMPTY:
            raw = self._store(kind, value)
            if is_computed:
                raw.computed.append(len(raw.values) - 1)

    def _judge_formula(self, kind: int, value: str) -> tuple[int, str, bool]:
        """Return what a cell with a formula holds, and whether that depends on a calculation.

        Programs that can't calculate write 0 as the result, and ask to be calculated.
        """
        if self._formula and pictures.FORMULA.match("".join(self._formula)):
            return Kind.ERROR, PICTURE, False
        is_zero = self._kind == "n" and (self._value or "").strip() == "0"
        if is_zero and self.reader.book.is_uncalculated:
            kind, value = Kind.FORMULA, ""
        constant = cells.constant("".join(self._formula)) if self._formula else None
        if constant is not None and (kind in {Kind.FORMULA, Kind.EMPTY} or is_zero):
            known, text = constant
            if len(text) > self.limits.max_cell_characters:
                raise too_long(self.file, f"{column_letters(self._column)}{self.row}", self.limits)
            if known == Kind.NUMBER and self._shows() != PLAIN:
                constant = cells.serial(text, self._shows(), epoch_1904=self.sheet.epoch_1904)
            elif known == Kind.TEXT:
                constant = known, cells.unescape(text)
            return *constant, False
        return kind, value, (kind, value) != constant

    def _shows(self) -> int:
        formats = self.reader.book.formats
        return formats[self._format] if self._format < len(formats) else PLAIN

    def _store(self, kind: int, value: str) -> RawColumn:
        sheet = self.sheet
        if not self._filled:
            self._filled = True
            sheet.row_numbers.append(self.row)
            if self._row_hidden:
                sheet.hidden_rows.append(self.row)
        look = self._looks.get(self._format, 0)
        if self._is_struck or look & looks.STRUCK:
            sheet.strike(self._column, self.row)
        if looks.of_kind(look, kind) & looks.UNSEEN:
            sheet.unsee(self._column, self.row)
        if self._column not in sheet.columns and len(sheet.columns) >= self.limits.max_columns:
            raise too_many_columns(self.file, self.limits)
        return sheet.put(len(sheet.row_numbers) - 1, self._column, kind, value)

    def _read_value(self) -> tuple[int, str]:  # noqa: C901, PLR0911, PLR0912 - one return a kind
        value = self._value
        kind = self._kind
        if value is None:
            return (Kind.FORMULA, "") if self._has_formula else (Kind.EMPTY, "")
        if kind == "s":
            return self._shared(value)
        if kind in {"inlineStr", "str"} or self._is_inline:
            if not value:
                return Kind.EMPTY, ""
            if len(value) > self.limits.max_cell_characters:
                raise too_long(self.file, f"{column_letters(self._column)}{self.row}", self.limits)
            return Kind.TEXT, cells.unescape(value)
        if not value.strip():
            return (Kind.FORMULA, "") if self._has_formula else (Kind.EMPTY, "")
        if kind == "n":
            shows = self._shows()
            if len(value) > 400:  # noqa: PLR2004 - no number has that many digits
                raise too_long(self.file, f"{column_letters(self._column)}{self.row}", self.limits)
            if shows == PLAIN:
                return cells.number_literal(value)
            return cells.serial(value, shows, epoch_1904=self.sheet.epoch_1904)
        if kind == "b":
            return Kind.BOOLEAN, "TRUE" if value.strip() in {"1", "true"} else "FALSE"
        if kind == "e":
            if self._means.isdigit() and int(self._means[:9]) in self.reader.pictures:
                return Kind.ERROR, PICTURE
            return Kind.ERROR, value.strip()[:40]
        if kind == "d":
            return cells.iso_date(value)
        raise refuse(
            "structure", self.file,
            found=f"sel {column_letters(self._column)}{self.row} berjenis “{kind[:20]}”",
            found_en=f"cell {column_letters(self._column)}{self.row} has type “{kind[:20]}”",
        )  # fmt: skip

    def _shared(self, value: str) -> tuple[int, str]:
        strings = self.reader.strings
        text = value.strip()
        index = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else len(strings)  # noqa: PLR2004
        if index >= len(strings):
            raise refuse(
                "damaged", self.file,
                found=f"sel {column_letters(self._column)}{self.row} menunjuk ke teks yang tidak "
                "ada",
                found_en=f"cell {column_letters(self._column)}{self.row} points to a text that "
                "is not there",
            )  # fmt: skip
        found = strings[index]
        self._is_struck |= index in strings.struck
        return (Kind.TEXT, found) if found else (Kind.EMPTY, "")

    # ---------------------------------------------------------------- the rest

    def _hide_columns(self, attributes: Attributes) -> None:
        try:
            first, last = int(attributes["min"]) - 1, int(attributes["max"]) - 1
        except (KeyError, ValueError):
            return
        spans = self.sheet.hidden_columns
        if 0 <= first <= last and len(spans) < MAX_COLUMN:
            spans.append((first, min(last, MAX_COLUMN - 1)))

    def _note_array(self, reference: str) -> None:
        """Remember the range of an array formula: only its first cell carries the formula."""
        corners = [_REFERENCE.fullmatch(corner) for corner in reference.split(":")]
        if len(corners) == 2 and corners[0] and corners[1] and len(self._arrays) < _ARRAYS_KEPT:  # noqa: PLR2004
            self._arrays.append(
                (
                    column_of(corners[0][1]), int(corners[0][2]),
                    column_of(corners[1][1]), int(corners[1][2]),
                )
            )  # fmt: skip

    def _finish_arrays(self) -> None:
        if not self._arrays:
            return
        index = {number: row for row, number in enumerate(self.sheet.row_numbers)}
        for left, top, right, bottom in self._arrays:
            rows = [row for number, row in index.items() if top <= number <= bottom]
            for column, raw in self.sheet.columns.items():
                if left <= column <= right:
                    filled = [row for row in rows if row < len(raw.kinds) and raw.kinds[row]]
                    raw.computed = sorted({*raw.computed, *filled})


def _is_shut(attributes: Attributes, measure: str, least: float) -> bool:
    """Tell whether a row or column is hidden, or as small as if it were."""
    size = looks.number(attributes.get(measure))
    return attributes.get("hidden") in {"1", "true"} or (size is not None and size < least)
