"""How dates, months, counts and lists are written in Indonesian.

Letters and screens take their words from here, so that a date is written one
way everywhere: "21 November 2026", never "21-11-26".
"""

from collections.abc import Sequence
from datetime import date

MONTHS: tuple[str, ...] = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)

ROMAN_MONTHS: tuple[str, ...] = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
)  # fmt: skip

LARGEST_SPELLED = 999_999

_DIGITS = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")

_BELOW_TWENTY = (
    "", *_DIGITS, "sepuluh", "sebelas", *(f"{digit} belas" for digit in _DIGITS[1:]),
)  # fmt: skip

_A_PAIR = 2


def date_in_words(day: date) -> str:
    """Return the date as letters write it: "5 Maret 1991"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def roman_month(day: date) -> str:
    """Return the month of a date as in letter numbers: "XI" for November."""
    return ROMAN_MONTHS[day.month - 1]


def grouped_number(number: int) -> str:
    """Return a whole number with points between thousands: "1.234"."""
    return f"{number:,}".replace(",", ".")


def spelled_number(number: int) -> str:
    """Return a whole number in words: 21 gives "dua puluh satu".

    Raises ValueError below 0 and above 999.999.
    """
    if not 0 <= number <= LARGEST_SPELLED:
        raise ValueError(f"only 0 to {LARGEST_SPELLED} can be spelled, not {number}")
    thousands, rest = divmod(number, 1000)
    words = [*_with_unit(thousands, "ribu"), *_below_thousand(rest)]
    return " ".join(words) or "nol"


def _below_thousand(number: int) -> list[str]:
    """Return the words of 0 to 999; 0 has none, being the end of a longer number."""
    hundreds, rest = divmod(number, 100)
    words = _with_unit(hundreds, "ratus")
    if rest >= len(_BELOW_TWENTY):
        words += [_BELOW_TWENTY[rest // 10], "puluh"]
        rest %= 10
    return [*words, _BELOW_TWENTY[rest]] if rest else words


def _with_unit(count: int, unit: str) -> list[str]:
    """Return nothing for none, "seratus" and "seribu" for one, else the count and the unit."""
    if count == 0:
        return []
    return [f"se{unit}"] if count == 1 else [*_below_thousand(count), unit]


def counted(number: int, noun: str) -> str:
    """Return a count in figures and words: "12 (dua belas) tenaga kerja".

    Raises ValueError where `spelled_number` does.
    """
    return f"{grouped_number(number)} ({spelled_number(number)}) {noun}"


def listed(items: Sequence[str]) -> str:
    """Join names as a sentence does: "a", "a dan b", "a, b, dan c"."""
    if len(items) <= 1:
        return "".join(items)
    if len(items) == _A_PAIR:
        return f"{items[0]} dan {items[1]}"
    return f"{', '.join(items[:-1])}, dan {items[-1]}"


MOST_LISTED = 10


def first_of(items: Sequence[object]) -> str:
    """Return the first ten of a list, for a sentence; " …" where there are more."""
    shown = ", ".join(map(str, items[:MOST_LISTED]))
    return shown if len(items) <= MOST_LISTED else f"{shown} …"
