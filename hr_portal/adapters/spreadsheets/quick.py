"""Whole rows of a sheet read as columns, where their bytes are proved regular.

Almost every sheet is written by a handful of programs in a handful of forms. A
piece of such a sheet (whole rows, about 1 MiB) is taken apart here with NumPy:
all tags are found and classed, their order is held against the grammar of a
sheet, every attribute against the few forms that occur. Whatever does not fit
to the letter - a comment, a rich text, a hidden row, a repeated number, a
stray blank - is declined, and the exact reader reads that piece instead. So
this gear may be fast because it may always say no.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hr_portal.adapters.spreadsheets import cells
from hr_portal.adapters.spreadsheets.workbook import PLAIN
from hr_portal.domain.table import Kind

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]
Words = NDArray[np.uint64]
Objects = NDArray[np.object_]

# The tags of a regular piece.
_ROW, _ROW_EMPTY, _ROW_END, _C, _C_EMPTY, _C_END, _V, _V_END, _IS, _IS_END, _T, _T_END, _F, \
    _F_EMPTY, _F_END, _OTHER = range(16)  # fmt: skip
_MAY_FOLLOW: tuple[tuple[int, tuple[int, ...]], ...] = (
    (_ROW, (_C, _C_EMPTY, _ROW_END)),
    (_ROW_EMPTY, (_ROW, _ROW_EMPTY)),
    (_ROW_END, (_ROW, _ROW_EMPTY)),
    (_C, (_V, _IS, _F, _F_EMPTY, _C_END)),
    (_C_EMPTY, (_C, _C_EMPTY, _ROW_END)),
    (_C_END, (_C, _C_EMPTY, _ROW_END)),
    (_V, (_V_END,)),
    (_V_END, (_C_END,)),
    (_IS, (_T,)),
    (_T, (_T_END,)),
    (_T_END, (_IS_END,)),
    (_IS_END, (_C_END,)),
    (_F, (_F_END,)),
    (_F_END, (_V, _C_END)),
    (_F_EMPTY, (_V, _C_END)),
)
_GRAMMAR = np.zeros(256, dtype=np.bool_)
for _before, _after in _MAY_FOLLOW:
    for _tag in _after:
        _GRAMMAR[_before * 16 + _tag] = True
_HOLDS_TEXT = np.zeros(16, dtype=np.bool_)
_HOLDS_TEXT[[_V, _T, _F]] = True

_PRESERVED = b'<t xml:space="preserve">'
_CELL = re.compile(rb'"(?: s="([0-9]{1,5})")?(?: t="(s|n|b|e|str|inlineStr)")?( ?/)?>')
_ROW_REST = re.compile(rb'"(?: (?!xmlns|r=)[\w:]+="[^"<&]*")* ?/?>')
_FORMULA = re.compile(rb'<f(?: (?:t="shared"|ref="[A-Z0-9:]*"|si="[0-9]+"|a?ca="(?:[01]|true|false)"))*/?>')
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_MAX_FORMS = 300
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [(1 << 64) - 1], dtype=np.uint64)
_CELL_HEAD = np.frombuffer(b'<c r="\0\0', dtype="<u8")[0]
_ROW_HEAD = np.frombuffer(b'<row r="', dtype="<u8")[0]
_MAX_ROW_DIGITS = 7
_MAX_NUMBER = 400


class Declined(Exception):  # noqa: N818 - not an error: the exact reader takes over
    """The piece is not regular; nothing of it has been taken."""


@dataclass(slots=True)
class Piece:
    """The filled cells of some rows, in the order of the sheet."""

    row_numbers: NDArray[np.int64]
    """Of every row of the piece, filled or not."""
    hidden: NDArray[np.bool_]
    """Per row whether it is hidden."""
    rows: Positions
    """Per cell the index of its row in `row_numbers`."""
    columns: Positions
    kinds: Bytes
    values: Objects
    computed: NDArray[np.bool_]


@dataclass(slots=True)
class Context:
    """What cells of a piece refer to."""

    strings: Callable[[], Objects]
    """The shared strings, asked for when a cell needs them."""
    formats: list[int]
    epoch_1904: bool
    max_text: int


def read(piece: bytes, context: Context) -> Piece:
    """Take whole rows apart; raises `Declined` where a single byte is out of line."""
    data = np.frombuffer(piece, dtype=np.uint8)
    _check_characters(piece, data)
    opens = np.flatnonzero(data == 0x3C)
    closes = np.flatnonzero(data == 0x3E)
    if (
        len(opens) != len(closes)
        or len(opens) < 1
        or opens[0] != 0
        or closes[-1] != len(data) - 1
        or (closes < opens).any()
        or (opens[1:] < closes[:-1]).any()
    ):
        raise Declined
    tags = _classify(piece, data, opens, closes)
    if not _GRAMMAR[tags[:-1].astype(np.int64) * 16 + tags[1:]].all():
        raise Declined
    if tags[0] not in (_ROW, _ROW_EMPTY) or tags[-1] not in (_ROW_END, _ROW_EMPTY):
        raise Declined
    if ((opens[1:] - closes[:-1] != 1) & ~_HOLDS_TEXT[tags[:-1]]).any():
        raise Declined
    # Eight bytes from any place at once; padded so that no tag is too near the end.
    padded = piece + bytes(64)
    words = np.ndarray((len(padded) - 7,), dtype="<u8", buffer=padded, strides=(1,))
    parts = _Parts(piece, data, words, opens, closes, tags)
    return _cells(parts, _rows(parts), context)


@dataclass(slots=True)
class _Parts:
    piece: bytes
    data: Bytes
    words: Words
    opens: Positions
    closes: Positions
    tags: Bytes


def _check_characters(piece: bytes, data: Bytes) -> None:
    low = data < 0x20
    if low.any() and not np.isin(data[low], (0x09, 0x0A)).all():
        raise Declined  # a carriage return is normalised, all else is no XML
    if not piece.isascii() and (b"\xef\xbf\xbe" in piece or b"\xef\xbf\xbf" in piece):
        raise Declined


def _classify(piece: bytes, data: Bytes, opens: Positions, closes: Positions) -> Bytes:
    """Class every tag by its first letters and its length; unknown ones are declined."""
    first, second = data[opens + 1], data[opens + 2]
    length = closes - opens
    empty = data[closes - 1] == ord("/")
    tags = np.full(len(opens), _OTHER, dtype=np.uint8)
    is_c = (first == ord("c")) & (second == ord(" "))
    tags[is_c & ~empty] = _C
    tags[is_c & empty] = _C_EMPTY
    tags[(first == ord("v")) & (second == ord(">"))] = _V
    end = first == ord("/")
    short = end & (length == 3)  # noqa: PLR2004 - </v>
    tags[short & (second == ord("v"))] = _V_END
    tags[short & (second == ord("c"))] = _C_END
    tags[short & (second == ord("t"))] = _T_END
    tags[short & (second == ord("f"))] = _F_END
    rest = np.flatnonzero(tags == _OTHER)
    if len(rest):
        tags[rest] = _classify_rare(
            piece, data, opens[rest], closes[rest], first[rest], second[rest], empty[rest]
        )
        if (tags[rest] == _OTHER).any():
            raise Declined
    return tags


def _classify_rare(  # noqa: PLR0913 - one array a trait
    piece: bytes,
    data: Bytes,
    opens: Positions,
    closes: Positions,
    first: Bytes,
    second: Bytes,
    empty: NDArray[np.bool_],
) -> Bytes:
    length = closes - opens
    tags = np.full(len(opens), _OTHER, dtype=np.uint8)
    third, fourth = data[opens + 3], data[np.minimum(opens + 4, len(data) - 1)]
    row = (first == ord("r")) & (second == ord("o")) & (third == ord("w"))
    tags[row & ~empty] = _ROW
    tags[row & empty] = _ROW_EMPTY
    end = first == ord("/")
    tags[
        end & (length == 5) & (second == ord("r")) & (third == ord("o")) & (fourth == ord("w"))  # noqa: PLR2004
    ] = _ROW_END
    tags[end & (length == 4) & (second == ord("i")) & (third == ord("s"))] = _IS_END  # noqa: PLR2004
    tags[(length == 3) & (first == ord("i")) & (second == ord("s"))] = _IS  # noqa: PLR2004
    text = first == ord("t")
    tags[text & (second == ord(">"))] = _T
    preserved = text & (length == len(_PRESERVED) - 1)
    if preserved.any():
        if int(preserved.sum()) != piece.count(_PRESERVED):
            raise Declined
        tags[preserved] = _T
    formula = np.flatnonzero(first == ord("f"))
    if len(formula):
        forms = {
            piece[at : to + 1]
            for at, to in zip(
                opens[formula].tolist(), closes[formula].tolist(), strict=True
            )
        }
        if not all(_FORMULA.fullmatch(form) for form in forms):
            raise Declined
        tags[formula] = np.where(empty[formula], _F_EMPTY, _F)
    return tags


@dataclass(slots=True)
class _Rows:
    tags: Positions
    """Which tags are those of rows."""
    numbers: NDArray[np.int64]
    digits: Positions
    """Where the digits of the number are, and how many."""
    widths: Positions
    hidden: NDArray[np.bool_]


def _rows(parts: _Parts) -> _Rows:
    piece, words = parts.piece, parts.words
    at = np.flatnonzero((parts.tags == _ROW) | (parts.tags == _ROW_EMPTY))
    starts, ends = parts.opens[at], parts.closes[at]
    if (ends - starts < 9).any() or (words[starts] != _ROW_HEAD).any():  # noqa: PLR2004
        raise Declined
    quotes, hidden = [], []
    forms: dict[bytes, bool] = {}
    for start, end in zip((starts + 8).tolist(), ends.tolist(), strict=True):
        quote = piece.find(b'"', start, end)
        quotes.append(quote)
        form = piece[quote : end + 1]
        is_hidden = forms.get(form)
        if is_hidden is None:
            if not _ROW_REST.fullmatch(form):
                raise Declined
            is_hidden = forms[form] = b' hidden="1"' in form or b' hidden="true"' in form
        hidden.append(is_hidden)
    digits = starts + 8
    widths = np.array(quotes, dtype=np.int64) - digits
    numbers = _integers(words, digits, digits + widths, _MAX_ROW_DIGITS)
    if (numbers < 1).any() or (np.diff(numbers) <= 0).any():
        raise Declined
    leading = words[digits] & np.uint64(0xFF)
    if (leading == ord("0")).any():
        raise Declined
    return _Rows(at, numbers, digits, widths, np.array(hidden, dtype=np.bool_))


def _integers(words: Words, starts: Positions, ends: Positions, most: int) -> NDArray[np.int64]:
    """Read unsigned integers of 1 to 8 ASCII digits, all at once."""
    lengths = ends - starts
    if len(lengths) and ((lengths < 1).any() or (lengths > min(most, 8)).any()):
        raise Declined
    shift = ((8 - lengths) * 8).astype(np.uint64)
    # The eight bytes before the end, with what precedes the digits blanked to '0'.
    raw = words[ends - 8] >> shift
    zeros = np.uint64(0x3030303030303030)
    full = (raw << shift) | (zeros & ~(np.uint64(0xFFFFFFFFFFFFFFFF) << shift))
    high = np.uint64(0xF0F0F0F0F0F0F0F0)
    if (((full & high) != zeros) | (((full + np.uint64(0x0606060606060606)) & high) != zeros)).any():
        raise Declined
    value = full & np.uint64(0x0F0F0F0F0F0F0F0F)
    value = (value * np.uint64(2561)) >> np.uint64(8)
    value = ((value & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601)) >> np.uint64(16)
    value = ((value & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001)) >> np.uint64(32)
    return value.astype(np.int64)


def _cells(parts: _Parts, lines: _Rows, context: Context) -> Piece:
    tags, words = parts.tags, parts.words
    at = np.flatnonzero((tags == _C) | (tags == _C_EMPTY))
    starts, ends = parts.opens[at], parts.closes[at]
    if not len(at):
        nothing = np.zeros(0, dtype=np.int64)
        return Piece(
            lines.numbers, lines.hidden, nothing, nothing, nothing.astype(np.uint8),
            np.zeros(0, dtype=object), nothing.astype(np.bool_),
        )  # fmt: skip
    if (ends - starts < 9).any() or ((words[starts] & _MASKS[6]) != _CELL_HEAD).any():  # noqa: PLR2004
        raise Declined
    rows = np.searchsorted(lines.tags, at) - 1
    columns, letters = _column_numbers(parts.data, starts + 6)
    widths = lines.widths[rows]
    reference = starts + 6 + letters
    # The digits of the row's own number, with the quote that ends them.
    mask = _MASKS[widths + 1]
    if ((words[reference] & mask) != (words[lines.digits[rows]] & mask)).any():
        raise Declined
    same_row = rows[1:] == rows[:-1]
    if (same_row & (columns[1:] <= columns[:-1])).any():
        raise Declined
    styles, types = _forms(parts, reference + widths, ends)
    return _values(parts, at, rows, columns, styles, types, lines, context)


def _column_numbers(data: Bytes, at: Positions) -> tuple[Positions, Positions]:
    """Return column positions (0 = A) and how many letters each reference has."""
    one = data[at].astype(np.int64) - 65
    two = data[at + 1].astype(np.int64) - 65
    three = data[at + 2].astype(np.int64) - 65
    if ((one < 0) | (one > 25)).any():  # noqa: PLR2004
        raise Declined
    has_two = (two >= 0) & (two <= 25)  # noqa: PLR2004
    has_three = has_two & (three >= 0) & (three <= 25)  # noqa: PLR2004
    columns = np.where(has_two, (one + 1) * 26 + two, one)
    columns = np.where(has_three, (columns + 1) * 26 + three, columns)
    if (columns >= 16_384).any():  # noqa: PLR2004
        raise Declined
    return columns, 1 + has_two.astype(np.int64) + has_three


_TYPES = {b"": 0, b"n": 0, b"s": 1, b"str": 2, b"inlineStr": 3, b"b": 4, b"e": 5}
_N, _S, _STR, _INLINE, _B, _E = range(6)


def _forms(
    parts: _Parts, quotes: Positions, ends: Positions
) -> tuple[NDArray[np.int64], Bytes]:
    """Return style and type of every cell from what follows its reference.

    What follows takes few forms; each is compared as words of eight bytes and
    read once.
    """
    words = parts.words
    length = ends - quotes + 1
    if (length > 40).any():  # noqa: PLR2004 - no known form is longer
        raise Declined
    keys = []
    for offset in range(0, int(length.max()), 8):
        left = np.clip(length - offset, 0, 8)
        keys.append(words[quotes + offset] & _MASKS[left])
    styles = np.zeros(len(quotes), dtype=np.int64)
    types = np.zeros(len(quotes), dtype=np.uint8)
    left_over = np.arange(len(quotes))
    for _ in range(_MAX_FORMS):
        if not len(left_over):
            return styles, types
        first = left_over[0]
        form = parts.piece[int(quotes[first]) : int(ends[first]) + 1]
        found = _CELL.fullmatch(form)
        if found is None:
            raise Declined
        same = keys[0][left_over] == keys[0][first]
        for key in keys[1:]:
            same &= key[left_over] == key[first]
        members = left_over[same]
        styles[members] = int(found[1] or 0)
        types[members] = _TYPES[found[2] or b""]
        left_over = left_over[~same]
    raise Declined


def _values(  # noqa: PLR0913 - the cell's traits
    parts: _Parts,
    at: Positions,
    rows: Positions,
    columns: Positions,
    styles: NDArray[np.int64],
    types: Bytes,
    lines: _Rows,
    context: Context,
) -> Piece:
    tags = parts.tags
    follows = np.where(tags[at] == _C, tags[np.minimum(at + 1, len(tags) - 1)], _OTHER)
    holder = np.full(len(at), -1, dtype=np.int64)  # the index of the tag that holds the value
    holder[follows == _V] = at[follows == _V] + 1
    inline = follows == _IS
    holder[inline] = at[inline] + 2
    computed = (follows == _F) | (follows == _F_EMPTY)
    if computed.any():
        after = at + np.where(follows == _F, 3, 2)
        valued = computed & (tags[np.minimum(after, len(tags) - 1)] == _V)
        holder[valued] = after[valued]
    if (inline != (types == _INLINE))[holder >= 0].any():
        raise Declined
    kinds = np.full(len(at), Kind.EMPTY, dtype=np.uint8)
    values = np.full(len(at), "", dtype=object)
    kinds[computed & (holder < 0)] = Kind.FORMULA
    held = np.flatnonzero(holder >= 0)
    starts = parts.closes[holder[held]] + 1
    ends = parts.opens[holder[held] + 1]
    of_type = types[held]
    shared = of_type == _S
    if shared.any():
        _shared(parts, held[shared], starts[shared], ends[shared], kinds, values, context)
    texts = ~shared
    if texts.any():
        where = held[texts]
        strings = _texts(parts, starts[texts], ends[texts], context)
        _convert(
            where, strings, of_type[texts], styles[where], computed[where], kinds, values, context
        )
    filled = np.flatnonzero(kinds != Kind.EMPTY)
    if len(filled) < len(kinds):
        rows, columns, kinds = rows[filled], columns[filled], kinds[filled]
        values, computed = values[filled], computed[filled]
    return Piece(lines.numbers, lines.hidden, rows, columns, kinds, values, computed)


def _shared(  # noqa: PLR0913 - where the strings go
    parts: _Parts,
    where: Positions,
    starts: Positions,
    ends: Positions,
    kinds: Bytes,
    values: Objects,
    context: Context,
) -> None:
    index = _integers(parts.words, starts, ends, 8)
    strings = context.strings()
    if (index >= len(strings)).any():
        raise Declined  # the exact reader says which cell
    found = strings[index]
    values[where] = found
    kinds[where] = np.where(found == "", Kind.EMPTY, Kind.TEXT)


def _texts(parts: _Parts, starts: Positions, ends: Positions, context: Context) -> list[str]:
    """Cut the texts out, entities and other characters than ASCII resolved where they are."""
    if (ends - starts > context.max_text).any():
        raise Declined
    piece = parts.piece
    if piece.isascii():
        whole = piece.decode("ascii")
        strings = [whole[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    else:
        whole = piece.decode("latin-1")
        strings = [whole[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        for each in _holding(np.flatnonzero(parts.data >= 0x80), starts, ends):
            strings[each] = strings[each].encode("latin-1").decode("utf-8")
    if b"&" in piece:
        for each in _holding(np.flatnonzero(parts.data == 0x26), starts, ends):
            strings[each] = resolve(strings[each])
    return strings


def _holding(marks: Positions, starts: Positions, ends: Positions) -> list[int]:
    """Return which spans hold at least one of the marks."""
    if not len(marks):
        return []
    span = np.unique(np.searchsorted(starts, marks, side="right") - 1)
    span = span[span >= 0]
    nearest = np.searchsorted(marks, starts[span])
    inside = nearest < len(marks)
    span, nearest = span[inside], nearest[inside]
    return [int(each) for each in span[marks[nearest] < ends[span]]]


def resolve(text: str) -> str:
    """Resolve XML's own entities and character references; declines any other."""

    def char(match: re.Match[str]) -> str:
        if match[3]:
            return _NAMED[match[3]]
        code = int(match[1], 16) if match[1] else int(match[2])
        if code in (0x09, 0x0A, 0x0D) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or (
            0x10000 <= code <= 0x10FFFF  # noqa: PLR2004 - XML 1.0, section 2.2
        ):
            return chr(code)
        raise Declined

    if text.count("&") != len(_ENTITY.findall(text)):
        raise Declined
    return _ENTITY.sub(char, text)


def _convert(  # noqa: PLR0913 - the cell's traits
    where: Positions,
    strings: list[str],
    types: Bytes,
    styles: NDArray[np.int64],
    computed: NDArray[np.bool_],
    kinds: Bytes,
    values: Objects,
    context: Context,
) -> None:
    """Turn texts into (kind, value) by the type of their cells, as the exact reader does."""
    formats = context.formats
    for kind in np.unique(types).tolist():
        members = np.flatnonzero(types == kind)
        at = where[members]
        of_kind = (
            strings if len(members) == len(strings) else [strings[each] for each in members.tolist()]
        )
        if kind in (_STR, _INLINE):
            if any("_x" in text for text in of_kind):
                of_kind = [cells.unescape(text) for text in of_kind]
            values[at] = of_kind
            kinds[at] = [Kind.TEXT if text else Kind.EMPTY for text in of_kind]
            continue
        pairs: list[tuple[int, str]]
        if kind == _N:
            pairs = []
            if max(map(len, of_kind)) > _MAX_NUMBER:
                raise Declined
            for text, style in zip(of_kind, styles[members].tolist(), strict=True):
                shows = formats[style] if style < len(formats) else PLAIN
                if shows == PLAIN:
                    if text.isdecimal() and text[0] != "0":
                        pairs.append((Kind.NUMBER, text))
                    else:
                        pairs.append(cells.number_literal(text))
                else:
                    pairs.append(cells.serial(text, shows, epoch_1904=context.epoch_1904))
        elif kind == _B:
            pairs = [
                (Kind.BOOLEAN, "TRUE" if text.strip() in {"1", "true"} else "FALSE")
                for text in of_kind
            ]
        else:
            pairs = [(Kind.ERROR, text.strip()[:40]) for text in of_kind]
        for each, text in enumerate(of_kind):
            if not text.strip():
                pairs[each] = (Kind.FORMULA, "") if computed[members[each]] else (Kind.EMPTY, "")
        values[at] = [value for _, value in pairs]
        kinds[at] = [found for found, _ in pairs]
