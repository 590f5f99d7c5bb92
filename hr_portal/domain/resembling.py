"""Headers that are nearly a known one: typing mistakes, a letter more or less.

The second step of recognition, after the exact names of `layouts.role_of`.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from hr_portal.domain.fields import FIELDS, header_key
from hr_portal.domain.layouts import (
    MAX_HEADER,
    WORDS,
    group_of,
    role_of,
    words_of,
)
from hr_portal.domain.table import Role

SHORTEST = 5
"""Shorter names (NIK, KPJ, KK, HP) differ from each other by a letter: never "nearly"."""
SURE_FROM = 8
"""From so many letters on, one slip of the fingers leaves no doubt what was meant."""
SURE_WORD_FROM = 6
"""The same for "Semula", "Menjadi", "Alasan": no other known name is near them."""
TWO_FROM = 10
"""From so many letters on two slips are thought of, and asked about."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a header nearly says, and whether that is beyond doubt."""

    role: Role
    known: str
    """The name it resembles, as compared."""
    is_sure: bool


@cache
def _vocabulary() -> tuple[tuple[str, Role], ...]:
    known: dict[str, Role] = {}
    for field in FIELDS:
        for name in (field.label, field.key, *field.aliases):
            # "Nm Pegawai" is a letter away from "No Pegawai", which is something else.
            if not name.startswith("NM "):
                known.setdefault(header_key(name), Role("record", field.key))
    for role, keys in WORDS:
        for key in keys:
            known.setdefault(key, role)
    return tuple((key, role) for key, role in known.items() if len(key) >= SHORTEST)


@lru_cache(maxsize=4096)
def resembling(text: str) -> Likeness | None:
    """Return what an unknown header nearly says; None where nothing or too much is near.

    `"Tangal Lahir"` is the date of birth. Where two meanings are equally near,
    there is no answer.
    """
    if not text or len(text) > MAX_HEADER:
        return None
    whole = _nearest(header_key(text))
    if whole is not None:
        return whole
    words = words_of(text)
    for at in (-1, 0):
        rest = " ".join(words[:-1] if at else words[1:])
        side = group_of(words[at]) if len(words) > 1 else None
        near = _nearest(header_key(rest)) if side else None
        if near is not None and near.role.part == "record":
            part = near.role if side == "before" else Role("after", near.role.field)
            return Likeness(part, near.known, near.is_sure)
        # "Tanggal Lahir (Menjad)": the field is spelt well, the word beside it is not.
        word = _nearest(header_key(words[at])) if len(words) > 1 else None
        field = role_of(rest)
        if word is not None and word.role == Role("after") and field.part == "record":
            return Likeness(Role("after", field.field), word.known, is_sure=False)
    return None


def _nearest(key: str) -> Likeness | None:
    allowed = 0 if len(key) < SHORTEST else 1 if len(key) < TWO_FROM else 2
    best: tuple[int, str, Role] | None = None
    rivals: set[Role] = set()
    digits = _digits(key)
    for known, role in _vocabulary():
        # "Alamat 2" is no slip of "Alamat".
        if abs(len(known) - len(key)) > allowed or _digits(known) != digits:
            continue
        far = slips(key, known, allowed)
        if far > allowed:
            continue
        if best is None or far < best[0]:
            best, rivals = (far, known, role), {role}
        elif far == best[0]:
            rivals.add(role)
    if best is None or len(rivals) > 1:
        return None
    far, known, role = best
    sure_from = SURE_FROM if role.field else SURE_WORD_FROM
    length = min(len(key), len(known)) if role.field else max(len(key), len(known))
    return Likeness(role, known, far <= 1 and length >= sure_from)


def _digits(key: str) -> str:
    return "".join(filter(str.isdigit, key))


def slips(one: str, other: str, most: int) -> int:
    """Count the slips between two texts; more than `most` are told as `most` + 1.

    A slip is a letter too many, missing, wrong, or swapped with its neighbour.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        older, before, row = before, row, [at]
        for place, wanted in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != wanted))
            swapped = at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted
            if swapped:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
