"""What a column's cells look like, whatever its header says.

The third step of recognition: a column of 16-digit numbers whose 7th to 12th
digits are dates is a NIK or a KK; the 40 days added for women tell a NIK.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from hr_portal.domain.dates import read_date_text, read_typed_date
from hr_portal.domain.fields import FIELD, field_by_header
from hr_portal.domain.table import Kind

Pattern = Literal[
    "sixteen", "women", "kpj", "phone", "email", "date", "sex", "postal", "name", "label", "digits",
]  # fmt: skip

SAMPLE = 200
"""So many rows say what a column holds."""
MOST = 0.8
"""The share of the filled cells that makes a pattern; the rest may be faults."""

_SEPARATORS = re.compile(r"[\s.\-'`’/]")
_PHONE = re.compile(r"(?:\+?62|0)?8[1-9][0-9]{7,10}")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LOST = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]{2}", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\d_@/]{2,59}")
_SEXES = frozenset(
    {"L", "P", "W", "LK", "PR", "LAKI-LAKI", "LAKI LAKI", "PEREMPUAN", "PRIA", "WANITA", "M", "F"}
)
_NIK_LENGTHS = range(14, 18)
_KPJ_LENGTHS = range(9, 14)
_WOMEN_FROM, _LAST_WOMEN = 41, 71
_LAST_DAY, _LAST_MONTH = 31, 12


@dataclass(frozen=True, slots=True)
class Sample:
    """The first cells of a column: text forms and stored kinds, a row each."""

    values: Sequence[str]
    kinds: Sequence[int]


@dataclass(frozen=True)
class Contents:
    """What the filled cells of a sample look like."""

    filled: int
    counts: dict[Pattern, int]
    distinct: int = 0
    """How many different texts they hold."""
    nearly: dict[str, int] = field(default_factory=dict)
    """Cells that could be a NIK or KPJ after mending: a wrong length, lost digits."""

    def share(self, pattern: Pattern) -> float:
        """Return the share of filled cells with this pattern, 0 where none is filled."""
        return self.counts.get(pattern, 0) / self.filled if self.filled else 0.0

    def has(self, pattern: Pattern) -> bool:
        """Tell whether most cells have this pattern."""
        return self.share(pattern) >= MOST

    @cached_property
    def has_women(self) -> bool:
        """Whether days from 41 on occur among 16-digit numbers: a NIK, never a KK."""
        return self.counts.get("women", 0) > 0

    @property
    def is_varied(self) -> bool:
        """Whether most cells differ from each other."""
        return self.distinct * 2 >= self.filled

    def could_be(self, key: str) -> bool:
        """Tell whether at least half the cells could be a value of a required field."""
        if key in {"nik", "kpj"}:
            return self.filled > 0 and self.nearly.get(key, 0) * 2 >= self.filled
        return self.share("name") * 2 >= 1

    def agrees(self, key: str) -> bool | None:
        """Tell whether cells speak for a field, against it, or (None) neither."""
        if not self.filled:
            return None
        if key in _BY_PATTERN:
            if any(self.has(pattern) for pattern in _BY_PATTERN[key]):
                return True
            return None if self.could_be_mended(key) else False
        kind = FIELD[key].kind
        if kind == "date":
            return self.has("date") or (None if self.share("date") * 2 >= 1 else False)
        if kind in {"name", "code", "text"} and (self.has("digits") or self.has("email")):
            return False
        return None

    def could_be_mended(self, key: str) -> bool:
        """Tell whether a column that is not as it should be may still be this field."""
        if key in {"nik", "kk"}:
            return self.could_be("nik")
        if key == "kpj":
            return self.could_be("kpj")
        return key in {"hp", "darurat_hp", "kode_pos"} and self.share("digits") * 2 >= 1


_BY_PATTERN: dict[str, tuple[Pattern, ...]] = {
    "nik": ("sixteen",), "kk": ("sixteen",), "kpj": ("kpj",), "hp": ("phone",),
    "darurat_hp": ("phone",), "email": ("email",), "jenis_kelamin": ("sex",),
    "kode_pos": ("postal",), "kpj_digabung": ("kpj",),
}  # fmt: skip


class Looks:
    """What each column holds, looked at when it is asked for: most columns need no look."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples = samples
        self._seen: dict[int, Contents] = {}

    def __getitem__(self, at: int) -> Contents:
        """Return what a column holds."""
        if at not in self._seen:
            self._seen[at] = look(self._samples[at])
        return self._seen[at]


def look(sample: Sample) -> Contents:
    """Look at a column's first cells."""
    counts: dict[Pattern, int] = {}
    nearly: dict[str, int] = {}
    filled = 0
    seen: set[str] = set()
    for value, kind in zip(sample.values, sample.kinds, strict=True):
        text = unicodedata.normalize("NFKC", value).strip()
        if kind == Kind.EMPTY or not text:
            continue
        filled += 1
        seen.add(text)
        for pattern in _patterns(text, kind):
            counts[pattern] = counts.get(pattern, 0) + 1
        for key in _could_be(text, kind):
            nearly[key] = nearly.get(key, 0) + 1
    return Contents(filled, counts, len(seen), nearly)


def _patterns(text: str, kind: int) -> list[Pattern]:
    if kind not in {Kind.TEXT, Kind.NUMBER}:
        return ["date"] if kind == Kind.DATE else []
    found: list[Pattern] = []
    digits = _SEPARATORS.sub("", text).removesuffix(",0")
    if digits.isascii() and digits.lstrip("+").isdigit():
        found.append("digits")
        found += _numbers(digits, kind)
        if kind == Kind.TEXT and digits != text and _is_date(text):
            found.append("date")
        return found
    if _EMAIL.fullmatch(text):
        found.append("email")
    elif text.upper() in _SEXES:
        found.append("sex")
    elif field_by_header(text) is not None:
        found.append("label")
    elif _is_date(text):
        found.append("date")
    elif _NAME.fullmatch(text):
        found.append("name")
    return found


def _numbers(digits: str, kind: int) -> list[Pattern]:
    found: list[Pattern] = []
    if dated(digits):
        found.append("sixteen")
        if int(digits[6:8]) >= _WOMEN_FROM:
            found.append("women")
    if _PHONE.fullmatch(digits):
        found.append("phone")
    elif len(digits) == 11 or (kind == Kind.NUMBER and len(digits) == 10):  # noqa: PLR2004 - KPJ
        found.append("kpj")
    if len(digits) == 5 and kind == Kind.TEXT:  # noqa: PLR2004 - kode pos
        found.append("postal")
    return found


def _could_be(text: str, kind: int) -> list[str]:
    if kind not in {Kind.TEXT, Kind.NUMBER}:
        return []
    if _LOST.fullmatch(text):
        return ["nik", "kpj"]
    digits = _SEPARATORS.sub("", text)
    if not any(char.isdigit() for char in digits):
        return []
    found = []
    if len(digits) in _NIK_LENGTHS:
        found.append("nik")
    if len(digits) in _KPJ_LENGTHS and not _PHONE.fullmatch(digits):
        found.append("kpj")
    return found


def _is_date(text: str) -> bool:
    found = read_date_text(" ".join(text.split()))
    return found.day is not None or found.two_digit is not None


def dated(digits: str) -> bool:
    """Tell whether these are 16 digits with a day and month where NIK and KK have them."""
    if len(digits) != 16 or not (digits.isascii() and digits.isdigit()):  # noqa: PLR2004 - NIK, KK
        return False
    day, month = int(digits[6:8]), int(digits[8:10])
    in_month = 1 <= day <= _LAST_DAY or _WOMEN_FROM <= day <= _LAST_WOMEN
    return in_month and 1 <= month <= _LAST_MONTH


def agreement(niks: Sample, dates: Sample) -> tuple[int, int]:
    """Count in how many rows a date is the one in the NIK, and of how many that have both."""
    same = both = 0
    rows = zip(niks.values, dates.values, dates.kinds, strict=True)
    for nik, value, kind in rows:
        digits = _SEPARATORS.sub("", nik)
        written = _day_of(value, kind)
        if written is None or not dated(digits):
            continue
        both += 1
        day = int(digits[6:8])
        in_nik = (day - 40 if day >= _WOMEN_FROM else day, int(digits[8:10]), int(digits[10:12]))
        same += written == in_nik
    return same, both


def _day_of(value: str, kind: int) -> tuple[int, int, int] | None:
    """Return (day, month, year of two digits) of a cell that holds a date."""
    if kind not in {Kind.TEXT, Kind.DATE}:
        return None
    text = " ".join(value.split())
    found = read_typed_date(text) if kind == Kind.DATE else read_date_text(text)
    if found.day is not None:
        return found.day.day, found.day.month, found.day.year % 100
    return found.two_digit
