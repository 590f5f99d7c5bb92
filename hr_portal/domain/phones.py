"""Indonesian mobile numbers: what people write, as E.164 (section 10 of the law).

The ASCII patterns below say the same as libphonenumber 9.0.43 (valid and
MOBILE, or FIXED_LINE, in region ID; a test holds it); foreign numbers go there.
"""

import re
from functools import cache
from typing import NamedTuple

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

from hr_portal.domain.cleaning import THROUGH_A_FLOAT, unquote

PLAIN = re.compile(r"08[1-35-9][0-9]{7,10}", re.ASCII)
"""A mobile number as it should be written."""

PLAIN_SERIES = "12356789"
PLAIN_LENGTHS = (10, 11, 12, 13)
"""What `PLAIN` says of the third digit and of the length, for columns read at once."""

_MOBILE = re.compile(r"(\+62|\+?0062|62)?(0?)(8[1-35-9][0-9]{7,10})", re.ASCII)
_ABROAD_AND_HOME = re.compile(
    r"(?:0\+?62|\+0|(?:\+{2,}62|\+62\+)0?)(8[1-35-9][0-9]{7,10})", re.ASCII
)
"""A mobile number with the 0 of home calls before or in place of its country code, or two +."""
PUNCTUATION = str.maketrans("", "", " -.()[]\u2010\u2011\u2012\u2013\u2014\u2212\u2044/")
"""What stands between digits for reading only."""

FOOTNOTE = re.compile(r"[0-9] ?\([0-9]{1,2}\)$", re.ASCII)
"""A note after a number, "(1)", whose digit is none of it."""
_LONG_RUN = re.compile(r"[0-9]{9,}", re.ASCII)

_BETWEEN = re.compile(r"[/;,&|]|\batau\b|\bdan\b|\bor\b|(?<=[0-9]{9}) (?=[+0-9])", re.IGNORECASE)
_NATIONAL = re.compile(r"(?:\+62|62|0062)?0?([1-9][0-9]*)", re.ASCII)
_FOREIGN = re.compile(r"(?:\+|00)([1-9][0-9]{6,16})", re.ASCII)
_LEAST_DIGITS = 7


class Phone(NamedTuple):
    """A reading: the E.164 form, or the code and case that say why not."""

    e164: str
    code: str = ""
    case: str = ""
    """With e164: the code of the finding or, for N rules, of the tidying."""


def read_phone(text: str) -> Phone:
    """Read one tidied phone cell; numbers and text are read alike.

    TEL-02, 03, 04 and 06 come with the number they restored.
    """
    bare = unquote(text)
    through_float = THROUGH_A_FLOAT.fullmatch(bare)
    if through_float:  # its 0 is no digit of the number, as libphonenumber would have it
        bare = through_float[1]
    compact = bare.translate(PUNCTUATION)
    mobile = None if FOOTNOTE.search(bare) else _MOBILE.fullmatch(compact)
    if mobile:
        prefix, zero, rest = mobile.groups()
        return Phone("+62" + rest, _tidying(prefix, zero, plain=compact == text))
    if len(_several(bare)) > 1 or len(_LONG_RUN.findall(bare)) > 1:
        return Phone("", "TEL-05")
    if compact.startswith(("+", "00")) and not compact.startswith(("+62", "0062", "+0")):
        return _foreign(compact)
    return _indonesian(compact)


def mobile_meant(text: str) -> str | None:
    """Return the mobile number that a tidied text which is none means (062812…, ++62812…)."""
    found = _ABROAD_AND_HOME.fullmatch(text.translate(PUNCTUATION))
    return "0" + found[1] if found else None


def only_mobile(text: str) -> str | None:
    """Return the one mobile number of a tidied text with several numbers, None = there is not one.

    It is written twice, or beside numbers of fixed lines; what is no number at all may have been
    another one.
    """
    read = [read_phone(part.strip()) for part in _BETWEEN.split(unquote(text)) if part.strip()]
    mobile = {one.e164 for one in read if one.e164.startswith("+62")}
    others = [one for one in read if not one.e164 and one.case != "fixed-line"]
    return national(mobile.pop()) if len(mobile) == 1 and not others else None


def national(e164: str) -> str:
    """Return the form that is shown and exported: `+62812…` becomes `0812…`."""
    return "0" + e164[3:] if e164.startswith("+62") else e164


def _several(text: str) -> list[str]:
    parts = _BETWEEN.split(text)
    return [part for part in parts if sum("0" <= c <= "9" for c in part) >= _LEAST_DIGITS]


def _tidying(prefix: str | None, zero: str, *, plain: bool) -> str:
    if prefix is None and not zero:
        return "TEL-02"
    if prefix == "62":
        return "TEL-03"
    if prefix is not None and prefix.endswith("0062"):
        return "TEL-06"
    return "" if plain and (prefix is None or not zero) else "TEL-04"


def _foreign(compact: str) -> Phone:
    digits = _FOREIGN.fullmatch(compact)
    if digits is None:
        return Phone("", "TEL-08", "invalid")
    try:
        number = phonenumbers.parse("+" + digits[1])
    except phonenumbers.NumberParseException:
        return Phone("", "TEL-08", "invalid")
    if not phonenumbers.is_valid_number(number):
        return Phone("", "TEL-08", "invalid")
    return Phone("+" + digits[1], "TEL-08", "valid")


def _indonesian(compact: str) -> Phone:
    """Say what an Indonesian number is that is no mobile number (TEL-01)."""
    number = _NATIONAL.fullmatch(compact)
    fixed = number is not None and _fixed_line().fullmatch(number[1]) is not None
    return Phone("", "TEL-01", "fixed-line" if fixed else "other")


@cache
def _fixed_line() -> re.Pattern[str]:
    """Return libphonenumber's pattern of Indonesian fixed lines."""
    region = PhoneMetadata.metadata_for_region("ID")
    pattern: str = region.fixed_line.national_number_pattern  # type: ignore[union-attr, assignment]
    return re.compile(pattern, re.ASCII)
