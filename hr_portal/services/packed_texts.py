"""Texts of some thousand rows packed by their words, so that a part of one is found at once.

Names and addresses are made of few words: each is written once, and a row is the numbers of its
own, a quarter of the bytes. What is sought is looked for in the words, then its words beside each
other in the rows, which finds exactly what a search through the texts themselves would. A word is
what stands between two blanks, an empty one where two follow each other. Decision 117.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
Codes = NDArray[np.uint32] | NDArray[np.uint16]

_CELL, _ROW, _ODD = "\x00", "\x01", "\ufffe"
"""Words of their own between cells and rows; and what stands for the two where a cell holds one."""
_SIGNS = str.maketrans({_CELL: _ODD, _ROW: _ODD})
_ROW_CODE = 1
_NUMBER, _SHORT, _LONG = np.dtype("<i4"), np.dtype("<u2"), np.dtype("<u4")
_HEAD = 3
_FEW, _FEW_WORDS = 1_000, 32
"""Up to here one after another is quicker than all at once."""
_NOWHERE: Places = np.zeros(0, np.intp)
_BLANK, _END = " ", "\x00"


def is_packable(sought: str) -> bool:
    """Tell whether a text can be looked for here: it holds none of the signs that part texts."""
    return not {_CELL, _ROW, _ODD} & set(sought)


def pack(numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> bytes:
    """Return the texts of the cells of some rows, in upper case, and the rows' numbers."""
    cell, row = (f"{_BLANK}{sign}{_BLANK}" for sign in (_CELL, _ROW))
    # a value on record and the one a correction is about are the same more often than not
    rows = [tuple(dict.fromkeys(map(str.upper, cells))) for cells in rows]
    text = row.join([cell.join(cells) for cells in rows])
    if text.count(_ROW) != len(rows) - 1 or text.count(_CELL) != sum(map(len, rows)) - len(rows):
        text = row.join([cell.join([one.translate(_SIGNS) for one in cells]) for cells in rows])
    words = text.split(_BLANK)
    codes = {word: code for code, word in enumerate(dict.fromkeys((_CELL, _ROW, *words)))}
    kind = _SHORT if len(codes) <= np.iinfo(_SHORT).max + 1 else _LONG
    coded = np.fromiter(map(codes.__getitem__, words), kind, len(words))
    head = np.array([len(rows), len(words), kind.itemsize], _NUMBER)
    told = _END.join(word for word in codes if word not in {_CELL, _ROW})
    return b"".join(
        (head.tobytes(), np.array(numbers, _NUMBER).tobytes(), coded.tobytes(),
         f"{_END}{told}{_END}".encode("utf-8", "surrogatepass"))
    )  # fmt: skip


def rows_with(packed: bytes, sought: str) -> NDArray[np.int32]:
    """Return the numbers of the rows of which a cell holds a text (upper case, `is_packable`)."""
    rows, words, size = np.frombuffer(packed, _NUMBER, _HEAD).tolist()
    at = _HEAD * _NUMBER.itemsize
    numbers = np.frombuffer(packed, _NUMBER, rows, offset=at)
    at += rows * _NUMBER.itemsize
    kind = _SHORT if size == _SHORT.itemsize else _LONG
    codes = cast("Codes", np.frombuffer(packed, kind, words, offset=at))
    found = _places(codes, packed[at + words * size :], sought.split(_BLANK))
    if not len(found):
        return numbers[:0]
    ends = np.flatnonzero(codes == _ROW_CODE)
    if len(found) <= _FEW:
        return numbers[np.unique(np.searchsorted(ends, found))]
    held = np.zeros(words, np.bool_)
    held[found] = True
    return numbers[np.logical_or.reduceat(held, np.concatenate(([0], ends + 1)))]


def _places(codes: Codes, told: bytes, pieces: Sequence[str]) -> Places:
    """Return where these words follow each other: the first may begin, the last end in midst."""
    last = len(pieces) - 1
    sought = [
        f"{_END if at else ''}{piece}{_END if at < last else ''}".encode("utf-8", "surrogatepass")
        for at, piece in enumerate(pieces)
    ]
    if not all(piece in told for piece in sought):
        return _NOWHERE
    ends = np.flatnonzero(np.frombuffer(told, np.uint8) == 0)
    words = [_words_with(told, ends, piece) for piece in sought]
    # the rarest word first: of the others only those beside it are looked at
    first = min(range(len(words)), key=lambda at: len(words[at]))
    found = _standing(codes, words[first], len(ends) + 1) - first
    found = found[(found >= 0) & (found < len(codes) - last)]
    for at, some in enumerate(words):
        if at != first:
            found = found[np.isin(codes[found + at], some)]
    return found


def _standing(codes: Codes, words: Places, most: int) -> Places:
    """Return where any of these words stands."""
    if len(words) > _FEW_WORDS:
        is_one = np.zeros(most, np.bool_)
        is_one[words] = True
        return np.flatnonzero(is_one[codes])
    stands = np.zeros(len(codes), np.bool_)
    for word in words.tolist():
        stands |= codes == word
    return np.flatnonzero(stands)


def _words_with(told: bytes, ends: Places, piece: bytes) -> Places:
    """Return the codes of the words that hold a text; it may name their beginning and end."""
    places: list[int] = []
    at = told.find(piece)
    while at >= 0 and len(places) < _FEW_WORDS:
        places.append(at)
        at = told.find(piece, at + 1)
    found = np.array(places, np.intp)
    if at >= 0:  # in many: then at once
        signs = np.frombuffer(told, np.uint8)
        begins = np.ones(len(signs) - len(piece) + 1, np.bool_)
        for place, sign in enumerate(piece):
            begins &= signs[place : place + len(begins)] == sign
        found = np.flatnonzero(begins)
    # what begins with the end of the word before belongs to the word after it
    return np.unique(np.searchsorted(ends, found + piece.startswith(b"\x00"))) + 1
