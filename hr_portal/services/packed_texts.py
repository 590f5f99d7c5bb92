"""Texts of up to 65,536 rows packed by their words, so that a part of one is found at once.

Names and addresses are made of few words: each is written once, with the places where it stands. A
place is a row and a column: the first word of the first cell, the second, and so on, with a gap
after each cell. What is sought is looked for in the words, then their places beside each other,
which finds exactly what a search through the texts themselves would. A word is what stands between
two blanks, an empty one where two follow each other.

Places lie in shelves of some words each, and a search asks only for those that it needs. Words
without a letter, mostly the many numbers of houses that occur once, stand in a list of their own:
a text with a letter in each of its words doesn't ask for it. Decision 126.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
Bits = NDArray[np.uint8]

PART = 1 << 16
"""Rows of a part."""
PART_BYTES = PART // 8
LISTS = 2
"""The first shelves hold the words, those with a letter and the others; their places come after."""
_SHELF, _MOST_SHELVES = 32_768, 250
"""Bytes of a shelf of places, and how many of a list there may be: then they are larger."""
_CELL, _ROW, _ODD = "\x00", "\x01", "\ufffe"
"""Words of their own between cells and rows; and what stands for the two where a cell holds one."""
_SIGNS = str.maketrans({_CELL: _ODD, _ROW: _ODD})
_ROW_CODE, _FIRST_CODE = 1, 2
_NUMBER, _PLACE = np.dtype("<i4"), np.dtype("<u2")
_COLUMN = {size: np.dtype(f"<u{size}") for size in (1, 2, 4)}
_HEAD = 4
_FEW_WORDS = 32
"""Up to here one after another is quicker than all at once."""
_BLANK, _END = " ", "\x00"


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where words stand: single rows, a column each, and whole columns with their rows as bits."""

    rows: list[NDArray[np.uint16]] = field(default_factory=list)
    columns: list[NDArray[Any]] = field(default_factory=list)
    common: list[tuple[int, Bits]] = field(default_factory=list)


def is_packable(sought: str) -> bool:
    """Tell whether a text can be looked for here: it holds none of the signs that part texts."""
    return not {_CELL, _ROW, _ODD} & set(sought)


def lists_for(sought: str) -> int:
    """Return how many of the lists of words a text (upper case, `is_packable`) is looked for in."""
    return 1 if all(map(_has_letter, sought.split(_BLANK))) else LISTS


def pack(parted: Iterable[tuple[Sequence[int], Sequence[Sequence[str]]]]) -> list[bytes]:
    """Return the shelves of some rows, given by their places in the part and texts of cells."""
    codes: dict[str, int] = {_CELL: 0, _ROW: _ROW_CODE}
    stands, numbers = [np.zeros(0, _NUMBER)], [np.zeros(0, np.intp)]
    for some, rows in parted:
        words = _words(rows)
        for word in dict.fromkeys(words):
            codes.setdefault(word, len(codes))
        stands.append(np.fromiter(map(codes.__getitem__, words), _NUMBER, len(words)))
        numbers.append(np.asarray(some, np.intp))
    all_words = list(codes)[_FIRST_CODE:]
    code, column, row = _places(np.concatenate(stands), np.concatenate(numbers))
    with_letter = np.fromiter(map(_has_letter, all_words), np.bool_, len(all_words))
    lists: list[bytes] = []
    places: list[bytes] = []
    for is_of in (with_letter, ~with_letter):
        chosen, renamed = is_of[code], np.cumsum(is_of) - 1
        held = list(_shelves(renamed[code[chosen]], column[chosen], row[chosen], int(is_of.sum())))
        shelf = LISTS + len(places)
        head = [len(held), *range(shelf, shelf + len(held)), *(first for first, _ in held)]
        told = "".join(f"{_END}{all_words[one]}" for one in np.flatnonzero(is_of).tolist())
        lists.append(
            np.array(head, _NUMBER).tobytes() + f"{told}{_END}".encode("utf-8", "surrogatepass")
        )
        places += [content for _, content in held]
    return lists + places


class Search:
    """A text (upper case, `is_packable`) that is looked for in one part."""

    def __init__(self, sought: str) -> None:
        pieces = sought.split(_BLANK)
        last = len(pieces) - 1
        # the first may begin and the last may end in the midst of a word, those between are whole
        self._pieces = [
            f"{_END if at else ''}{piece}{_END if at < last else ''}".encode(
                "utf-8", "surrogatepass"
            )
            for at, piece in enumerate(pieces)
        ]
        self._words: dict[int, dict[int, Places]] = {}

    def look(self, content: bytes) -> None:
        """Look for the words of the text in a shelf of words; in each of `lists_for` it once."""
        count = int(np.frombuffer(content, _NUMBER, 1)[0])
        shelf, first = np.frombuffer(content, _NUMBER, 2 * count, _NUMBER.itemsize).reshape(2, -1)
        told = content[(1 + 2 * count) * _NUMBER.itemsize :]
        for at, piece in enumerate(self._pieces):
            words = _words_with(told, piece)
            stands = np.searchsorted(first, words, side="right") - 1
            begins = np.flatnonzero(np.diff(stands, prepend=-1)).tolist()
            for begin, end in pairwise([*begins, len(words)]):
                one = int(stands[begin])
                self._words.setdefault(int(shelf[one]), {})[at] = words[begin:end] - first[one]

    def shelves(self) -> list[int]:
        """Return the shelves of places that it needs: none where one of its words is nowhere."""
        are_found = set().union(*self._words.values())
        return sorted(self._words) if len(are_found) == len(self._pieces) else []

    def rows(self, shelves: Mapping[int, bytes]) -> Bits:
        """Return the rows of which a cell holds the text, one bit each, given `shelves`."""
        pieces = [_Standing() for _ in self._pieces]
        for shelf, by_piece in self._words.items():
            for piece, words in by_piece.items():
                _collect(pieces[piece], shelves[shelf], words)
        if len(pieces) == 1:
            return _bits(pieces[0].rows, [bits for _, bits in pieces[0].common])
        first, *others = map(_by_column, pieces)
        found = np.zeros(PART_BYTES, np.uint8)
        for column, rows in first.items():
            beside = [other.get(column + at) for at, other in enumerate(others, 1)]
            if None not in beside:
                found |= np.bitwise_and.reduce([_bits(*one) for one in (rows, *beside) if one])
        return found


def _collect(found: _Standing, content: bytes, words: Places) -> None:
    """Add where some words of a shelf stand."""
    count, common, single, size = np.frombuffer(content, _NUMBER, _HEAD).tolist()
    at = _HEAD * _NUMBER.itemsize
    last = np.frombuffer(content, _NUMBER, count, at)
    at += last.nbytes
    if common:
        of_word, of_column = np.frombuffer(content, _NUMBER, 2 * common, at).reshape(2, -1)
        at += 2 * of_word.nbytes
        bits = np.frombuffer(content, np.uint8, common * PART_BYTES, at).reshape(-1, PART_BYTES)
        at += bits.nbytes
        is_asked = np.zeros(count, np.bool_)
        is_asked[words] = True
        for one in is_asked[of_word].nonzero()[0].tolist():
            found.common.append((int(of_column[one]), bits[one]))
    rows = np.frombuffer(content, _PLACE, single, at)
    columns = np.frombuffer(content, _COLUMN[size], single, at + rows.nbytes)
    ends = last[words]
    counts = ends - last[words - 1] * (words > 0)
    chosen = (ends - counts.cumsum()).repeat(counts) + np.arange(counts.sum())
    found.rows.append(rows[chosen])
    found.columns.append(columns[chosen])


def _by_column(found: _Standing) -> dict[int, tuple[list[NDArray[np.uint16]], list[Bits]]]:
    """Return the rows of each column: some by their places, some as bits."""
    columns, rows = np.concatenate(found.columns), np.concatenate(found.rows)
    order = columns.argsort(kind="stable")
    columns, rows = columns[order], rows[order]
    begins = np.diff(columns.astype(np.intp), prepend=-1).nonzero()[0].tolist()
    by_column: dict[int, tuple[list[NDArray[np.uint16]], list[Bits]]] = {
        int(columns[begin]): ([rows[begin:end]], [])
        for begin, end in pairwise([*begins, len(rows)])
    }
    for column, bits in found.common:
        by_column.setdefault(column, ([], []))[1].append(bits)
    return by_column


def _bits(single: Iterable[NDArray[np.uint16]], common: Iterable[Bits]) -> Bits:
    """Return the rows that are in any of these, one bit each."""
    is_one = np.zeros(PART, np.bool_)
    for rows in single:
        is_one[rows] = True
    bits = np.packbits(is_one, bitorder="little")
    for some in common:
        bits |= some
    return bits


def _words_with(told: bytes, piece: bytes) -> Places:
    """Return the places of the words that hold a text; it may name their beginning and end."""
    end = _END.encode()
    # what begins with the end of the word before belongs to the word after it
    after = piece.startswith(end)
    found: list[int] = []
    word, counted = -1, 0
    at = told.find(piece)
    while at >= 0 and len(found) < _FEW_WORDS:
        word += told.count(end, counted, at + after)
        counted = at + after
        found.append(word)
        at = told.find(piece, at + 1)
    if at < 0:
        return np.array(list(dict.fromkeys(found)), np.intp)
    # in many: then at once
    signs = np.frombuffer(told, np.uint8)
    begins = np.ones(len(signs) - len(piece) + 1, np.bool_)
    for place, sign in enumerate(piece):
        begins &= signs[place : place + len(begins)] == sign
    places = np.flatnonzero(begins) + after
    words = np.searchsorted(np.flatnonzero(signs == 0), places) - 1
    return words[np.diff(words, prepend=-1) > 0]  # they ascend


def _has_letter(text: str) -> bool:
    """Tell of a text in upper case whether it has a letter; so has every text that holds it."""
    return text.lower() != text


def _words(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the words of rows in upper case, one after another, with those that part them."""
    cell, row = (f"{_BLANK}{sign}{_BLANK}" for sign in (_CELL, _ROW))
    # a value on record and the one a correction is about are the same more often than not
    rows = [tuple(dict.fromkeys(map(str.upper, cells))) for cells in rows]
    text = row.join([cell.join(cells) for cells in rows])
    if text.count(_ROW) != len(rows) - 1 or text.count(_CELL) != sum(map(len, rows)) - len(rows):
        text = row.join([cell.join([one.translate(_SIGNS) for one in cells]) for cells in rows])
    return [*text.split(_BLANK), _ROW]


def _places(stands: NDArray[Any], numbers: Places) -> tuple[Places, Places, Places]:
    """Return code, column and row of every word, given the codes as they follow each other."""
    ends = np.flatnonzero(stands < _FIRST_CODE)  # of cells
    counts = np.diff(ends, prepend=-1)  # with what parts it from the next
    is_last = stands[ends] == _ROW_CODE
    row = np.cumsum(is_last) - is_last
    slot = np.arange(len(ends)) - np.append(0, np.flatnonzero(is_last) + 1)[row]
    widths = np.zeros(slot.max(initial=0) + 1, np.intp)
    np.maximum.at(widths, slot, counts)
    begins = (np.cumsum(widths) - widths)[slot] - (ends + 1 - counts)
    column = np.repeat(begins, counts) + np.arange(len(stands))
    is_word = stands >= _FIRST_CODE
    code = stands[is_word].astype(np.intp) - _FIRST_CODE
    return code, column[is_word], np.repeat(numbers[row], counts)[is_word]


def _shelves(code: Places, column: Places, row: Places, words: int) -> Iterator[tuple[int, bytes]]:
    """Walk the shelves with the places of so many words: the first word, and what it holds."""
    wide = int(column.max(initial=0)) + 1
    size = next(size for size in _COLUMN if wide <= 1 << 8 * size)
    places = np.sort((code * wide + column) * PART + row)
    within, row = np.divmod(places, PART)
    code, column = np.divmod(within, wide)
    begins = np.flatnonzero(np.diff(within, prepend=-1))
    counts = np.diff(begins, append=len(within))
    is_common = counts * (size + _PLACE.itemsize) > PART_BYTES
    is_single = np.repeat(~is_common, counts)
    common = np.flatnonzero(is_common)
    code_of, column_of = code[begins[common]], column[begins[common]]
    code, column, single = code[is_single], column[is_single], row[is_single]
    ends = np.searchsorted(code, np.arange(words), side="right")
    common_ends = np.searchsorted(code_of, np.arange(words), side="right")
    large = ends * (size + _PLACE.itemsize) + common_ends * PART_BYTES + np.arange(words)
    step = max(_SHELF, int(large.max(initial=0)) // _MOST_SHELVES + 1)
    firsts = np.flatnonzero(np.diff(large // step, prepend=-1))
    for first, after in pairwise([*firsts.tolist(), words]):
        start, end = (int(ends[at - 1]) if at else 0 for at in (first, after))
        low, high = (int(common_ends[at - 1]) if at else 0 for at in (first, after))
        bits = [
            _bits([row[begins[one] : begins[one] + counts[one]].astype(_PLACE)], ()).tobytes()
            for one in common[low:high].tolist()
        ]
        yield (
            first,
            b"".join(
                (
                    np.array([after - first, high - low, end - start, size], _NUMBER).tobytes(),
                    (ends[first:after] - start).astype(_NUMBER).tobytes(),
                    (code_of[low:high] - first).astype(_NUMBER).tobytes(),
                    column_of[low:high].astype(_NUMBER).tobytes(),
                    *bits,
                    single[start:end].astype(_PLACE).tobytes(),
                    column[start:end].astype(_COLUMN[size]).tobytes(),
                )
            ),
        )
