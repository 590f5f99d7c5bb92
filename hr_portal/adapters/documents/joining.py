"""Parts of a file read as one, without ever lying in clear on a disk."""

import io
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate


class Joined(io.RawIOBase):
    """The bytes of all parts in their order; one part at a time is in memory.

    `sizes` are those of the parts, `read` gives back a part by its place, from 0. Whatever `read`
    raises goes through.
    """

    def __init__(self, sizes: Sequence[int], read: Callable[[int], bytes]) -> None:
        self._starts = [0, *accumulate(sizes)]
        self._read = read
        self._at = 0
        self._part, self._bytes = -1, b""

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place and return it; before the beginning is ValueError."""
        at = offset + (0, self._at, self._starts[-1])[whence]
        if at < 0:
            raise ValueError("a place before the beginning")
        self._at = at
        return at

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        """Fill a buffer from one part; 0 at the end."""
        if self._at >= self._starts[-1]:
            return 0
        part = bisect_right(self._starts, self._at) - 1
        if part != self._part:
            self._part, self._bytes = part, self._read(part)
        start = self._at - self._starts[part]
        count = min(len(buffer), len(self._bytes) - start)
        buffer[:count] = self._bytes[start : start + count]
        self._at += count
        return count
