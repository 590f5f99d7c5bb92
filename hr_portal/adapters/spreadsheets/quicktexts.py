"""Texts cut out of a piece and turned into values, by the type of their cells."""

import re

import numpy as np

from hr_portal.adapters.spreadsheets import cells
from hr_portal.adapters.spreadsheets.markup import (
    Bytes,
    Declined,
    Flags,
    Integers,
    Markup,
    Objects,
    Positions,
)
from hr_portal.adapters.spreadsheets.workbook import PLAIN
from hr_portal.domain.table import Kind

TYPES = {b"": 0, b"n": 0, b"s": 1, b"str": 2, b"inlineStr": 3, b"b": 4, b"e": 5}
NUMBER, SHARED, STRING, INLINE, BOOLEAN, ERROR = range(6)

_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_MAX_NUMBER = 400
_AMPERSAND, _FIRST_BEYOND_ASCII = ord("&"), 0x80
# XML 1.0, section 2.2
_ALLOWED = ((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))


def texts_of(parts: Markup, starts: Positions, ends: Positions, most: int) -> list[str]:
    """Cut the texts out, entities and other characters than ASCII resolved where they are."""
    if (ends - starts > most).any():
        raise Declined
    piece = parts.piece
    if piece.isascii():
        whole = piece.decode("ascii")
        strings = [whole[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    else:
        whole = piece.decode("latin-1")
        strings = [whole[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        for each in _holding(np.flatnonzero(parts.data >= _FIRST_BEYOND_ASCII), starts, ends):
            strings[each] = strings[each].encode("latin-1").decode("utf-8")
    if b"&" in piece:
        for each in _holding(np.flatnonzero(parts.data == _AMPERSAND), starts, ends):
            strings[each] = resolve(strings[each])
    return strings


def expect_entities(parts: Markup, starts: Positions, ends: Positions) -> None:
    """Decline texts with any but XML's own entities and character references."""
    if b"&" in parts.piece:
        for each in _holding(np.flatnonzero(parts.data == _AMPERSAND), starts, ends):
            resolve(parts.piece[int(starts[each]) : int(ends[each])].decode())


def _holding(marks: Positions, starts: Positions, ends: Positions) -> list[int]:
    """Return which spans hold at least one of the marks."""
    if not len(marks):
        return []
    span = np.unique(np.searchsorted(starts, marks, side="right") - 1)
    span = span[span >= 0]
    nearest = np.searchsorted(marks, starts[span])
    inside = nearest < len(marks)
    span, nearest = span[inside], nearest[inside]
    return [int(each) for each in span[marks[nearest] < ends[span]]]


def resolve(text: str) -> str:
    """Resolve XML's own entities and character references; declines any other."""

    def char(match: re.Match[str]) -> str:
        if match[3]:
            return _NAMED[match[3]]
        code = int(match[1], 16) if match[1] else int(match[2])
        if any(first <= code <= last for first, last in _ALLOWED):
            return chr(code)
        raise Declined

    if text.count("&") != len(_ENTITY.findall(text)):
        raise Declined
    return _ENTITY.sub(char, text)


Pair = tuple[int, str]


def convert(
    strings: list[str],
    types: Bytes,
    styles: Integers,
    computed: Flags,
    formats: list[int],
    *,
    epoch_1904: bool,
) -> tuple[Bytes, Objects]:
    """Return kinds and values of numbers, booleans and errors, as the exact reader does."""
    kinds = np.zeros(len(strings), dtype=np.uint8)
    values = np.full(len(strings), "", dtype=object)
    for kind in np.unique(types).tolist():
        members = np.flatnonzero(types == kind)
        alone = len(members) == len(strings)
        of_kind = strings if alone else [strings[each] for each in members.tolist()]
        if kind == NUMBER:
            pairs = _numbers(of_kind, styles[members], formats, epoch_1904=epoch_1904)
        elif kind == BOOLEAN:
            pairs = [
                (Kind.BOOLEAN, "TRUE" if text.strip() in {"1", "true"} else "FALSE")
                for text in of_kind
            ]
        else:
            pairs = [(Kind.ERROR, text.strip()[:40]) for text in of_kind]
        for each, text in enumerate(of_kind):
            if not text.strip():
                pairs[each] = (Kind.FORMULA, "") if computed[members[each]] else (Kind.EMPTY, "")
        values[members] = [value for _, value in pairs]
        kinds[members] = [found for found, _ in pairs]
    return kinds, values


def _numbers(
    texts: list[str], styles: Integers, formats: list[int], *, epoch_1904: bool
) -> list[Pair]:
    if max(map(len, texts)) > _MAX_NUMBER:
        raise Declined
    pairs: list[Pair] = []
    for text, style in zip(texts, styles.tolist(), strict=True):
        shows = formats[style] if style < len(formats) else PLAIN
        if shows != PLAIN:
            pairs.append(cells.serial(text, shows, epoch_1904=epoch_1904))
        elif text.isascii() and text.isdecimal() and text[0] != "0":
            pairs.append((Kind.NUMBER, text))
        else:
            pairs.append(cells.number_literal(text))
    return pairs
