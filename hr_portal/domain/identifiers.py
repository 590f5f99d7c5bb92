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
    return Sixteen(
        digits=digits,
        number=join_digits(digits),
        province=_small(digits, 0, 2),
        regency=_small(digits, 0, 4),
        district=join_digits(digits[:, :6]).astype(np.int32),
        day=_small(digits, 6, 8),
        month=_small(digits, 8, 10),
        year=_small(digits, 10, 12),
        serial=_small(digits, 12, 16),
    )


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
    number = np.zeros(len(digits), np.int64)
    for column in range(digits.shape[1]):
        number *= 10
        number += digits[:, column]
    return number


def _small(digits: NDArray[np.uint8], start: int, stop: int) -> NDArray[np.int16]:
    number = np.zeros(len(digits), np.int16)
    for column in range(start, stop):
        number *= 10
        number += digits[:, column]
    return number
