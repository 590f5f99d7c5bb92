"""The tags of a piece of a sheet, all at once: found, classed, held against the grammar.

Text in XML can't contain `<`, so every tag begins at one; where `<` and `>` do
not alternate, or a tag is not known to the letter, the piece is declined.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Positions = NDArray[np.int64]
Words = NDArray[np.uint64]
Objects = NDArray[np.object_]

# The tags of a regular piece.
ROW, ROW_EMPTY, ROW_END, C, C_EMPTY, C_END, V, V_END, IS, IS_END, T, T_END, F, \
    F_EMPTY, F_END, OTHER = range(16)  # fmt: skip
_MAY_FOLLOW: tuple[tuple[int, tuple[int, ...]], ...] = (
    (ROW, (C, C_EMPTY, ROW_END)),
    (ROW_EMPTY, (ROW, ROW_EMPTY)),
    (ROW_END, (ROW, ROW_EMPTY)),
    (C, (V, IS, F, F_EMPTY, C_END)),
    (C_EMPTY, (C, C_EMPTY, ROW_END)),
    (C_END, (C, C_EMPTY, ROW_END)),
    (V, (V_END,)),
    (V_END, (C_END,)),
    (IS, (T,)),
    (T, (T_END,)),
    (T_END, (IS_END,)),
    (IS_END, (C_END,)),
    (F, (F_END,)),
    (F_END, (V, C_END)),
    (F_EMPTY, (V, C_END)),
)
_GRAMMAR = np.zeros(256, dtype=np.bool_)
for _before, _after in _MAY_FOLLOW:
    for _tag in _after:
        _GRAMMAR[_before * 16 + _tag] = True
_HOLDS_TEXT = np.zeros(16, dtype=np.bool_)
_HOLDS_TEXT[[V, T, F]] = True

_PRESERVED = b'<t xml:space="preserve">'
_FORMULA = re.compile(
    rb'<f(?: (?:t="shared"|ref="[A-Z0-9:]*"|si="[0-9]+"|a?ca="(?:[01]|true|false)"))*/?>'
)
MASKS = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [(1 << 64) - 1], dtype=np.uint64)
"""MASKS[n] keeps the first n bytes of a word."""


def _code(letters: bytes) -> int:
    return letters[0] << 8 | letters[1]


_BY_LETTERS = np.full(1 << 16, OTHER, dtype=np.uint8)
"""Tags that their first two letters tell, where their length is right as well."""
_LENGTHS = np.zeros(16, dtype=np.int64)
"""How far from `<` the `>` of a tag is; 0 where the letters say it all, or nothing yet."""
for _letters, _tag, _length in (
    (b"c ", C, 0), (b"v>", V, 0), (b"t>", T, 0), (b"is", IS, 3), (b"/c", C_END, 3),
    (b"/v", V_END, 3), (b"/t", T_END, 3), (b"/f", F_END, 3), (b"/i", IS_END, 4),
):  # fmt: skip
    _BY_LETTERS[_code(_letters)], _LENGTHS[_tag] = _tag, _length
_SLASH = ord("/")

_PADDING = 64
_WORD = 8
_LESS, _MORE, _BLANK = ord("<"), ord(">"), ord(" ")


class Declined(Exception):  # noqa: N818 - not an error: the exact reader takes over
    """The piece is not regular; nothing of it has been taken."""


@dataclass(slots=True)
class Markup:
    """A piece and its tags: tag n reaches from `opens[n]` to `closes[n]`."""

    piece: bytes
    data: Bytes
    words: Words
    """The eight bytes from each place on, the first the least significant."""
    opens: Positions
    closes: Positions
    tags: Bytes


def parse(piece: bytes) -> Markup:
    """Find and class all tags of whole rows; raises `Declined`."""
    data = np.frombuffer(piece, dtype=np.uint8)
    _check_characters(piece, data)
    marks = np.flatnonzero((data == _LESS) | (data == _MORE))
    opens, closes = marks[::2].copy(), marks[1::2].copy()
    if (
        len(opens) != len(closes)
        or len(opens) < 1
        or opens[0] != 0
        or closes[-1] != len(data) - 1
        or (data[opens] != _LESS).any()
        or (data[closes] != _MORE).any()
    ):
        raise Declined
    tags = _classify(piece, data, opens, closes)
    if not _GRAMMAR[tags[:-1].astype(np.int64) * 16 + tags[1:]].all():
        raise Declined
    if tags[0] not in (ROW, ROW_EMPTY) or tags[-1] not in (ROW_END, ROW_EMPTY):
        raise Declined
    if ((opens[1:] - closes[:-1] != 1) & ~_HOLDS_TEXT[tags[:-1]]).any():
        raise Declined
    padded = piece + bytes(_PADDING)
    words = np.ndarray((len(padded) - _WORD + 1,), dtype="<u8", buffer=padded, strides=(1,))
    return Markup(piece, data, words, opens, closes, tags)


def _check_characters(piece: bytes, data: Bytes) -> None:
    low = data < _BLANK
    if low.any() and not np.isin(data[low], (0x09, 0x0A)).all():
        raise Declined  # a carriage return is normalised, all else is no XML
    if not piece.isascii() and (b"\xef\xbf\xbe" in piece or b"\xef\xbf\xbf" in piece):
        raise Declined


def _classify(piece: bytes, data: Bytes, opens: Positions, closes: Positions) -> Bytes:
    """Class every tag by its first two letters and its length; unknown ones are declined."""
    length = closes - opens
    letters = data[opens + 1].astype(np.uint16) * np.uint16(256)
    letters |= data[np.minimum(opens + 2, len(data) - 1)].astype(np.uint16)
    tags: Bytes = _BY_LETTERS[letters]
    fixed = _LENGTHS[tags]
    if ((fixed != length) & (fixed > 0)).any():
        raise Declined
    if (data[opens[tags == IS_END] + 3] != ord("s")).any():
        raise Declined
    cells = np.flatnonzero(tags == C)
    tags[cells[data[closes[cells] - 1] == _SLASH]] = C_EMPTY
    rest = np.flatnonzero(tags == OTHER)
    if len(rest):
        tags[rest] = _classify_rare(piece, data, opens[rest], closes[rest], letters[rest])
        if (tags[rest] == OTHER).any():
            raise Declined
    return tags


def _classify_rare(
    piece: bytes, data: Bytes, opens: Positions, closes: Positions, letters: NDArray[np.uint16]
) -> Bytes:
    length = closes - opens
    empty = data[closes - 1] == _SLASH
    tags = np.full(len(opens), OTHER, dtype=np.uint8)
    last = len(data) - 1
    third, fourth = data[np.minimum(opens + 3, last)], data[np.minimum(opens + 4, last)]
    row = (letters == _code(b"ro")) & (third == ord("w"))
    tags[row & ~empty] = ROW
    tags[row & empty] = ROW_EMPTY
    tags[
        (letters == _code(b"/r")) & (length == 5) & (third == ord("o")) & (fourth == ord("w"))  # noqa: PLR2004
    ] = ROW_END
    preserved = (letters == _code(b"t ")) & (length == len(_PRESERVED) - 1)
    if preserved.any():
        if int(preserved.sum()) != piece.count(_PRESERVED):
            raise Declined
        tags[preserved] = T
    formula = np.flatnonzero(letters >> 8 == ord("f"))
    if len(formula):
        forms = {
            piece[at : to + 1]
            for at, to in zip(opens[formula].tolist(), closes[formula].tolist(), strict=True)
        }
        if not all(_FORMULA.fullmatch(form) for form in forms):
            raise Declined
        tags[formula] = np.where(empty[formula], F_EMPTY, F)
    return tags


def integers(words: Words, starts: Positions, ends: Positions, most: int) -> Integers:
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
    if (
        ((full & high) != zeros) | (((full + np.uint64(0x0606060606060606)) & high) != zeros)
    ).any():
        raise Declined
    value = full & np.uint64(0x0F0F0F0F0F0F0F0F)
    value = (value * np.uint64(2561)) >> np.uint64(8)
    value = ((value & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601)) >> np.uint64(16)
    value = ((value & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001)) >> np.uint64(32)
    return value.astype(np.int64)
