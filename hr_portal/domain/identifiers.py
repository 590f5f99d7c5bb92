"""NIK, KK and NPWP as columns of digits with named parts (sections 2, 3, 6).

NIK: PP RR SS DDMMYY XXXX, with 40 added to the day for women (PP 37/2007
ps. 37). KK: the same shape, the date being that of registration. No check
digit exists in either; the NPWP has one (digit 9, by Luhn).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]

WOMEN = 40
"""Added to the day of birth of women."""

EXACT_LIMIT = 2**53
"""From here on a double holds even integers only (CELL-07)."""

_DAYS_IN_MONTH = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_FEBRUARY = 2
_COUNTING = "1234567890123456"
_YOUNGEST_WORKER = 15
_POWERS = 10 ** np.arange(17, -1, -1, dtype=np.int64)
_AT_ONCE = 64 * 1024
"""So many numbers are made of their digits at once, which take eight bytes each meanwhile."""
_PARTS: dict[str, tuple[int, int, type[np.signedinteger[Any]]]] = {
    "number": (0, 16, np.int64), "province": (0, 2, np.int16), "regency": (0, 4, np.int16),
    "district": (0, 6, np.int32), "day": (6, 8, np.int16), "month": (8, 10, np.int16),
    "year": (10, 12, np.int16), "serial": (12, 16, np.int16),
}  # fmt: skip
"""Of each part of a number of 16 digits the digits it has, and how its column is held."""
_WEIGHTS = np.zeros((16, len(_PARTS)), np.int64)
for _at, (_start, _stop, _) in enumerate(_PARTS.values()):
    _WEIGHTS[_start:_stop, _at] = _POWERS[_start - _stop :]


@dataclass(frozen=True, slots=True)
class Sixteen:
    """The parts of numbers of 16 digits, one entry a number."""

    digits: NDArray[np.uint8]
    """(n, 16) values 0 to 9."""
    number: Ints
    province: Ints
    regency: Ints
    """Four digits: PPRR."""
    district: Ints
    """Six digits: PPRRSS."""
    day: Ints
    """As written: 41 to 71 for women."""
    month: Ints
    year: Ints
    """Two digits."""
    serial: Ints


def parts(digits: NDArray[np.uint8]) -> Sixteen:
    """Return the named parts of numbers of 16 digits, given as rows of digits."""
    found = {name: np.empty(len(digits), kind) for name, (_, _, kind) in _PARTS.items()}
    for start in range(0, len(digits), _AT_ONCE):
        numbers = digits[start : start + _AT_ONCE].astype(np.int64) @ _WEIGHTS
        for part, column in zip(found.values(), numbers.T, strict=True):
            part[start : start + _AT_ONCE] = column
    return Sixteen(digits=digits, **found)


def is_dummy(sixteen: Sixteen) -> Flags:
    """Tell which are sample numbers: period 1, 2 or 4, or counting up (NIK-14)."""
    digits = sixteen.digits
    repeats: Flags = (digits[:, :12] == digits[:, 4:]).all(axis=1)
    dummy: Flags = repeats | (sixteen.number == int(_COUNTING))
    return dummy


def in_calendar(day: Ints, month: Ints, year: Ints) -> Flags:
    """Tell which dates exist in 19YY or 20YY (29 Feb 00 only in 2000)."""
    known = np.where((month >= 1) & (month <= 12), month, 0)  # noqa: PLR2004 - months
    leap = year % 4 == 0
    last = np.where((month == _FEBRUARY) & ~leap, 28, _DAYS_IN_MONTH[known])
    result: Flags = (day >= 1) & (day <= last)
    return result


def born(day: int, month: int, year: int, today: date) -> str:
    """Return the date in a NIK for a sentence: the century only where it is certain.

    YY up to 15 years ago is 20YY, after this year 19YY, between both unknown.
    """
    text = f"{day - WOMEN if day > WOMEN else day:02d}-{month:02d}-"
    now = today.year % 100
    if year > now:
        return f"{text}19{year:02d}"
    if year <= now - _YOUNGEST_WORKER:
        return f"{text}20{year:02d}"
    return f"{text}{year:02d}"


def npwp_check_fits(nine: str) -> bool:
    """Tell whether the ninth digit fits the eight before (Luhn; TAX-03, TAX-05)."""
    total = 0
    for place, char in enumerate(nine):
        product = int(char) * (1 + place % 2)
        total += product - 9 if product > 9 else product  # noqa: PLR2004 - cross sum
    return total % 10 == 0


def join_digits(digits: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the numbers that rows of up to 18 digits make."""
    number = np.empty(len(digits), np.int64)
    powers = _POWERS[len(_POWERS) - digits.shape[1] :]
    for start in range(0, len(digits), _AT_ONCE):
        number[start : start + _AT_ONCE] = (
            digits[start : start + _AT_ONCE].astype(np.int64) @ powers
        )
    return number
