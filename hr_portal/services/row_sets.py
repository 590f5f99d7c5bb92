"""Sets of row numbers, one bit a row: a million rows are 128 KiB, whatever is in the set."""

import base64
from array import array
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]


class RowSet:
    """Some rows of a sheet by their numbers; nothing in it ever changes."""

    __slots__ = ("_bits",)

    def __init__(self, bits: Bits) -> None:
        """Hold these bits: row n is bit n % 8, from the lowest, of byte n // 8."""
        self._bits = bits

    @classmethod
    def of(cls, numbers: "Iterable[int] | array[int] | NDArray[np.int32]") -> "RowSet":
        """Return the set of these numbers, in any order."""
        is_read = isinstance(numbers, np.ndarray | array)
        rows = np.asarray(numbers) if is_read else np.fromiter(numbers, np.int32)
        if not len(rows):
            return NO_ROWS
        held = np.zeros(int(rows.max()) + 1, np.bool_)
        held[rows] = True
        return cls(np.packbits(held, bitorder="little"))

    @classmethod
    def unpacked(cls, content: bytes) -> "RowSet":
        """Return the set of `packed`."""
        return cls(np.frombuffer(content, np.uint8))

    def packed(self) -> bytes:
        """Return the set as bytes, to be kept."""
        return self._bits.tobytes()

    def as_text(self) -> str:
        """Return the set as text that JSON can hold."""
        return base64.b64encode(self.packed()).decode()

    @classmethod
    def of_text(cls, text: str) -> "RowSet":
        """Return the set of `as_text`."""
        return cls.unpacked(base64.b64decode(text))

    @classmethod
    def any_of(cls, sets: "Iterable[RowSet]") -> "RowSet":
        """Return the rows that are in any of some sets."""
        found = NO_ROWS
        for one in sets:
            found |= one
        return found

    def numbers(self) -> NDArray[np.int64]:
        """Return the numbers in order."""
        return np.flatnonzero(np.unpackbits(self._bits, bitorder="little"))

    def part(self, start: int, stop: int) -> list[int]:
        """Return the numbers from the one at a place on, in order, to before another place."""
        ends = np.cumsum(np.bitwise_count(self._bits), dtype=np.int64)
        first, last = np.searchsorted(ends, (start, stop - 1), side="right").tolist()
        bits = np.unpackbits(self._bits[first : last + 1], bitorder="little")
        before = int(ends[first - 1]) if first else 0
        cut = np.flatnonzero(bits)[start - before : stop - before] + first * 8
        found: list[int] = cut.tolist()
        return found

    def before(self, number: int) -> int:
        """Return how many numbers are less than this one."""
        whole, rest = number >> 3, number & 7
        count = int(np.bitwise_count(self._bits[:whole]).sum())
        if whole < len(self._bits):
            count += (int(self._bits[whole]) & ((1 << rest) - 1)).bit_count()
        return count

    def __len__(self) -> int:
        """Return how many rows there are."""
        return int(np.bitwise_count(self._bits).sum())

    def __bool__(self) -> bool:
        """Tell whether there is any row."""
        return bool(self._bits.any())

    def __contains__(self, number: int) -> bool:
        """Tell whether a row is one of these."""
        return number >> 3 < len(self._bits) and bool(self._bits[number >> 3] >> (number & 7) & 1)

    def __iter__(self) -> Iterator[int]:
        """Walk the numbers in order."""
        return iter(self.numbers().tolist())

    def __eq__(self, other: object) -> bool:
        """Tell whether the same rows are in both."""
        return isinstance(other, RowSet) and not (self - other) and not (other - self)

    __hash__ = None  # type: ignore[assignment]  # as for `set`: nobody looks one up

    def __and__(self, other: "RowSet") -> "RowSet":
        """Return the rows of both."""
        size = min(len(self._bits), len(other._bits))
        return RowSet(self._bits[:size] & other._bits[:size])

    def __or__(self, other: "RowSet") -> "RowSet":
        """Return the rows of either."""
        long, short = (self._bits, other._bits)
        if len(long) < len(short):
            long, short = short, long
        both = long.copy()
        both[: len(short)] |= short
        return RowSet(both)

    def __sub__(self, other: "RowSet") -> "RowSet":
        """Return the rows of this one that are not in the other."""
        size = min(len(self._bits), len(other._bits))
        left = self._bits.copy()
        left[:size] &= ~other._bits[:size]
        return RowSet(left)


NO_ROWS = RowSet(np.zeros(0, np.uint8))
