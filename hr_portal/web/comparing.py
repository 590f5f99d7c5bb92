"""Semula and menjadi side by side: what changed is marked, what a list may not show is dotted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from hr_portal.domain.dates import day_first
from hr_portal.domain.fields import ERASE, FIELD
from hr_portal.domain.letter_changes import Segment, changed_part
from hr_portal.web.formatting import zone
from hr_portal.web.masking import DOT, FEWEST_HIDDEN, Masked, is_masked, mask
from hr_portal.web.words import answers_told, field_label

CODES: Final[dict[tuple[str, str], Any]] = {
    ("jenis_kelamin", "L"): _l("Laki-laki"),
    ("jenis_kelamin", "P"): _l("Perempuan"),
    ("status_kawin", "Y"): _l("Kawin"),
    ("status_kawin", "T"): _l("Belum kawin"),
}
DATE: Final = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{4}")
COUNTRY: Final = "+62"
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
    if DATE.fullmatch(old) and DATE.fullmatch(new):
        left, right = _date(old, new), _date(new, old)
    else:
        left, right = changed_part(new, old), changed_part(old, new)
    is_dotted = not whole and is_masked(field)
    if is_dotted:
        left, right = _dotted(left, field), _dotted(right, field)
    kind = FIELD[field].kind if field in FIELD else "text"
    return Compared(left, right, is_erased, kind in MONO, is_dotted and bool(old or new))


def before_part(one: Compared) -> Markup:
    """The value on record."""
    return _value(one.before, "del", is_mono=one.is_mono)


def after_part(one: Compared) -> Markup:
    """The value asked for."""
    if one.is_erased:
        return Markup('<span class="pk-word" data-s="err">{}</span>').format(_("(dihapus)"))
    return _value(one.after, "ins", is_mono=one.is_mono)


def _value(segments: tuple[Segment, ...], tag: str, *, is_mono: bool) -> Markup:
    if not segments:
        return Markup('<span class="text-body-secondary">{}</span>').format(_("(kosong)"))
    runs = "".join(
        [
            f"<{tag}>{escape(one.text)}</{tag}>" if one.changed else escape(one.text)
            for one in segments
        ]
    )
    kind = ' class="pk-id"' if is_mono else ""
    return Markup(f"<span{kind}>{runs}</span>")  # noqa: S704 - ours, or escaped


def _written(field: str, value: str) -> str:
    """A clean value as people write it: dates day first, phones from 0, codes as words."""
    if field in FIELD and FIELD[field].kind == "date":
        return day_first(value)
    if field in FIELD and FIELD[field].kind == "phone" and value.startswith(COUNTRY):
        return "0" + value.removeprefix(COUNTRY)
    return str(CODES.get((field, value), value))


def _date(value: str, other: str) -> tuple[Segment, ...]:
    """Day, month and year that differ are marked whole; a wholly new date carries no mark."""
    parts, others = value.split("-"), other.split("-")
    differ = [part != facing for part, facing in zip(parts, others, strict=True)]
    if all(differ):
        return (Segment(value, changed=False),)
    runs = []
    for place, (part, changed) in enumerate(zip(parts, differ, strict=True)):
        if place:
            runs.append(Segment("-", changed=changed and differ[place - 1]))
        runs.append(Segment(part, changed=changed))
    return tuple(
        Segment("".join(run.text for run in together), changed)
        for changed, together in groupby(runs, key=lambda run: run.changed)
    )


def _dotted(segments: tuple[Segment, ...], field: str) -> tuple[Segment, ...]:
    value = "".join(part.text for part in segments)
    marked = [part.changed for part in segments for _ in part.text]
    ends = mask(value, field)
    shown = next(
        (tried for tried in _tries(ends, marked) if tried.count(False) >= FEWEST_HIDDEN),
        [False] * len(value),
    )
    runs: list[Segment] = []
    for sign, seen, changed in zip(value, shown, marked, strict=True):
        text = sign if seen else DOT
        if runs and runs[-1].changed == changed:
            runs[-1] = Segment(runs[-1].text + text, changed)
        else:
            runs.append(Segment(text, changed))
    return tuple(runs)


def _tries(ends: Masked, marked: list[bool]) -> Iterator[list[bool]]:
    """Which signs to show, the most telling first: ends and changes, then fewer of the ends."""
    length = len(marked)
    for head, tail, changes in (
        (len(ends.head), len(ends.tail), True),
        (0, len(ends.tail), True),
        (0, len(ends.tail) // 2, True),
        (len(ends.head), len(ends.tail), False),
    ):
        yield [
            index < head or index >= length - tail or (changes and marked[index])
            for index in range(length)
        ]


def init_app(app: Flask) -> None:
    """Gives the templates `compared`, and the words and the zone they need beside it."""
    app.jinja_env.globals.update(
        compared=compared,
        field_label=field_label,
        zone=zone,
        answers_told=answers_told,
        before_part=before_part,
        after_part=after_part,
    )
