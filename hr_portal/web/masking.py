"""What of an identifier may stand on a page: its ends, never its middle.

The mask of each field is the domain's; here are its parts, and the filters that templates use.
"""

import re
from dataclasses import dataclass
from typing import Final

from flask import Flask

from hr_portal.domain.masking import DOT as DOT  # noqa: PLC0414 - given on
from hr_portal.domain.masking import hide_digits
from hr_portal.domain.masking import mask as mask_of_field

FEWEST_HIDDEN: Final = 4
"""Signs that stay hidden whatever else is shown."""

_ALWAYS: Final = frozenset({"nik", "kk", "npwp", "kpj", "kpj_digabung", "no_rekening", "nama_ibu"})
_LONG_NUMBER: Final = re.compile(r"(?=(?:[A-Za-z]?[0-9]){6})[0-9][0-9OoIiLlSsBbZz]{7,}[0-9]")
"""Digits, and letters that somebody typed for some of them."""
_GROUPED: Final = re.compile(
    r"(?<![0-9])(?<![A-Za-z]-)[0-9]+(?:[ .,'’_\u00a0-][0-9]+)+(?![0-9])(?!/(?:19|20)[0-9]{2}\b)"
)
"""Digits in groups; what begins with letters is a number of ours (PKD-2026-00019), and what ends
with a year one of a regulation (300.2.2-2138/2025)."""
_DATED: Final = re.compile(
    r"(?:[0-3]?[0-9]([-/. ])[01]?[0-9]\1(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}([-/. ]?)[01][0-9]\2[0-3][0-9])"
    r"(?:[ _-](?:at )?[0-2]?[0-9](?:[.:-]?[0-9]{2}){0,2})?"
)
"""A date, or a date with a time, as in names of photographs."""
_FEWEST: Final = 9
"""Digits of what is a number of a person, not of a row or a day."""
_ENDS: Final = 4
_SHORT: Final = 12
"""A number of fewer digits keeps one less at its head."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A value in three parts; `hidden` tells how many signs are not shown."""

    head: str
    hidden: int
    tail: str


def is_masked(field: str) -> bool:
    """Whether a field stays masked even where semula and menjadi are compared."""
    return field in _ALWAYS


def mask(value: str, field: str) -> Masked:
    """What the field's mask leaves of `value` at its start and at its end."""
    shown = mask_of_field(field, value)
    if DOT not in shown:
        return Masked(value, 0, "")
    head, tail = shown.partition(DOT)[0], shown.rpartition(DOT)[2]
    if not value.endswith(tail):
        tail = ""
    return Masked(head, len(value) - len(head) - len(tail), tail)


def masked(value: str, field: str | None) -> str:
    """A value of a field as a list may show it; a field that isn't sensitive stays."""
    return mask_of_field(field, value) if field else value


def veil(text: str) -> str:
    """A sentence or file name with its long numbers masked: "tertulis 3171••••••••9010".

    Those typed in groups, too: "3171 •••• •••• 9010"; a date with a time stays.
    """

    def hide(found: re.Match[str]) -> str:
        written = found[0]
        places = [at for at, sign in enumerate(written) if sign.isalnum()]
        if len(places) < _FEWEST or _DATED.fullmatch(written):
            return written
        head = _ENDS if len(places) >= _SHORT else _ENDS - 1
        hidden = places[head:-_ENDS]
        shown = dict(zip(hidden, hide_digits("".join(written[at] for at in hidden)), strict=True))
        return "".join(shown.get(at, sign) for at, sign in enumerate(written))

    return _LONG_NUMBER.sub(hide, _GROUPED.sub(hide, text))


def ends(shown: str) -> tuple[str, str] | None:
    """What stands before and after the dots of a masked value; None where nothing is masked."""
    if DOT not in shown:
        return None
    return shown.partition(DOT)[0], shown.rpartition(DOT)[2]


def init_app(app: Flask) -> None:
    """Gives the templates these filters."""
    app.jinja_env.filters.update(masked=masked, veil=veil, ends=ends)
