"""The shared strings of a workbook, held so that millions of them fit.

A Python string takes some 70 bytes, so those of a full sheet with nothing but different
texts would take more than the sheet itself. Up to MOST_PLAIN they are held as they are,
which is quickest; beyond, all are one piece of bytes, and a text is cut out when a cell
asks for it.
"""

from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol, overload

import numpy as np
from numpy.typing import NDArray

from hr_portal.adapters.spreadsheets.limits import ReadLimits

MOST_PLAIN = 1 << 21
"""So many texts are held as Python strings: some 140 MB."""
_ENCODING = ("utf-8", "surrogatepass")
_FOUR_BYTES = 1 << 32
Numbers = NDArray[np.signedinteger]


class Numbered(Protocol):
    """Strings that are known by number, though perhaps not what they say."""

    struck: set[int]
    """Numbers of texts of which a part is crossed out."""

    def __len__(self) -> int:
        """Return how many there are."""

    def are_empty(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Tell which of these are the empty text."""

    def take(self, numbers: Numbers) -> NDArray[np.object_]:
        """Return the texts of these numbers."""


class SharedTexts(Sequence[str]):
    """Texts by number, in the order they are added in."""

    def __init__(self, limits: ReadLimits, *, most_plain: int = MOST_PLAIN) -> None:
        self.struck: set[int] = set()
        self._most_plain = most_plain
        self._plain: list[str] = []
        self._objects: NDArray[np.object_] | None = None
        self._empty: NDArray[np.intp] | None = None
        self._bytes = bytearray()
        # Where each text ends; no part unpacks to more than the limit, so four bytes mostly do.
        self._ends = array("I" if limits.max_unpacked < _FOUR_BYTES else "Q")

    def append(self, text: str) -> None:
        """Add one text."""
        if self._ends or len(self._plain) == self._most_plain:
            self.extend([text])
        else:
            self._objects = self._empty = None
            self._plain.append(text)

    def extend(self, texts: list[str]) -> None:
        """Add texts, in their order."""
        self._objects = self._empty = None
        if not self._ends and len(self._plain) + len(texts) <= self._most_plain:
            self._plain += texts
            return
        texts, self._plain = self._plain + texts, []
        encoded = [text.encode(*_ENCODING) for text in texts]
        ends = accumulate(map(len, encoded), initial=len(self._bytes))
        next(ends)
        self._ends.extend(ends)
        self._bytes += b"".join(encoded)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._ends) or len(self._plain)

    @overload
    def __getitem__(self, at: int, /) -> str: ...

    @overload
    def __getitem__(self, at: slice, /) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        """Return one text, or some of them."""
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if not self._ends:
            return self._plain[at]
        at = range(len(self._ends))[at]
        return self._bytes[self._ends[at - 1] if at else 0 : self._ends[at]].decode(*_ENCODING)

    def empty(self) -> NDArray[np.intp]:
        """Return the numbers of those that are the empty text."""
        if self._empty is None:
            if self._ends:
                lengths = np.diff(np.asarray(self._ends), prepend=np.zeros(1, self._ends.typecode))
                self._empty = np.flatnonzero(lengths == 0)
            else:
                held = (at for at, text in enumerate(self._plain) if not text)
                self._empty = np.fromiter(held, dtype=np.intp)
        return self._empty

    def are_empty(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Tell which of these are the empty text."""
        return np.isin(numbers, self.empty())

    def take(self, numbers: Numbers) -> NDArray[np.object_]:
        """Return the texts of these numbers; each different one is made once."""
        if not self._ends:
            if self._objects is None:
                self._objects = np.array(self._plain, dtype=object)
            return self._objects[numbers]
        different, places = np.unique(numbers, return_inverse=True)
        made = np.empty(len(different), dtype=object)
        made[:] = [self[at] for at in different.tolist()]
        return made[places]
