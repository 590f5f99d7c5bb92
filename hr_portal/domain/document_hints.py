"""What the text of a document says about the employee whose row it lies on: a hint for the eye.

Never a proof: the text of a PDF is what somebody's program wrote, and may differ from the picture.
Silence where nothing comparable is written; no hint changes a finding or a verdict.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hr_portal.domain.dates import read_date_text
from hr_portal.domain.names import comparable

FIELDS = ("nik", "kk", "nama", "tanggal_lahir")
_SIXTEEN = re.compile(r"(?<!\d)\d(?:[ .]?\d){15}(?![ .]?\d)")
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} [A-Za-z]{3,9} \d{4})(?!\d)"
)
_NAME = re.compile(r"^\W*nama(?: lengkap)?\s*[:=]\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_BORN = re.compile(r"^.*\blahir\b.*$", re.IGNORECASE | re.MULTILINE)
_CLOSE = 3
"""Digits in which a number may differ and still be meant for this one."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One value of the row, and what the document says in its place."""

    field: str
    value: str
    """The effective value of the row."""
    written: str
    """As the document has it, in the form of the value; equal to it where they agree."""

    @property
    def agrees(self) -> bool:
        """Whether the document says the same."""
        return self.value == self.written


def hints(text: str, values: Mapping[str, str]) -> tuple[Hint, ...]:
    """Compare the text of a document with effective values of a row, by key of FIELDS.

    What is written in another way but means the same agrees.
    """
    told = {
        "nik": _number(text, values.get("nik", "")),
        "kk": _number(text, values.get("kk", "")),
        "nama": _name(text, values.get("nama", "")),
        "tanggal_lahir": _birth(text, values.get("tanggal_lahir", "")),
    }
    return tuple(Hint(field, values[field], told[field]) for field in FIELDS if told[field])


def _number(text: str, value: str) -> str:
    """Return the number, or one so close that it may be meant; nothing otherwise."""
    found = [re.sub(r"\D", "", one) for one in _SIXTEEN.findall(text)]
    if not value or value in found:
        return value
    return next((one for one in found if len(value) == len(one) and _unlike(one, value)), "")


def _unlike(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) <= _CLOSE


def _name(text: str, value: str) -> str:
    """Return the name if it is written anywhere, else what stands after the word Nama."""
    wanted = comparable(value)
    if not wanted:
        return ""
    if any(f" {wanted} " in f" {comparable(line)} " for line in text.splitlines()):
        return value
    labelled = _NAME.search(text)
    return " ".join(labelled[1].upper().split()) if labelled else ""


def _birth(text: str, value: str) -> str:
    """Return the day if it is written anywhere, else the first on a line about birth."""
    if not value:
        return ""
    if value in _days(text):
        return value
    return next((day for line in _BORN.findall(text) for day in _days(line)), "")


def _days(text: str) -> list[str]:
    read = (read_date_text(one.replace(" ", "-") if one[-5] == " " and one.replace(" ", "").isdigit()
                           else one).day for one in _DATE.findall(text))  # fmt: skip
    return [day.isoformat() for day in read if day is not None]
