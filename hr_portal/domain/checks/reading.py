"""A column of cells on its way to clean values.

Fast over whole columns where cells are as they should be, one by one where
they are not. Readers only say what a cell holds; whether its finding counts
(is the cell used at all?) is decided later, per employee.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hr_portal.domain.cleaning import ZERO_IS_A_VALUE, is_placeholder, tidy, unquote, unwrap
from hr_portal.domain.fields import ERASE, KEEP
from hr_portal.domain.table import PICTURE, Kind
from hr_portal.domain.texts import Strings, parts_of, put, take

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


class State:
    """What a cell turned out to hold.

    Bare numbers: arrays are compared with them hundreds of times a sheet, and NumPy takes five
    times as long to see a number in the member of an enumeration.
    """

    VALUE: Final = 0
    EMPTY: Final = 1
    ERASE: Final = 2
    """The word HAPUS in a Menjadi cell."""
    DAMAGED: Final = 3
    """Something that no later rule can judge (the finding says why)."""
    KEEP: Final = 4
    """The words TIDAK BERUBAH in a Menjadi cell: no correction."""


_WORDS = {ERASE: State.ERASE, KEEP: State.KEEP}
"""What a Menjadi cell may say instead of a value."""


@dataclass(slots=True)
class Fault:
    """One case of one rule at some cells of a reading."""

    places: list[int] = field(default_factory=list)
    suggestions: list[str | None] = field(default_factory=list)
    params: list[dict[str, str | int] | None] = field(default_factory=list)


class Reading:
    """Cells of one field: as found, and as cleaned so far; all n long."""

    def __init__(
        self, key: str, raw: Strings, kinds: NDArray[np.uint8], after: Flags | None = None
    ) -> None:
        self.key = key
        self.raw = raw
        self.kinds = kinds
        self.after = after if after is not None else np.zeros(len(raw), np.bool_)
        """Which cells are Menjadi, where HAPUS erases."""
        self.clean = raw
        """The clean values; the very list `raw` while nothing had to be cleaned."""
        self.state = np.where(kinds == Kind.EMPTY, State.EMPTY, State.VALUE).astype(np.uint8)
        self.numeric = np.zeros(len(raw), np.bool_)
        """Which values are numbers of digits, or text that went through a float (CELL-11)."""
        self.faults: dict[tuple[str, str], Fault] = {}
        self.tidied: dict[str, array[int]] = {}

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.raw)

    def put(self, place: int, value: str) -> None:
        """Set a clean value, leaving the cells as found alone."""
        if self.clean is self.raw:
            self.clean = self.raw.copy()
        self.clean[place] = value

    def put_all(self, places: Places, values: list[str]) -> None:
        """Set clean values, at places that ascend."""
        if not len(places):
            return
        if self.clean is self.raw:
            self.clean = self.raw.copy()
        put(self.clean, places, values)

    def tidy(self, code: str, place: int) -> None:
        """Note that a silent rule (severity N) has changed a cell."""
        self.tidied.setdefault(code, array("i")).append(place)

    def empty(self, place: int, *, tidied: bool = True) -> None:
        """Take a cell as empty (CELL-14)."""
        self.state[place] = State.EMPTY
        self.put(place, "")
        if tidied:
            self.tidy("CELL-14", place)

    def fault(
        self,
        code: str,
        case: str,
        place: int,
        *,
        suggestion: str | None = None,
        params: dict[str, str | int] | None = None,
        damaged: bool = True,
    ) -> None:
        """Say what is wrong with a cell; a damaged one is judged no further."""
        fault = self.faults.setdefault((code, case), Fault())
        fault.places.append(place)
        fault.suggestions.append(suggestion)
        fault.params.append(params)
        if damaged:
            self.state[place] = State.DAMAGED

    def start(self, *, dates_are_faults: bool = False) -> Iterator[tuple[Places, list[str]]]:
        """Yield what is `left` to read, in parts: places, and the cells as found there."""
        left = self.left(dates_are_faults=dates_are_faults)
        return ((places, take(self.raw, places)) for places in parts_of(left))

    def left(self, *, dates_are_faults: bool = False) -> Places:
        """Take out errors, formulas, booleans (CELL-13); return the places of what is left.

        With `dates_are_faults` dates and times go too (CELL-12).
        """
        kinds = self.kinds
        bad = kinds > Kind.DATE
        if bad.any():
            for place in np.flatnonzero(bad).tolist():
                self._not_a_value(place, Kind(int(kinds[place])), dates_are_faults)
        if dates_are_faults:
            for place in np.flatnonzero(kinds == Kind.DATE).tolist():
                self.fault("CELL-12", "", place)
        return np.flatnonzero(self.state == State.VALUE)

    def tidy_text(self, place: int, *, compatible: bool, quotes: bool = False) -> str | None:
        """Clean one text cell; None when it is empty or erases (CELL-01, 02, 14)."""
        found = self.raw[place]
        text = tidy(found, compatible=compatible)
        if text != found:
            self.tidy("CELL-01", place)
        bare = unwrap(text)
        if bare != text:
            self.tidy("CELL-02", place)
            text = bare
        word = _WORDS.get(text.upper()) if self.after[place] else None
        if word is not None:
            self.state[place] = word
            self.put(place, text.upper())
            return None
        if quotes:
            bare = unquote(text)
            if bare != text:
                self.tidy("CELL-02", place)
                text = bare
        if not text or is_placeholder(text, zero=self.key not in ZERO_IS_A_VALUE):
            self.empty(place, tidied=bool(found))
            return None
        if text != found:
            self.put(place, text)
        return text

    def _not_a_value(self, place: int, kind: Kind, dates_are_faults: bool) -> None:  # noqa: FBT001
        if kind is Kind.TIME:
            if dates_are_faults:
                self.fault("CELL-12", "", place)
        else:
            case = {Kind.BOOLEAN: "boolean", Kind.ERROR: "error"}.get(kind, "formula")
            if kind is Kind.ERROR and self.raw[place] == PICTURE:
                case = "picture"
            self.fault("CELL-13", case, place)
