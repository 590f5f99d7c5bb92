"""Semula and menjadi side by side: what changed is marked, what a list may not show is dotted."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from flask_babel import lazy_gettext as _l

from hr_portal.domain.fields import ERASE, FIELD
from hr_portal.domain.letter_changes import Segment, changed_part
from hr_portal.web.masking import DOT, FEWEST_HIDDEN, is_masked, mask

CODES: Final[dict[tuple[str, str], Any]] = {
    ("jenis_kelamin", "L"): _l("Laki-laki"),
    ("jenis_kelamin", "P"): _l("Perempuan"),
    ("status_kawin", "Y"): _l("Kawin"),
    ("status_kawin", "T"): _l("Belum kawin"),
}
MONO: Final = frozenset({"digits", "phone"})


@dataclass(frozen=True, slots=True)
class Compared:
    """One correction as a page shows it: two values in runs, changed or not."""

    before: tuple[Segment, ...]
    after: tuple[Segment, ...]
    is_erased: bool
    """The correction takes the value away."""
    is_mono: bool
    """Digits: set in one width, so that they stand under each other."""
    is_dotted: bool
    """Some of it is not shown."""


def compared(field: str, before: str, after: str, *, whole: bool = False) -> Compared:
    """Both values with the changed part marked.

    Unless `whole`, an identifier keeps its ends and the digits that changed; the rest is dots.
    Where so much changed that hardly anything would stay hidden, only the ends are shown.
    """
    is_erased = after == ERASE
    old, new = _written(field, before), "" if is_erased else _written(field, after)
    left, right = changed_part(new, old), changed_part(old, new)
    is_dotted = not whole and is_masked(field)
    if is_dotted:
        left, right = _dotted(left, field), _dotted(right, field)
    kind = FIELD[field].kind if field in FIELD else "text"
    return Compared(left, right, is_erased, kind in MONO, is_dotted and bool(old or new))


def _written(field: str, value: str) -> str:
    """A clean value as people write it: dates day first, codes as words."""
    if field in FIELD and FIELD[field].kind == "date":
        year, _, rest = value.partition("-")
        month, _, day = rest.partition("-")
        return f"{day}-{month}-{year}" if len(year) == 4 and day else value  # noqa: PLR2004
    return str(CODES.get((field, value), value))


def _dotted(segments: tuple[Segment, ...], field: str) -> tuple[Segment, ...]:
    value = "".join(part.text for part in segments)
    marked = [part.changed for part in segments for _ in part.text]
    ends = mask(value, field)
    shown = [
        index < len(ends.head) or index >= len(ends.head) + ends.hidden
        for index in range(len(value))
    ]
    with_changes = [seen or changed for seen, changed in zip(shown, marked, strict=True)]
    if with_changes.count(False) >= FEWEST_HIDDEN:
        shown = with_changes
    runs: list[Segment] = []
    for sign, seen, changed in zip(value, shown, marked, strict=True):
        text = sign if seen else DOT
        if runs and runs[-1].changed == changed:
            runs[-1] = Segment(runs[-1].text + text, changed)
        else:
            runs.append(Segment(text, changed))
    return tuple(runs)


def init_app(app: Flask) -> None:
    """Gives the templates `compared`."""
    app.jinja_env.globals["compared"] = compared
