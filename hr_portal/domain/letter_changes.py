"""Which part of a corrected value changed, for the eye of who reads the letter.

The changed part is marked so that it survives a photocopy; a value that is
wholly new carries no mark, since marking all of it would show nothing.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import NamedTuple

from hr_portal.domain.wording import MONTHS

_DATE = re.compile(rf"\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}}")

SIMILAR = 0.6
"""From here two words are one word spelled twice; below, another word."""

KEPT_OF_FEW_WORDS = 1 / 3
KEPT_OF_MANY_WORDS = 1 / 2
"""Less than this share of the letters kept: the value is wholly new."""

MANY_WORDS = 5


class Segment(NamedTuple):
    """A run of characters of a value, changed or not."""

    text: str
    changed: bool


def changed_part(before: str, after: str) -> tuple[Segment, ...]:
    """Split `after` into runs that stayed and runs that changed.

    The texts of the segments joined are `after`. Nothing is marked where there
    was no value before, where nothing changed and where the value is wholly
    new. Of a date whole words are marked, of a name or number single characters,
    and where something was only left out, the characters beside the gap.
    """
    if not after:
        return ()
    if not before or before == after:
        return (Segment(after, changed=False),)
    mask = _mask(before, after)
    solid = [marked for sign, marked in zip(after, mask, strict=True) if not sign.isspace()]
    if all(solid) or solid.count(False) < _least_kept(after) * len(solid):
        return (Segment(after, changed=False),)
    begins = [0, *(at for at in range(1, len(mask)) if mask[at] != mask[at - 1]), len(mask)]
    return tuple([Segment(after[start:end], mask[start]) for start, end in pairwise(begins)])


def identifier_groups(
    segments: tuple[Segment, ...], sizes: tuple[int, ...] = (6, 6, 4)
) -> tuple[tuple[Segment, ...], ...]:
    """Cut the segments of a 16-digit identifier into groups of 6, 6 and 4 digits.

    Only for the eye: the groups are set apart by space, never by a character,
    so that who copies the value gets all its digits. A value of another length
    or kind comes back as one group.
    """
    text = "".join(segment.text for segment in segments)
    if len(text) != sum(sizes) or not (text.isascii() and text.isdigit()):
        return (segments,)
    marks = [segment.changed for segment in segments for _ in segment.text]
    groups = []
    start = 0
    for size in sizes:
        pairs = zip(text[start : start + size], marks[start : start + size], strict=True)
        groups.append(
            tuple(
                Segment("".join(digit for digit, _ in run), marked)
                for marked, run in groupby(pairs, key=lambda pair: pair[1])
            )
        )
        start += size
    return tuple(groups)


def _least_kept(after: str) -> float:
    """Return the share that must have stayed for marks to be of use."""
    if _DATE.fullmatch(after):
        return 0.0
    many = len(after.split()) >= MANY_WORDS or after.isdigit()
    return KEPT_OF_MANY_WORDS if many else KEPT_OF_FEW_WORDS


def _mask(before: str, after: str) -> list[bool]:
    """Say of each character of `after` whether it changed."""
    whole_words = _DATE.fullmatch(before) is not None and _DATE.fullmatch(after) is not None
    if before.isdigit() and after.isdigit() and len(before) == len(after):
        return [old != new for old, new in zip(before, after, strict=True)]

    old_words, new_words = before.split(), after.split()
    spans = [match.span() for match in re.finditer(r"\S+", after)]
    mask = [False] * len(after)
    moves = SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    for move, old_from, old_to, new_from, new_to in moves:
        if move == "equal":
            continue
        if move == "delete":
            _mark_gap(mask, spans[new_from][0] if new_from < len(spans) else len(after))
        elif whole_words or move == "insert":
            _mark(mask, spans[new_from][0], spans[new_to - 1][1])
        elif old_to - old_from == new_to - new_from:
            for index in range(new_to - new_from):
                start, end = spans[new_from + index]
                mask[start:end] = _word_mask(old_words[old_from + index], after[start:end])
        else:
            start, end = spans[new_from][0], spans[new_to - 1][1]
            mask[start:end] = _word_mask(" ".join(old_words[old_from:old_to]), after[start:end])
    return _tidied(mask, after, spans)


def _word_mask(before: str, after: str) -> list[bool]:
    """Say of each character of one word whether it changed; all, if it is another word."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    # neither of the first two is ever below the third; they tell of most other words at once
    ratios = matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio
    if any(ratio() < SIMILAR for ratio in ratios):
        return [True] * len(after)
    mask = [False] * len(after)
    moves = [(move, start, end) for move, _, _, start, end in matcher.get_opcodes()]
    for move, start, end in moves:
        if move in ("insert", "replace"):
            _mark(mask, start, end)
    if not any(mask):
        for move, start, _ in moves:
            if move == "delete":
                _mark_gap(mask, start)
    return mask


def _mark(mask: list[bool], start: int, end: int) -> None:
    mask[start:end] = [True] * (end - start)


def _mark_gap(mask: list[bool], place: int) -> None:
    """Mark the characters on both sides of a place where something was left out."""
    start, end = max(place - 1, 0), min(place + 1, len(mask))
    _mark(mask, start, end)


def _tidied(mask: list[bool], after: str, spans: list[tuple[int, int]]) -> list[bool]:
    """Mend the marks of spaces and of accents.

    A space that changed marks the letters beside it, since alone it could not be
    seen; between two words marked at their touching ends it is marked too; an
    accent goes with its letter.
    """
    for (_, left_end), (right, _) in pairwise(spans):
        if any(mask[left_end:right]):
            _mark(mask, left_end - 1, right + 1)
        if mask[left_end - 1] and mask[right]:
            _mark(mask, left_end, right)
    for index in range(len(after) - 1, 0, -1):
        if mask[index] and unicodedata.combining(after[index]):
            mask[index - 1] = True
    for index in range(1, len(after)):
        if mask[index - 1] and unicodedata.combining(after[index]):
            mask[index] = True
    return mask
