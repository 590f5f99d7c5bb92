"""Whole rows of a sheet read as columns, where their bytes are proved regular.

Almost every sheet is written by a handful of programs in a handful of forms. A
piece of such a sheet (whole rows, about 1 MiB) is taken apart here with NumPy:
all tags are found and classed, their order is held against the grammar of a
sheet, every attribute against the few forms that occur. Whatever does not fit
to the letter - a comment, a rich text, a repeated number, a stray blank - is
declined, and the exact reader reads that piece instead. So this gear may be
fast because it may always say no.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from hr_portal.adapters.spreadsheets import looks, markup
from hr_portal.adapters.spreadsheets.cells import unescape
from hr_portal.adapters.spreadsheets.markup import (
    MASKS,
    Bytes,
    Declined,
    Flags,
    Integers,
    Markup,
    Objects,
    Positions,
    integers,
)
from hr_portal.adapters.spreadsheets.quicktexts import (
    INLINE,
    NUMBER,
    SHARED,
    STRING,
    TYPES,
    convert,
    expect_entities,
    texts_of,
)
from hr_portal.adapters.spreadsheets.sharedtexts import Numbered
from hr_portal.domain.table import Kind

_CELL = re.compile(rb'"(?: s="([0-9]{1,5})")?(?: t="(s|n|b|e|str|inlineStr)")?( ?/)?>')
_CONSTANT = re.compile(rb'"(?:[^"]|"")*"|[0-9.+-][0-9.eE+-]*')
_MAY_BE_CONSTANT = np.frombuffer(b'"&= \t\r\n.+-0123456789', dtype=np.uint8)
_HEIGHT = re.compile(rb' ht="([^"]*)"')
_ROW_REST = re.compile(rb'"(?: (?!xmlns|r=)[\w:]+="[^"<&]*")* ?/?>')
_CELL_HEAD = np.frombuffer(b'<c r="\0\0', dtype="<u8")[0]
_ROW_HEAD = np.frombuffer(b'<row r="', dtype="<u8")[0]
_MAKES_PICTURES = (b"IMAGE(", b"DISPIMG(")
_HEAD_LENGTH = 6  # <c r="
_ROW_HEAD_LENGTH = 8
_MAX_ROW_DIGITS = 7
_MAX_INDEX_DIGITS = 8
_MAX_FORMS = 300
_LONGEST_FORM = 400
_QUOTE = ord('"')
_LAST_LETTER = 25
_COLUMNS = 16_384


@dataclass(slots=True)
class Piece:
    """The filled cells of some rows, in the order of the sheet."""

    row_numbers: Integers
    """Of every row of the piece, filled or not."""
    hidden: Flags
    """Per row whether it is hidden."""
    rows: Positions
    """Per cell the index of its row in `row_numbers`."""
    columns: Positions
    kinds: Bytes
    values: Objects
    """Per cell its value, but for those that lie in the piece or are shared."""
    shared: Positions
    """Per cell the number of its shared string, -1 where it has none."""
    computed: Flags
    starts: Positions
    """Where the text of a cell begins in the piece, -1 where it lies elsewhere."""
    ends: Positions
    parts: Markup
    max_text: int

    def texts(self, cells: Positions) -> list[str]:
        """Return the values of some cells that lie in the piece, as the exact reader would."""
        strings = texts_of(self.parts, self.starts[cells], self.ends[cells], self.max_text)
        return [*map(unescape, strings)] if b"_x" in self.parts.piece else strings

    def encoded(self, starts: Positions, ends: Positions) -> tuple[bytes, Positions] | None:
        """Return texts as they lie in the piece, with NUL after each and where that is.

        None where one of them has to be resolved first: an entity, an escape.
        """
        # Each with the "<" that ends it, which no text contains.
        lengths = ends - starts + 1
        stops = np.cumsum(lengths)
        taken = np.repeat(starts - stops + lengths, lengths) + np.arange(stops[-1])
        found = self.parts.data[taken].tobytes()
        if b"&" in found or (b"_" in found and b"_x" in found):
            return None
        return found.replace(b"<", b"\0"), stops - 1


@dataclass(slots=True)
class Context:
    """What cells of a piece refer to."""

    strings: Callable[[], Numbered]
    """The shared strings, asked for when a cell needs them."""
    formats: list[int]
    epoch_1904: bool
    max_text: int
    telling: frozenset[int] = frozenset()
    """Cell formats that say or hide something: what they are of is for the exact reader."""
    is_uncalculated: bool = False
    """Whether a formula's result of 0 may be none, as in `Workbook`."""


def read(piece: bytes, context: Context) -> Piece:
    """Take whole rows apart; raises `Declined` where a single byte is out of line."""
    parts = markup.parse(piece)
    return _cells(parts, _rows(parts), context)


@dataclass(slots=True)
class _Rows:
    tags: Positions
    """Which tags are those of rows."""
    numbers: Integers
    digits: Positions
    """Where the digits of the number are, and how many."""
    widths: Positions
    hidden: Flags


def _rows(parts: Markup) -> _Rows:
    words = parts.words
    at = np.flatnonzero((parts.tags == markup.ROW) | (parts.tags == markup.ROW_EMPTY))
    starts, ends = parts.opens[at], parts.closes[at]
    if (ends - starts <= _ROW_HEAD_LENGTH).any() or (words[starts] != _ROW_HEAD).any():
        raise Declined
    digits = starts + _ROW_HEAD_LENGTH
    widths = np.zeros(len(at), dtype=np.int64)
    for width in range(_MAX_ROW_DIGITS, 0, -1):
        widths[parts.data[np.minimum(digits + width, ends)] == _QUOTE] = width
    hidden = np.zeros(len(at), dtype=np.bool_)
    for form, members in _forms(parts, digits + widths, ends):
        if not _ROW_REST.fullmatch(form):
            raise Declined
        height = _HEIGHT.search(form)
        size = looks.number(height[1].decode()) if height else None
        is_low = size is not None and size < looks.LEAST_HEIGHT
        hidden[members] = is_low or b' hidden="1"' in form or b' hidden="true"' in form
    numbers = integers(words, digits, digits + widths, _MAX_ROW_DIGITS)
    if (numbers < 1).any() or (np.diff(numbers) <= 0).any():
        raise Declined
    leading = words[digits] & np.uint64(0xFF)
    if (leading == ord("0")).any():
        raise Declined
    return _Rows(at, numbers, digits, widths, hidden)


def _cells(parts: Markup, lines: _Rows, context: Context) -> Piece:
    tags, words = parts.tags, parts.words
    at = np.flatnonzero((tags == markup.C) | (tags == markup.C_EMPTY))
    starts, ends = parts.opens[at], parts.closes[at]
    if not len(at):
        nothing = np.zeros(0, dtype=np.int64)
        return Piece(
            lines.numbers, lines.hidden, nothing, nothing, nothing.astype(np.uint8),
            np.zeros(0, dtype=object), nothing, nothing.astype(np.bool_), nothing, nothing, parts,
            context.max_text,
        )  # fmt: skip
    if (ends - starts <= _HEAD_LENGTH + 2).any() or (
        (words[starts] & MASKS[_HEAD_LENGTH]) != _CELL_HEAD
    ).any():
        raise Declined
    rows = np.searchsorted(lines.tags, at) - 1
    columns, letters = _column_numbers(parts.data, starts + _HEAD_LENGTH)
    widths = lines.widths[rows]
    reference = starts + _HEAD_LENGTH + letters
    # The digits of the row's own number, with the quote that ends them.
    mask = MASKS[widths + 1]
    if ((words[reference] & mask) != (words[lines.digits[rows]] & mask)).any():
        raise Declined
    same_row = rows[1:] == rows[:-1]
    if (same_row & (columns[1:] <= columns[:-1])).any():
        raise Declined
    styles, types = _styles(parts, reference + widths, ends, context.telling)
    return _values(parts, at, rows, columns, styles, types, lines, context)


def _column_numbers(data: Bytes, at: Positions) -> tuple[Positions, Positions]:
    """Return column positions (0 = A) and how many letters each reference has."""
    one = data[at].astype(np.int64) - 65
    two = data[at + 1].astype(np.int64) - 65
    three = data[at + 2].astype(np.int64) - 65
    if ((one < 0) | (one > _LAST_LETTER)).any():
        raise Declined
    has_two = (two >= 0) & (two <= _LAST_LETTER)
    has_three = has_two & (three >= 0) & (three <= _LAST_LETTER)
    columns = np.where(has_two, (one + 1) * 26 + two, one)
    columns = np.where(has_three, (columns + 1) * 26 + three, columns)
    if (columns >= _COLUMNS).any():
        raise Declined
    return columns, 1 + has_two.astype(np.int64) + has_three


def _styles(
    parts: Markup, quotes: Positions, ends: Positions, telling: frozenset[int]
) -> tuple[Integers, Bytes]:
    """Return style and type of every cell from what follows its reference."""
    styles = np.zeros(len(quotes), dtype=np.int64)
    types = np.zeros(len(quotes), dtype=np.uint8)
    for count, (form, members) in enumerate(_forms(parts, quotes, ends)):
        found = _CELL.fullmatch(form)
        if found is None or count == _MAX_FORMS:
            raise Declined
        style, is_empty = int(found[1] or 0), found[3] is not None
        if style in telling and not is_empty:
            raise Declined
        styles[members] = style
        types[members] = TYPES[found[2] or b""]
    return styles, types


def _forms(parts: Markup, quotes: Positions, ends: Positions) -> Iterator[tuple[bytes, Positions]]:
    """Yield each form that the ends of some tags take, from a quote on, and whose it is.

    There are few; they are compared as words of eight bytes, each is read once.
    """
    words = parts.words
    length = ends - quotes + 1
    if (length > _LONGEST_FORM).any():
        raise Declined
    keys = []
    for offset in range(0, int(length.max(initial=0)), 8):
        left = np.clip(length - offset, 0, 8)
        keys.append(words[np.minimum(quotes + offset, len(words) - 1)] & MASKS[left])
    left_over = np.arange(len(quotes))
    while len(left_over):
        first = left_over[0]
        form = parts.piece[int(quotes[first]) : int(ends[first]) + 1]
        same = keys[0][left_over] == keys[0][first]
        for key in keys[1:]:
            same &= key[left_over] == key[first]
        yield form, left_over[same]
        left_over = left_over[~same]


def _values(
    parts: Markup,
    at: Positions,
    rows: Positions,
    columns: Positions,
    styles: Integers,
    types: Bytes,
    lines: _Rows,
    context: Context,
) -> Piece:
    tags = parts.tags
    follows = np.where(tags[at] == markup.C, tags[np.minimum(at + 1, len(tags) - 1)], markup.OTHER)
    holder = np.full(len(at), -1, dtype=np.int64)  # the index of the tag that holds the value
    holder[follows == markup.V] = at[follows == markup.V] + 1
    inline = follows == markup.IS
    holder[inline] = at[inline] + 2
    computed = (follows == markup.F) | (follows == markup.F_EMPTY)
    if computed.any():
        next_tag = at + np.where(follows == markup.F, 3, 2)
        valued = computed & (tags[np.minimum(next_tag, len(tags) - 1)] == markup.V)
        holder[valued] = next_tag[valued]
        _decline_constants(parts, at[follows == markup.F])
    if (inline != (types == INLINE))[holder >= 0].any():
        raise Declined
    kinds = np.full(len(at), Kind.EMPTY, dtype=np.uint8)
    values = np.full(len(at), "", dtype=object)
    kinds[computed & (holder < 0)] = Kind.FORMULA
    held = np.flatnonzero(holder >= 0)
    starts = parts.closes[holder[held]] + 1
    ends = parts.opens[holder[held] + 1]
    of_type = types[held]
    shared = of_type == SHARED
    numbers = np.full(len(at), -1, dtype=np.int64)
    if shared.any():
        where = held[shared]
        numbers[where], kinds[where] = _shared(parts, starts[shared], ends[shared], context)
    texts = (of_type == STRING) | (of_type == INLINE)
    first = np.full(len(at), -1, dtype=np.int64)
    after = np.zeros(len(at), dtype=np.int64)
    if texts.any():
        where = held[texts]
        first[where], after[where] = starts[texts], ends[texts]
        if (ends[texts] - starts[texts] > context.max_text).any():
            raise Declined
        kinds[where] = np.where(ends[texts] > starts[texts], Kind.TEXT, Kind.EMPTY)
        expect_entities(parts, starts[texts], ends[texts])
    others = ~(shared | texts)
    if others.any():
        where = held[others]
        strings = texts_of(parts, starts[others], ends[others], context.max_text)
        kinds[where], values[where] = convert(
            strings, of_type[others], styles[where], computed[where], context.formats,
            epoch_1904=context.epoch_1904,
        )  # fmt: skip
        if context.is_uncalculated and computed.any():
            zeros = [text.strip() == "0" for text in strings]
            zero = where[np.array(zeros) & computed[where] & (of_type[others] == NUMBER)]
            kinds[zero], values[zero] = Kind.FORMULA, ""
    filled = np.flatnonzero(kinds != Kind.EMPTY)
    if len(filled) < len(kinds):
        rows, columns, kinds = rows[filled], columns[filled], kinds[filled]
        values, numbers, computed = values[filled], numbers[filled], computed[filled]
        first, after = first[filled], after[filled]
    return Piece(
        lines.numbers, lines.hidden, rows, columns, kinds, values, numbers, computed, first, after,
        parts, context.max_text,
    )  # fmt: skip


def _decline_constants(parts: Markup, cells: Positions) -> None:
    """Leave formulas that are only a text or a number, or make a picture, to the exact reader."""
    if any(word in parts.piece for word in _MAKES_PICTURES):
        raise Declined
    starts, ends = parts.closes[cells + 1] + 1, parts.opens[cells + 2]
    doubtful = np.flatnonzero(np.isin(parts.data[starts], _MAY_BE_CONSTANT))
    for start, end in zip(starts[doubtful].tolist(), ends[doubtful].tolist(), strict=True):
        formula = parts.piece[start:end].strip().replace(b"&quot;", b'"')
        if formula.startswith((b"&", b"=")) or _CONSTANT.fullmatch(formula):
            raise Declined


def _shared(
    parts: Markup, starts: Positions, ends: Positions, context: Context
) -> tuple[Positions, Bytes]:
    """Return the numbers of shared strings, and the kinds of the cells that refer to them."""
    numbers, strings = integers(parts.words, starts, ends, _MAX_INDEX_DIGITS), context.strings()
    if (numbers >= len(strings)).any():
        raise Declined  # the exact reader says which cell
    return numbers, np.where(strings.are_empty(numbers), Kind.EMPTY, Kind.TEXT).astype(np.uint8)
