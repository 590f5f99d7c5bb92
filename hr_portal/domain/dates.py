"""Dates as people and programs write them (section 8 of the law).

Day first, always; nothing is guessed. The canonical form is `yyyy-mm-dd`, the
form that is shown and proposed is `dd-mm-yyyy`.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple
from unicodedata import decimal

from hr_portal.domain.cleaning import HYPHENS

_MONTH_NAMES = (
    ("jan", "januari", "january"),
    ("feb", "februari", "february", "peb", "pebruari"),
    ("mar", "maret", "march", "mrt"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("agu", "agustus", "agt", "agst", "ags", "agus", "aug", "august"),
    ("sep", "september", "sept"),
    ("okt", "oktober", "oct", "october"),
    ("nov", "november", "nop", "nopember"),
    ("des", "desember", "dec", "december"),
)
MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, 1) for name in names}
_ROMAN = {
    numeral: month
    for month, numeral in enumerate(
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), 1
    )
}

_SPLIT = r"(?: ?[-/.] ?| )"
_CLOCK = r"(?:[T ]([0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?))?"
_DAY_FIRST = re.compile(
    rf"([0-9]{{1,2}}){_SPLIT}([0-9]{{1,2}}){_SPLIT}([0-9]{{4}}|[0-9]{{2}}){_CLOCK}", re.ASCII
)
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_CLOCK}", re.ASCII)
_IN_WORDS = re.compile(
    rf"([0-9]{{1,2}})[-/. ]*([A-Za-z]{{3,9}})\.?[-/., ]*['’]?([0-9]{{4}}|[0-9]{{2}}){_CLOCK}",
    re.ASCII,
)
_MONTH_FIRST = re.compile(
    rf"(?:[A-Za-z]{{3,9}}, )?([A-Za-z]{{3,9}})\.? ([0-9]{{1,2}})(?:, ?| )([0-9]{{4}}){_CLOCK}",
    re.ASCII,
)
"""As English programs write it: "August 5, 1990"; certain, because the month is a word."""
_IN_ROMAN = re.compile(
    rf"([0-9]{{1,2}}) ?[-/. ] ?([IVX]{{1,4}}) ?[-/. ] ?([0-9]{{4}}|[0-9]{{2}}){_CLOCK}", re.ASCII
)
_AMONG_WORDS = re.compile(r"(?:[^0-9]*[^0-9\w])?([0-9].*[0-9])(?:[^0-9\w][^0-9]*)?", re.ASCII)
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
_MONTH_AND_DAY = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", re.ASCII)
_LOOKALIKES = str.maketrans("OoIiLl", "001111")
_CERTAIN = frozenset({"DAT-01", "DAT-02", "DAT-03"})
_AFTER_PLACE = re.compile(r"[^0-9,]+, ?([0-9].*)")
_RUN_TOGETHER = re.compile(r"[0-9]{7,8}", re.ASCII)
_ZEROS = re.compile(r"[0:.,]*(?:Z|[+-].*)?")
_ZONED = re.compile(r".*(?:Z|[+-][0-9:]+)")

_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
SERIALS = range(7_000, 46_501)
"""DAT-06: the numbers taken for Excel serials (1919 to 2027)."""
LAST_DOUBTFUL_SERIAL = 60
"""DAT-10: Excel's calendar is wrong up to here."""
_YEARS = range(1900, 2100)
_OTHER_SIGNS = re.compile(r"([0-9]{1,2})[-,_\\|/. ]+([0-9]{1,2})[-,_\\|/. ]+([0-9]{4})", re.ASCII)
"""A date with signs between its parts that nobody reads otherwise."""
_YEAR_AND_SIGNS = re.compile(
    r"([0-9]{4})[-,_\\|/. ]+([0-9]{1,2})[-,_\\|/. ]+([0-9]{1,2})", re.ASCII
)
_ONE_SIGN = re.compile(r"([0-9]{2})[-/. ]?([0-9]{2})[-/. ]?([0-9]{4})", re.ASCII)
"""A date that lacks the sign between two of its parts: 0508-1990."""
_MONTH_AND_SIGNS = re.compile(
    r"([A-Za-z]{3,9})[-/., ]+([0-9]{1,2})[-/., ]+([0-9]{4}|[0-9]{2})", re.ASCII
)
_YEAR_AND_MONTH = re.compile(r"([0-9]{4})[-/., ]+([A-Za-z]{3,9})[-/., ]+([0-9]{1,2})", re.ASCII)
_SIX_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})", re.ASCII)
"""Day, month and year as a NIK has them, which alone can confirm them."""
_SHORT_YEAR = re.compile(r"['’](?=[0-9]{2}$)", re.ASCII)
_WORD = re.compile(r"[A-Za-z]{4,}", re.ASCII)
_LEAST_FULL_NAME = 5
"""Letters of a month's name from which on one slip leaves no doubt: "juni" may be "juli"."""
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TWO_DIGITS = 2
_EIGHT_DIGITS = 8


class DateText(NamedTuple):
    """A reading of one text: a day, or the code and case that say why not."""

    day: date | None
    code: str = ""
    """The finding's code; with a day and no case, the N rule that read it."""
    case: str = ""
    two_digit: tuple[int, int, int] | None = None
    """(day, month, year of two digits) where the century is not written (DAT-04)."""


def shown(day: date) -> str:
    """Return the form people read and write: dd-mm-yyyy."""
    return f"{day.day:02d}-{day.month:02d}-{day.year:04d}"


def day_first(value: str) -> str:
    """Return a whole day written `yyyy-mm-dd`, as date cells are read, day first.

    Any other text, a day with a time and a day that no calendar has come back as they are.
    """
    found = _ISO_DAY.fullmatch(value)
    day = make_date(*map(int, found.groups())) if found else None
    return shown(day) if day else value


def make_date(year: int, month: int, day: int) -> date | None:
    """Return a date, or None if it is not in the calendar."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_date_text(text: str) -> DateText:
    """Read one tidied text (DAT-01 to DAT-04, DAT-07, DAT-09)."""
    text = text.translate(HYPHENS)
    place = _AFTER_PLACE.fullmatch(text)
    code = "DAT-01"
    if place:
        text, code = place[1], "DAT-03"
    if _RUN_TOGETHER.fullmatch(text):
        return _run_together(text, number=False)
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year, clock = found.groups()
        return _checked(int(day), int(month), year, clock, code)
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day, clock = found.groups()
        return _checked(int(day), int(month), year, clock, "DAT-02")
    if (named := _in_words(text)) is not None:
        return named
    if (found := _IN_ROMAN.fullmatch(text)) and found[2] in _ROMAN:
        return _checked(int(found[1]), _ROMAN[found[2]], found[3], found[4], "DAT-03")
    return DateText(None, "DAT-01", "form")


def _in_words(text: str) -> DateText | None:
    """Read a date whose month is a word, which may come first; None where it is none."""
    if found := _IN_WORDS.fullmatch(text):
        day, word, year, clock = found.groups()
    elif found := _MONTH_FIRST.fullmatch(text):
        word, day, year, clock = found.groups()
    else:
        return None
    month = _month(word.lower())
    return None if month is None else _checked(int(day), month, year, clock, "DAT-03")


def _month(word: str) -> int | None:
    """Return the month that a word of three letters or more names or begins: "agt", "Agust"."""
    if word in MONTHS:
        return MONTHS[word]
    return next((month for name, month in MONTHS.items() if name.startswith(word)), None)


def date_meant(text: str, *, birth: bool) -> str | None:
    """Return the one date that a tidied text which is none means, as it is shown.

    A date with words or signs around it ("tgl 17-08-1985 (KTP)"), letters in place of digits
    (17-O8-1985), digits of another script, other signs between (17,08,1985) or one too few, a month
    before its day where the other order is no date (8/17/1985) or its name says so (Aug-17-1985), a
    month's name with one slip (Agutsus), and where `birth` says that a NIK will confirm it an Excel
    serial as text, six digits (170885) and a short year (17-08-'85). None = not certain.
    """
    text = text.translate(HYPHENS)
    found = _AMONG_WORDS.fullmatch(text)
    inner = _ORDINAL.sub("", found[1]) if found else text
    if birth and text.isascii() and text.isdigit() and int(text) in SERIALS:
        return shown(_EPOCH_1900 + timedelta(int(text)))
    plain = "".join(str(decimal(sign)) if sign.isdecimal() else sign for sign in inner)
    bare = _ORDINAL.sub("", text)
    for tried in (
        inner,
        text.translate(_LOOKALIKES),
        _MONTH_AND_DAY.sub(r"\2-\1-\3", inner),
        _OTHER_SIGNS.sub(r"\1-\2-\3", plain),
        _WORD.sub(_spelt_right, inner),
        _whole(_YEAR_AND_SIGNS, r"\1-\2-\3", plain),
        _whole(_ONE_SIGN, r"\1-\2-\3", plain),
        _whole(_MONTH_AND_SIGNS, r"\2 \1 \3", bare),
        _whole(_YEAR_AND_MONTH, r"\3 \2 \1", bare),
        _whole(_SIX_DIGITS, r"\1-\2-\3", plain) if birth else "",
        _SHORT_YEAR.sub("", inner),
    ):
        read = read_date_text(tried)
        if read.day is not None and read.code in _CERTAIN and not read.case:
            return shown(read.day)
        if birth and read.two_digit:
            return "{:02d}-{:02d}-{:02d}".format(*read.two_digit)
    return None


def _whole(pattern: re.Pattern[str], meant: str, text: str) -> str:
    """Return what a text means that a pattern matches from end to end, "" for any other."""
    found = pattern.fullmatch(text)
    return found.expand(meant) if found else ""


def _spelt_right(word: re.Match[str]) -> str:
    """Return the full name of the one month that is a slip away from a word, or the word."""
    written = word[0].lower()
    months = {
        month
        for name, month in MONTHS.items()
        if len(name) >= _LEAST_FULL_NAME and _is_one_slip(written, name)
    }
    return _MONTH_NAMES[months.pop() - 1][1] if len(months) == 1 else word[0]


def _is_one_slip(written: str, meant: str) -> bool:
    """Tell whether one letter is wrong, missing or too many, or two beside each other swapped."""
    if len(written) == len(meant):
        other = [at for at in range(len(meant)) if written[at] != meant[at]]
        if not other or other[-1] - other[0] > 1:
            return False
        return (
            len(other) == 1
            or written[other[0]] + written[other[1]] == meant[other[1]] + meant[other[0]]
        )
    short, long = sorted((written, meant), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def read_date_number(literal: str, *, epoch_1904: bool, birth: bool) -> DateText:
    """Read a number cell without a date format (DAT-06, DAT-07, DAT-09, DAT-10).

    `literal` is the number as written in the file; `birth` says that the field
    is the date of birth, the only one with an age.
    """
    if _RUN_TOGETHER.fullmatch(literal):
        return _run_together(literal, number=True)
    whole, _, fraction = literal.partition(".")
    if not (whole.isascii() and whole.isdigit()):
        return DateText(None, "DAT-01", "form")
    serial = int(whole)
    if serial not in SERIALS:
        early = birth and serial < SERIALS.start
        return DateText(None, "DAT-10") if early else DateText(None, "DAT-01", "form")
    day = (_EPOCH_1904 if epoch_1904 else _EPOCH_1900) + timedelta(serial)
    if fraction.strip("0"):
        return DateText(day, "DAT-09", "with-time")
    return DateText(day, "DAT-06", "serial")


def read_typed_date(iso: str) -> DateText:
    """Read a date-typed cell as the reader gives it (`yyyy-mm-dd`, maybe with a time)."""
    day, _, clock = iso.partition("T")
    found = _YEAR_FIRST.fullmatch(day)
    made = make_date(*(int(part) for part in found.groups()[:3])) if found else None
    if made is None:
        return DateText(None, "DAT-01", "calendar")
    if _ZEROS.fullmatch(clock):
        return DateText(made)
    return DateText(made, "DAT-09", "with-time")


def _checked(day: int, month: int, year: str, clock: str | None, code: str) -> DateText:
    if len(year) == _TWO_DIGITS:
        return DateText(None, "DAT-04", "", (day, month, int(year)))
    made = make_date(int(year), month, day)
    if made is None:
        return DateText(None, "DAT-01", "calendar")
    if clock and not _ZEROS.fullmatch(clock):
        return DateText(made, "DAT-09", "zone" if _ZONED.fullmatch(clock) else "with-time")
    return DateText(made, code)


def _run_together(digits: str, *, number: bool) -> DateText:
    """Read 7 or 8 digits both ways: ddmmyyyy and yyyymmdd (DAT-07)."""
    padded = digits.zfill(_EIGHT_DIGITS)
    day_first = _plausible(padded[4:], padded[2:4], padded[:2])
    year_first = _plausible(padded[:4], padded[4:6], padded[6:])
    full = len(digits) == _EIGHT_DIGITS
    if full and year_first and not day_first:
        return DateText(year_first, "DAT-07", "one-reading")
    if full and day_first and not year_first and not number:
        return DateText(day_first, "DAT-07", "one-reading")
    return DateText(None if year_first else day_first, "DAT-07", "doubtful")


def _plausible(year: str, month: str, day: str) -> date | None:
    return make_date(int(year), int(month), int(day)) if int(year) in _YEARS else None
