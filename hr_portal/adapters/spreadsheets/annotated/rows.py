"""A sheet's XML with notes written into it, piece by piece.

Rows are taken as they come and go out as they came, but for what is said of
them: the format of some cells, two cells of ours at the end, and the values
that were changed on the page.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hr_portal.adapters.spreadsheets.annotated.markup import (
    attribute,
    column_of,
    end_tag,
    escaped,
    integer,
    row_of,
    start_tag,
    whole_element,
    with_attribute,
)
from hr_portal.adapters.spreadsheets.annotated.orders import (
    CATATAN,
    HASIL,
    MAX_COMMENTS,
    TONES,
    CellNote,
    Order,
    RowNote,
)
from hr_portal.adapters.spreadsheets.annotated.styles import Styles
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.sheet import column_letters

_ROW = start_tag(b"row")
_CELL = whole_element(b"c")
_FORMULA = start_tag(b"f")
_DATA, _DATA_END = start_tag(b"sheetData"), end_tag(b"sheetData")
_ROW_END = re.compile(rb"</(?:[\w.\-]+:)?row\s*>")
_COLS, _COL = whole_element(b"cols"), start_tag(b"col")
_DIMENSION = start_tag(b"dimension")
_PIECE = 1 << 20
_MAX_COLUMN = 16_384
_HASIL_WIDTH, _CATATAN_WIDTH = b"14", b"60"
_NOT_CHANGED = "nilai baru “{}” tidak ditulis, karena sel ini memuat rumus yang dipakai sel lain"


@dataclass(slots=True)
class Place:
    """Where things stand in a sheet, found out before its first row is written."""

    hasil: int
    """Our first column, 0 = A; Catatan is the next."""
    old: tuple[int, ...]
    """Our columns of an earlier time: what stands there is replaced."""


@dataclass(slots=True)
class Written:
    """What the rows have left to be written elsewhere."""

    comments: dict[bytes, str] = field(default_factory=dict)
    """By reference ("B14")."""
    without_comment: int = 0
    """Cells that would have got a comment, had there been room."""
    not_changed: int = 0
    """Changes that could not be written."""


class RowPatcher:
    """Writes notes into the rows of one sheet, in their order."""

    def __init__(
        self, order: Order, notes: Iterable[RowNote], styles: Styles, place: Place, prefix: bytes,
        *, may_comment: bool = True,
    ) -> None:  # fmt: skip
        self.written = Written()
        self._order, self._styles, self._place, self._p = order, styles, place, prefix
        self._identifiers = frozenset(order.identifiers)
        self._notes = iter(notes)
        self._next = next(self._notes, None)
        self._column_style: dict[int, int] = {}
        self._last_row = 0
        self._may_comment = may_comment
        letters = b"|".join(column_letters(each).encode() for each in order.identifiers)
        # A cell of an identifier as nearly all programs write it; else what needs a closer look.
        self._plain_identifier = re.compile(
            rb'<c r="(' + letters + rb')(\d+)"(?: s="(\d{1,6})")?( t="[A-Za-z]+")?(/?>)'
            rb'|<c r="(?:' + letters + rb")\d"
        )  # fmt: skip
        self._is_odd = False
        self._text_of: dict[bytes, bytes] = {}
        p = prefix
        self._hasil, self._catatan = place.hasil, place.hasil + 1
        self._hasil_letters = column_letters(self._hasil).encode()
        self._catatan_letters = column_letters(self._catatan).encode()
        self._open = b' t="inlineStr"><%sis><%st xml:space="preserve">' % (p, p)
        self._shut = b"</%st></%sis></%sc>" % (p, p, p)
        self._verdict_cells: dict[tuple[str, int], bytes] = {}
        self._catatan_style = b"%d" % styles.copy(0, text=True)

    def patch(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the part's pieces; what stands before and after the rows comes in one piece."""
        buffer = b""
        for chunk in chunks:
            buffer += chunk
            begin = _DATA.search(buffer)
            if begin:
                break
        else:
            raise refuse(
                "structure", "", found="lembarnya tidak memuat baris", found_en="it has no rows"
            )
        yield self._head(buffer[: begin.start()])
        buffer = buffer[begin.start() :]
        at = begin.end() - begin.start()
        if begin[3]:  # no row at all: those we write need a place to stand in
            buffer = (
                b"<%s%s></%s%s>" % (begin[1], b"sheetData", begin[1], b"sheetData") + buffer[at:]
            )
            at = len(begin[1]) + len(b"<sheetData>")
        yield buffer[:at]
        buffer = buffer[at:]
        is_regular = self._p == b""
        while True:
            end = _DATA_END.search(buffer) if b"sheetData" in buffer else None
            cut = end.start() if end else _last_row_end(buffer)
            if cut and (end or len(buffer) >= _PIECE):
                yield self._piece(buffer[:cut], is_regular=is_regular)
                buffer = buffer[cut:]
            if end:
                break
            more = next(chunks, None)
            if more is None:
                raise refuse(
                    "structure", "", found="barisnya tidak berakhir", found_en="its rows don't end"
                )
            buffer += more
        yield b"".join(self._missing_rows(None))
        yield buffer
        yield from chunks

    # ------------------------------------------------------------- before the rows

    def _head(self, head: bytes) -> bytes:
        head = self._with_dimension(head)
        found = _COLS.search(head)
        columns = self._columns(found[3] if found else None)
        p = self._p
        made = b"<%scols>%s</%scols>" % (p, columns, p)
        if found:
            return head[: found.start()] + made + head[found.end() :]
        return head + made

    def _with_dimension(self, head: bytes) -> bytes:
        found = _DIMENSION.search(head)
        if found is None:
            return head
        reference = (attribute(found[2], b"ref") or b"").replace(b"$", b"")
        first, _, last = reference.partition(b":")
        last = last or first
        right, bottom = max(column_of(last), self._catatan), row_of(last)
        if not bottom or column_of(first) < 0 or not row_of(first):
            return head[: found.start()] + head[found.end() :]  # it says nothing true
        whole = b"%s:%s%d" % (first, column_letters(right).encode(), bottom)
        attributes = with_attribute(found[2], b"ref", whole)
        tag = b"<%sdimension%s/>" % (found[1], attributes)
        end = found.end() if found[3] else head.find(b">", found.end()) + 1
        return head[: found.start()] + tag + head[end:]

    def _columns(self, content: bytes | None) -> bytes:
        """Return the column list: Text for identifiers, widths for ours, the rest as it was."""
        spans: list[tuple[int, int, bytes]] = []
        for found in _COL.finditer(content or b""):
            first = integer(attribute(found[2], b"min")) - 1
            last = min(integer(attribute(found[2], b"max")) - 1, _MAX_COLUMN - 1)
            if 0 <= first <= last:
                spans.append((first, last, found[2]))
        special = {*self._identifiers, self._hasil, self._catatan}
        made: list[tuple[int, int, bytes]] = []
        for first, last, attributes in spans:
            at = first
            for column in sorted(each for each in special if first <= each <= last):
                if at < column:
                    made.append((at, column - 1, attributes))
                made.append((column, column, self._column(column, attributes)))
                special.discard(column)
                at = column + 1
            if at <= last:
                made.append((at, last, attributes))
        made += [(column, column, self._column(column, None)) for column in special]
        self._column_style = {}
        out = []
        for first, last, attributes in sorted(made):
            style = integer(attribute(attributes, b"style"))
            if style:
                self._column_style.update(dict.fromkeys(range(first, min(last, 600) + 1), style))
            wanted = with_attribute(attributes, b"min", b"%d" % (first + 1))
            wanted = with_attribute(wanted, b"max", b"%d" % (last + 1))
            out.append(b"<%scol%s/>" % (self._p, wanted))
        return b"".join(out)

    def _column(self, column: int, attributes: bytes | None) -> bytes:
        if column in {self._hasil, self._catatan}:
            width = _HASIL_WIDTH if column == self._hasil else _CATATAN_WIDTH
            return b' min="1" max="1" width="%s" customWidth="1"' % width
        held = attributes if attributes is not None else b' min="1" max="1" width="18"'
        style = self._styles.copy(integer(attribute(held, b"style")), text=True)
        return with_attribute(held, b"style", b"%d" % style)

    # ------------------------------------------------------------- the rows

    def _piece(self, piece: bytes, *, is_regular: bool) -> bytes:
        """Return a piece of whole rows, patched."""
        # Each cell says first where it stands, and nothing has a prefix: as most programs write.
        quick = (
            is_regular
            and not self._place.old
            and not self._styles.has_ours
            and piece.count(b"<c") == piece.count(b'<c r="')
            and b"<!" not in piece
        )
        out: list[bytes] = []
        at = 0
        while begin := _ROW.search(piece, at):
            out.append(piece[at : begin.start()])
            if begin[3]:
                body, at = b"", begin.end()
                tail = b"</%srow>" % begin[1]
            else:
                stop = piece.find(b"</row>", begin.end()) if quick else -1
                end = _ROW_END.search(piece, stop if stop >= 0 else begin.end())
                if end is None:
                    raise refuse(
                        "structure", "", found="ada baris yang tidak berakhir",
                        found_en="a row doesn't end",
                    )  # fmt: skip
                body, at, tail = piece[begin.end() : end.start()], end.end(), end[0]
            number = integer(attribute(begin[2], b"r")) or self._last_row + 1
            out += self._missing_rows(number)
            self._last_row = number
            note = None
            if self._next is not None and self._next.number == number:
                note, self._next = self._next, next(self._notes, None)
            out.append(self._row(begin, number, body, tail, note, quick=quick))
        out.append(piece[at:])
        return b"".join(out)

    def _missing_rows(self, before: int | None) -> list[bytes]:
        """Make the rows we have something to say of and that the sheet does not hold."""
        made = []
        while (note := self._next) is not None and (before is None or note.number < before):
            self._next = next(self._notes, None)
            cells = self._cells(note.number, b"", note, 0)
            made.append(b'<%srow r="%d">%s</%srow>' % (self._p, note.number, cells, self._p))
        return made

    def _row(
        self, begin: re.Match[bytes], number: int, body: bytes, tail: bytes, note: RowNote | None,
        *, quick: bool,
    ) -> bytes:  # fmt: skip
        is_below = number > self._order.header_row
        if note is None and not self._place.old and not self._styles.has_ours and not is_below:
            return begin[0] + body + (b"" if begin[3] else tail)
        attributes = with_attribute(begin[2], b"spans", None) if note else begin[2]
        patched = None
        if quick and is_below and (note is None or not (note.cells or note.changes)):
            patched = self._quick(number, body, note)
        if patched is None:
            style = integer(attribute(attributes, b"s"))
            patched = self._cells(number, body, note, style, is_table=is_below)
        return b"<%srow%s>%s%s" % (begin[1], attributes, patched, tail)

    def _quick(self, number: int, body: bytes, note: RowNote | None) -> bytes | None:
        """Patch a row nothing is said of in its cells; None where it needs a closer look."""
        last = body.rfind(b'<c r="')
        if b"<f" in body or (last >= 0 and column_of(body[last + 6 : last + 9]) >= self._hasil):
            return None
        if self._identifiers:
            self._is_odd = False
            body = self._plain_identifier.sub(self._as_text, body)
            if self._is_odd:
                return None
        return body + self._ours(number, note) if note else body

    def _as_text(self, found: re.Match[bytes]) -> bytes:
        letters, digits, style, kind, end = found.groups()
        if letters is None:
            self._is_odd = True
            return found[0]
        style = style or b"0"
        text = self._text_of.get(style)
        if text is None:
            text = self._text_of[style] = b"%d" % self._styles.copy(int(style), text=True)
        return b'<c r="%s%s" s="%s"%s%s' % (letters, digits, text, kind or b"", end)

    def _cells(
        self, number: int, body: bytes, note: RowNote | None, row_style: int, *,
        is_table: bool = True,
    ) -> bytes:  # fmt: skip
        """Return a row's cells, each looked at by itself."""
        said = {cell.column: cell for cell in note.cells} if note else {}
        changes = dict(note.changes) if note else {}
        gone = set(self._place.old) if number >= self._order.header_row else set()
        if note and note.verdict:
            gone |= {self._hasil, self._catatan}
        made: dict[int, bytes] = {}
        column, end = -1, 0
        unwritten: list[str] = []
        for found in _CELL.finditer(body):
            end = found.end()
            reference = attribute(found[2], b"r")
            column = column_of(reference) if reference else column + 1
            if column in gone:
                continue
            made[column] = self._cell(
                found, number, column, said.pop(column, None), changes, unwritten,
                is_table=is_table,
            )  # fmt: skip
        rest = body[end:]
        for cell in said.values():
            new = changes.pop(cell.column, None)
            made[cell.column] = self._fresh(number, cell.column, row_style, cell, new)
        for each, new in changes.items():
            made[each] = self._fresh(number, each, row_style, None, new)
        if note and note.verdict:
            text = "; ".join(unwritten)
            ours = self._ours(number, note, text[:1].upper() + text[1:] if text else "")
            cells = [made[each] for each in sorted(made) if each < self._hasil]
            after = [made[each] for each in sorted(made) if each > self._catatan]
            return b"".join([*cells, ours, *after]) + rest
        return b"".join(made[each] for each in sorted(made)) + rest

    def _cell(
        self, found: re.Match[bytes], number: int, column: int, said: CellNote | None,
        changes: dict[int, str], unwritten: list[str], *, is_table: bool,
    ) -> bytes:  # fmt: skip
        prefix, attributes, content = found[1], found[2], found[3]
        formula = _FORMULA.search(content) if content else None
        new = changes.pop(column, None)
        if new is not None and formula and attribute(formula[2], b"t") not in {None, b"normal"}:
            unwritten.append(_NOT_CHANGED.format(new))
            self.written.not_changed += 1
            new = None
        tone = TONES.get(said.severity, "") if said else ""
        if said:
            self._comment(number, column, said.text)
        is_text = column in self._identifiers and is_table and (formula is None or new is not None)
        old = integer(attribute(attributes, b"s"))
        style = self._styles.copy(old, text=is_text or new is not None, tone=tone)
        if new is not None:
            return self._text_cell(number, column, style, new)
        if style == old:
            return found[0]
        attributes = with_attribute(attributes, b"s", b"%d" % style)
        if content is None:
            return b"<%sc%s/>" % (prefix, attributes)
        start = found.start(3) - found.start()
        return b"<%sc%s>%s" % (prefix, attributes, found[0][start:])

    def _fresh(
        self, number: int, column: int, row_style: int, said: CellNote | None, new: str | None
    ) -> bytes:
        """Make a cell the sheet does not hold."""
        tone = TONES.get(said.severity, "") if said else ""
        if said:
            self._comment(number, column, said.text)
        base = row_style or self._column_style.get(column, 0)
        is_text = column in self._identifiers or new is not None
        style = self._styles.copy(base, text=is_text, tone=tone)
        if new is not None:
            return self._text_cell(number, column, style, new)
        return b'<%sc r="%s%d" s="%d"/>' % (
            self._p, column_letters(column).encode(), number, style,
        )  # fmt: skip

    def _text_cell(self, number: int, column: int, style: int, text: str) -> bytes:
        head = b'<%sc r="%s%d" s="%d"' % (
            self._p, column_letters(column).encode(), number, style,
        )  # fmt: skip
        return head + self._open + escaped(text) + self._shut if text else head + b"/>"

    def _comment(self, number: int, column: int, text: str) -> None:
        if len(self.written.comments) >= MAX_COMMENTS or not self._may_comment:
            self.written.without_comment += 1
            return
        self.written.comments[b"%s%d" % (column_letters(column).encode(), number)] = text

    # ------------------------------------------------------------- our two cells

    def _ours(self, number: int, note: RowNote | None, more: str = "") -> bytes:
        if note is None or not note.verdict:
            return b""
        if number == self._order.header_row:
            style = self._styles.copy(0, text=True, tone="head")
            return self._text_cell(number, self._hasil, style, HASIL) + self._text_cell(
                number, self._catatan, style, CATATAN
            )
        key = (note.verdict, note.severity)
        verdict = self._verdict_cells.get(key)
        if verdict is None:
            style = self._styles.copy(0, text=True, tone=TONES.get(note.severity, ""))
            verdict = self._verdict_cells[key] = (
                b'" s="%d"' % style + self._open + escaped(note.verdict) + self._shut
            )
        hasil = b'<%sc r="%s%d' % (self._p, self._hasil_letters, number) + verdict
        text = "\n".join(part for part in (note.text, more) if part)
        if not text:
            return hasil
        return hasil + b'<%sc r="%s%d" s="%s"%s%s%s' % (
            self._p, self._catatan_letters, number, self._catatan_style, self._open, escaped(text),
            self._shut,
        )  # fmt: skip


def _last_row_end(buffer: bytes) -> int:
    """Return where the last whole row of a buffer ends; 0 where none does."""
    at = buffer.rfind(b"row>")
    while at > 0:
        begin = buffer.rfind(b"</", 0, at)
        if begin >= 0 and _ROW_END.match(buffer, begin):
            return at + 4
        at = buffer.rfind(b"row>", 0, at)
    return 0
