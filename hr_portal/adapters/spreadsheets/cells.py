"""From what a sheet stores to (kind, text): numbers, dates, escapes.

No floating point touches a number here: a literal stays the decimal literal it
is, so that a rule sees what the file holds and not what a double makes of it.
"""

import re
from datetime import date, timedelta
from decimal import Decimal, localcontext

from hr_portal.adapters.spreadsheets.workbook import DATE, DURATION
from hr_portal.domain.table import Kind

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_CONSTANT = re.compile(
    r"[ \t\r\n]*=?[ \t\r\n]*(?:\"((?:[^\"]|\"\")*)\"|([+-]?[0-9.][0-9.eE+-]*))[ \t\r\n]*"
)
_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f]")
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})?T?(?:([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?Z?)?"
)
_MAX_PLAIN_EXPONENT = 22
_MAX_TEXT = 32_767
_LAST_SERIAL = 2_958_466  # the first day after 31 December 9999
_FAKE_LEAP_DAY = 60  # Excel counts 29 February 1900, a day that never was
_DAY = 86_400
_SECONDS_A_MINUTE = 60

_DATES: dict[tuple[str, bool], tuple[Kind, str]] = {}
_DATES_KEPT = 100_000


def writable(text: str) -> str:
    """Return a text as a sheet can hold it, as long as a cell may be.

    What only breaks lines and pages, and is read as a blank, becomes one; of other control
    characters U+FFFD shows that something was there.
    """
    return _UNWRITABLE.sub("\ufffd", _BREAKS.sub(" ", text))[:_MAX_TEXT]


def number_literal(text: str) -> tuple[Kind, str]:
    """Return a number's plain decimal literal, exactly; TEXT where it is no number.

    `3.17101450890901E+15` becomes `3171014508909010`; from 1e22 on the
    exponent stays.
    """
    if _PLAIN.fullmatch(text):
        return Kind.NUMBER, text
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return Kind.TEXT, text
    with localcontext() as context:
        context.prec = 400
        value = Decimal(text)
        if value == 0:
            return Kind.NUMBER, "0"
        if abs(value.adjusted()) >= _MAX_PLAIN_EXPONENT:
            return Kind.NUMBER, f"{value.normalize():E}"
        literal = f"{value:f}"
    if "." in literal:
        literal = literal.rstrip("0").rstrip(".")
    return Kind.NUMBER, literal


def serial(text: str, shows: int, *, epoch_1904: bool) -> tuple[Kind, str]:
    """Return the date, time or duration that a number in a date format shows.

    Numbers that Excel can't show as a date (negative, beyond 9999) stay
    numbers. Day 60 of the 1900 system is Excel's own 29 February 1900 and is
    given back as such: no rule will take it for a date.
    """
    if shows == DURATION:
        return _duration(text)
    key = (text, epoch_1904)
    known = _DATES.get(key)
    if known is None:
        known = _serial(text, epoch_1904=epoch_1904)
        if len(_DATES) < _DATES_KEPT:
            _DATES[key] = known
    return known


def _seconds(text: str) -> tuple[int, int] | None:
    """Split a serial into whole days and seconds, rounded to the second."""
    kind, literal = number_literal(text)
    if kind is not Kind.NUMBER or "E" in literal:
        return None
    value = Decimal(literal)
    if value < 0 or value >= _LAST_SERIAL:
        return None
    return divmod(int((value * _DAY).to_integral_value()), _DAY)


def _serial(text: str, *, epoch_1904: bool) -> tuple[Kind, str]:
    split = _seconds(text)
    if split is None:
        return number_literal(text)
    days, seconds = split
    clock = f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    if epoch_1904:
        day = date(1904, 1, 1) + timedelta(days=min(days, _LAST_SERIAL - 1463))
    elif days == 0:
        return Kind.TIME, clock
    elif days == _FAKE_LEAP_DAY:
        return Kind.DATE, "1900-02-29" + (f"T{clock}" if seconds else "")
    else:
        start = date(1899, 12, 31) if days < _FAKE_LEAP_DAY else date(1899, 12, 30)
        if days >= _LAST_SERIAL:  # rounding the seconds went over the end
            return number_literal(text)
        day = start + timedelta(days=days)
    return Kind.DATE, day.isoformat() + (f"T{clock}" if seconds else "")


def _duration(text: str) -> tuple[Kind, str]:
    split = _seconds(text)
    if split is None:
        return number_literal(text)
    total = split[0] * _DAY + split[1]
    minutes, seconds = divmod(total, _SECONDS_A_MINUTE)
    hours, minutes = divmod(minutes, _SECONDS_A_MINUTE)
    return Kind.TIME, f"{hours:02d}:{minutes:02d}:{seconds:02d}"


def iso_date(text: str) -> tuple[Kind, str]:
    """Return the value of a cell stored as an ISO 8601 date or time (t="d")."""
    found = _ISO.fullmatch(text.strip())
    if not found or not (found[1] or found[2]):
        return Kind.TEXT, text
    clock = found[2] or ""
    if clock and clock.count(":") == 1:
        clock += ":00"
    if not found[1]:
        return Kind.TIME, clock
    if clock in {"", "00:00:00"}:
        return Kind.DATE, found[1]
    return Kind.DATE, f"{found[1]}T{clock}"


def constant(formula: str) -> tuple[Kind, str] | None:
    """Return the value of a formula that is only a text or only a number.

    `="SITI"` is the text SITI and `=12` the number 12, whether a program has calculated
    them or not. None for every other formula.
    """
    found = _CONSTANT.fullmatch(formula)
    if found is None:
        return None
    if found[1] is not None:
        text = found[1].replace('""', '"')
        return (Kind.TEXT, text) if text else (Kind.EMPTY, "")
    number = number_literal(found[2])
    return number if number[0] is Kind.NUMBER else None


def unescape(text: str) -> str:
    """Undo Excel's `_x000D_` escapes; those of NUL and half characters stay as written."""
    if "_x" not in text:
        return text

    def char(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return match[0] if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)  # noqa: PLR2004

    return _ESCAPE.sub(char, text)


__all__ = ["DATE", "DURATION", "constant", "iso_date", "number_literal", "serial", "unescape"]
